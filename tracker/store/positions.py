"""Positions as they follow from the stances: written whole, never typed in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tracker.domain.codes import ChangeKind, PositionWord, Precision, Track
from tracker.domain.model import PositionSpan, PositionStep, StanceId, TopicCode
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
    rows = [_row(span, ids) for span in spans]
    if rows:
        session.execute(insert(PositionSpanRow.__table__), rows)  # type: ignore[arg-type]


def _row(span: PositionSpan, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "company_id": ids[span.company],
        "brand": span.brand,
        "topic": span.topic,
        "track": span.track,
        "word": span.word,
        "word_before": span.before,
        "since": span.since,
        "precision": span.precision,
        "until": span.until,
        "change": span.change,
        "stance_id": span.stance,
        "rests_on": list(span.rests_on),
        "steps": [_plain(step) for step in span.steps],
        "last_evidence": span.last_evidence,
        "scope": span.scope,
        "term": span.term,
        "compelled": span.compelled,
    }


def of_companies(session: Session, slugs: Iterable[str]) -> list[PositionSpan]:
    """Every span of these companies, oldest first."""
    rows = session.scalars(
        select(PositionSpanRow)
        .join(OrganisationRow, PositionSpanRow.company_id == OrganisationRow.id)
        .where(OrganisationRow.slug.in_(list(slugs)))
        .order_by(PositionSpanRow.since, PositionSpanRow.id)
    )
    return [value(row) for row in rows]


def with_terms(session: Session) -> list[PositionSpan]:
    """The spans that hold now, but only until some day or condition."""
    return [
        value(row)
        for row in session.scalars(
            select(PositionSpanRow)
            .where(PositionSpanRow.until.is_(None), PositionSpanRow.term.startswith("until "))
            .order_by(PositionSpanRow.id)
        )
    ]


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
        steps=steps_of(row.steps),
    )


def steps_of(stored: Iterable[Mapping[str, Any]]) -> tuple[PositionStep, ...]:
    """The stances that began and kept a word, as they are stored with its span."""
    return tuple(
        PositionStep(
            date=date.fromisoformat(step["date"]),
            stance=step.get("stance"),
            change=ChangeKind(step["change"]),
            term=step.get("term"),
            scope=step.get("scope"),
            compelled=step.get("compelled", False),
            rests_on=tuple(step.get("rests_on", ())),
        )
        for step in stored
    )


def _plain(step: PositionStep) -> dict[str, Any]:
    """What a step holds; what is empty is left out."""
    plain: dict[str, Any] = {"date": step.date.isoformat(), "change": step.change}
    for name in ("stance", "term", "scope", "compelled", "rests_on"):
        value = getattr(step, name)
        if value:
            plain[name] = value
    return plain
