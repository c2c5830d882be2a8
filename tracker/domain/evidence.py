"""No quote, no record: finding a claimed quote in its text, and what of it may be shown."""

import re
from dataclasses import dataclass

from tracker.domain.codes import QuoteField
from tracker.domain.model import Span

LONGEST_SHOWN = 300
"""Characters of a quote, and of a neighbouring sentence, that may be public (product.md)."""

ELLIPSIS = "…"

_END_OF_SENTENCE = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)|\n""")
_ABBREVIATED = re.compile(
    r"""(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|St|Inc|Corp|Co|Ltd|vs|No|Jan|Feb|Mar|Apr"""
    r"""|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|e\.g|i\.e|approx)|\b[A-Z])\.$"""
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be public of a text: the quote and one sentence on either side."""

    before: str
    quote: str
    after: str


def locate(span: Span, title: str, text: str) -> Span | None:
    """Return where the quote stands, or None when it does not stand there.

    The offsets are tried first; else the quote must occur exactly once in the same field.
    """
    whole = title if span.field is QuoteField.TITLE else text
    if not span.quote.strip():
        return None
    if span.start >= 0 and whole[span.start : span.end] == span.quote:
        return span
    start = whole.find(span.quote)
    if start < 0 or whole.find(span.quote, start + 1) >= 0:
        return None
    return Span(span.field, start, start + len(span.quote), span.quote)


def context(text: str, start: int, end: int) -> Shown:
    """Return the quote ``text[start:end]`` with its neighbours, each cut to what may be shown.

    A quote that begins or ends inside a sentence has the rest of that sentence as neighbour.
    """
    head = text[:start].rstrip()
    tail = text[end:].lstrip()
    return Shown(
        before=_keep_end(head[_last_sentence(head) :].strip()),
        quote=cut(text[start:end].strip()),
        after=cut(tail[: _first_sentence(tail)].strip()),
    )


def cut(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the text, cut at a word and ended with an ellipsis if it is longer."""
    if len(text) <= longest:
        return text
    room = text[:longest]
    words = room.rsplit(None, 1)[0] if len(room.split(None, 1)) > 1 else room[:-1]
    return words[: longest - 1].rstrip() + ELLIPSIS


def _keep_end(text: str) -> str:
    if len(text) <= LONGEST_SHOWN:
        return text
    room = text[-(LONGEST_SHOWN - 1) :]
    return ELLIPSIS + (room.split(None, 1)[1] if len(room.split(None, 1)) > 1 else room)


def _last_sentence(head: str) -> int:
    """Where the last sentence of a text begins."""
    ends = [found for found in _sentence_ends(head) if found < len(head)]
    return ends[-1] if ends else 0


def _first_sentence(tail: str) -> int:
    """Where the first sentence of a text ends."""
    ends = _sentence_ends(tail + " ")
    return ends[0] if ends else len(tail)


def _sentence_ends(text: str) -> list[int]:
    return [
        found.end()
        for found in _END_OF_SENTENCE.finditer(text)
        if not _ABBREVIATED.search(text[max(0, found.start() - 12) : found.end()])
    ]
