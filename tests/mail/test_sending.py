"""What is owed goes out once: planned failures, planned crashes, a real mail server."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.mail.conftest import World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.domain.errors import DeliveryError, StoreError, UsageError
from tracker.domain.model import AlertToSend
from tracker.domain.ports import Notify
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.pipeline import outbox, subscribing
from tracker.pipeline.alert import LEASE, Sent, send_due
from tracker.store import deliveries
from tracker.store.schema import AlertRow


class Killed(BaseException):
    """The process ends here."""


def send(world: World, notify: Notify, **more: object) -> Sent:
    return send_due(world.database, notify, world.clock, **more)  # type: ignore[arg-type]


def tries(world: World) -> list[str]:
    with world.database.reading() as session:
        ids = [row.id for row in session.query(AlertRow).order_by(AlertRow.id)]
        return [result for one in ids for _, result, _ in deliveries.tries(session, one)]


@pytest.fixture
def owed(world: World) -> World:
    """Word of one stance is owed to ana, bea and cas, in this order."""
    for name in ("ana", "bea", "cas"):
        world.follow(f"{name}@ngo.example")
    world.owe()
    return world


def test_everybody_gets_it_once(owed: World, notify: EmailNotify, mailbox: Mailbox) -> None:
    assert send(owed, notify) == Sent(sent=3)
    assert send(owed, notify) == Sent()
    assert [got.recipients for got in mailbox.messages] == [
        ("ana@ngo.example",),
        ("bea@ngo.example",),
        ("cas@ngo.example",),
    ]
    assert len({got.message["Message-ID"] for got in mailbox.messages}) == 3
    assert tries(owed) == ["accepted"] * 3


def test_pause_stops_all_and_loses_nothing(owed: World, notify: EmailNotify) -> None:
    assert send(owed, notify, paused=True) == Sent(waiting=3, paused=True)
    assert send(owed, notify) == Sent(sent=3)


def test_the_rate_holds_over_runs(owed: World, notify: EmailNotify, clock: Clock) -> None:
    assert send(owed, notify, per_minute=2) == Sent(sent=2, waiting=1)
    clock.advance(seconds=30)
    assert send(owed, notify, per_minute=2) == Sent(waiting=1)
    clock.advance(seconds=30)
    assert send(owed, notify, per_minute=2) == Sent(sent=1)


def test_a_limit_ends_the_run(owed: World, notify: EmailNotify) -> None:
    assert send(owed, notify, limit=2) == Sent(sent=2, waiting=1)


def test_a_refused_address_is_suspended_and_holds_up_nobody(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    mailbox.refuse_recipient("ana@ngo.example", "550 5.1.1 no such user")
    assert send(owed, notify) == Sent(sent=2, refused=1)
    ana = owed.subscriber("ana@ngo.example")
    assert ana.state == "suspended"
    assert "550 5.1.1" in (ana.suspended_why or "")
    assert owed.subscriber("bea@ngo.example").state == "active"
    assert owed.states() == ["failed", "sent", "sent"]
    assert owed.owe("ibm-2") == 2


def test_what_else_was_owed_to_a_suspended_address_fails_with_the_reason(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    owed.owe("ibm-2")
    mailbox.refuse_recipient("ana@ngo.example")
    send(owed, notify)
    assert send(owed, notify).waiting == 0
    ana = owed.subscriber("ana@ngo.example")
    with owed.database.reading() as session:
        told = deliveries.told(session, ana.id)
    assert [one.state for one in told] == ["failed", "failed"]
    assert told[0].note == "the address is suspended"


@pytest.mark.parametrize("reply", ["451 4.3.0 try later", "552 5.2.2 mailbox full", "550 5.7.1 no"])
def test_a_refusal_that_may_pass_is_tried_again(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock, reply: str
) -> None:
    mailbox.refuse_recipient("ana@ngo.example", reply)
    assert send(owed, notify) == Sent(sent=2, failed=1, waiting=1)
    assert send(owed, notify) == Sent(waiting=1)
    mailbox.accept_recipient("ana@ngo.example")
    clock.advance(minutes=1)
    assert send(owed, notify) == Sent(sent=1)
    assert len(mailbox.to("ana@ngo.example")) == 1


def test_order_is_kept_for_an_address_that_is_refused_for_a_while(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refuse_recipient("ana@ngo.example", "451 4.2.1 busy")
    send(owed, notify)
    owed.owe("amazon-1", "amazon")
    assert send(owed, notify).sent == 2
    mailbox.accept_recipient("ana@ngo.example")
    clock.advance(minutes=5)
    send(owed, notify)
    subjects = [str(message["Subject"])[:6] for message in mailbox.to("ana@ngo.example")]
    assert subjects == ["IBM on", "Amazon"]


def test_a_message_refused_after_its_text_blames_no_address(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    mailbox.refuse("554 5.6.0 not like this")
    assert send(owed, notify) == Sent(sent=2, failed=1, waiting=1)
    assert owed.subscriber("ana@ngo.example").state == "active"


def test_an_address_that_never_answers_well_is_given_up_after_days(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refuse_recipient("ana@ngo.example", "450 4.2.1 not now")
    start = clock()
    while owed.subscriber("ana@ngo.example").state == "active":
        send(owed, notify)
        clock.advance(hours=6)
        assert clock() - start < timedelta(days=7)
    assert clock() - start > timedelta(days=3)
    send(owed, notify)
    assert owed.states() == ["failed", "sent", "sent"]


def test_a_day_without_mail_server_loses_nothing_and_burns_no_attempt(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.stop()
    for hour in range(24):
        sent = send(owed, notify)
        assert sent.outage is not None
        assert (sent.sent, sent.failed, sent.waiting) == (0, 0, 3 + (hour > 5) * 3)
        if hour == 5:
            owed.owe("amazon-1", "amazon")
        clock.advance(hours=1)
    mailbox.start()
    assert send(owed, notify) == Sent(sent=6)
    assert [str(got.message["Subject"])[:3] for got in mailbox.messages] == ["IBM"] * 3 + [
        "Ama"
    ] * 3
    assert tries(owed).count("failed") == 1


def test_after_an_outage_many_alerts_of_one_person_are_one_mail(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    mailbox.stop()
    for number in range(5):
        world.owe(f"ibm-{number}")
        send(world, notify)
        clock.advance(hours=3)
    mailbox.start()
    assert send(world, notify).sent == 5
    [message] = mailbox.to("ana@ngo.example")
    assert str(message["Subject"]).startswith("5 changes: ")
    assert tries(world).count("accepted") == 5


def test_a_wrong_password_is_an_outage(owed: World, mailbox: Mailbox, letters: Letters) -> None:
    server = MailServer(mailbox.host, mailbox.port, False, "tracker", "correct horse")
    sent = send(owed, EmailNotify(server, letters))
    assert sent.waiting == 3
    assert sent.outage is not None
    assert "correct horse" not in sent.outage


def test_a_connection_cut_after_the_text_gives_a_second_copy_with_the_same_id(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.accept_and_hang_up()
    assert send(owed, notify) == Sent(sent=2, failed=1, waiting=1)
    clock.advance(minutes=1)
    assert send(owed, notify) == Sent(sent=1)
    first, second = mailbox.to("ana@ngo.example")
    assert first["Message-ID"] == second["Message-ID"]


def before(notify: Notify) -> Notify:
    """Dies with the mail in hand, before anything is sent."""

    def die(alert: AlertToSend) -> str:
        raise Killed

    return die


def after(notify: Notify) -> Notify:
    """Dies when the server has accepted and before that is recorded."""

    def die(alert: AlertToSend) -> str:
        notify(alert)
        raise Killed

    return die


@pytest.mark.parametrize(("dies", "copies"), [(before, 1), (after, 2)])
def test_a_crash_loses_nothing_and_doubles_only_with_the_same_id(
    owed: World,
    notify: EmailNotify,
    mailbox: Mailbox,
    clock: Clock,
    dies: Callable[[Notify], Notify],
    copies: int,
) -> None:
    with pytest.raises(Killed):
        send(owed, dies(notify))
    clock.set(clock() + LEASE)
    assert send(owed, notify) == Sent(sent=3)
    got = mailbox.to("ana@ngo.example")
    assert len(got) == copies
    assert len({message["Message-ID"] for message in got}) == 1
    assert len(mailbox.to("bea@ngo.example")) == len(mailbox.to("cas@ngo.example")) == 1


def test_a_crash_with_a_bundle_in_hand_repeats_the_same_bundle(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    for number in range(3):
        world.owe(f"ibm-{number}")
    with pytest.raises(Killed):
        send(world, after(notify))
    world.owe("ibm-3")
    clock.set(clock() + LEASE)
    assert send(world, notify).sent == 4
    first, second, third = mailbox.to("ana@ngo.example")
    assert first["Message-ID"] == second["Message-ID"] != third["Message-ID"]
    assert str(third["Subject"]) == "IBM on facial recognition: ends (reported)"


def test_an_alert_that_cannot_be_written_is_set_aside_and_holds_up_nobody(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    with owed.database.transaction() as session:
        session.query(AlertRow).order_by(AlertRow.id).first().payload = {"company": 1}  # type: ignore[union-attr]
    sent = send(owed, notify)
    assert (sent.sent, sent.bugs, sent.waiting) == (2, 1, 1)
    for _ in range(3):
        clock.advance(hours=1)
        send(owed, notify)
    assert owed.states() == ["failed", "sent", "sent"]
    assert tries(owed).count("failed") == 3


def test_one_bad_alert_of_a_bundle_does_not_take_the_others_along(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    for number in range(3):
        world.owe(f"ibm-{number}")
    with world.database.transaction() as session:
        session.query(AlertRow).filter_by(change_key="ibm-1/first").one().payload = {}
    for _ in range(5):
        send(world, notify)
        clock.advance(hours=1)
    assert world.states() == ["sent", "failed", "sent"]
    assert len(mailbox.to("ana@ngo.example")) == 2


def test_what_is_no_longer_true_is_not_sent(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    owed.withdraw("ibm-1")
    assert send(owed, notify) == Sent(withdrawn=3)
    assert mailbox.messages == []
    assert owed.states() == ["withdrawn_before_send"] * 3
    assert tries(owed) == ["withdrawn"] * 3


def test_a_bundle_leaves_out_what_is_no_longer_true(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    world.follow("ana@ngo.example")
    for name in ("ibm-1", "amazon-1", "microsoft-1"):
        world.owe(name, name[:-2])
    world.withdraw("ibm-1")
    assert send(world, notify) == Sent(sent=2, withdrawn=1)
    [message] = mailbox.to("ana@ngo.example")
    assert "IBM" not in message.as_string()


def test_whoever_stops_meanwhile_gets_nothing_more(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    ana, bea = (owed.subscriber(f"{name}@ngo.example") for name in ("ana", "bea"))
    subscribing.unsubscribe(owed.database, ana.token, owed.clock())
    subscribing.unsubscribe(owed.database, bea.wishes[0].token, owed.clock())
    assert send(owed, notify) == Sent(sent=1, withdrawn=2)
    assert [got.recipients for got in mailbox.messages] == [("cas@ngo.example",)]


def test_nothing_is_begun_when_the_lease_is_nearly_over(owed: World, mailbox: Mailbox) -> None:
    """A slow server must not let another worker send the same mail beside us."""
    seen: list[str] = []

    def slow(alert: AlertToSend) -> str:
        seen.append(alert.address)
        owed.clock.advance(minutes=2, seconds=30)
        return "250 OK"

    assert send(owed, slow, limit=2) == Sent(sent=2, waiting=1)
    assert seen == ["ana@ngo.example", "bea@ngo.example"]
    assert owed.states() == ["sent", "sent", "owed"]


def test_a_lost_database_ends_the_run(owed: World) -> None:
    def lose(alert: AlertToSend) -> str:
        raise StoreError("database is locked")

    with pytest.raises(StoreError):
        send(owed, lose)


def test_two_workers_share_the_work(owed: World, notify: EmailNotify, mailbox: Mailbox) -> None:
    def with_a_second_worker(alert: AlertToSend) -> str:
        if len(mailbox.messages) == 0:
            assert send(owed, notify).sent == 0, "all three are leased to the first"
        return notify(alert)

    assert send(owed, with_a_second_worker).sent == 3
    assert len(mailbox.messages) == 3


def test_workers_side_by_side_send_each_mail_once(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    names = [f"reader{number}@ngo.example" for number in range(40)]
    for name in names:
        world.follow(name)
    world.owe()
    with ThreadPoolExecutor(3) as workers:
        runs = [workers.submit(send, world, notify, limit=30) for _ in range(3)]
    assert sum(run.result().sent for run in runs) == len(names)
    assert sorted(got.recipients[0] for got in mailbox.messages) == sorted(names)


def test_addresses_stay_out_of_the_log(
    owed: World, notify: EmailNotify, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    mailbox.refuse_recipient("ana@ngo.example")
    with owed.database.transaction() as session:
        session.query(AlertRow).order_by(AlertRow.id.desc()).first().payload = {}  # type: ignore[union-attr]

    def refuse(alert: AlertToSend) -> str:
        raise DeliveryError("451 ana@ngo.example is busy", code=451)

    send(owed, notify)
    owed.owe("ibm-2")
    send(owed, refuse)
    said = "".join(capsys.readouterr())
    assert "mail not accepted" in said
    assert "@ngo.example" in said
    for name in ("ana", "bea", "cas"):
        assert f"{name}@ngo.example" not in said


def test_a_server_that_refuses_everybody_suspends_nobody(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    names = [f"{name}@ngo.example" for name in ("ana", "bea", "cas", "dan", "eva", "fay")]
    for name in names:
        world.follow(name)
        mailbox.refuse_recipient(name, "550 relaying denied")
    world.owe()
    assert send(world, notify).waiting == 6
    assert {world.subscriber(name).state for name in names} == {"active"}
    for name in names:
        mailbox.accept_recipient(name)
    clock.advance(minutes=1)
    assert send(world, notify) == Sent(sent=6)


def test_addresses_that_are_really_gone_are_suspended_though_there_are_many(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    names = [f"{name}@ngo.example" for name in ("ana", "bea", "cas", "dan", "eva", "fay")]
    for name in names[:5]:
        mailbox.refuse_recipient(name, "550 no such user")
    for name in names:
        world.follow(name)
    world.owe()
    assert send(world, notify).sent == 1
    clock.advance(minutes=1)
    assert send(world, notify).waiting == 0
    assert [world.subscriber(name).state for name in names] == ["suspended"] * 5 + ["active"]


def test_one_domain_gets_no_more_than_its_rate(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    for name in ("ana@ngo.example", "bea@NGO.example", "cas@ngo.example", "dan@press.example"):
        world.follow(name)
    world.owe()
    assert send(world, notify, per_domain=2) == Sent(sent=3, waiting=1)
    assert len(mailbox.to("dan@press.example")) == 1
    assert send(world, notify, per_domain=2) == Sent(waiting=1)
    clock.advance(minutes=1)
    assert send(world, notify, per_domain=2) == Sent(sent=1)


def test_a_suspended_address_gets_what_it_missed_when_it_is_resumed(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    owed.owe("ibm-2")
    mailbox.refuse_recipient("ana@ngo.example")
    send(owed, notify)
    send(owed, notify)
    [(address, since, why)] = outbox.suspended(owed.database)
    assert (address, since) == ("ana@ngo.example", clock())
    assert "550 5.1.1" in why
    mailbox.accept_recipient("ana@ngo.example")
    outbox.resume(owed.database, "ana@ngo.example", "eva", clock())
    clock.advance(minutes=1)
    assert send(owed, notify) == Sent(sent=2)
    with pytest.raises(UsageError, match="not suspended"):
        outbox.resume(owed.database, "ana@ngo.example", "eva", clock())


def test_what_failed_can_be_tried_again(
    owed: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    mailbox.refuse("554 5.6.0 not like this", times=3)
    send(owed, notify)
    assert outbox.count(owed.database, clock()).owed == 3
    assert outbox.wake(owed.database, "eva", clock()) == 3
    assert send(owed, notify) == Sent(sent=3)
    counted = outbox.count(owed.database, clock())
    assert (counted.sent, counted.sent_last_hour, counted.owed) == (3, 3, 0)
    shown = outbox.show(owed.database, 1, clock())
    assert [result for _, result, _ in shown.tries] == ["refused", "accepted"]
    assert outbox.retry(owed.database, [1], "eva", clock()) == 0, "it did not fail"


def test_one_connection_carries_many_mails(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    mailbox.refuse_recipient("bea@ngo.example", "451 4.2.1 busy")
    with notify.reusing() as reusing:
        assert send(owed, reusing) == Sent(sent=2, failed=1, waiting=1)
    assert mailbox.connections == 1


def test_a_connection_that_the_server_closed_is_replaced(
    owed: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    with notify.reusing() as reusing:
        assert send(owed, reusing, limit=1).sent == 1
        mailbox.hang_up()
        assert send(owed, reusing) == Sent(sent=2)
    assert mailbox.connections == 2


def test_no_bundle_reaches_over_a_mail_that_was_tried_before(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow("ana@ngo.example")
    for number in (1, 2, 3, 4):
        world.owe(f"ibm-{number}")
    with world.database.transaction() as session:
        session.query(AlertRow).order_by(AlertRow.id).offset(1).limit(1).one().attempts = 1
    assert send(world, notify) == Sent(sent=4)
    told = [
        re.findall(r"/e/ibm-(\d)", message.as_string()) for message in mailbox.to("ana@ngo.example")
    ]
    assert [numbers[0] for numbers in told] == ["1", "2", "3", "4"]
