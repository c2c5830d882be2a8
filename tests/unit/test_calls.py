"""Calls: what answers what, what may follow what, and the clocks."""

from dataclasses import replace
from datetime import date as Day

import pytest

from tracker.domain.answers import ANSWERS, Reply, demands_of, is_question, outcome_for, reply_of
from tracker.domain.calls import propose_answers, propose_reversals, with_status
from tracker.domain.clocks import clocks, days_open, is_delivered, pending_until
from tracker.domain.codes import (
    Act,
    CallStatus,
    Extent,
    Level,
    Novelty,
    Precision,
    RelationKind,
    TopicKind,
    Trigger,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Relation,
    Stance,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import DemandKind
from tracker.starter.reader import load_calls, load_registry, load_stances

ORGANISATIONS = {found.slug: found for found in load_registry().organisations}
STANCES = {found.stance.id: found.stance for found in load_stances()}
CALLS = {found.call.id: found.call for found in load_calls()}
RELATIONS = [relation for found in load_stances() for relation in found.relations]
FACES, POLICE = TopicCode("facial_recognition"), TopicCode("police_tech")
JUNE_9 = Day(2020, 6, 9)


def a_stance(act: Act, direction: int | None = 2, **more: object) -> Stance:
    stance = Stance(
        id=StanceId("s"),
        company="amazon",
        company_name="Amazon",
        topic=FACES,
        act=act,
        date=Day(2020, 6, 10),
        direction=direction,
    )
    return replace(stance, **more)  # type: ignore[arg-type]


def a_call(asked_act: Act | None = Act.ENDS, **more: object) -> Call:
    call = Call(
        id=CallId("c"),
        callers=("ACLU",),
        caller_type="advocacy_group",
        asked="Stop selling face recognition",
        date=JUNE_9,
        targets=(a_target("amazon"), a_target("microsoft")),
        asked_act=asked_act,
        topic=FACES,
    )
    return replace(call, **more)  # type: ignore[arg-type]


def a_target(company: str, status: CallStatus = CallStatus.OPEN) -> CallTarget:
    return CallTarget(company, company.title(), TargetStatus(status))


ALL, PART = {"extent": Extent.FULL}, {"extent": Extent.PART}
DATED = {"extent": Extent.FULL, "effective_date": Day(2021, 1, 1)}


@pytest.mark.parametrize(
    ("stance", "reply"),
    [
        (a_stance(Act.ENDS, 3), Reply.ENDS_ALL),
        (a_stance(Act.ENDS, 2), Reply.ENDS_PART),
        (a_stance(Act.ENDS, 0), Reply.ENDS_PART),
        (a_stance(Act.PAUSES), Reply.ENDS_PART),
        (a_stance(Act.COMMITS, 3), Reply.PROMISES),
        (a_stance(Act.COMMITS, 2, **DATED), Reply.RULES_ALL),
        (a_stance(Act.CHANGES_POLICY, 3), Reply.RULES_ALL),
        (a_stance(Act.CHANGES_POLICY, 1), Reply.PROMISES),
        (a_stance(Act.CHANGES_POLICY, -2), Reply.GOES_ON),
        (a_stance(Act.DENIES, 1), Reply.PROMISES),
        (a_stance(Act.LITIGATES, -1), Reply.GOES_ON),
        (a_stance(Act.LITIGATES, 2), None),
        (a_stance(Act.SANCTIONS_CRITICS, -2), None),
    ],
)
def test_what_a_stance_is_as_an_answer(stance: Stance, reply: Reply | None) -> None:
    assert reply_of(stance) is reply


@pytest.mark.parametrize(
    ("asked", "stance", "status"),
    [
        (Act.ENDS, a_stance(Act.ENDS, 3), CallStatus.ANSWERED),
        (Act.ENDS, a_stance(Act.PAUSES), CallStatus.PARTIALLY_ANSWERED),
        (Act.ENDS, a_stance(Act.COMMITS, 2, **DATED), CallStatus.PARTIALLY_ANSWERED),
        (Act.ENDS, a_stance(Act.COMMITS, 1), CallStatus.ACKNOWLEDGED),
        (Act.ENDS, a_stance(Act.DEFENDS, -1), CallStatus.REJECTED),
        (Act.ENDS, a_stance(Act.DECLINES_COMMENT, 0), CallStatus.ACKNOWLEDGED),
        (Act.ENDS, a_stance(Act.DISCLOSES, 1), None),
        (Act.ENDS, a_stance(Act.SANCTIONS_CRITICS, -2), None),
        (Act.PAUSES, a_stance(Act.PAUSES, 2, **ALL), CallStatus.ANSWERED),
        (Act.PAUSES, a_stance(Act.PAUSES, 2, **PART), CallStatus.PARTIALLY_ANSWERED),
        (Act.COMMITS, a_stance(Act.CHANGES_POLICY, 3), CallStatus.ANSWERED),
        (Act.COMMITS, a_stance(Act.COMMITS, 1), CallStatus.PARTIALLY_ANSWERED),
        (Act.DISCLOSES, a_stance(Act.DISCLOSES, 1), CallStatus.PARTIALLY_ANSWERED),
        (Act.DISCLOSES, a_stance(Act.ENDS, 3), None),
        (Act.UPHOLDS, a_stance(Act.UPHOLDS, 2), CallStatus.ANSWERED),
        (Act.UPHOLDS, a_stance(Act.ENDS, 3), CallStatus.REJECTED),
        (Act.SUPPORTS_REGULATION, a_stance(Act.SUPPORTS_REGULATION, 1), CallStatus.ANSWERED),
        (Act.SUPPORTS_REGULATION, a_stance(Act.OPPOSES_REGULATION, -1), CallStatus.REJECTED),
        (None, a_stance(Act.DEFENDS, -1), CallStatus.REJECTED),
        (None, a_stance(Act.PAUSES), CallStatus.PARTIALLY_ANSWERED),
        (Act.ENDS, a_stance(Act.ENDS, 3, trigger=Trigger.LEGAL_ORDER), CallStatus.SUPERSEDED),
    ],
)
def test_the_table_of_answers(asked: Act | None, stance: Stance, status: CallStatus | None) -> None:
    found = outcome_for(a_call(asked), stance)
    assert (found.status if found else None) is status


def test_a_question_of_the_press_wants_an_answer() -> None:
    assert is_question(a_call(Act.COMMITS, channel="press_question"))
    assert is_question(CALLS[CallId("c002")])
    asked = a_call(Act.COMMITS, channel="press_question")
    said = outcome_for(asked, a_stance(Act.DEFENDS, -1))
    assert said is not None
    assert said.status is CallStatus.ANSWERED
    (demand,) = demands_of(a_call())
    assert demand.kind is DemandKind.STOP
    assert set(ANSWERS) == set(DemandKind)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("urged them to do the same", DemandKind.STOP),
        ("Publish a report", DemandKind.DISCLOSE),
        ("explain how it is used", DemandKind.ANSWER),
        ("suspend sales, then end them", DemandKind.PAUSE),
        ("Support the bill", DemandKind.BACK_LAW),
    ],
)
def test_the_first_verb_tells_what_an_extracted_call_asks(asked: str, kind: DemandKind) -> None:
    (demand,) = demands_of(a_call(None, asked=asked))
    assert demand.kind is kind


