"""Ask, confirm, stop, take up again: nobody is subscribed who did not say so."""

from datetime import timedelta

import pytest

from tests.mail.conftest import DOMAIN, FACES, World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.domain.errors import LimitError, UsageError
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import subscribing
from tracker.pipeline.alert import send_due
from tracker.pipeline.subscribing import Wanted
from tracker.store import subscribers
from tracker.store.schema import AlertRow, LimitRow, SubscriberRow

ANA = "ana@ngo.example"


def ask(world: World, address: str = ANA, client: str = "203.0.113.7", **what: str) -> None:
    wanted = subscribing.wanted_from(what.items())
    subscribing.ask(world.database, address, wanted, world.clock(), DOMAIN, client=client)


def confirm(world: World, address: str = ANA, *chosen: int) -> None:
    wishes = world.subscriber(address).wishes
    ids = chosen or [wish.id for wish in wishes]
    subscribing.confirm(world.database, wishes[0].token, ids, world.clock())


def asked(world: World) -> int:
    """How many mails ask to confirm."""
    with world.database.reading() as session:
        return session.query(AlertRow).filter_by(kind="confirmation").count()


def test_asking_subscribes_nobody(world: World) -> None:
    ask(world, company="ibm")
    assert world.subscriber(ANA).state == "pending"
    assert world.owe() == 0


