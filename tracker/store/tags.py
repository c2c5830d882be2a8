"""What is known of a searchable text, as words of the full-text index: ``company0ibm``.

A word of letters and digits survives every tokenizer whole, so that the index itself answers which
texts of a company hold a word, however many texts there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date as Day
from functools import lru_cache
from itertools import chain

_CODES = {"0": "00", "-": "0d", ".": "0p", "_": "0u"}
_CHARACTERS = {code[1]: character for character, code in _CODES.items()}

PER_DAY = 20
"""Bits of an id below its day: a million texts of one day."""


def tag(field: str, value: str) -> str:
    """A field and its value as one word; ``field`` is of letters, ``value`` a slug or a code."""
    return f"{field}0" + "".join(_CODES.get(one, one) for one in value.lower())


def tags(known: Mapping[str, Iterable[str]]) -> str:
    """All that is known, as a text of words."""
    return " ".join(
        tag(field, value) for field, values in known.items() for value in dict.fromkeys(values)
    )


def read(text: str) -> dict[str, list[str]]:
    """What ``tags`` made a text of."""
    known: dict[str, list[str]] = {}
    for word in text.split():
        field, value = _decoded(word)
        known.setdefault(field, []).append(value)
    return known


def counted(texts: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Each field and value in these texts, and how often: read after they are counted."""
    for word, number in Counter(chain.from_iterable(map(str.split, texts))).items():
        yield *_decoded(word), number


def days_of(ids: Iterable[int]) -> dict[Day, int]:
    """How many of these texts are of which day; those of none are left out."""
    ordinals = Counter(id_ >> PER_DAY for id_ in ids)
    return {Day.fromordinal(one): number for one, number in ordinals.items() if one}


@lru_cache(maxsize=20_000)
def _decoded(word: str) -> tuple[str, str]:
    """A field and its value; the same few thousand words stand in every text."""
    field, _, value = word.partition("0")
    letters = iter(value)
    return field, "".join(_CHARACTERS[next(letters)] if one == "0" else one for one in letters)


def first_id(day: Day | None) -> int:
    """The lowest id of a text of that day; texts without a day come before all others."""
    return (day.toordinal() if day else 0) << PER_DAY


def day_of(id_: int) -> Day | None:
    """The day that an id stands for."""
    ordinal = id_ >> PER_DAY
    return Day.fromordinal(ordinal) if ordinal else None
