"""The state of this installation: what is stored, what was read and when, which feeds are well."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import SourceStatus
from tracker.domain.errors import Fault
from tracker.store.schema import (
    EntryRow,
    IncidentRow,
    OrganisationRow,
    SourceDayRow,
    SourceRow,
    StanceRow,
    TopicRow,
)
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import months, remembered
from tracker.store.views.records import CompanyRef, Lens

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reading of sources goes, over all of them."""

    sources: int
    read: int
    failing: int
    ours: int
    last_polled: datetime | None
    last_ok: datetime | None
    next_due: datetime | None

    @property
    def nothing_read(self) -> bool:
        """Whether no source has ever been read."""
        return self.sources > 0 and self.read == 0

    @property
    def network_down(self) -> bool:
        """Whether nothing was ever read and every failure was a fault of this machine."""
        return self.nothing_read and self.failing > 0 and self.ours == self.failing


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is on record."""

    stances: int
    companies: int
    reactions: int


@dataclass(frozen=True, slots=True)
class Program:
    """A version of an extractor, how many public stances it found, and from when to when."""

    name: str
    stances: int
    first: Day
    last: Day


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source and how its reading goes; ``weeks`` are its new entries by week.

    ``incidents`` are what is wrong with it now: the kind, and since when.
    """

    id: int
    title: str
    url: str
    kind: str
    publisher_kind: str | None
    organisation: CompanyRef | None
    tier: str
    licence: str | None
    language: str | None
    status: str
    last_polled: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    next_due: datetime
    failures: int
    failing_since: datetime | None
    last_error: str | None
    error_cause: str | None
    error_fault: str | None
    weeks: tuple[int, ...]
    incidents: tuple[tuple[str, datetime], ...] = ()

    @property
    def health(self) -> str:
        """``waiting``, ``well``, ``failing``, ``ours`` (our own fault), ``quiet`` or its status."""
        if self.status != SourceStatus.ACTIVE:
            return self.status
        if self.failing_since is not None:
            return "ours" if self.error_fault == Fault.OURS else "failing"
        if self.last_ok is None:
            return "waiting"
        return "quiet" if self.quiet else "well"

    @property
    def normal(self) -> float:
        """New entries a week, on average over the weeks before the present one."""
        before = self.weeks[:-1]
        return sum(before) / len(before)

    @property
    def quiet(self) -> bool:
        """Whether a source that had news in most weeks brought none in the last two."""
        busy = sum(1 for number in self.weeks[:-2] if number)
        return busy * 2 > len(self.weeks) - 2 and not any(self.weeks[-2:])


def has_read(session: Session) -> bool:
    """Whether any active source was ever read."""
    row = SourceRow.__table__.c
    query = select(row.id).where(row.status == SourceStatus.ACTIVE, row.last_ok.is_not(None))
    return session.execute(query.limit(1)).first() is not None


def reading(session: Session) -> Reading:
    """How the reading of the active sources goes."""
    return remembered.once(session, "reading", _reading)


def _reading(session: Session) -> Reading:
    failing = SourceRow.failing_since.is_not(None)
    ours = failing & (SourceRow.error_fault == Fault.OURS)
    row = session.execute(
        select(
            func.count(),
            func.count(SourceRow.last_ok),
            func.sum(case((failing, 1), else_=0)),
            func.sum(case((ours, 1), else_=0)),
            func.max(SourceRow.last_polled),
            func.max(SourceRow.last_ok),
            func.min(SourceRow.next_due),
        ).where(SourceRow.status == SourceStatus.ACTIVE)
    ).one()
    return Reading(row[0], row[1], row[2] or 0, row[3] or 0, row[4], row[5], row[6])


def totals(session: Session, lens: Lens) -> Totals:
    """How many records show through this lens."""
    return remembered.once(session, ("totals", lens), lambda own: _totals(own, lens))


def _totals(session: Session, lens: Lens) -> Totals:
    row, company = StanceRow.__table__.c, OrganisationRow.__table__
    shown = (row.published, row.level.in_(lens.levels), row.date <= lens.day)
    with_one = exists().where(row.company_id == company.c.id, *shown)
    companies = select(func.count()).select_from(company).where(with_one)
    return Totals(
        months.number(session, lens, RecordKind.STANCE),
        session.execute(companies).scalar_one(),
        months.number(session, lens, RecordKind.REACTION),
    )


