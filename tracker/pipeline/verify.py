"""Every quote against the text it claims to stand in: no quote, no record (promise 21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.codes import EvidenceState
from tracker.store import checks, evidence, rechecks
from tracker.store.database import Database, Session
from tracker.store.schema.ledger import RecordKind


class Flaw(StrEnum):
    """What is wrong."""

    QUOTE_DIFFERS = "quote_differs"
    TEXT_CHANGED = "text_changed"
    NO_PROOF = "no_proof"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was recorded."""

    flaw: Flaw
    record: str
    where: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        if self.flaw is Flaw.NO_PROOF:
            return f"{self.record}: extracted, and no quote proves it"
        if self.flaw is Flaw.TEXT_CHANGED:
            return f"{self.where}: the stored text is not the one that was read ({self.expected})"
        return f"{self.record}: {self.where} says {self.found!r}, not {self.expected!r}"


@dataclass(frozen=True, slots=True)
class GoneQuote:
    """A quote that stands in our copy and no longer on the page itself."""

    record: str
    state: EvidenceState
    url: str
    quote: str

    def __str__(self) -> str:
        return f"{self.record}: {self.state} on the page since it was read: {self.url}"


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was compared, what differs, and which quotes their publishers changed since."""

    spans: int
    texts: int
    differences: tuple[Difference, ...]
    gone: tuple[GoneQuote, ...] = ()


def verify(database: Database) -> Verified:
    """Compare every span of evidence, every stored text and every extracted record."""
    with database.reading() as session:
        spans, texts = [0], [0]
        differences = (
            *_of_spans(session, spans),
            *_of_texts(session, texts),
            *_of_records(session),
        )
        gone = tuple(GoneQuote(*one) for one in rechecks.marked(session))
    return Verified(spans[0], texts[0], differences, gone)


def _of_spans(session: Session, counted: list[int]) -> Iterator[Difference]:
    for checked in evidence.check_all(session):
        counted[0] += 1
        if not checked.holds:
            span = checked.span
            where = f"{checked.url} ({span.field} {span.start}-{span.end})"
            yield Difference(Flaw.QUOTE_DIFFERS, checked.record, where, span.quote, checked.found)


def _of_texts(session: Session, counted: list[int]) -> Iterator[Difference]:
    for kept in checks.texts(session):
        counted[0] += 1
        if kept.kept_as != kept.is_now:
            yield Difference(Flaw.TEXT_CHANGED, "", kept.url, kept.kept_as, kept.is_now)


def _of_records(session: Session) -> Iterator[Difference]:
    for kind in RecordKind:
        for record in checks.without_proof(session, kind):
            yield Difference(Flaw.NO_PROOF, record, kind.value)
