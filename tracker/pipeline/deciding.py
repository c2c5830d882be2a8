"""A person decides what was proposed: each proposal once, several of one caller at a time."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date as Day
from datetime import datetime

from tracker.domain.calls import with_status
from tracker.domain.codes import CallStatus
from tracker.domain.commitments import with_step
from tracker.domain.errors import UsageError
from tracker.domain.model import CommitmentStep, Stance, TargetStatus
from tracker.domain.outcomes import CommitmentState, ProposalKind, Verdict
from tracker.pipeline.calling import move_target, plain
from tracker.pipeline.following import COMMITMENT
from tracker.pipeline.outside_word import require_outside_word
from tracker.pipeline.register import load_register, require_organisation
from tracker.store import calls, commitments, facts, history, proposals, stances
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says, when, and why; ``status`` in place of the one that was proposed.

    ``url`` is a page that shows that a promise was kept or broken.
    """

    verdict: Verdict
    by: str
    now: datetime
    status: str | None = None
    why: str | None = None
    url: str | None = None


@dataclass
class Decided:
    """Numbers of the proposals that were decided, and why others could not be."""

    done: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def list_proposals(
    database: Database, *, caller: str | None = None, company: str | None = None
) -> list[tuple[Proposal, str]]:
    """What waits for a person, likeliest first, each with what it is about in words."""
    with database.reading() as session:
        require_organisation(session, company)
        found = proposals.waiting(session, caller=caller, company=company)
        return [(proposal, _in_words(session, proposal)) for proposal in found]


def decide_some(database: Database, numbers: Iterable[int], decision: Decision) -> Decided:
    """Decide proposals by their numbers; one that cannot be followed is left and reported."""
    decided = Decided()
    for number in dict.fromkeys(numbers):
        try:
            _decide(database, number, decision)
        except UsageError as error:
            decided.problems.append(f"proposal {number}: {error}")
        else:
            decided.done.append(number)
    return decided


def decide_of_caller(database: Database, caller: str, decision: Decision) -> Decided:
    """Decide everything that waits for the calls of one caller (a name). Raises UsageError."""
    with database.reading() as session:
        numbers = [one.id for one in proposals.waiting(session, caller=caller)]
    if not numbers:
        raise UsageError(f"nothing waits for a call by {caller!r}; see `tracker proposals list`")
    return decide_some(database, numbers, decision)


def _decide(database: Database, number: int, decision: Decision) -> None:
    with database.transaction() as session:
        write_alone(session)
        proposal = proposals.get(session, number)
        if proposal is None:
            raise UsageError("there is none of that number; see `tracker proposals list`")
        if proposal.verdict is not None:
            raise UsageError(f"it is decided: {proposal.verdict} by {proposal.decided_by}")
        if decision.verdict is Verdict.ACCEPTED:
            _follow(session, proposal, decision)
        proposals.decide(session, number, decision.verdict, decision.by, decision.now, decision.why)
        facts.touch(session, decision.now)


def _follow(session: Session, proposal: Proposal, decision: Decision) -> None:
    stance = stances.get(session, proposal.new.stance)
    if stance is None or not stance.published:
        raise UsageError(f"{proposal.new.stance} is not shown (any more): refuse it")
    if proposal.new.kind is ProposalKind.STATE:
        _move_commitment(session, proposal, stance, decision)
    else:
        _answer(session, proposal, stance, decision)


def _answer(session: Session, proposal: Proposal, stance: Stance, decision: Decision) -> None:
    new = proposal.new
    call = calls.get(session, new.call) if new.call else None
    asked = {target.company: target for target in call.targets} if call else {}
    if call is None or new.company not in asked:
        raise UsageError("its call does not name the company (any more): refuse it")
    target = asked[new.company]
    status = TargetStatus(
        status=_status(decision.status or new.status),
        date=_not_before(stance.date, target.now.date, stance),
        precision=stance.precision,
        answered_by=(stance.id,),
        met=new.met,
        why=decision.why,
    )
    register = load_register(session)
    moved = with_status(target, status)
    move_target(session, register, call, moved, decision.by, decision.now)


def _not_before(day: Day, earliest: Day | None, stance: Stance) -> Day:
    """An imprecise date may begin before the status that it ends."""
    if earliest is None or day >= earliest:
        return day
    if day.replace(day=1) == earliest.replace(day=1):
        return earliest
    raise UsageError(f"{stance.id} is of {day}, before the present status of {earliest}")


def _move_commitment(
    session: Session, proposal: Proposal, stance: Stance, decision: Decision
) -> None:
    new = proposal.new
    commitment = commitments.get(session, new.commitment) if new.commitment else None
    if commitment is None:
        raise UsageError("its promise is not on record (any more): refuse it")
    step = CommitmentStep(
        state=_state(decision.status or new.status),
        date=_not_before(stance.date, commitment.now.date, stance),
        precision=stance.precision,
        why=decision.why or new.reason,
        stance=stance.id,
        url=decision.url,
    )
    register = load_register(session)
    require_outside_word(session, register, commitment, step)
    commitments.save(session, with_step(commitment, step), register.ids)
    change = plain({"from": commitment.now.state, "to": asdict(step)})
    history.note(
        session,
        COMMITMENT,
        commitment.id,
        "moved",
        by=decision.by,
        now=decision.now,
        change=change,
        why=decision.why,
    )


def _status(word: str) -> CallStatus:
    if word not in set(CallStatus):
        raise UsageError(f"{word!r} is none of {', '.join(CallStatus)}")
    return CallStatus(word)


def _state(word: str) -> CommitmentState:
    if word not in set(CommitmentState):
        raise UsageError(f"{word!r} is none of {', '.join(CommitmentState)}")
    return CommitmentState(word)


def _in_words(session: Session, proposal: Proposal) -> str:
    new = proposal.new
    call = calls.get(session, new.call) if new.call else None
    if call is not None:
        asked = f"{', '.join(call.callers)} ({call.date}): {call.asked}"
        return f"{new.company} {new.status}? {asked} [{new.call}]"
    commitment = commitments.get(session, new.commitment) if new.commitment else None
    promised = commitment.promised if commitment else ""
    return f"{new.company} {new.status}? {promised} [{new.commitment}]"
