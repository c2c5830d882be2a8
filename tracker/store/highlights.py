"""A short stretch of a text with what was asked for marked in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.domain.terms import Term

AROUND = 110
"""Characters shown on either side of the first hit: well inside what may be public."""

SHORTEST_STEM = 4
LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and whether it was asked for."""

    text: str
    hit: bool


def highlight(body: str, terms: tuple[Term, ...]) -> Iterator[Piece]:
    """A short stretch around the first hit, with every hit in it marked.

    The longest line says most; of the others (a speaker, a brand) only those with a hit are shown.
    """
    wanted = [term for term in terms if not term.excluded]
    pattern = _pattern(body, wanted)
    lines = LINE_END.split(body.strip())
    longest = max(lines, key=len)
    body = " · ".join(line for line in lines if line is longest or pattern.search(line))
    first = pattern.search(body)
    start, end = _stretch(body, first.start() if first else 0)
    if start > 0:
        yield Piece("…", False)
    place = start
    for found in pattern.finditer(body, start, end):
        yield Piece(body[place : found.start()], False)
        yield Piece(found.group(), True)
        place = found.end()
    yield Piece(body[place:end] + ("…" if end < len(body) else ""), False)


def _pattern(body: str, terms: list[Term]) -> re.Pattern[str]:
    """The terms as they are written; where none is, other words of the same stem."""
    exact = re.compile("|".join(map(_exactly, terms)) or r"(?!)", re.IGNORECASE)
    if not terms or exact.search(body):
        return exact
    return re.compile("|".join(map(_by_stem, terms)), re.IGNORECASE)


def _exactly(term: Term) -> str:
    phrase = r"\W+".join(re.escape(word) for word in term.words)
    return rf"\b{phrase}\w*" if term.prefix else rf"\b{phrase}\b"


def _by_stem(term: Term) -> str:
    return r"\W+".join(rf"\b{re.escape(_stem(word))}\w*" for word in term.words)


def _stem(word: str) -> str:
    return word[: max(SHORTEST_STEM, len(word) - 3)]


def _stretch(body: str, hit: int) -> tuple[int, int]:
    """Whole words around a place."""
    start = max(0, hit - AROUND)
    if start > 0:
        start = body.find(" ", start, hit) + 1 or start
    end = min(len(body), start + 2 * AROUND)
    if end < len(body):
        end = max(body.rfind(" ", hit, end), hit + 1)
    return start, end
