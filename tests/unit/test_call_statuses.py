"""The history of a target: only ever longer, corrected in the open, in calendar days."""

from dataclasses import replace
from datetime import date as Day
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_calls import CALLS, STANCES, a_call, a_stance, a_target
from tracker.domain.answers import outcome_for
from tracker.domain.calls import answers_of, target_on, with_status
from tracker.domain.clocks import clocks, days_open
from tracker.domain.codes import Act, CallStatus, Extent, Precision
from tracker.domain.errors import UsageError
from tracker.domain.model import CallId, Demand, StanceId, TargetStatus, TopicCode
from tracker.domain.outcomes import DemandKind

FACES, HOME = TopicCode("facial_recognition"), TopicCode("home_surveillance")
DAY = Day(2020, 6, 10)


def a_status(status: CallStatus, day: Day = DAY, **more: object) -> TargetStatus:
    return replace(TargetStatus(status, day), **more)  # type: ignore[arg-type]


def test_a_wrong_status_is_corrected_and_stays_on_record() -> None:
    answered = with_status(
        a_target("amazon"), a_status(CallStatus.ANSWERED, answered_by=(StanceId("s"),))
    )
    put_right = a_status(CallStatus.OPEN, corrects=True, why="another product")
    corrected = with_status(answered, put_right)
    assert corrected.history == (*answered.history, answered.now)
    assert [step.status for step in corrected.steps] == [CallStatus.OPEN, CallStatus.OPEN]
    assert answers_of(corrected) == set()
    assert clocks(a_call(), corrected, {}).decision is None


def test_a_correction_needs_a_reason_and_keeps_the_law() -> None:
    answered = with_status(a_target("amazon"), a_status(CallStatus.ANSWERED))
    with pytest.raises(UsageError, match="needs a reason"):
        with_status(answered, a_status(CallStatus.OPEN, corrects=True))
    with pytest.raises(UsageError, match="stood before the status that was wrong"):
        with_status(answered, a_status(CallStatus.REVERSED, corrects=True, why="wrong"))


STATUSES = st.builds(
    TargetStatus,
    status=st.sampled_from(CallStatus),
    date=st.dates(Day(2020, 6, 9), Day(2021, 1, 1)),
    corrects=st.booleans(),
    why=st.just("because"),
)


@settings(deadline=None)
@given(st.lists(STATUSES, max_size=8))
def test_what_was_written_is_never_overwritten(wanted: list[TargetStatus]) -> None:
    target = a_target("amazon")
    written = [target.now]
    for status in wanted:
        try:
            target = with_status(target, status)
        except UsageError:
            continue
        written.append(status)
        assert [*target.history, target.now] == written
    assert target.steps[-1] == target.now


@settings(deadline=None)
@given(asked=st.dates(Day(2000, 1, 1), Day(2030, 1, 1)), later=st.integers(0, 4000))
def test_clocks_count_calendar_days(asked: Day, later: int) -> None:
    day = asked + timedelta(days=later)
    call = a_call(date=asked)
    decided = with_status(a_target("amazon"), a_status(CallStatus.REJECTED, day))
    found = clocks(call, decided, {})
    assert (found.reply, found.decision, found.effect) == (later, later, None)
    assert days_open(call, decided, day + timedelta(days=30)) == later


def test_a_target_stands_as_it_did_on_a_day() -> None:
    moved = with_status(a_target("amazon"), a_status(CallStatus.ACKNOWLEDGED))
    assert target_on(moved, DAY - timedelta(days=1)).now.status is CallStatus.OPEN
    assert target_on(moved, DAY).now.status is CallStatus.ACKNOWLEDGED


TWO = (
    Demand(DemandKind.STOP, "stop selling it to the police", FACES),
    Demand(DemandKind.STOP, "end the partnerships", HOME),
)


def test_of_several_demands_each_must_be_met() -> None:
    call = a_call(demands=TWO)
    first = outcome_for(call, a_stance(Act.ENDS, 3, extent=Extent.FULL))
    assert first is not None
    assert (first.status, first.met) == (CallStatus.PARTIALLY_ANSWERED, (1,))
    both = outcome_for(call, a_stance(Act.ENDS, 3, extent=Extent.FULL, topic=HOME), first.met)
    assert both is not None
    assert (both.status, both.met) == (CallStatus.ANSWERED, (1, 2))


def test_one_refusal_of_two_demands_is_only_a_reply() -> None:
    refused = outcome_for(a_call(demands=TWO), a_stance(Act.DEFENDS, -1))
    assert refused is not None
    assert refused.status is CallStatus.ACKNOWLEDGED
    assert outcome_for(a_call(demands=TWO), a_stance(Act.ENDS, 3, topic=TopicCode("dei"))) is None


def test_a_further_demand_that_is_met_is_a_step_of_its_own() -> None:
    partly = with_status(a_target("amazon"), a_status(CallStatus.PARTIALLY_ANSWERED, met=(1,)))
    more = with_status(partly, a_status(CallStatus.PARTIALLY_ANSWERED, met=(1, 2)))
    assert more.now.met == (1, 2)
    with pytest.raises(UsageError, match="cannot follow"):
        with_status(more, a_status(CallStatus.PARTIALLY_ANSWERED, met=(1, 2)))


def test_every_firm_asked_about_the_registry_has_its_own_answer_or_none() -> None:
    asked = CALLS[CallId("c002")]
    answers = {target.company: target.now for target in asked.targets}
    assert len(answers) == len(asked.targets) == 9
    for company, status in answers.items():
        owners = {STANCES[stance].company for stance in status.answered_by}
        assert owners <= {company}, company
    assert answers["cgi"].status is answers["sra-international"].status is CallStatus.IGNORED
    assert answers["ibm"].answered_by == ("ibm-2016-12-16-registry-no",)
    spoken = {one.precision for one in answers.values()}
    assert spoken <= {Precision.DAY, Precision.MONTH}
