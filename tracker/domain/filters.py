"""Which records are wanted: one grammar for addresses, the search box, exports and alerts.

In an address every field is a parameter and may be repeated: ``?company=ibm&company=amazon&
topic=facial-recognition&after=2024``. In a search box it is ``company:ibm``, several with commas.
A record fits when it has one of the values of each field that is given, and holds the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tracker.domain import terms
from tracker.domain.filter_fields import (
    CHOICES,
    SINGLE,
    Attested,
    FilterError,
    Kind,
    first_day,
    read_code,
    whole_year,
)

__all__ = ["Attested", "Facts", "FilterError", "Filters", "Kind"]

LONGEST = 500
"""Characters of a question."""

MOST_TERMS = 12
MOST_VALUES = 40
"""Terms of a question, and values of one field."""


SEVERAL = tuple(name for name in CHOICES if name != "kind")

_LEVELS: Mapping[Attested, tuple[str, ...]] = {
    Attested.CONFIRMED: ("confirmed",),
    Attested.REPORTED: ("confirmed", "reported", "disputed"),
    Attested.ALL: ("confirmed", "reported", "disputed", "unconfirmed"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold of a record; an empty field asks for nothing.

    ``company``, ``by`` (who reacted or called) and ``topic`` are slugs, ``country`` ISO 3166 codes,
    ``source`` hosts, ``watchlist`` keys of lists of readers, which are spelled out before anything
    is looked for (``domain/watch_lists.py``). ``after`` is the first day wanted, ``before`` the
    first no longer wanted.
    """

    words: str = ""
    company: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    position: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    watchlist: tuple[str, ...] = ()
    level: Attested = Attested.REPORTED
    after: Day | None = None
    before: Day | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()

    @property
    def terms(self) -> tuple[terms.Term, ...]:
        """The words as terms."""
        return terms.terms(self.words)

    @property
    def year(self) -> int | None:
        """The year, where the period is just one."""
        if self.after is None or (self.after, self.before) != whole_year(self.after.year):
            return None
        return self.after.year

    def having(self, **fields: Any) -> "Filters":
        """The same filters with other values in some fields."""
        return replace(self, **fields)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one record, to be held against filters; the names are those of Filters.

    ``company`` holds every slug concerned: the company, its brand, its owners on that day.
    """

    kind: Kind
    day: Day | None = None
    company: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    act: frozenset[str] = frozenset()
    change: frozenset[str] = frozenset()
    position: frozenset[str] = frozenset()
    track: frozenset[str] = frozenset()
    country: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    source: frozenset[str] = frozenset()
    watchlist: frozenset[str] = frozenset()
    level: str = Attested.REPORTED
    text: str = ""


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Filters:
    """The filters among the parameters of an address; others are left alone. ``q`` is a question.

    Raises FilterError when a value is none of its field.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    asked = _asked(" ".join(given.pop("q", [])))
    for name in (*CHOICES, *SINGLE):
        asked.setdefault(name, []).extend(_split(given.get(name, [])))
    return _filters(asked)


def from_question(question: str) -> Filters:
    """The filters of a search box: words, and ``field:value`` for what is to be chosen.

    Raises FilterError when it is too long or a value is none of its field.
    """
    return _filters(_asked(question))


def from_address(query: str) -> Filters:
    """The filters of a query string, such as ``to_address`` makes. Raises FilterError."""
    return from_pairs(parse_qsl(query))


def to_pairs(filters: Filters) -> list[tuple[str, str]]:
    """The filters as parameters, always in the same order."""
    pairs = [("q", filters.words)] if filters.words else []
    pairs += [(name, value) for name in CHOICES for value in getattr(filters, name)]
    if filters.level is not Attested.REPORTED:
        pairs.append(("level", filters.level.value))
    return pairs + _period_pairs(filters)


def to_address(filters: Filters) -> str:
    """The filters as a query string: equal filters have equal ones, so it may be stored."""
    return urlencode(to_pairs(filters))


