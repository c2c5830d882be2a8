"""Quoted articles are read again: when, and what became of the quoted sentence (promise 20)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from tracker.domain.codes import EvidenceState, QuoteField
from tracker.domain.model import Span
from tracker.domain.versions import sentences_of

STEPS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
"""When an article is read again, from the moment it was first quoted."""

LOOK_TWICE = timedelta(hours=1)
"""A page that is not found may be back within the hour: it is gone when it is not."""

STILL_THE_SENTENCE = 0.55
"""Share of words that an edited sentence has in common with the quote."""

STILL_THE_ARTICLE = 0.1
"""Share of its sentences that an article keeps, however much it is edited."""

LONGEST_NOTE = 500

TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("‐‑‒–—−", "-")
    | {"…": "...", "\u00a0": " "}
)
WORD = re.compile(r"\w+")
NOTE = re.compile(
    r"^\W*(?:editor(?:[’']?s|s[’'])?[’']? note|correction|clarification|update[sd]?|amendment)\b"
    r"[^\n]{0,60}?[:—–]"
    r"|\b(?:an? (?:earlier|previous|original)|the original) version of this "
    r"(?:article|story|report|post|piece|column|headline)"
    r"|\bthis (?:article|story|report|post|piece|headline) (?:was|has been|is) "
    r"(?:\w+ ){0,2}(?:amended|corrected|updated|changed|revised|edited)\b"
    r"|\bhas been (?:corrected|amended|updated) to (?:reflect|clarify|correct|remove|say)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of a quote: where it stands now, or what stands in its place, if anything."""

    state: EvidenceState
    span: Span | None = None
    instead: str | None = None


def next_recheck(quoted_at: datetime, now: datetime) -> datetime | None:
    """The next moment at which an article is read again, None after the last one.

    Steps that were missed are not made up for: one reading tells all that they would have told.
    """
    return next((quoted_at + step for step in STEPS if quoted_at + step > now), None)


def compare_quote(span: Span, title: str, text: str) -> Compared:
    """Tell what became of a quote in a newer version of its article.

    ``intact`` also when only its quotation marks, dashes or spaces are set otherwise; ``moved``
    comes with the new place.
    """
    whole = title if span.field is QuoteField.TITLE else text
    place = _nearest(whole, span)
    if place is not None:
        moved = Span(span.field, place, place + len(span.quote), span.quote)
        state = EvidenceState.INTACT if place == span.start else EvidenceState.MOVED
        return Compared(state, moved)
    if plain(span.quote) in plain(whole):
        return Compared(EvidenceState.INTACT)
    if span.field is QuoteField.TITLE:
        return Compared(EvidenceState.CHANGED, instead=title or None)
    likest = _likest(span.quote, sentences_of(text))
    state = EvidenceState.CHANGED if likest else EvidenceState.VANISHED
    return Compared(state, instead=likest)


def is_another_article(before: str, after: str) -> bool:
    """Whether a page now holds something else: hardly a sentence of the old text is left."""
    old = {plain(sentence) for sentence in sentences_of(before)}
    new = plain(after)
    kept = sum(sentence in new for sentence in old)
    return kept < len(old) * STILL_THE_ARTICLE


def editors_notes(text: str) -> list[str]:
    """The sentences in which the editors say that they changed the article, each cut to size."""
    return [line[:LONGEST_NOTE] for line in sentences_of(text) if NOTE.search(line)]


def plain(text: str) -> str:
    """A text without the differences that only a typesetter makes."""
    return " ".join(text.translate(TYPOGRAPHY).split())


def _nearest(whole: str, span: Span) -> int | None:
    """Where the quote stands, nearest to where it stood."""
    if span.start >= 0 and whole.startswith(span.quote, span.start):
        return span.start
    found = [match.start() for match in re.finditer(re.escape(span.quote), whole)]
    return min(found, key=lambda place: abs(place - span.start), default=None)


def _likest(quote: str, sentences: list[str]) -> str | None:
    """The sentence that is most like the quote, if it still has most of its words."""
    wanted = WORD.findall(quote.casefold())
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(wanted)
    best, likeness = None, STILL_THE_SENTENCE
    for sentence in sentences:
        matcher.set_seq1(WORD.findall(sentence.casefold()))
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
            ratio = matcher.ratio()
            if ratio > likeness:
                best, likeness = sentence, ratio
    return best
