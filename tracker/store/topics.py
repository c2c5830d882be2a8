"""Topics of the codebook, and how far hosts are trusted."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.codes import Tier, TopicKind
from tracker.domain.model import Host, Topic, TopicCode
from tracker.store.schema import HostRow, TopicRow

FIELDS = (
    "slug",
    "group",
    "name",
    "covers",
    "cues",
    "excludes",
    "reference_side",
    "contested",
    "kind",
    "practice",
    "split_by",
)


def save(session: Session, topics: Iterable[Topic]) -> None:
    """Add or update the topics; their order is the one in which they are given."""
    for place, topic in enumerate(topics):
        row = session.get(TopicRow, topic.code) or TopicRow(code=topic.code)
        row.place = place
        for field in FIELDS:
            setattr(row, field, getattr(topic, field))
        session.add(row)
    session.flush()


def by_code(session: Session) -> dict[TopicCode, Topic]:
    """Every topic, in the order of the codebook."""
    rows = session.scalars(select(TopicRow).order_by(TopicRow.place))
    return {
        TopicCode(row.code): Topic(
            code=TopicCode(row.code),
            slug=row.slug,
            group=row.group,
            name=row.name,
            covers=row.covers,
            cues=row.cues,
            excludes=row.excludes,
            reference_side=row.reference_side,
            contested=row.contested,
            kind=TopicKind(row.kind),
            practice=row.practice,
            split_by=row.split_by,
        )
        for row in rows
    }


def save_hosts(session: Session, hosts: Iterable[Host]) -> None:
    """Note how far each host is trusted, and whether it re-tells others."""
    known = {row.host: row for row in session.scalars(select(HostRow))}
    for host in hosts:
        row = known.get(host.host) or HostRow(host=host.host)
        row.tier, row.aggregator, row.note = host.tier, host.aggregator, host.note
        session.add(row)
    session.flush()


def tier_of(session: Session, host: str) -> Tier | None:
    """How far a host is trusted; a subdomain counts as its nearest rated parent."""
    parts = host.split(".")
    names = [".".join(parts[i:]) for i in range(max(len(parts) - 1, 1))]
    rated = {
        row.host: row.tier
        for row in session.scalars(select(HostRow).where(HostRow.host.in_(names)))
    }
    return next((Tier(rated[name]) for name in names if name in rated), None)