def to_question(filters: Filters) -> str:
    """The filters as a person would write them into a search box."""
    fields = [f"{name}:{value}" for name, value in to_pairs(filters) if name != "q"]
    return " ".join(filter(None, (filters.words, *fields)))


def fits(filters: Filters, facts: Facts) -> bool:
    """Whether a record is one of those wanted."""
    return (
        all(_has_one(getattr(filters, name), getattr(facts, name)) for name in SEVERAL)
        and _has_one(filters.kind, {facts.kind.value})
        and facts.level in _LEVELS[filters.level]
        and _in_time(filters, facts.day)
        and (not filters.words or terms.hold(filters.terms, facts.text))
    )


def _has_one(wanted: Sequence[str], own: Iterable[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(own)


def _in_time(filters: Filters, day: Day | None) -> bool:
    if day is None:
        return filters.after is None and filters.before is None
    late_enough = filters.after is None or day >= filters.after
    return late_enough and (filters.before is None or day < filters.before)


# --- how a value is read --------------------------------------------------------------------------


def _asked(question: str) -> dict[str, list[str]]:
    """What a question holds, by field; all else is words."""
    if len(question) > LONGEST:
        raise FilterError(
            "a question may have up to %(most)s characters; ask for less", most=LONGEST
        )
    asked: dict[str, list[str]] = {}
    words = []
    for token in terms.tokens(question):
        name, _, value = token.text.partition(":")
        if token.quoted or not value or name not in (*CHOICES, *SINGLE):
            words.append(str(token))
        elif token.excluded:
            raise FilterError(
                "only words can be left out, so “-%(field)s:” is not understood", field=name
            )
        else:
            asked.setdefault(name, []).extend(_split([value]))
    return {**asked, "q": words}


def _split(values: Iterable[str]) -> list[str]:
    parts = [part.strip() for value in values for part in value.split(",")]
    return [part for part in parts if part]


def _filters(asked: Mapping[str, list[str]]) -> Filters:
    words = " ".join(str(term) for term in terms.terms(" ".join(asked.get("q", ()))))
    if len(terms.terms(words)) > MOST_TERMS:
        raise FilterError(
            "a question may have up to %(most)s words and phrases; ask for less", most=MOST_TERMS
        )
    chosen = {name: _values(name, asked.get(name, [])) for name in CHOICES}
    after, before = _period_asked(asked)
    level = _only("level", asked.get("level", []))
    return Filters(
        words=words,
        level=Attested(read_code("level", level, Attested)) if level else Attested.REPORTED,
        after=after,
        before=before,
        **chosen,
    )


def _values(name: str, given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > MOST_VALUES:
        raise FilterError("%(field)s may have up to %(most)s values", field=name, most=MOST_VALUES)
    return tuple(sorted({CHOICES[name](name, value) for value in given}))


def _only(name: str, given: Sequence[str]) -> str | None:
    if len(set(given)) > 1:
        raise FilterError("%(field)s may be given once", field=name)
    return given[0] if given else None


def levels(wanted: Attested) -> tuple[str, ...]:
    """The levels of records that are wanted; what was retracted never is."""
    return _LEVELS[wanted]


# --- periods --------------------------------------------------------------------------------------


def _period_asked(asked: Mapping[str, list[str]]) -> tuple[Day | None, Day | None]:
    after, before = _only("after", asked.get("after", [])), _only("before", asked.get("before", []))
    year = _only("year", asked.get("year", []))
    if year and (after or before):
        raise FilterError("give either a year or a period with after and before")
    if year:
        return whole_year(first_day("year", year).year)
    first = first_day("after", after) if after else None
    last = first_day("before", before) if before else None
    if first and last and first >= last:
        raise FilterError("no day is after %(first)s and before %(last)s", first=first, last=last)
    return first, last


def _period_pairs(filters: Filters) -> list[tuple[str, str]]:
    if filters.year is not None:
        return [("year", f"{filters.year:04}")]
    named = (("after", filters.after), ("before", filters.before))
    return [(name, day.isoformat()) for name, day in named if day is not None]
