"""Who is owed what, and who may send it: the outbox on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from tests.mail.conftest import FACES, World, happening, news
from tests.parts.clock import Clock
from tracker.domain.alerting import Change, change_key
from tracker.domain.codes import AlertState, ChangeKind
from tracker.domain.model import AlertToSend
from tracker.pipeline.telling import tell
from tracker.store import alerts, deliveries, still_true, subscribers
from tracker.store.schema import SubscriberRow, SubscriptionRow

LEASE = timedelta(minutes=3)
MANY = 10_000


def claim(world: World, limit: int = 100) -> list[AlertToSend]:
    with world.database.transaction() as session:
        return alerts.claim(session, world.clock(), limit, LEASE)


def test_one_alert_for_overlapping_wishes_and_it_says_which(world: World) -> None:
    world.follow("ana@ngo.example", company="ibm")
    world.follow("ana@ngo.example", topic="facial-recognition")
    world.follow("ana@ngo.example")
    world.follow("ana@ngo.example", company="amazon")
    assert world.owe() == 1
    [mail] = claim(world)
    assert [reason.wish for reason in mail.reasons] == ["IBM", "Facial recognition", "everything"]


def test_the_same_change_is_owed_once_however_often_it_is_found(world: World) -> None:
    world.follow("ana@ngo.example")
    assert world.owe() == 1
    assert world.owe_again("ibm-1") == 0
    world.follow("bea@ngo.example")
    assert world.owe_again("ibm-1") == 1


def test_two_runs_at_once_owe_it_once(world: World) -> None:
    """The unique constraint decides where both runs saw that nothing was owed yet."""
    for number in range(20):
        world.follow(f"reader{number}@ngo.example")
    stance, start = world.stance("ibm-1"), Barrier(2)

    def owe() -> None:
        start.wait()
        world.owe_again(stance)

    with ThreadPoolExecutor(2) as runs:
        for run in [runs.submit(owe) for _ in range(2)]:
            run.result()
    assert world.states() == ["owed"] * 20


def test_only_confirmed_wishes_of_active_addresses_are_owed_anything(world: World) -> None:
    world.follow("ana@ngo.example", company="ibm")
    world.follow("bea@ngo.example", company="ibm")
    ana, bea = (world.subscriber(f"{name}@ngo.example") for name in ("ana", "bea"))
    with world.database.transaction() as session:
        subscribers.stop_all(session, ana.id, world.clock())
        subscribers.end_wish(session, bea.id, bea.wishes[0].id, world.clock())
    assert world.owe() == 0


def test_a_claimed_mail_is_given_to_nobody_else_until_the_lease_is_over(
    world: World, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    world.owe()
    [mail] = claim(world)
    assert claim(world) == []
    clock.set(clock() + LEASE)
    [again] = claim(world)
    assert (again.id, again.message_id, again.attempts) == (mail.id, mail.message_id, 2)


def test_the_oldest_come_first(world: World, clock: Clock) -> None:
    world.follow("ana@ngo.example")
    world.follow("bea@ngo.example")
    world.owe("ibm-1")
    clock.advance(hours=1)
    world.owe("amazon-1", "amazon")
    assert [mail.change for mail in claim(world, limit=3)] == [
        "ibm-1/first",
        "ibm-1/first",
        "amazon-1/first",
    ]


def test_a_later_alert_waits_for_the_earlier_one_of_the_same_person_only(
    world: World, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    world.owe("ibm-1")
    [first] = claim(world)
    world.follow("bea@ngo.example", company="amazon")
    world.owe("amazon-1", "amazon")
    assert [mail.address for mail in claim(world)] == ["bea@ngo.example"]
    with world.database.transaction() as session:
        deliveries.record_sent(session, first, "250 OK", clock())
    assert [mail.address for mail in claim(world)] == ["ana@ngo.example"]


def test_what_is_given_back_counts_as_not_tried(world: World) -> None:
    world.follow("ana@ngo.example")
    world.owe()
    mails = claim(world)
    with world.database.transaction() as session:
        deliveries.give_back(session, mails)
    [again] = claim(world)
    assert again.attempts == 1


def test_three_at_once_are_one_mail_with_one_message_id(world: World, clock: Clock) -> None:
    world.follow("ana@ngo.example")
    for number in range(3):
        world.owe(f"ibm-{number}")
        clock.advance(minutes=2)
    [mail] = claim(world)
    assert [one.change for one in mail.also] == ["ibm-1/first", "ibm-2/first"]
    clock.advance(minutes=5)
    world.owe("ibm-9")
    again, later = claim(world)
    assert again.message_id == mail.message_id
    assert [one.id for one in again.also] == [one.id for one in mail.also]
    assert (later.change, later.also) == ("ibm-9/first", ())


def test_a_mail_that_was_tried_alone_stays_alone(world: World, clock: Clock) -> None:
    world.follow("ana@ngo.example")
    world.owe("ibm-0")
    claim(world)
    world.owe("ibm-1")
    world.owe("ibm-2")
    clock.advance(minutes=4)
    assert [len(mail.also) for mail in claim(world)] == [0, 0, 0]


def test_a_bundle_goes_on_when_its_first_alert_is_withdrawn(world: World, clock: Clock) -> None:
    world.follow("ana@ngo.example")
    for number in range(4):
        world.owe(f"ibm-{number}")
    [mail] = claim(world)
    withdrawn = still_true.Objection(AlertState.WITHDRAWN_BEFORE_SEND, "not true")
    with world.database.transaction() as session:
        deliveries.settle(session, mail, withdrawn, clock())
    clock.set(clock() + LEASE)
    [rest] = claim(world)
    assert rest.message_id == mail.message_id
    assert [rest.change, *(one.change for one in rest.also)] == [
        "ibm-1/first",
        "ibm-2/first",
        "ibm-3/first",
    ]


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_claims_do_not_wait_for_a_row_that_somebody_holds(world: World) -> None:
    """SQLite has one writer at a time, so only PostgreSQL can show it."""
    world.follow("ana@ngo.example")
    world.follow("bea@ngo.example")
    world.owe()
    with world.database.transaction() as holding:
        holding.execute(text("SELECT id FROM alerts ORDER BY id LIMIT 1 FOR UPDATE"))
        assert [mail.address for mail in claim(world)] == ["bea@ngo.example"]


def test_ten_thousand_subscribers_are_owed_word_in_few_statements(
    world: World, clock: Clock
) -> None:
    """How long that takes is measured (benchmarks/alerts.py); here nothing is asked for each."""
    now = clock()
    with world.database.transaction() as session:
        session.execute(
            insert(SubscriberRow),
            [
                {
                    "id": number,
                    "address": f"reader{number}@ngo.example",
                    "token": f"s{number}",
                    "state": "active",
                    "created_at": now,
                }
                for number in range(1, MANY + 1)
            ],
        )
        session.execute(
            insert(SubscriptionRow),
            [
                {
                    "subscriber_id": number % MANY + 1,
                    "state": "active",
                    "token": f"w{number}",
                    "created_at": now,
                    "query": "company=ibm" if number >= MANY else "",
                    "pace": "at_once",
                }
                for number in range(2 * MANY)
            ],
        )
    stance = world.stance("ibm-1")
    kind = ChangeKind.FIRST
    change = Change(change_key(stance, kind), kind, stance, "ibm", FACES, news().date)
    asked: list[str] = []

    def note(_line: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    with world.database.transaction() as session:
        assert tell(session, happening(), world.word(change)) == MANY
    event.remove(world.database.engine, "before_cursor_execute", note)
    assert len(asked) < MANY / 100
    assert len(claim(world, limit=50)) == 50
