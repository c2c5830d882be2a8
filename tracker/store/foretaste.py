"""What can be asked for, and what a wish would have brought in the last twelve months."""

from collections.abc import Iterable, Iterator
from datetime import date as Day
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.codes import ChangeKind, Level, Novelty, OrganisationKind, Track
from tracker.domain.happenings import facts_of_call, facts_of_reaction, facts_of_stance
from tracker.domain.looking_back import Period
from tracker.domain.model import Call, Reaction, Stance, StanceId
from tracker.domain.wishes import USUAL, Happening, Occasion, Wish, occasions_of, wants
from tracker.store import calls, organisations, reactions, topics
from tracker.store.looking_back import Foretaste, Known, follow_ups
from tracker.store.schema import CallRow, OrganisationRow, PositionSpanRow, ReactionRow, StanceRow
from tracker.store.stance_values import value

YEAR = timedelta(days=365)
TOLD = (Level.CONFIRMED, Level.REPORTED, Level.DISPUTED)


def companies(session: Session) -> list[tuple[str, str]]:
    """Slug and name of every company that can be followed, by name."""
    return _listed(session, (OrganisationKind.COMPANY,))


def reactors(session: Session) -> list[tuple[str, str]]:
    """Slug and name of every organisation that reacts or calls, by name."""
    kinds = [kind for kind in OrganisationKind if kind is not OrganisationKind.COMPANY]
    return _listed(session, kinds)


def last_year(session: Session, wish: Wish, today: Day) -> list[Foretaste]:
    """Everything of the last twelve months that the wish asks for, newest first."""
    return _wanted(session, wish, today - YEAR, today)


def newest(session: Session, wish: Wish, today: Day) -> Foretaste | None:
    """The last thing that the wish asks for, of any age."""
    return next(iter(_wanted(session, wish, Day.min, today)), None)


def _listed(session: Session, kinds: Iterable[OrganisationKind]) -> list[tuple[str, str]]:
    query = (
        select(OrganisationRow.slug, OrganisationRow.name)
        .where(OrganisationRow.kind.in_(list(kinds)))
        .order_by(func.lower(OrganisationRow.name))
    )
    return [(slug, name) for slug, name in session.execute(query)]


def _wanted(session: Session, wish: Wish, first: Day, last: Day) -> list[Foretaste]:
    registry = organisations.registry(session)
    known = Known(
        organisations={one.slug: one for one in registry.organisations},
        slugs={one.name: one.slug for one in registry.organisations},
        topics=topics.by_code(session),
        changes=_changes(session),
    )
    found: list[Foretaste] = []
    if wish.occasions & USUAL:
        found += _stances(session, wish, known, first, last)
    if Occasion.REACTION in wish.occasions:
        found += _reactions(session, wish, known, first, last)
    if Occasion.CALL in wish.occasions:
        found += _calls(session, wish, known, first, last)
    found += follow_ups(session, wish, known, Period(first, last))
    return sorted(found, key=lambda one: (one.date, one.path), reverse=True)


def _changes(session: Session) -> dict[StanceId, tuple[ChangeKind, frozenset[Track]]]:
    rows = session.execute(
        select(PositionSpanRow.stance_id, PositionSpanRow.change, PositionSpanRow.track).where(
            PositionSpanRow.stance_id.is_not(None)
        )
    )
    found: dict[StanceId, tuple[ChangeKind, frozenset[Track]]] = {}
    for id_, change, track in rows:
        stance = StanceId(id_ or "")
        kind, tracks = found.get(stance, (ChangeKind(change), frozenset[Track]()))
        found[stance] = (kind, tracks | {Track(track)})
    return found


def _stances(
    session: Session, wish: Wish, known: Known, first: Day, last: Day
) -> Iterator[Foretaste]:
    rows = session.scalars(
        select(StanceRow).where(
            StanceRow.published,
            StanceRow.level.in_(TOLD),
            StanceRow.novelty == Novelty.NEW,
            StanceRow.date > first,
            StanceRow.date <= last,
        )
    )
    for stance in (value(row) for row in rows.unique()):
        change, tracks = known.changes.get(stance.id, (ChangeKind.RECORDED, frozenset()))
        facts = facts_of_stance(
            stance, known.organisations, known.topics, change=change, tracks=tracks
        )
        happening = Happening(occasions_of(change), facts)
        if wants(wish, happening):
            yield _of_stance(stance, known, happening)


def _of_stance(stance: Stance, known: Known, happening: Happening) -> Foretaste:
    return Foretaste(
        occasion=min(happening.occasions, key=list(Occasion).index),
        path=f"/e/{stance.id}",
        date=stance.date,
        precision=stance.precision,
        company=stance.company_name,
        topic=known.topics[stance.topic].name,
        code=stance.act,
        level=stance.level,
        summary=stance.summary,
    )


def _reactions(
    session: Session, wish: Wish, known: Known, first: Day, last: Day
) -> Iterator[Foretaste]:
    rows = session.scalars(
        select(ReactionRow).where(
            ReactionRow.published, ReactionRow.date > first, ReactionRow.date <= last
        )
    )
    for reaction in (reactions.value(row) for row in rows.unique()):
        facts = facts_of_reaction(reaction, known.organisations, known.topics)
        if wants(wish, Happening(frozenset({Occasion.REACTION}), facts)):
            yield _of_reaction(reaction, known)


def _of_reaction(reaction: Reaction, known: Known) -> Foretaste:
    about = reaction.about[0] if reaction.about else ""
    return Foretaste(
        occasion=Occasion.REACTION,
        path=f"/e/{reaction.stance}" if reaction.stance else f"/c/{about}",
        date=reaction.date or Day.min,
        precision=reaction.precision,
        company=reaction.actor_name,
        topic=known.topics[reaction.topic].name if reaction.topic else "",
        code=reaction.reaction,
        level=reaction.level,
        summary=reaction.summary,
    )


def _calls(
    session: Session, wish: Wish, known: Known, first: Day, last: Day
) -> Iterator[Foretaste]:
    rows = session.scalars(
        select(CallRow).where(CallRow.published, CallRow.date > first, CallRow.date <= last)
    )
    for call in (calls.value(row) for row in rows.unique()):
        facts = facts_of_call(call, known.organisations, known.topics, known.slugs)
        if wants(wish, Happening(frozenset({Occasion.CALL}), facts)):
            yield _of_call(call, known)


def _of_call(call: Call, known: Known) -> Foretaste:
    return Foretaste(
        occasion=Occasion.CALL,
        path=f"/calls/{call.id}",
        date=call.date,
        precision=call.precision,
        company=", ".join(call.callers),
        topic=known.topics[call.topic].name if call.topic else "",
        code="calls",
        level=call.level,
        summary=call.asked,
    )
