"""Two versions of a text: what was taken out, what was put in."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

END_OF_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=[A-Z0-9“‘\"'(\[])|\n+")
MOST_SENTENCES = 4_000
"""Beyond so many the texts are compared by paragraphs, so that no pair takes long."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where two versions differ: the sentences that were there, those that are now."""

    was: tuple[str, ...]
    now: tuple[str, ...]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text in order, roughly: abbreviations may cut one in two."""
    return [piece.strip() for piece in END_OF_SENTENCE.split(text) if piece and piece.strip()]


def edits_between(before: str, after: str) -> list[Edit]:
    """Every place where two versions of a text differ, in order."""
    old, new = _pieces(before), _pieces(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MOST_SENTENCES)
    return [
        Edit(tuple(old[i:j]), tuple(new[k:m]))
        for what, i, j, k, m in matcher.get_opcodes()
        if what != "equal"
    ]


def written(edits: list[Edit]) -> str:
    """The edits as people read them: ``- was`` and ``+ is now``, places apart by a blank line."""
    places = (
        "\n".join([*(f"- {line}" for line in edit.was), *(f"+ {line}" for line in edit.now)])
        for edit in edits
    )
    return "\n\n".join(places)


def _pieces(text: str) -> list[str]:
    sentences = sentences_of(text)
    return sentences if len(sentences) <= MOST_SENTENCES else text.split("\n\n")
