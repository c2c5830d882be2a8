"""What follows from a public stance: answers, undone answers and promises, each proposed once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.parts.clock import Clock
from tracker.app import App
from tracker.domain.codes import (
    Act,
    CallStatus,
    Extent,
    Level,
    Origin,
    RelationKind,
    ReviewState,
)
from tracker.domain.model import CommitmentStep, Stance, StanceId, TargetStatus, TopicCode
from tracker.domain.outcomes import CommitmentState, NoticeKind, ProposalKind, Verdict
from tracker.pipeline import calling, committing, deciding, relations, reminding
from tracker.pipeline.calling import NewCall
from tracker.pipeline.committing import Terms
from tracker.pipeline.deciding import Decision
from tracker.pipeline.editor import Editor
from tracker.pipeline.publish import publish
from tracker.pipeline.register import load_register
from tracker.pipeline.target_classes import decide_member
from tracker.pipeline.telling import Telling
from tracker.store import calls, commitments, corrections, notices, proposals, stances
from tracker.store.classes import Member
from tracker.store.database import Database
from tracker.store.notices import Notice
from tracker.store.proposals import Proposal

FACES, HOME = TopicCode("facial_recognition"), TopicCode("home_surveillance")
JUNE_9 = date(2020, 6, 9)


def a_stance(id_: str, company: str, act: Act, day: date, **more: object) -> Stance:
    stance = Stance(
        id=StanceId(id_),
        company=company,
        company_name=company.title(),
        topic=FACES,
        act=act,
        date=day,
        direction=2,
        level=Level.REPORTED,
        review_state=ReviewState.ACCEPTED,
        origin=Origin.EDITOR,
    )
    return replace(stance, **more)  # type: ignore[arg-type]


@pytest.fixture
def show(app: App) -> Callable[[Stance], None]:
    """Makes a stance public, as the pipeline does."""

    def make(stance: Stance) -> None:
        with app.database.transaction() as session:
            register = load_register(session)
            stances.save(session, stance, register.ids)
            publish(session, register, stance, Telling("x.example"), app.now(), may_alert=False)

    return make


def asked(app: App, *targets: str, **more: object) -> str:
    new = NewCall(("ACLU",), targets, "stop selling it", "facial_recognition", JUNE_9, act=Act.ENDS)
    return calling.add_call(app.database, replace(new, **more), "ana", app.now())  # type: ignore[arg-type]


def waiting(database: Database) -> list[Proposal]:
    with database.reading() as session:
        return proposals.waiting(session)


def said(app: App, verdict: Verdict = Verdict.ACCEPTED, **more: object) -> Decision:
    return replace(Decision(verdict, "ana", app.now()), **more)  # type: ignore[arg-type]


def target(app: App, id_: str, company: str) -> calls.CallTarget:
    with app.database.reading() as session:
        call = calls.get(session, calls.CallId(id_))
    assert call is not None
    return next(one for one in call.targets if one.company == company)


def raised(app: App) -> list[Notice]:
    with app.database.reading() as session:
        return notices.untold(session)


Show = Callable[[Stance], None]
PAUSE = a_stance("a-pause", "amazon", Act.PAUSES, date(2020, 6, 10), extent=Extent.FULL)


def test_a_stance_is_proposed_as_an_answer_once_whatever_comes_later(app: App, show: Show) -> None:
    id_ = asked(app, "amazon", "microsoft")
    show(PAUSE)
    show(PAUSE)
    (one,) = waiting(app.database)
    assert (one.new.kind, one.new.call, one.new.company) == (ProposalKind.ANSWER, id_, "amazon")
    assert one.new.status == CallStatus.PARTIALLY_ANSWERED
    deciding.decide_some(app.database, [one.id], said(app, Verdict.REFUSED))
    show(PAUSE)
    assert waiting(app.database) == []
    assert target(app, id_, "amazon").now.status is CallStatus.OPEN


def test_a_stance_that_was_there_before_the_call_came_is_proposed_too(app: App, show: Show) -> None:
    show(PAUSE)
    asked(app, "amazon")
    assert [one.new.stance for one in waiting(app.database)] == ["a-pause"]


def test_all_answers_to_one_caller_are_decided_together_and_raised_once(
    app: App, show: Show
) -> None:
    first, second = asked(app, "amazon"), asked(app, "amazon", "microsoft")
    show(PAUSE)
    show(a_stance("m-pause", "microsoft", Act.PAUSES, date(2020, 6, 11)))
    decided = deciding.decide_of_caller(app.database, "ACLU", said(app))
    assert (len(decided.done), decided.problems) == (3, [])
    for id_ in (first, second):
        assert target(app, id_, "amazon").now.answered_by == ("a-pause",)
    assert {(one.kind, one.company, one.call) for one in raised(app)} == {
        (NoticeKind.ANSWER, "amazon", first),
        (NoticeKind.ANSWER, "amazon", second),
        (NoticeKind.ANSWER, "microsoft", second),
    }
    again = deciding.decide_some(app.database, decided.done, said(app))
    assert all("it is decided" in problem for problem in again.problems)
    assert len(raised(app)) == 3


def test_a_correction_and_an_old_answer_are_not_raised(app: App, clock: Clock) -> None:
    id_ = asked(app, "amazon", "microsoft")
    clock.advance(days=60)
    for company, corrects in (("amazon", False), ("microsoft", True)):
        status = TargetStatus(CallStatus.REJECTED, JUNE_9, corrects=corrects, why="so it said")
        calling.record_answer(app.database, id_, company, status, "ana", app.now())
    assert raised(app) == []
    assert len(target(app, id_, "microsoft").history) == 1


def test_ring_a_partly_answered_call_is_raised_when_its_answer_is_undone(
    app: App, show: Show, clock: Clock
) -> None:
    clock.advance(days=1800)
    ring = {"topic": HOME, "brand": "Ring", "matter": "ring-police-requests"}
    ended = a_stance("ring-2024", "amazon", Act.ENDS, date(2024, 1, 24), **ring)
    back = a_stance("ring-2025", "amazon", Act.WALKS_BACK, date(2025, 4, 2), direction=-2, **ring)
    other = replace(back, id=StanceId("ring-flock"), matter="ring-flock")
    id_ = asked(app, "amazon", topic="home_surveillance", date=date(2023, 6, 1))
    show(ended)
    deciding.decide_of_caller(app.database, "ACLU", said(app))
    assert target(app, id_, "amazon").now.status is CallStatus.PARTIALLY_ANSWERED
    show(other)
    assert waiting(app.database) == []
    show(back)
    editor = Editor("ana", app.now(), "x.example")
    relations.decide_relation(app.database, back.id, RelationKind.REVERSES, ended.id, editor)
    (undone,) = [one for one in waiting(app.database) if one.new.kind is ProposalKind.UNDONE]
    assert (undone.new.stance, undone.new.status) == ("ring-2025", CallStatus.REVERSED)
    deciding.decide_some(app.database, [undone.id], said(app))
    steps = [step.status for step in target(app, id_, "amazon").steps]
    assert steps == [CallStatus.OPEN, CallStatus.PARTIALLY_ANSWERED, CallStatus.REVERSED]
    show(back)
    assert waiting(app.database) == []


def test_a_class_becomes_companies_when_a_person_says_so(app: App, show: Show) -> None:
    id_ = asked(app, target_class="IBM’s competitors")
    show(PAUSE)
    assert waiting(app.database) == []
    amazon = Member("IBM's competitors", "amazon", since=date(2020, 1, 1))
    assert decide_member(app.database, amazon, Verdict.ACCEPTED, "ana", app.now()) == [id_]
    assert decide_member(app.database, amazon, Verdict.ACCEPTED, "ana", app.now()) == []
    later = Member("IBM's competitors", "microsoft", since=date(2021, 1, 1))
    assert decide_member(app.database, later, Verdict.ACCEPTED, "ana", app.now()) == []
    google = Member("IBM's competitors", "google")
    assert decide_member(app.database, google, Verdict.REFUSED, "ana", app.now()) == []
    assert target(app, id_, "amazon").of_class == "IBM’s competitors"
    assert [one.new.company for one in waiting(app.database)] == ["amazon"]
    second = asked(app, target_class="IBM's  Competitors")
    assert target(app, second, "amazon").now.status is CallStatus.OPEN


def test_a_new_promise_waits_for_a_person_and_is_raised_before_and_after_its_day(
    app: App, show: Show, clock: Clock
) -> None:
    show(
        a_stance(
            "g-promise",
            "google",
            Act.COMMITS,
            JUNE_9,
            summary="Google will stop by the end of 2020.",
        )
    )
    (proposed,) = committing.list_commitments(app.database, proposed=True)
    assert (proposed.due, proposed.now.state) == (date(2020, 1, 1), CommitmentState.NOT_DUE)
    clock.advance(days=180)
    assert reminding.raise_what_is_due(app.database, app.now()) == []
    terms = Terms("Stop selling it")
    committing.decide_commitment(
        app.database, proposed.id, ReviewState.ACCEPTED, terms, "ana", app.now()
    )
    (soon,) = reminding.raise_what_is_due(app.database, app.now())
    assert (soon.kind, soon.happens_on) == (NoticeKind.DEADLINE, date(2020, 12, 31))
    assert reminding.raise_what_is_due(app.database, app.now()) == []
    clock.advance(days=40)
    (late,) = reminding.raise_what_is_due(app.database, app.now())
    assert (late.kind, late.happens_on) == (NoticeKind.OVERDUE, date(2021, 1, 1))
    clock.advance(days=40)
    assert reminding.raise_what_is_due(app.database, app.now()) == []
    with app.database.reading() as session:
        (after,) = commitments.every(session)
    assert [step.state.value for step in after.steps] == ["not_due", "overdue"]
    page = "https://auditor.example/done"
    kept = CommitmentStep(
        CommitmentState.KEPT, date(2020, 12, 20), url=page, corrects=True, why="it was done"
    )
    committing.move_commitment(app.database, proposed.id, kept, "ana", app.now())
    with app.database.reading() as session:
        (wrong,) = corrections.untold(session)
    assert (wrong.told_as, wrong.now) == (late.key, "Stop selling it: kept")


def test_the_end_of_a_pause_is_raised_once_and_not_when_it_was_made_longer(
    app: App, show: Show, clock: Clock
) -> None:
    show(replace(PAUSE, term="until 2021-06-10"))
    short = a_stance("m-pause", "microsoft", Act.PAUSES, date(2020, 6, 11), extent=Extent.FULL)
    show(replace(short, term="until 2021-06-10"))
    longer = replace(PAUSE, id=StanceId("a-more"), date=date(2021, 5, 18), term="open")
    clock.advance(days=350)
    show(longer)
    app.turn_day()
    app.turn_day()
    (found,) = raised(app)
    assert (found.kind, found.company) == (NoticeKind.PAUSE_ENDS, "microsoft")
    assert found.happens_on == date(2021, 6, 10)


def test_the_deadline_of_a_call_is_raised_for_those_who_have_not_answered(
    app: App, clock: Clock
) -> None:
    id_ = asked(app, "amazon", "microsoft", deadline=date(2020, 6, 30))
    status = TargetStatus(CallStatus.REJECTED, date(2020, 6, 10))
    calling.record_answer(app.database, id_, "amazon", status, "ana", app.now())
    assert reminding.raise_what_is_due(app.database, app.now()) == []
    clock.advance(days=15)
    found = reminding.raise_what_is_due(app.database, app.now())
    assert [(one.kind, one.company) for one in found] == [(NoticeKind.DEADLINE, "microsoft")]


def test_a_promise_follows_its_stance_and_is_kept_only_by_the_word_of_others(
    app: App, show: Show
) -> None:
    told = a_stance("g-promise", "google", Act.COMMITS, JUNE_9, effective_date=date(2020, 12, 1))
    show(told)
    show(replace(told, date=date(2020, 6, 8), effective_date=date(2020, 11, 1)))
    (proposed,) = committing.list_commitments(app.database, proposed=True)
    assert (proposed.date, proposed.due) == (date(2020, 6, 8), date(2020, 11, 1))
    assert proposed.now.date == date(2020, 6, 8)
    terms = Terms("Stop selling it")
    accept = ReviewState.ACCEPTED
    committing.decide_commitment(app.database, proposed.id, accept, terms, "ana", app.now())
    show(replace(told, date=date(2020, 6, 7), effective_date=date(2020, 10, 1)))
    kept = committing.show_commitment(app.database, proposed.id)
    assert (kept.date, kept.due) == (date(2020, 6, 7), date(2020, 11, 1))

    done = a_stance("g-done", "google", Act.ENDS, date(2020, 10, 20), extent=Extent.FULL)
    show(done)
    editor = Editor("ana", app.now(), "x.example")
    relations.decide_relation(app.database, done.id, RelationKind.IMPLEMENTS, told.id, editor)
    (one,) = waiting(app.database)
    assert (one.new.kind, one.new.status) == (ProposalKind.STATE, CommitmentState.KEPT)
    refused = deciding.decide_some(app.database, [one.id], said(app))
    assert "needs a page that is not the company's own" in refused.problems[0]
    page = "https://auditor.example/test"
    assert deciding.decide_some(app.database, [one.id], said(app, url=page)).done == [one.id]
    step = committing.show_commitment(app.database, proposed.id).now
    assert (step.state, step.url, step.stance) == (CommitmentState.KEPT, page, done.id)

    show(replace(told, id=StanceId("g-other"), company="meta", company_name="Meta"))
    show(replace(told, id=StanceId("g-other"), effective_date=None, company="meta"))
    assert committing.list_commitments(app.database, proposed=True) == []
