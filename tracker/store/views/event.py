"""Everything about one event: its proof, what it relates to, and how it came to be on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Act, Known, ReviewState
from tracker.domain.model import DisputedFact, StanceId
from tracker.store import disputes, history
from tracker.store.schema import ArticleRow, EntryRow, RelationRow, ReviewRow, SourceRow, StanceRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import calls, positions, sources_of, stance_lines, stances
from tracker.store.views.proofs import Quote, SourceLink
from tracker.store.views.records import CallLine, Lens, SpanLine, StanceLine
from tracker.store.views.sources_of import Proof

_ROW = StanceRow.__table__.c

OTHERS = 12
NEAR, TIME_TO_REPLY = timedelta(days=60), timedelta(days=92)
REPLIES = frozenset({Act.DENIES, Act.DISCLOSES, Act.DEFENDS, Act.DECLINES_COMMENT, Act.UPHOLDS})
"""Acts by which a company answers what is said of it (codebook section 8)."""


@dataclass(frozen=True, slots=True)
class RelationLine:
    """How another stance stands to this one; ``outgoing`` when this one refers to it."""

    kind: str
    outgoing: bool
    other: StanceLine


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What was done to the record, by what, and why; staff are not named to the public."""

    at: datetime
    by: str | None
    action: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a person decided about the record, and when."""

    decision: str
    decided_at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """A stance with all that belongs to it."""

    stance: StanceLine
    quotes: tuple[Quote, ...]
    sources: tuple[SourceLink, ...]
    before: tuple[SpanLine, ...]
    relations: tuple[RelationLine, ...]
    answers: tuple[CallLine, ...]
    calls: tuple[CallLine, ...]
    replies: tuple[StanceLine, ...]
    others: tuple[StanceLine, ...]
    found_in: tuple[str, ...]
    checks: tuple[Check, ...]
    history: tuple[HistoryLine, ...]
    disputed: tuple[DisputedFact, ...] = ()

    @property
    def independent(self) -> int:
        """Independent reports: copies of one text, or pages of one host, count once."""
        return len({link.report or link.host for link in self.sources})

    @property
    def compared(self) -> bool:
        """Whether texts of it were read: of linked pages alone nobody knows what is a copy."""
        return any(link.report for link in self.sources)


def read(session: Session, id_: str, lens: Lens, now: datetime) -> Event | None:
    """The event; None when there is none, or none that may be shown."""
    found = stances.find(session, lens, stances.Wanted(ids=(id_,)), limit=1)
    if not found:
        return None
    stance = found[0]
    proof = _known(lens, sources_of.of_stances(session, [id_])[id_])
    topic = stance.topic.code
    asked = calls.targets(session, lens, now, company=stance.company.id, topic=topic, waiting=False)
    relations = tuple(_relations(session, lens, id_))
    return Event(
        stance=stance,
        quotes=proof.quotes,
        sources=proof.links,
        before=tuple(_held_before(session, lens, stance)),
        relations=relations,
        answers=tuple(one for one in asked if id_ in one.answered_by),
        calls=tuple(one for one in asked if id_ not in one.answered_by),
        replies=tuple(_replies(session, lens, stance, relations)),
        others=tuple(_others(session, lens, stance)),
        found_in=tuple(_feeds(session, proof.quotes)),
        checks=tuple(one for one in _checks(session, id_) if _was(lens, one.decided_at)),
        history=tuple(
            HistoryLine(step.at, _in_public(step.by), step.action, step.why)
            for step in history.of(session, RecordKind.STANCE, id_)
            if _was(lens, step.at)
        ),
        disputed=tuple(_disputed(session, lens, StanceId(id_), proof)),
    )


def _was(lens: Lens, at: datetime | None) -> bool:
    """Whether something had come by the lens' day; what is known now does not ask."""
    return lens.known is Known.NOW or at is None or at.astimezone(UTC).date() <= lens.day


def _known(lens: Lens, proof: Proof) -> Proof:
    """The quotes and pages that there were; a link without an article of ours has no day."""
    quotes = [one for one in proof.quotes if _was(lens, one.link.published or one.fetched_at)]
    shown = {quote.link.url for quote in quotes}
    gone = {quote.link.url for quote in proof.quotes} - shown
    return Proof(tuple(quotes), tuple(one for one in proof.links if one.url not in gone))


def _disputed(session: Session, lens: Lens, id_: StanceId, proof: Proof) -> Iterable[DisputedFact]:
    """What other reports tell differently, as far as those were there."""
    pages = {link.url for link in proof.links}
    for fact in disputes.of(session, [id_]).get(id_, ()):
        if lens.known is Known.NOW or fact.url in pages:
            yield fact


