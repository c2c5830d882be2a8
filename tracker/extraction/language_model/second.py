"""A second reader: a large model checks the offline findings; it may only lower or add."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tracker.domain.codes import Disposition
from tracker.domain.model import (
    Announcement,
    Document,
    Findings,
    FoundCall,
    FoundReaction,
    Registry,
    Span,
)
from tracker.extraction import chain, genre, merge
from tracker.extraction.chain import Chain
from tracker.extraction.language_model import answer, question, verifying
from tracker.extraction.language_model.asking import Asking, Endpoint, LanguageModelError
from tracker.extraction.language_model.kept import Answers
from tracker.extraction.reading import Reading
from tracker.extraction.topics import Matter
from tracker.log import log

DOUBTED = 0.5
"""Confidence, at most, of what only the large model sees."""
_Record = Announcement | FoundReaction | FoundCall
Record = TypeVar("Record", Announcement, FoundReaction, FoundCall)


class SecondReader:
    """An ``Extract`` (tracker.domain.ports): the chain, and a large model that checks it.

    What both see stays as the chain has it. What only one of them sees goes to a person. When the
    model cannot be asked, the chain's findings stand as they are.
    """

    def __init__(self, first: Chain, ask: Callable[[str, str], str], name: str) -> None:
        self._first = first
        self._ask = ask
        self.version = f"{first.version}+llm {name} {question.PROMPT_VERSION}"

    def __call__(self, document: Document, registry: Registry) -> Findings:
        """Read a document; every finding quotes it word for word."""
        if not genre.is_english(document):
            return Findings(self._first.version)
        reading = self._first.read(document, registry)
        findings = self._first.judge(reading)
        if not _is_worth_asking(reading):
            return findings
        try:
            claims = answer.read(self._ask(question.system(), question.article(reading)))
        except LanguageModelError as error:
            log.warning("language_model_left_out", document=document.id, reason=str(error))
            return findings
        proven = verifying.prove(reading, claims.kept)
        dropped = claims.dropped + proven.dropped
        if dropped:
            log.info("language_model_claims_dropped", document=document.id, count=dropped)
        return self._joined(findings, _recorded(reading, proven))

    def _joined(self, ours: Findings, theirs: Findings) -> Findings:
        return Findings(
            self.version,
            _join(ours.announcements, theirs.announcements, _same_stance),
            _join(ours.reactions, theirs.reactions, _same_reaction),
            _join(ours.calls, theirs.calls, _same_call),
        )


def build(
    first: Chain, endpoint: Endpoint, folder: Path, now: Callable[[], datetime]
) -> SecondReader:
    """The chain with a large model behind it; its answers are kept in ``folder``."""
    return SecondReader(first, Asking(endpoint, Answers(folder), now), endpoint.model)


def _is_worth_asking(reading: Reading) -> bool:
    """The gate: an article without a company, or without a word of doing, is not sent away."""
    return bool(reading.cast.companies) and any(line.grammar for line in reading.lines)


def _recorded(reading: Reading, proven: verifying.Proven) -> Findings:
    """What the large model proved, in the shape of the chain's findings, all for a person."""
    document = reading.document
    found = (
        merge.stances(proven.stances),
        merge.reactions(proven.judgements),
        merge.calls(proven.demands),
    )
    matter = Matter(document.title, document.text)
    kind = genre.genre(document)
    return Findings(
        "", *chain.recorded(found, reading, matter, kind, can_publish=False, has_model=False)
    )


def _join(
    ours: tuple[Record, ...],
    theirs: tuple[Record, ...],
    same: Callable[[Record, Record], bool],
) -> tuple[Record, ...]:
    """Ours, lowered where the other does not see them; then theirs that we did not see."""
    kept = tuple(each if any(same(each, t) for t in theirs) else _lowered(each) for each in ours)
    return kept + tuple(_lowered(t) for t in theirs if not any(same(each, t) for each in ours))


def _lowered(record: Record) -> Record:
    confidence = min(record.confidence, DOUBTED)
    return replace(record, disposition=Disposition.REVIEW, confidence=confidence)


def _same_stance(ours: Announcement, theirs: Announcement) -> bool:
    if (ours.company, ours.act) != (theirs.company, theirs.act):
        return False
    return ours.topic in (theirs.topic, *theirs.topics) or _meet(ours, theirs)


def _same_reaction(ours: FoundReaction, theirs: FoundReaction) -> bool:
    return (ours.actor, ours.reaction) == (theirs.actor, theirs.reaction) and bool(
        set(ours.about) & set(theirs.about)
    )


def _same_call(ours: FoundCall, theirs: FoundCall) -> bool:
    return ours.caller == theirs.caller and (
        bool(set(ours.targets) & set(theirs.targets)) or _meet(ours, theirs)
    )


def _meet(ours: _Record, theirs: _Record) -> bool:
    """Whether the two rest on a common sentence."""
    return any(_cross(a, b) for a in (ours.span, *ours.more) for b in (theirs.span, *theirs.more))


def _cross(one: Span, other: Span) -> bool:
    return one.field is other.field and one.start < other.end and other.start < one.end