def test_the_mail_that_asks_goes_to_an_address_that_is_not_confirmed(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    ask(world, company="ibm")
    assert send_due(world.database, notify, world.clock).sent == 1
    [message] = mailbox.to(ANA)
    token = world.subscriber(ANA).wishes[0].token
    assert f"/s/{token}" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_after_confirmation_alerts_come(world: World) -> None:
    ask(world, company="ibm", topic="facial-recognition")
    confirm(world)
    subscriber = world.subscriber(ANA)
    assert (subscriber.state, subscriber.wishes[0].in_words()) == (
        "active",
        "IBM on facial recognition",
    )
    assert subscriber.wishes[0].wish.filters.topic == ("facial-recognition",)
    assert world.owe() == 1


def test_a_second_wish_needs_its_own_confirmation(world: World, clock: Clock) -> None:
    ask(world, company="ibm")
    confirm(world)
    ask(world, company="amazon")
    assert world.owe("amazon-1", "amazon") == 0
    wish = world.subscriber(ANA).wishes[1]
    subscribing.confirm(world.database, wish.token, [wish.id], clock())
    assert world.owe("amazon-2", "amazon") == 1


def test_only_own_wishes_can_be_confirmed(world: World, clock: Clock) -> None:
    ask(world, company="ibm")
    ask(world, "bea@ngo.example", company="ibm")
    ana, bea = world.subscriber(ANA), world.subscriber("bea@ngo.example")
    subscribing.confirm(world.database, ana.wishes[0].token, [bea.wishes[0].id], clock())
    assert world.subscriber("bea@ngo.example").wishes[0].state == "pending"


def test_one_question_a_day_per_address(world: World, clock: Clock) -> None:
    ask(world, company="ibm")
    ask(world, company="amazon")
    ask(world, "ANA@NGO.example")
    assert asked(world) == 1
    assert len(world.subscriber(ANA).wishes) == 3
    clock.advance(hours=24)
    ask(world, company="amazon")
    assert asked(world) == 2


def test_upper_and_lower_case_are_one_address(world: World) -> None:
    ask(world, "Ana@NGO.example")
    ask(world, "ana@ngo.example")
    with world.database.reading() as session:
        assert [row.address for row in session.query(SubscriberRow)] == ["Ana@ngo.example"]


def test_one_client_may_ask_so_often_in_an_hour(world: World, clock: Clock) -> None:
    for number in range(subscribing.PER_CLIENT):
        ask(world, f"reader{number}@ngo.example")
    with pytest.raises(LimitError):
        ask(world)
    ask(world, client="203.0.113.8")
    clock.advance(hours=1)
    ask(world, "bea@ngo.example")


def test_an_ipv6_network_counts_as_one_client(world: World) -> None:
    for number in range(subscribing.PER_CLIENT):
        ask(world, f"reader{number}@ngo.example", client=f"2001:db8::{number:x}")
    with pytest.raises(LimitError):
        ask(world, client="2001:db8::ffff")


def test_all_together_may_ask_so_often_in_an_hour(world: World, clock: Clock) -> None:
    start = clock().replace(minute=0)
    with world.database.transaction() as session:
        session.add(LimitRow(bucket="ask", window_start=start, count=subscribing.PER_HOUR))
    with pytest.raises(LimitError):
        ask(world)


def test_a_client_that_asks_too_often_uses_up_only_its_own_share(world: World) -> None:
    for number in range(subscribing.PER_CLIENT):
        ask(world, f"reader{number}@ngo.example")
    for _ in range(5):
        with pytest.raises(LimitError):
            ask(world)
    with world.database.reading() as session:
        everybody = session.query(LimitRow).filter_by(bucket="ask").one()
    assert everybody.count == subscribing.PER_CLIENT


def test_counts_are_forgotten_after_days(world: World, clock: Clock) -> None:
    ask(world)
    clock.advance(days=4)
    ask(world, client="203.0.113.9")
    with world.database.reading() as session:
        assert {row.bucket for row in session.query(LimitRow)} == {"ask", "ask:203.0.113.9"}


@pytest.mark.parametrize(
    "what", [{"company": "nobody"}, {"topic": "nothing"}, {"company": "ibm", "topic": "nothing"}]
)
def test_an_unknown_name_is_told(world: World, what: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="there is no"):
        ask(world, **what)
    assert asked(world) == 0


def test_unsubscribing_works_again_and_again_and_for_mail_of_any_age(
    world: World, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    token = world.subscriber(ANA).token
    clock.advance(days=4000)
    assert subscribing.unsubscribe(world.database, token, clock())
    assert subscribing.unsubscribe(world.database, token, clock())
    assert world.subscriber(ANA).state == "stopped"
    assert world.owe() == 0


def test_one_wish_can_be_stopped_from_its_mail(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    world.follow(ANA, company="amazon")
    token = world.subscriber(ANA).wishes[0].token
    assert subscribing.unsubscribe(world.database, token, clock())
    assert world.owe("ibm-1") == 0
    assert world.owe("amazon-1", "amazon") == 1


def test_an_unknown_token_does_nothing(world: World, clock: Clock) -> None:
    world.follow(ANA)
    assert not subscribing.unsubscribe(world.database, "guess", clock())
    assert not subscribing.resume(world.database, "guess", clock())
    assert subscribing.confirm(world.database, "guess", [1], clock()) is None
    assert world.subscriber(ANA).state == "active"


def test_whoever_stopped_can_resume(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    token = world.subscriber(ANA).token
    subscribing.unsubscribe(world.database, token, clock())
    subscribing.resume(world.database, token, clock())
    assert world.owe() == 1


def test_an_address_never_confirmed_cannot_be_resumed(world: World, clock: Clock) -> None:
    ask(world, company="ibm")
    token = world.subscriber(ANA).token
    subscribing.unsubscribe(world.database, token, clock())
    subscribing.resume(world.database, token, clock())
    subscribing.renew_wish(world.database, token, world.subscriber(ANA).wishes[0].id, clock())
    assert world.subscriber(ANA).state == "stopped"
    assert world.owe() == 0


def test_a_wish_can_be_stopped_and_taken_up_again(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    ana = world.subscriber(ANA)
    subscribing.stop_wish(world.database, ana.token, ana.wishes[0].id, clock())
    assert world.owe("ibm-1") == 0
    subscribing.renew_wish(world.database, ana.token, ana.wishes[0].id, clock())
    assert world.owe("ibm-2") == 1


def test_nobody_stops_the_wish_of_another(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    world.follow("bea@ngo.example", company="ibm")
    bea = world.subscriber("bea@ngo.example").wishes[0]
    subscribing.stop_wish(world.database, world.subscriber(ANA).token, bea.id, clock())
    assert world.owe() == 2


def test_whoever_stopped_all_and_asks_anew_gets_only_that(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    subscribing.unsubscribe(world.database, world.subscriber(ANA).token, clock())
    ask(world, company="amazon")
    assert asked(world) == 1
    wish = world.subscriber(ANA).wishes[1]
    subscribing.confirm(world.database, wish.token, [wish.id], clock())
    assert world.owe("ibm-1") == 0
    assert world.owe("amazon-1", "amazon") == 1


def test_a_suspended_address_comes_back_by_confirming(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.owe()
    mailbox.refuse_recipient(ANA)
    send_due(world.database, notify, clock)
    mailbox.accept_recipient(ANA)
    ask(world, company="ibm")
    send_due(world.database, notify, clock)
    assert len(mailbox.to(ANA)) == 1
    confirm(world)
    assert world.subscriber(ANA).state == "active"
    assert world.owe("ibm-2") == 1


def test_tokens_are_long_and_all_different(world: World) -> None:
    for name in ("ana", "bea"):
        for company in ("ibm", "amazon"):
            world.follow(f"{name}@ngo.example", company=company)
    with world.database.reading() as session:
        everybody = subscribers.everybody(session)
    tokens = [t for s in everybody for t in (s.token, *(w.token for w in s.wishes))]
    assert len(set(tokens)) == 6
    assert min(len(token) for token in tokens) >= 22, "128 bits are 22 letters"


def test_operators_see_who_wants_what(world: World, clock: Clock) -> None:
    world.follow(ANA, company="ibm")
    faces = subscribing.wanted_from([("topic", FACES), ("pace", "daily")])
    said = subscribing.subscribe_by_operator(
        world.database, "bea@ngo.example", faces, clock(), DOMAIN, confirmed=False
    )
    assert said == "bea@ngo.example is asked by mail to confirm: Facial recognition"
    again = subscribing.subscribe_by_operator(
        world.database, "bea@ngo.example", Wanted(), clock(), DOMAIN, confirmed=False
    )
    assert "within the last day" in again
    subscribing.unsubscribe(world.database, world.subscriber(ANA).token, clock())
    since = clock().isoformat()
    listed = subscribing.list_subscriptions(world.database)
    columns = ("address", "company", "topic", "asks_for", "pace", "state", "since")
    assert tuple(listed[0]) == columns
    on_faces = ("", "facial-recognition", "topic=facial-recognition")
    assert [tuple(row.values()) for row in listed] == [
        (ANA, "ibm", "", "company=ibm", "at_once", "stopped", since),
        ("bea@ngo.example", *on_faces, "daily", "pending", since),
        ("bea@ngo.example", "", "", "", "at_once", "pending", since),
    ]


def test_the_question_can_be_repeated_tomorrow_for_the_same_wish(
    world: World, clock: Clock
) -> None:
    ask(world, company="ibm")
    clock.set(clock() + timedelta(hours=23))
    ask(world, company="ibm")
    assert asked(world) == 1
    clock.set(clock() + timedelta(hours=1))
    ask(world, company="ibm")
    assert asked(world) == 2
