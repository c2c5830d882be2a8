"""Whom a class of targets in words means: dated lists of companies that a person approves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.outcomes import Verdict
from tracker.domain.terms import fold
from tracker.store.schema import ClassMemberRow, OrganisationRow


@dataclass(frozen=True, slots=True)
class Member:
    """A company (a slug) that may be meant; ``since`` and ``until`` are days of calls."""

    class_name: str
    company: str
    since: Day | None = None
    until: Day | None = None
    verdict: Verdict | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str | None = None

    def holds_on(self, day: Day) -> bool:
        """Whether a call of that day means this company."""
        begun = self.since is None or self.since <= day
        agreed = self.verdict is Verdict.ACCEPTED
        return agreed and begun and (self.until is None or day < self.until)


def key_of(class_name: str) -> str:
    """The class without case, accents and odd spaces."""
    return " ".join(fold(class_name.replace("’", "'")).split())


def propose(session: Session, class_name: str, companies: Iterable[str], now: datetime) -> None:
    """Put companies (slugs) on the list of a class; they wait for a person."""
    known = {member.company for member in of_class(session, class_name)}
    for company, id_ in _ids(session, set(companies) - known).items():
        session.add(_row(class_name, id_, now))
        known.add(company)
    session.flush()


def decide(
    session: Session,
    wanted: Member,
    verdict: Verdict,
    by: str,
    now: datetime,
) -> None:
    """Note what a person said of one company of a class, for calls between two days."""
    (id_,) = _ids(session, [wanted.company]).values()
    row = session.scalar(
        select(ClassMemberRow).where(
            ClassMemberRow.key == key_of(wanted.class_name), ClassMemberRow.company_id == id_
        )
    )
    if row is None:
        row = _row(wanted.class_name, id_, now)
        session.add(row)
    row.since, row.until, row.why = wanted.since, wanted.until, wanted.why
    row.verdict, row.decided_by, row.decided_at = verdict, by, now
    session.flush()


def of_class(session: Session, class_name: str) -> list[Member]:
    """Every company on the list of a class."""
    query = select(ClassMemberRow).where(ClassMemberRow.key == key_of(class_name))
    return [_value(row) for row in session.scalars(query.order_by(ClassMemberRow.id))]


def every(session: Session) -> list[Member]:
    """Every company on any list, by class."""
    query = select(ClassMemberRow).order_by(ClassMemberRow.key, ClassMemberRow.id)
    return [_value(row) for row in session.scalars(query)]


def _ids(session: Session, companies: Iterable[str]) -> dict[str, int]:
    query = select(OrganisationRow.slug, OrganisationRow.id).where(
        OrganisationRow.slug.in_(list(companies))
    )
    return {slug: id_ for slug, id_ in session.execute(query.order_by(OrganisationRow.slug))}


def _row(class_name: str, company: int, now: datetime) -> ClassMemberRow:
    return ClassMemberRow(
        key=key_of(class_name), name=class_name, company_id=company, proposed_at=now
    )


def _value(row: ClassMemberRow) -> Member:
    return Member(
        class_name=row.name,
        company=row.company.slug,
        since=row.since,
        until=row.until,
        verdict=Verdict(row.verdict) if row.verdict else None,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
    )