def proposed(stance: Stance, call: Call, named: bool = False) -> list[tuple[str, CallStatus]]:
    naming = {call.id} if named else frozenset[CallId]()
    found = propose_answers(stance, [call], ORGANISATIONS, naming)
    return [(one.target, one.status) for one in found]


def test_amazon_answers_the_call_in_part() -> None:
    pause = a_stance(Act.PAUSES, 2, extent=Extent.FULL)
    assert proposed(pause, a_call()) == [("amazon", CallStatus.PARTIALLY_ANSWERED)]


@pytest.mark.parametrize(
    ("stance", "call"),
    [
        ({"topic": TopicCode("climate")}, {}),
        ({"date": JUNE_9}, {}),
        ({"date": Day(2020, 6, 8)}, {}),
        ({"date": Day(2021, 6, 10)}, {}),
        ({"company": "google"}, {}),
        ({"act": Act.SILENT}, {}),
        ({"novelty": Novelty.BACKGROUND}, {}),
        ({"level": Level.RETRACTED}, {}),
        ({}, {"withdrawn_on": Day(2020, 6, 10)}),
        ({}, {"targets": (a_target("amazon", CallStatus.ANSWERED),)}),
        ({}, {"targets": (a_target("amazon", CallStatus.REJECTED),)}),
        ({}, {"targets": (a_target("amazon", CallStatus.PARTIALLY_ANSWERED),)}),
    ],
)
def test_no_proposal_for_another_matter_time_or_company(
    stance: dict[str, object], call: dict[str, object]
) -> None:
    given = replace(a_stance(Act.PAUSES), **stance)  # type: ignore[arg-type]
    assert proposed(given, replace(a_call(), **call)) == []  # type: ignore[arg-type]


