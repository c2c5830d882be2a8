"""A report was joined to the wrong event: an editor says that it tells of another one.

Its quotes, links and claims, and the reactions that it alone tells of, go to the other event. A
new one waits for a person and is not shown yet; merging it back gives what was before.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker.domain.codes import (
    Disposition,
    Level,
    Origin,
    Precision,
    RelationKind,
    ReviewState,
)
from tracker.domain.disputes import disputed_by
from tracker.domain.edits import EDITABLE, apply_edits
from tracker.domain.errors import UsageError
from tracker.domain.model import Relation, Stance, StanceId
from tracker.domain.register import family_of
from tracker.pipeline import indexing, ledger
from tracker.pipeline.attesting import level_of_pages, level_of_stance
from tracker.pipeline.editor import Editor
from tracker.pipeline.merging import standing
from tracker.pipeline.register import Register, load_register
from tracker.pipeline.report import slugged
from tracker.store import carried, disputes, facts, history, reviews, stances
from tracker.store.carried import Carried
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.schema.ledger import RecordKind

CLAIMED = frozenset(EDITABLE) - {"level", "note", "reaction", "asked", "deadline"}
"""Fields of a new stance that the claim of an extractor gives."""


def part_report(
    database: Database,
    stance: StanceId,
    url: str,
    editor: Editor,
    *,
    to: StanceId | None = None,
    edits: Mapping[str, str] | None = None,
) -> StanceId:
    """Take a report out of an event: it goes to another event, or tells of one of its own.

    ``edits`` are facts of the new event in place of what the report was read to say. Return the
    event that has the report now. Raises UsageError that names what is wrong.
    """
    with database.transaction() as session:
        write_alone(session)
        register = load_register(session)
        old = standing(session, stance)
        report = _report_of(session, old, url)
        if to is None:
            new = _begin(session, register, old, report, edits or {})
        else:
            new = _other(session, register, old, to, edits)
        carried.hand_over(session, url, old.id, new.id)
        _settle(session, register, old, new, report, editor)
        facts.touch(session, editor.now)
    return new.id


def _report_of(session: Session, stance: Stance, url: str) -> Carried:
    report = carried.read(session, stance.id, url)
    if report is None:
        pages = "; ".join(carried.pages_of(session, stance.id)) or "none"
        raise UsageError(f"{url} carries nothing of {stance.id}. These pages do: {pages}")
    if report.alone:
        raise UsageError(
            f"{stance.id} rests on that report alone: amend it, merge it into the event that the "
            "report tells of, or withdraw it"
        )
    return report


def _begin(
    session: Session,
    register: Register,
    old: Stance,
    report: Carried,
    edits: Mapping[str, str],
) -> Stance:
    """A stance of its own, as the report was read, or as the old one where nobody read it."""
    told = _as_told(register, old, report)
    read = {name: str(report.claim[name]) for name in CLAIMED if report.claim.get(name) is not None}
    stance = apply_edits(apply_edits(told, read), edits)
    if stance.topic not in register.topics:
        raise UsageError(f"{str(stance.topic)!r} is no topic; the codes are at /t")
    wanted = slugged(stance.company, stance.brand, stance.date, stance.act, stance.topic)
    stance = replace(stance, id=stances.free_id(session, wanted))
    stances.save(session, stance, register.ids)
    return stance


def _as_told(register: Register, old: Stance, report: Carried) -> Stance:
    company = register.slugs.get(str(report.claim.get("company")), old.company)
    dated = report.claim.get("date") is not None or report.day is None
    return Stance(
        id=StanceId(""),
        company=company,
        company_name=register.organisations[company].name,
        topic=old.topic,
        topics=(old.topic,),
        act=old.act,
        direction=None if report.claim else old.direction,
        date=report.day or old.date,
        precision=(Precision.DAY if report.claim else old.precision) if dated else Precision.RANGE,
        first_reported=report.day,
        first_seen=report.seen,
        level=Level.UNCONFIRMED,
        disposition=Disposition.REVIEW,
        origin=Origin.EXTRACTED if report.claim else Origin.EDITOR,
        extractor=report.extractor,
    )


def _other(
    session: Session, register: Register, old: Stance, to: StanceId, edits: object
) -> Stance:
    new = standing(session, to)
    if edits:
        raise UsageError("facts are set for a new event only; `tracker review amend` changes one")
    if new.id == old.id:
        raise UsageError(f"{to} has that report already")
    if new.company not in family_of([old.company], register.organisations):
        raise UsageError(f"{old.id} is of {old.company} and {new.id} of {new.company}: two events")
    if new.review_state is ReviewState.REJECTED or new.level is Level.RETRACTED:
        raise UsageError(f"{new.id} was rejected: edit it first")
    return new


def _settle(
    session: Session,
    register: Register,
    old: Stance,
    new: Stance,
    report: Carried,
    editor: Editor,
) -> None:
    """Levels, first reports, questions, history and positions as they are without and with it."""
    left = _without(session, register, old, report)
    gained = _with(session, register, new, report)
    for stance in (left, gained):
        stances.save(session, stance, register.ids)
    _refuse_likeness(session, gained, left, editor.now)
    if gained.published:
        told = apply_edits(gained, _facts(report.claim))
        disputes.note(session, gained.id, disputed_by(gained, told, report.url), editor.now)
    elif gained.review_state is ReviewState.PROPOSED:
        reason = f"its report was taken out of {left.id}"
        reviews.ask(session, RecordKind.STANCE, gained.id, [reason], dict(report.claim), editor.now)
    change = {"report": report.url, "from": left.id, "to": gained.id}
    for stance in (left, gained):
        history.note(
            session,
            RecordKind.STANCE,
            stance.id,
            "report parted",
            by=editor.name,
            now=editor.now,
            change=change,
            why=editor.why,
        )
    ledger.refresh_positions(session, [left.company, gained.company], editor.now, register)
    indexing.index_stances(session, register, [left.id, gained.id])


def _without(session: Session, register: Register, old: Stance, report: Carried) -> Stance:
    """The old stance with what only this report had told taken back; what a person set stands."""
    if old.origin is not Origin.EXTRACTED or old.review_state is ReviewState.EDITED:
        return old
    judged = old.level in (Level.DISPUTED, Level.RETRACTED)
    level = old.level if judged else level_of_pages(session, register, old)
    return replace(old, level=level, first_reported=report.first_day or old.first_reported)


def _with(session: Session, register: Register, new: Stance, report: Carried) -> Stance:
    days = [day for day in (new.first_reported, report.day) if day is not None]
    level = level_of_stance(session, register, new)
    return replace(new, level=level, first_reported=min(days, default=None))


def _facts(claim: Mapping[str, Any]) -> dict[str, str]:
    """What disputes are about, as the report tells it."""
    names = ("act", "date", "precision", "effective_date")
    return {name: str(claim[name]) for name in names if claim.get(name) is not None}


def _refuse_likeness(session: Session, one: Stance, other: Stance, now: datetime) -> None:
    """A person found them to be two events: the rules do not suppose the contrary again."""
    alike = Relation(RelationKind.DUPLICATE_OF, one.id, other.id, decided=False)
    stances.relate(session, [alike], Origin.EXTRACTED)
    stances.refuse(session, alike, now)
