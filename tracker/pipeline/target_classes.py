"""Classes of targets such as "IBM's competitors" become named companies when a person says so."""

from dataclasses import replace
from datetime import datetime

from tracker.domain.codes import CallStatus
from tracker.domain.errors import UsageError
from tracker.domain.model import Call, CallTarget, TargetStatus
from tracker.domain.outcomes import Verdict
from tracker.domain.register import name_on
from tracker.pipeline.following import follow_call
from tracker.pipeline.register import Register, load_register
from tracker.store import calls, classes, facts, history
from tracker.store.classes import Member
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.schema.ledger import RecordKind


def list_classes(database: Database) -> tuple[list[Member], list[Call]]:
    """Every list there is, and the calls on a class with the targets they have now."""
    with database.reading() as session:
        return classes.every(session), calls.of_class(session)


def decide_member(
    database: Database, wanted: Member, verdict: Verdict, by: str, now: datetime
) -> list[str]:
    """Approve or refuse a company of a class, for calls between two days.

    Calls of that class gain the company as an open target; return their ids. A target that a call
    has already is never taken away. Raises UsageError.
    """
    with database.transaction() as session:
        write_alone(session)
        register = load_register(session)
        _require(register, wanted)
        classes.decide(session, wanted, verdict, by, now)
        reached = []
        for call in calls.of_class(session):
            widened = with_class(session, register, call)
            if widened is not call:
                _save(session, register, call, widened, by, now)
                reached.append(str(call.id))
        facts.touch(session, now)
    return reached


def with_class(session: Session, register: Register, call: Call) -> Call:
    """Return the call with every approved company of its class; the same call if none is new."""
    if call.target_class is None:
        return call
    named = {target.company for target in call.targets}
    added = [
        _target(register, call, member.company)
        for member in classes.of_class(session, call.target_class)
        if member.holds_on(call.date) and member.company not in named
    ]
    return replace(call, targets=(*call.targets, *added)) if added else call


def propose_members(session: Session, call: Call, now: datetime) -> bool:
    """Put the companies that a call names beside a class on its list; True if nobody is approved.

    The headline's "Amazon and Microsoft" are likely whom "IBM's competitors" means.
    """
    if call.target_class is None:
        return False
    named = [target.company for target in call.targets if target.of_class is None]
    classes.propose(session, call.target_class, named, now)
    members = classes.of_class(session, call.target_class)
    return not any(member.verdict is Verdict.ACCEPTED for member in members)


def _target(register: Register, call: Call, company: str) -> CallTarget:
    name = name_on(register.organisations[company], call.date)
    opened = TargetStatus(CallStatus.OPEN, call.date)
    return CallTarget(company, name, opened, of_class=call.target_class)


def _require(register: Register, wanted: Member) -> None:
    if not wanted.class_name.strip():
        raise UsageError("name the class, in the words of the call")
    if wanted.company not in register.organisations:
        raise UsageError(f"there is no organisation {wanted.company!r}; the slugs are at /c")
    if wanted.since and wanted.until and wanted.until <= wanted.since:
        raise UsageError(f"the list would end on {wanted.until}, before it begins")


def _save(
    session: Session, register: Register, call: Call, widened: Call, by: str, now: datetime
) -> None:
    calls.save(session, widened, register.ids, register.slugs)
    added = [target.company for target in widened.targets[len(call.targets) :]]
    change = {"targets added": added, "class": call.target_class}
    history.note(session, RecordKind.CALL, call.id, "class named", by=by, now=now, change=change)
    follow_call(session, register, widened, now)