def test_a_named_call_is_answered_on_the_same_day_and_after_years() -> None:
    assert proposed(a_stance(Act.PAUSES, date=JUNE_9), a_call(), named=True)
    assert proposed(a_stance(Act.PAUSES, date=Day(2023, 1, 1)), a_call(), named=True)


def test_a_brand_answers_for_its_owner_and_is_asked_itself() -> None:
    by_ring = a_stance(Act.ENDS, 3, company="ring", date=Day(2024, 1, 24))
    asked = a_call(date=Day(2024, 1, 1))
    assert proposed(by_ring, asked) == [("amazon", CallStatus.ANSWERED)]
    branded = a_stance(Act.ENDS, 3, brand="Ring", date=Day(2024, 1, 24))
    ring_only = replace(asked, targets=(a_target("ring"),))
    assert proposed(branded, ring_only) == [("ring", CallStatus.ANSWERED)]
    by_google = a_stance(Act.ENDS, 3, company="google", date=Day(2024, 1, 24))
    assert proposed(by_google, replace(asked, targets=(a_target("alphabet"),)))


def test_an_ignored_call_is_opened_again_by_an_answer() -> None:
    ignored = a_call(targets=(a_target("amazon", CallStatus.IGNORED),))
    assert proposed(a_stance(Act.PAUSES), ignored) == [("amazon", CallStatus.PARTIALLY_ANSWERED)]


def test_named_calls_come_first_then_those_on_the_primary_topic() -> None:
    stance = a_stance(Act.PAUSES, topics=(POLICE,))
    calls = [
        a_call(id=CallId("c1"), topic=POLICE),
        a_call(id=CallId("c2")),
        a_call(id=CallId("c3"), topic=POLICE),
    ]
    found = propose_answers(stance, calls, ORGANISATIONS, {CallId("c3")})
    assert [one.call for one in found] == ["c3", "c2", "c1"]


def test_every_answer_of_the_history_would_have_been_proposed() -> None:
    answers, proposed_ = set(), set()
    for call in CALLS.values():
        asked = replace(call, targets=tuple(a_target(one.company) for one in call.targets))
        for target in call.targets:
            for stance in target.now.answered_by:
                answers.add((call.id, target.company, stance))
                found = propose_answers(STANCES[stance], [asked], ORGANISATIONS, {call.id})
                proposed_ |= {(one.call, one.target, one.stance) for one in found}
    missed = {stance for _, _, stance in answers - proposed_}
    assert len(answers) == 80
    assert {STANCES[stance].act for stance in missed} == {Act.SILENT}


