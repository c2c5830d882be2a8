"""What can be asked for, and what a wish would have brought in the last twelve months."""

from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import Act, Level, Novelty, OrganisationKind, Precision
from tracker.store.schema import OrganisationRow, ParentRow, StanceRow, StanceTopicRow, TopicRow
from tracker.store.subscribers import Filter

YEAR = timedelta(days=365)
TOLD = (Level.CONFIRMED, Level.REPORTED, Level.DISPUTED)


@dataclass(frozen=True, slots=True)
class Foretaste:
    """One stance that would have been told of; ``company`` and ``topic`` are names."""

    stance: str
    date: Day
    precision: Precision
    company: str
    topic: str
    act: Act
    level: Level
    summary: str | None


def companies(session: Session) -> list[tuple[str, str]]:
    """Slug and name of every company that can be followed, by name."""
    query = (
        select(OrganisationRow.slug, OrganisationRow.name)
        .where(OrganisationRow.kind == OrganisationKind.COMPANY)
        .order_by(func.lower(OrganisationRow.name))
    )
    return [(slug, name) for slug, name in session.execute(query)]


def last_year(session: Session, wanted: Filter, today: Day) -> list[Foretaste]:
    """Every stance of the last twelve months that the wish matches, newest first."""
    return _stances(session, wanted, StanceRow.date > today - YEAR, StanceRow.date <= today)


def newest(session: Session, wanted: Filter) -> Foretaste | None:
    """The last stance that the wish matches, of any age."""
    return next(iter(_stances(session, wanted, limit=1)), None)


def _stances(
    session: Session, wanted: Filter, *when: ColumnElement[bool], limit: int | None = None
) -> list[Foretaste]:
    query = (
        select(StanceRow, TopicRow.name)
        .join(StanceTopicRow, StanceTopicRow.stance_id == StanceRow.id)
        .join(TopicRow, TopicRow.code == StanceTopicRow.topic)
        .where(
            StanceTopicRow.place == 0,
            StanceRow.published,
            StanceRow.level.in_(TOLD),
            StanceRow.novelty == Novelty.NEW,
            *when,
            *_of_company(wanted),
            *_of_topic(wanted),
        )
        .order_by(StanceRow.date.desc(), StanceRow.id)
        .limit(limit)
    )
    return [
        Foretaste(
            stance=row.id,
            date=row.date,
            precision=Precision(row.precision),
            company=row.company.name,
            topic=topic,
            act=Act(row.act),
            level=Level(row.level),
            summary=row.summary,
        )
        for row, topic in session.execute(query)
    ]


def _of_company(wanted: Filter) -> list[ColumnElement[bool]]:
    """The company itself, what it owned on the day, or the brand of that name."""
    if wanted.company is None:
        return []
    chosen = select(OrganisationRow.id).where(OrganisationRow.slug == wanted.company)
    name = select(OrganisationRow.name).where(OrganisationRow.slug == wanted.company)
    owned = exists().where(
        ParentRow.organisation_id == StanceRow.company_id,
        ParentRow.parent_id == chosen.scalar_subquery(),
        or_(ParentRow.since.is_(None), ParentRow.since <= StanceRow.date),
        or_(ParentRow.until.is_(None), ParentRow.until > StanceRow.date),
    )
    own = StanceRow.company_id == chosen.scalar_subquery()
    return [or_(own, owned, StanceRow.brand == name.scalar_subquery())]


def _of_topic(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.topic is None:
        return []
    of_topic = select(StanceTopicRow.stance_id).where(StanceTopicRow.topic == wanted.topic)
    return [StanceRow.id.in_(of_topic)]
