"""One call with every addressee: how each answered, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.store.schema import CallCallerRow, CallRow, CallTargetStatusRow, OrganisationRow
from tracker.store.views import calls, stances
from tracker.store.views.records import CallLine, CompanyRef, Lens, StanceLine


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One dated status of an addressee; ``corrects``: the one before was wrong, and why."""

    status: str
    date: Day | None
    precision: str
    corrects: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A company that was asked: where it stands, how it came there, by which of its acts."""

    line: CallLine
    steps: tuple[StatusStep, ...]
    answers: tuple[StanceLine, ...]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked; ``organisation`` is None for a name outside the register."""

    name: str
    organisation: CompanyRef | None


@dataclass(frozen=True, slots=True)
class Call:
    """A dated demand with all its addressees."""

    line: CallLine
    callers: tuple[Caller, ...]
    addressees: tuple[Addressee, ...]
    target_class: str | None
    public_url: str | None
    delivered_on: Day | None
    delivery_proof: str | None


def read(session: Session, id_: str, lens: Lens, now: datetime) -> Call | None:
    """The call; None when there is none, or none that may be shown on that day."""
    lines = calls.targets(session, lens, now, call=id_, waiting=False)
    row = session.get(CallRow, id_)
    if not lines or row is None:
        return None
    ids = tuple(sorted({one for line in lines for one in line.answered_by}))
    found = stances.find(session, lens, stances.Wanted(ids=ids)) if ids else []
    by_id = {stance.id: stance for stance in found}
    steps = {target.organisation_id: _steps(target.statuses, lens.day) for target in row.targets}
    return Call(
        line=lines[0],
        callers=_callers(session, id_),
        addressees=tuple(
            Addressee(
                line,
                steps[line.company.id],
                tuple(by_id[one] for one in line.answered_by if one in by_id),
            )
            for line in lines
        ),
        target_class=row.target_class,
        public_url=row.public_url,
        delivered_on=row.delivered_on,
        delivery_proof=row.delivery_proof,
    )


def _steps(statuses: Iterable[CallTargetStatusRow], day: Day) -> tuple[StatusStep, ...]:
    return tuple(
        StatusStep(one.status, one.status_date, one.precision, one.corrects, one.why)
        for one in statuses
        if one.status_date is None or one.status_date <= day
    )


def _callers(session: Session, id_: str) -> tuple[Caller, ...]:
    rows = session.execute(
        select(CallCallerRow.name, OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
        .outerjoin(OrganisationRow, OrganisationRow.id == CallCallerRow.organisation_id)
        .where(CallCallerRow.call_id == id_)
        .order_by(CallCallerRow.place)
    )
    return tuple(Caller(row[0], CompanyRef(*row[1:]) if row[1] else None) for row in rows)