def test_ring_reverses_the_partly_answered_call() -> None:
    call = CALLS[CallId("c032")]
    then = TargetStatus(
        CallStatus.PARTIALLY_ANSWERED,
        Day(2024, 1, 24),
        answered_by=(StanceId("ring-2024-01-24-rfa-end"),),
    )
    open_again = replace(call, targets=(CallTarget("amazon", "Amazon", then),))
    axon = STANCES[StanceId("ring-2025-axon")]
    (found,) = propose_reversals(axon, [open_again], STANCES, RELATIONS, TopicKind.PRACTICE)
    assert (found.target, found.status) == ("amazon", CallStatus.REVERSED)
    (by_matter,) = propose_reversals(axon, [open_again], STANCES, [], TopicKind.PRACTICE)
    assert by_matter == found
    other = replace(axon, matter="another")
    assert propose_reversals(other, [open_again], STANCES, [], TopicKind.PRACTICE) == ()
    waiting = [
        Relation(RelationKind.REVERSES, other.id, StanceId("ring-2024-01-24-rfa-end"), False)
    ]
    assert propose_reversals(other, [open_again], STANCES, waiting, TopicKind.PRACTICE) == ()


def test_a_status_goes_forward_and_keeps_its_history() -> None:
    target = a_target("amazon")
    partly = TargetStatus(CallStatus.PARTIALLY_ANSWERED, Day(2020, 6, 10))
    moved = with_status(target, partly)
    assert (moved.now, moved.history) == (partly, (target.now,))
    with pytest.raises(UsageError, match="open cannot follow partially_answered"):
        with_status(moved, TargetStatus(CallStatus.OPEN))
    undone = with_status(moved, TargetStatus(CallStatus.REVERSED, Day(2025, 1, 1)))
    assert [step.status for step in undone.history] == [
        CallStatus.OPEN,
        CallStatus.PARTIALLY_ANSWERED,
    ]


def test_amazon_took_one_day_and_microsoft_two() -> None:
    call = CALLS[CallId("c020")]
    found = {target.company: clocks(call, target, STANCES) for target in call.targets}
    assert (found["amazon"].reply, found["amazon"].decision, found["amazon"].effect) == (1, 1, 1)
    assert found["microsoft"].decision == 2
    assert not found["amazon"].approximate


def test_zoom_took_nine_days_and_its_promise_has_no_effect_yet() -> None:
    call = CALLS[CallId("c019")]
    zoom = clocks(call, call.targets[0], STANCES)
    assert (zoom.decision, zoom.effect) == (9, None)


def test_a_coarse_date_makes_clocks_approximate() -> None:
    call = CALLS[CallId("c008")]
    assert call.precision is Precision.MONTH
    assert clocks(call, call.targets[0], STANCES).approximate


def test_days_run_from_delivery_until_the_decision() -> None:
    call = a_call(delivered_on=Day(2020, 6, 11))
    waiting = a_target("amazon")
    assert days_open(call, waiting, Day(2020, 7, 11)) == 30
    decided = with_status(waiting, TargetStatus(CallStatus.REJECTED, Day(2020, 6, 14)))
    assert days_open(call, decided, Day(2020, 7, 11)) == 3


def test_silence_is_pending_for_a_while() -> None:
    assert pending_until(a_call(deadline=Day(2020, 6, 20))) == Day(2020, 6, 20)
    assert pending_until(a_call()) == Day(2020, 7, 9)
    assert pending_until(a_call(None)) == Day(2020, 7, 9)
    assert pending_until(a_call(None, channel="press_question")) == Day(2020, 6, 23)


def test_delivery_must_be_shown() -> None:
    assert not is_delivered(a_call())
    assert not is_delivered(a_call(delivery_proof="none"))
    assert is_delivered(a_call(delivery_proof="receipt"))
    assert not is_delivered(a_call(delivered_on=JUNE_9))
    letter = "https://example.org/letter"
    assert is_delivered(a_call(public_url=letter, channel="letter"))
    assert not is_delivered(a_call(public_url=letter, channel="statement"))
