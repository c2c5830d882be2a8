"""Positions as they follow from the stances: written whole, never typed in."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.domain.codes import ChangeKind, PositionWord, Precision, Track
from tracker.domain.model import PositionSpan, StanceId, TopicCode
from tracker.store.schema import OrganisationRow, PositionSpanRow


def replace(
    session: Session,
    companies: Iterable[str],
    spans: Iterable[PositionSpan],
    ids: Mapping[str, int],
) -> None:
    """Put the spans of these companies (slugs; row ids in ``ids``) in place of the old ones."""
    wanted = [ids[slug] for slug in companies]
    session.execute(delete(PositionSpanRow).where(PositionSpanRow.company_id.in_(wanted)))
    session.add_all(
        PositionSpanRow(
            company_id=ids[span.company],
            brand=span.brand,
            topic=span.topic,
            track=span.track,
            word=span.word,
            word_before=span.before,
            since=span.since,
            precision=span.precision,
            until=span.until,
            change=span.change,
            stance_id=span.stance,
            rests_on=list(span.rests_on),
            last_evidence=span.last_evidence,
            scope=span.scope,
            term=span.term,
            compelled=span.compelled,
        )
        for span in spans
    )
    session.flush()


def of_companies(session: Session, slugs: Iterable[str]) -> list[PositionSpan]:
    """Every span of these companies, oldest first."""
    rows = session.scalars(
        select(PositionSpanRow)
        .join(OrganisationRow, PositionSpanRow.company_id == OrganisationRow.id)
        .where(OrganisationRow.slug.in_(list(slugs)))
        .order_by(PositionSpanRow.since, PositionSpanRow.id)
    )
    return [value(row) for row in rows]


def on(session: Session, day: date) -> list[PositionSpan]:
    """Every word in force on a day, by company, topic, brand and track."""
    rows = session.scalars(
        select(PositionSpanRow)
        .join(OrganisationRow, PositionSpanRow.company_id == OrganisationRow.id)
        .where(
            PositionSpanRow.since <= day,
            PositionSpanRow.until.is_(None) | (PositionSpanRow.until > day),
        )
        .order_by(
            OrganisationRow.name,
            PositionSpanRow.topic,
            PositionSpanRow.brand,
            PositionSpanRow.track.desc(),
        )
    )
    return [value(row) for row in rows]


def companies_with_terms(session: Session) -> list[str]:
    """The companies (slugs) with a word that holds only until some day."""
    rows = session.scalars(
        select(OrganisationRow.slug)
        .join(PositionSpanRow, PositionSpanRow.company_id == OrganisationRow.id)
        .where(PositionSpanRow.term.is_not(None), PositionSpanRow.until.is_(None))
        .distinct()
        .order_by(OrganisationRow.slug)
    )
    return list(rows)


def value(row: PositionSpanRow) -> PositionSpan:
    """The row as a value."""
    return PositionSpan(
        company=row.company.slug,
        topic=TopicCode(row.topic),
        track=Track(row.track),
        word=PositionWord(row.word),
        since=row.since,
        until=row.until,
        change=ChangeKind(row.change),
        stance=StanceId(row.stance_id) if row.stance_id else None,
        before=PositionWord(row.word_before),
        precision=Precision(row.precision),
        last_evidence=row.last_evidence,
        scope=row.scope,
        term=row.term,
        compelled=row.compelled,
        brand=row.brand,
        rests_on=tuple(StanceId(id_) for id_ in row.rests_on),
    )
