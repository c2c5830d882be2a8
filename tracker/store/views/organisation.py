"""A group, regulator, union …: what it asked, of whom, who answered, and what it said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from tracker.domain.codes import OrganisationKind
from tracker.store.schema import (
    CallCallerRow,
    CallRow,
    OrganisationNameRow,
    OrganisationRow,
    ReactionRow,
)
from tracker.store.views import calls, reactions
from tracker.store.views.calls import DECIDED
from tracker.store.views.records import CallLine, CompanyRef, Lens, ReactionLine


@dataclass(frozen=True, slots=True)
class GroupLine:
    """An organisation in the list, with how often it asked and reacted."""

    group: CompanyRef
    kind: str
    calls: int
    reactions: int


@dataclass(frozen=True, slots=True)
class Group:
    """What the page of an organisation shows; a line per addressee of each of its calls."""

    group: CompanyRef
    kind: str
    country: str | None
    aliases: tuple[str, ...]
    calls: tuple[CallLine, ...]
    reactions: tuple[ReactionLine, ...]

    @property
    def answered(self) -> tuple[CallLine, ...]:
        """The addressees that answered in substance."""
        return tuple(one for one in self.calls if one.status in DECIDED)

    @property
    def days_to_answer(self) -> tuple[int, ...]:
        """Days from call to answer, ascending, where both days are known to the day."""
        exact = (one.clocks.decision for one in self.answered if not one.clocks.approximate)
        return tuple(sorted(days for days in exact if days is not None and days >= 0))


def read(session: Session, slug: str, lens: Lens, now: datetime) -> Group | None:
    """The organisation with its calls, oldest first, and its reactions, newest first."""
    row = session.execute(
        select(OrganisationRow).where(
            OrganisationRow.slug == slug, OrganisationRow.kind != OrganisationKind.COMPANY
        )
    ).scalar_one_or_none()
    if row is None:
        return None
    names = session.execute(
        select(OrganisationNameRow.text)
        .where(OrganisationNameRow.organisation_id == row.id)
        .order_by(OrganisationNameRow.id)
    ).scalars()
    return Group(
        group=CompanyRef(row.id, row.slug, row.name),
        kind=row.kind,
        country=row.country,
        aliases=tuple(names),
        calls=tuple(calls.targets(session, lens, now, caller=row.id, waiting=False)),
        reactions=tuple(reversed(reactions.by_actor(session, lens, row.id))),
    )


def listing(session: Session, lens: Lens) -> list[GroupLine]:
    """Every organisation that asked or reacted, the most active first."""
    asked = _numbers(
        session,
        select(CallCallerRow.organisation_id, func.count(CallRow.id.distinct()))
        .join(CallRow, CallRow.id == CallCallerRow.call_id)
        .where(CallRow.targets.any(), CallRow.withdrawn_on.is_(None))
        .where(CallRow.published, CallRow.level.in_(lens.levels), CallRow.date <= lens.day)
        .group_by(CallCallerRow.organisation_id),
    )
    said = _numbers(
        session,
        select(ReactionRow.actor_id, func.count())
        .where(ReactionRow.published, ReactionRow.level.in_(lens.levels))
        .where(or_(ReactionRow.date.is_(None), ReactionRow.date <= lens.day))
        .group_by(ReactionRow.actor_id),
    )
    rows = session.execute(
        select(OrganisationRow).where(
            OrganisationRow.id.in_(sorted(asked.keys() | said.keys())),
            OrganisationRow.kind != OrganisationKind.COMPANY,
        )
    ).scalars()
    found = [
        GroupLine(
            CompanyRef(row.id, row.slug, row.name),
            row.kind,
            asked.get(row.id, 0),
            said.get(row.id, 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-(one.calls + one.reactions), one.group.name))


def _numbers(session: Session, query: Select[int | None, int]) -> dict[int, int]:
    return {id_: number for id_, number in session.execute(query) if id_ is not None}