def programs(session: Session) -> list[Program]:
    """The versions of extractors whose findings are shown, the latest first."""
    query = (
        select(
            StanceRow.extractor, func.count(), func.min(StanceRow.date), func.max(StanceRow.date)
        )
        .where(StanceRow.published, StanceRow.extractor.is_not(None))
        .group_by(StanceRow.extractor)
        .order_by(func.max(StanceRow.date).desc(), StanceRow.extractor)
    )
    rows = session.execute(query)
    return [Program(name, number, first, last) for name, number, first, last in rows if name]


def sources(session: Session, today: Day) -> list[SourceLine]:
    """Every source with its health, by title."""
    weeks = _weeks(session, today)
    wrong = _incidents(session)
    query = (
        select(SourceRow, OrganisationRow.id, OrganisationRow.slug, OrganisationRow.name)
        .outerjoin(OrganisationRow, OrganisationRow.id == SourceRow.organisation_id)
        .order_by(func.lower(SourceRow.title), SourceRow.id)
    )
    return [
        _line(
            row[0],
            CompanyRef(*row[1:]) if row[1] else None,
            weeks.get(row[0].id, (0,) * WEEKS),
            wrong.get(row[0].id, ()),
        )
        for row in session.execute(query)
    ]


def addresses(session: Session, *, limit: int) -> list[tuple[str, Day | None]]:
    """The path of every page of a record, and the day of its last event; newest events first."""
    shown = (StanceRow.published, StanceRow.level.in_(Lens(Day.max).levels))
    last = func.max(StanceRow.date)
    companies = session.execute(
        select(OrganisationRow.slug, last)
        .join(StanceRow, StanceRow.company_id == OrganisationRow.id)
        .where(*shown)
        .group_by(OrganisationRow.slug)
        .order_by(OrganisationRow.slug)
    )
    found: list[tuple[str, Day | None]] = [(f"/c/{slug}", day) for slug, day in companies]
    topics = session.execute(select(TopicRow.slug).order_by(TopicRow.place)).scalars()
    found += [(f"/t/{slug}", None) for slug in topics]
    events = select(StanceRow.id, StanceRow.date).where(*shown)
    events = events.order_by(StanceRow.date.desc(), StanceRow.id).limit(max(0, limit - len(found)))
    return found + [(f"/e/{id_}", day) for id_, day in session.execute(events)]


def is_ready(session: Session) -> bool:
    """Whether the tables can be read."""
    session.execute(select(EntryRow.id).limit(1)).all()
    return True


def _weeks(session: Session, today: Day) -> dict[int, list[int]]:
    first = today - timedelta(days=7 * WEEKS - 1)
    query = select(SourceDayRow.source_id, SourceDayRow.day, SourceDayRow.new_entries).where(
        SourceDayRow.day >= first, SourceDayRow.day <= today, SourceDayRow.new_entries > 0
    )
    result: dict[int, list[int]] = {}
    for source, day, number in session.execute(query):
        result.setdefault(source, [0] * WEEKS)[(day - first).days // 7] += number
    return result


def _incidents(session: Session) -> dict[int, list[tuple[str, datetime]]]:
    query = select(IncidentRow.source_id, IncidentRow.kind, IncidentRow.opened_at)
    found: dict[int, list[tuple[str, datetime]]] = {}
    for source, kind, since in session.execute(
        query.where(IncidentRow.closed_at.is_(None)).order_by(IncidentRow.id)
    ):
        found.setdefault(source, []).append((kind, since))
    return found


def _line(
    row: SourceRow,
    organisation: CompanyRef | None,
    weeks: Iterable[int],
    wrong: Iterable[tuple[str, datetime]],
) -> SourceLine:
    return SourceLine(
        id=row.id,
        title=row.title,
        url=row.url,
        kind=row.kind,
        publisher_kind=row.publisher_kind,
        organisation=organisation,
        tier=row.tier,
        licence=row.licence,
        language=row.language,
        status=row.status,
        last_polled=row.last_polled,
        last_ok=row.last_ok,
        last_new=row.last_new,
        next_due=row.next_due,
        failures=row.failures,
        failing_since=row.failing_since,
        last_error=row.last_error,
        error_cause=row.error_cause,
        error_fault=row.error_fault,
        weeks=tuple(weeks),
        incidents=tuple(wrong),
    )