def stands_for(session: Session, id_: str) -> str | None:
    """The id of the event that a merged one is part of now; None where it was not merged."""
    found = session.get(StanceRow, id_)
    while found is not None and found.merged_into is not None:
        found = session.get(StanceRow, found.merged_into)
    return found.id if found is not None and found.id != id_ else None


def _held_before(session: Session, lens: Lens, stance: StanceLine) -> Iterable[SpanLine]:
    """The words in force on the day of a stance that changed none."""
    day = Lens(min(stance.date, lens.day), lens.every_level, lens.known)
    company, topic = stance.company.id, stance.topic.code
    own = positions.spans(session, day, companies=[company], topic=topic)
    return (span for span in own if span.until is None and span.brand == stance.brand)


def _relations(session: Session, lens: Lens, id_: str) -> Iterable[RelationLine]:
    rows = session.execute(
        select(RelationRow.stance_id, RelationRow.to_id, RelationRow.kind, RelationRow.decided_at)
        .where(
            or_(RelationRow.stance_id == id_, RelationRow.to_id == id_),
            RelationRow.decided,  # a proposal is no fact: it waits in the review queue
        )
        .order_by(RelationRow.id)
    ).all()
    ids = {row.to_id if row.stance_id == id_ else row.stance_id for row in rows}
    wanted = stances.Wanted(ids=tuple(sorted(ids)))
    others = {one.id: one for one in stances.find(session, lens, wanted)}
    for row in rows:
        outgoing = row.stance_id == id_
        other = others.get(row.to_id if outgoing else row.stance_id)
        if other is not None and _was(lens, row.decided_at):
            yield RelationLine(row.kind, outgoing, other)


def _replies(
    session: Session, lens: Lens, stance: StanceLine, relations: tuple[RelationLine, ...]
) -> Iterable[StanceLine]:
    """What the company said of it later: what a person found to answer it, and its own replies to
    the press on this topic within a quarter (codebook section 8, right of reply). Oldest first.
    """
    wanted = stances.Wanted(company=stance.company.id, topic=stance.topic.code)
    named = {one.other.id for one in relations if one.kind == "answers" and not one.outgoing}
    in_time = and_(_ROW.date > stance.date, _ROW.date <= stance.date + TIME_TO_REPLY)
    replies = or_(_ROW.id.in_(sorted(named)), and_(_ROW.act.in_(sorted(REPLIES)), in_time))
    ids = session.scalars(select(_ROW.id).where(*stances.conditions(lens, wanted), replies)).all()
    found = stance_lines.lines(session, lens, ids) if ids else []
    return sorted(found, key=lambda one: (one.date, one.id))


def _others(session: Session, lens: Lens, stance: StanceLine) -> Iterable[StanceLine]:
    """What other companies did on the same topic within two months, nearest in time first."""
    day, of_topic = stance.date, stances.Wanted(topic=stance.topic.code)
    query = select(_ROW.id, _ROW.date).where(
        *stances.conditions(lens, of_topic),
        _ROW.company_id != stance.company.id,
        _ROW.date.between(day - NEAR, day + NEAR),
    )
    near = sorted(session.execute(query).all(), key=lambda one: (abs(one.date - day), one.id))
    ids = [one.id for one in near[:OTHERS]]
    lines = {one.id: one for one in stance_lines.lines(session, lens, ids)} if ids else {}
    return [lines[id_] for id_ in ids]


def _feeds(session: Session, quotes: tuple[Quote, ...]) -> Iterable[str]:
    """The sources that brought the quoted articles."""
    urls = sorted({quote.link.url for quote in quotes})
    query = (
        select(SourceRow.title)
        .join(EntryRow, EntryRow.source_id == SourceRow.id)
        .join(ArticleRow, ArticleRow.id == EntryRow.article_id)
        .where(ArticleRow.url.in_(urls))
        .distinct()
        .order_by(SourceRow.title)
    )
    return session.execute(query).scalars()


def _checks(session: Session, id_: str) -> Iterable[Check]:
    query = (
        select(ReviewRow.decision, ReviewRow.decided_at, ReviewRow.why)
        .where(
            ReviewRow.record_kind == RecordKind.STANCE,
            ReviewRow.record_id == id_,
            ReviewRow.decision.is_not(None),
            ReviewRow.decision != ReviewState.PROPOSED,
        )
        .order_by(ReviewRow.decided_at)
    )
    for decision, decided_at, why in session.execute(query):
        if decision is not None and decided_at is not None:
            yield Check(decision, decided_at, why)


def _in_public(by: str) -> str | None:
    """Programs are named with their version, people are not."""
    programs = ("starter data", "rules", "recheck", "import", "positions", "clock")
    return by if by.startswith(programs) else None
