"""Two records turn out to be one event, or one event two: an editor merges and splits them.

Ids stay alive: the old one leads to the new one on pages and in exports until they are split.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker.domain.codes import Disposition, Level, Question, ReviewState
from tracker.domain.disputes import disputed_by
from tracker.domain.errors import UsageError
from tracker.domain.model import Stance, StanceId
from tracker.domain.register import family_of
from tracker.domain.updates import better_level, earlier
from tracker.pipeline import indexing, ledger
from tracker.pipeline.attesting import level_of_stance
from tracker.pipeline.editor import Editor
from tracker.pipeline.register import Register, load_register
from tracker.store import disputes, facts, history, merges, reviews, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.schema.ledger import RecordKind

LEARNED = ("level", "first_reported", "first_seen", "published", "disposition")
"""What a stance may gain by a merge, and gives back when it is split."""


def merge_stances(database: Database, old: StanceId, new: StanceId, editor: Editor) -> None:
    """Make one event of two records; the old id leads to the new one. Raises UsageError."""
    with database.transaction() as session:
        write_alone(session)
        merge(session, old, new, editor)
        facts.touch(session, editor.now)


def split_stance(database: Database, old: StanceId, editor: Editor) -> StanceId:
    """Take a merge back, and return the stance that it was part of. Raises UsageError."""
    with database.transaction() as session:
        write_alone(session)
        new = _split(session, old, editor)
        facts.touch(session, editor.now)
    return new


def standing(session: Session, id_: StanceId) -> Stance:
    """The stance that stands under an id now; raises UsageError where there is none."""
    stance = stances.get(session, id_)
    while stance is not None and stance.merged_into is not None:
        stance = stances.get(session, stance.merged_into)
    if stance is None:
        raise UsageError(f"there is no stance {id_}")
    return stance


def merge(session: Session, old_id: StanceId, new_id: StanceId, editor: Editor) -> None:
    """Make one event of two records, within a transaction."""
    register = load_register(session)
    old, new = _own(session, old_id), standing(session, new_id)
    _require_one_company(register, old, new)
    moved = merges.move(session, old.id, new.id)
    moved["noted"] = disputes.note(session, new.id, disputed_by(new, old), editor.now)
    stances.save(session, replace(old, merged_into=new.id, published=False), register.ids)
    joined = replace(
        new,
        level=better_level(old.level, new.level),
        first_reported=earlier(old.first_reported, new.first_reported),
        first_seen=_first(old.first_seen, new.first_seen),
        published=old.published or new.published,
        disposition=_surer(old, new),
    )
    joined = replace(joined, level=level_of_stance(session, register, joined))
    stances.save(session, joined, register.ids)
    moved["questions"] = _close_questions(session, old.id, new.id, editor)
    moved |= {"was": _learned(new), "became": _learned(joined), "shown": old.published}
    merges.keep(session, old.id, new.id, moved, by=editor.name, now=editor.now, why=editor.why)
    _follow(session, register, old, joined, "merged", editor)


def _split(session: Session, old_id: StanceId, editor: Editor) -> StanceId:
    found = merges.of(session, old_id)
    if found is None:
        raise UsageError(f"{old_id} is not merged into another stance")
    register = load_register(session)
    old, new = stances.get(session, old_id), stances.get(session, found.new)
    if old is None or new is None or new.merged_into is not None:
        into = new.merged_into if new else None
        raise UsageError(f"{found.new} was merged into {into} meanwhile: split that first")
    merges.put_back(session, found)
    disputes.drop(session, found.moved["noted"])
    reviews.reopen(session, found.moved["questions"])
    back = replace(old, merged_into=None, published=bool(found.moved["shown"]))
    left = _without_what_was_learned(new, found.moved["was"], found.moved["became"])
    for stance in (back, left):
        stances.save(session, stance, register.ids)
    merges.end(session, found, editor.now)
    _follow(session, register, back, left, "split", editor)
    return new.id


def _close_questions(session: Session, old: StanceId, new: StanceId, editor: Editor) -> list[int]:
    """What waits about the old record is settled; return what a split would let wait again."""
    again = []
    for review in reviews.open_about(session, old):
        about_likeness = {review.record, review.about} == {old, new}
        if about_likeness or review.question is Question.RECORD:
            reviews.decide(session, review.id, ReviewState.ACCEPTED, by=editor.name, now=editor.now)
            again += [] if about_likeness else [review.id]
    return again


def _own(session: Session, id_: StanceId) -> Stance:
    stance = stances.get(session, id_)
    if stance is None:
        raise UsageError(f"there is no stance {id_}")
    if stance.merged_into is not None:
        raise UsageError(f"{id_} is merged into {stance.merged_into} already; split it first")
    return stance


def _require_one_company(register: Register, old: Stance, new: Stance) -> None:
    if old.id == new.id:
        raise UsageError(f"{old.id} cannot be merged into itself")
    if new.company not in family_of([old.company], register.organisations):
        raise UsageError(f"{old.id} is of {old.company} and {new.id} of {new.company}: two events")
    if new.review_state is ReviewState.REJECTED or new.level is Level.RETRACTED:
        raise UsageError(f"{new.id} was rejected: merge it into the other one, or edit it first")


def _follow(
    session: Session, register: Register, old: Stance, new: Stance, action: str, editor: Editor
) -> None:
    """History, positions and the search follow from what was done."""
    change = {"old": old.id, "new": new.id}
    for id_ in (old.id, new.id):
        history.note(
            session,
            RecordKind.STANCE,
            id_,
            action,
            by=editor.name,
            now=editor.now,
            change=change,
            why=editor.why,
        )
    ledger.refresh_positions(session, [old.company, new.company], editor.now, register)
    indexing.index_stances(session, register, [old.id, new.id])


def _learned(stance: Stance) -> dict[str, Any]:
    values = {name: getattr(stance, name) for name in LEARNED}
    plain = {name: value.isoformat() for name, value in values.items() if _is_time(value)}
    return values | plain


def _is_time(value: object) -> bool:
    return hasattr(value, "isoformat")


def _without_what_was_learned(new: Stance, was: dict[str, Any], became: dict[str, Any]) -> Stance:
    """Fields that still have the value of the merge get back that of before."""
    now = _learned(new)
    back = {name: was[name] for name in LEARNED if now[name] == became[name]}
    return replace(new, **_read(back))


def _read(plain: dict[str, Any]) -> dict[str, Any]:
    readers: dict[str, Any] = {
        "level": Level,
        "disposition": Disposition,
        "first_reported": date.fromisoformat,
        "first_seen": datetime.fromisoformat,
    }
    return {
        name: readers[name](value) if name in readers and value is not None else value
        for name, value in plain.items()
    }


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _surer(old: Stance, new: Stance) -> Disposition:
    sure = Disposition.PUBLISH in (old.disposition, new.disposition)
    return Disposition.PUBLISH if sure else new.disposition
