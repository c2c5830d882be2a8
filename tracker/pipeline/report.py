"""One analysed snapshot, and what recording any of its findings needs: proof, findings, history."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Any

from tracker.domain.codes import AutoPublish, EvidenceRole, Novelty, Tier
from tracker.domain.evidence import locate
from tracker.domain.model import (
    Announcement,
    Evidence,
    FoundCall,
    FoundReaction,
    Span,
)
from tracker.pipeline.each import Tally
from tracker.pipeline.register import Register
from tracker.store import evidence, history, reviews
from tracker.store.articles import SnapshotToAnalyse
from tracker.store.database import Session
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.world import FindingOutcome

Found = Announcement | FoundReaction | FoundCall


@dataclass(frozen=True, slots=True)
class Report:
    """A snapshot with the register as it is now.

    ``tally`` counts what came of its findings, ``touched`` are the records they went to.
    """

    session: Session
    snapshot: SnapshotToAnalyse
    extractor: str
    now: datetime
    auto_publish: AutoPublish
    mail_domain: str
    register: Register
    tally: Tally = field(default_factory=Tally)
    touched: set[str] = field(default_factory=set)

    @property
    def day(self) -> Day:
        """The publisher's day of the report; our own first sight where it bears no date."""
        return (self.snapshot.published or self.snapshot.first_seen).date()


def located(report: Report, found: Found) -> tuple[Span, ...]:
    """The spans of a finding that stand in the snapshot word for word. None: no record."""
    snapshot = report.snapshot
    spans = (locate(span, snapshot.title, snapshot.text) for span in (found.span, *found.more))
    return tuple(span for span in spans if span is not None)


def attach(
    report: Report, kind: RecordKind, record: str, spans: Iterable[Span], novelty: Novelty
) -> int:
    """Attach the quotes to a record as its evidence; return how many are new."""
    report.touched.add(record)
    role = EvidenceRole.REPORT
    if novelty is Novelty.BACKGROUND:
        role = EvidenceRole.BACKGROUND
    elif report.snapshot.tier is Tier.PRIMARY:
        role = EvidenceRole.PRIMARY
    return sum(
        evidence.add(
            report.session,
            kind,
            record,
            Evidence(report.snapshot.id, span, role),
            extractor=report.extractor,
            now=report.now,
        )
        for span in spans
    )


def keep(
    report: Report,
    kind: RecordKind,
    found: Found,
    outcome: FindingOutcome,
    record: str | None = None,
) -> int:
    """Keep the finding as it came, with what became of it; return its id."""
    report.tally.count(outcome)
    return reviews.keep_finding(
        report.session,
        report.snapshot.id,
        report.extractor,
        kind,
        as_plain(found),
        outcome,
        record,
        report.now,
    )


def ask_who(report: Report, kind: RecordKind, found: Found, name: str) -> None:
    """Keep a finding about somebody whom the register does not know, and ask a person."""
    finding = keep(report, kind, found, FindingOutcome.UNKNOWN_NAME)
    reason = f"‘{name}’ is not in the register of organisations"
    reviews.ask(report.session, kind, None, [reason], as_plain(found), report.now, finding)
    report.tally.count("waiting")


def ask_person(
    report: Report, kind: RecordKind, record: str, reasons: Iterable[str], found: Found
) -> None:
    """Put a record before a person, with the reasons."""
    reviews.ask(report.session, kind, record, reasons, as_plain(found), report.now)
    report.tally.count("waiting")


def note(
    report: Report, kind: RecordKind, record: str, action: str, why: str | None = None
) -> None:
    """Add a step to the record's history."""
    change = {"article": report.snapshot.url}
    history.note(
        report.session,
        kind,
        record,
        action,
        by=report.extractor,
        now=report.now,
        change=change,
        why=why,
    )


def as_plain(found: Found) -> dict[str, Any]:
    """A finding as plain values, for a JSON column."""
    return {key: _plain(value) for key, value in asdict(found).items() if value not in (None, ())}


def _plain(value: Any) -> Any:
    if isinstance(value, Day):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def slugged(*parts: object) -> str:
    """An id made of words: ``ibm-2020-06-08-ends-facial-recognition``."""
    words = "-".join(str(part) for part in parts if part)
    kept = "".join(sign if sign.isalnum() else "-" for sign in words.lower())
    return "-".join(filter(None, kept.split("-")))[:120]
