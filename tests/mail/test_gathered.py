"""Gathered mail: one a day or week at the reader's hour, each thing once, never empty."""

from datetime import date

from tests.mail.conftest import DOMAIN, World, happening, news
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.domain.codes import AlertKind, Level
from tracker.domain.news import RecordNews
from tracker.domain.wishes import Happening, Occasion
from tracker.notifiers.email import EmailNotify
from tracker.pipeline.alert import send_due
from tracker.pipeline.editor import Editor
from tracker.pipeline.review import withdraw
from tracker.pipeline.telling import tell
from tracker.store.owing import Word
from tracker.store.schema import StanceRow

ANA = "ana@ngo.example"


def plain(mailbox: Mailbox) -> str:
    body = mailbox.to(ANA)[-1].get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def find_unchecked(world: World, name: str = "ibm-u") -> int:
    """The machine finds something that nobody has checked."""
    stance = world.stance(name)
    world.withdraw(name)
    found = Happening(frozenset({Occasion.AWAITING}), happening().facts)
    word = Word(
        AlertKind.AWAITING,
        f"{name}/awaiting",
        news(name).to_json(),
        DOMAIN,
        world.clock(),
        stance=stance,
    )
    with world.database.transaction() as session:
        return tell(session, found, word)


def react(world: World) -> int:
    record = RecordNews(
        kind=AlertKind.REACTION,
        company="IBM",
        summary="A group welcomes it",
        path="/e/ibm-1",
        topic="Facial recognition",
        actor="Rights Now",
        what="welcomes",
        level=Level.REPORTED,
        date=date(2020, 6, 9),
    )
    word = Word(AlertKind.REACTION, "r1/reaction", record.to_json(), DOMAIN, world.clock())
    with world.database.transaction() as session:
        return tell(session, Happening(frozenset({Occasion.REACTION}), happening().facts), word)


def test_a_day_is_one_mail_with_a_line_and_a_row_each(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm", pace="daily")
    world.follow(ANA, tell="reaction", pace="daily")
    world.owe("ibm-1")
    assert react(world) == 1
    assert send_due(world.database, notify, clock).sent == 0
    clock.advance(hours=12)
    assert send_due(world.database, notify, clock).sent == 2
    [mail] = mailbox.to(ANA)
    assert str(mail["Subject"]).startswith("Your digest, 2 items: IBM on facial recognition")
    text = plain(mailbox)
    assert text.index("New stance: ends") < text.index("Reaction: welcomes")
    clock.advance(days=3)
    assert send_due(world.database, notify, clock).sent == 0, "an empty digest is not sent"


def test_what_was_told_at_once_is_not_gathered_again(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm")
    world.follow(ANA, topic="facial-recognition", pace="weekly")
    world.owe("ibm-1")
    assert send_due(world.database, notify, clock).sent == 1
    clock.advance(days=8)
    assert send_due(world.database, notify, clock).sent == 0
    assert len(mailbox.to(ANA)) == 1


def test_gathered_mail_holds_up_nothing_that_goes_at_once(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="amazon", pace="daily")
    world.follow(ANA, company="ibm")
    world.owe("amazon-1", "amazon")
    world.owe("ibm-1")
    assert send_due(world.database, notify, clock).sent == 1
    assert str(mailbox.to(ANA)[0]["Subject"]).startswith("IBM")


def test_what_awaits_a_check_is_marked_so_and_left_out_once_it_is_checked(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, tell="awaiting")
    assert find_unchecked(world) == 1
    assert find_unchecked(world, "ibm-v") == 1
    with world.database.transaction() as session:
        session.get_one(StanceRow, "ibm-v").review_state = "rejected"
    clock.advance(hours=12)
    sent = send_due(world.database, notify, clock)
    assert (sent.sent, sent.withdrawn) == (1, 1)
    assert str(mailbox.to(ANA)[0]["Subject"]).startswith("Not yet checked")
    assert "No person has checked it yet, and it may be wrong" in plain(mailbox)
    assert "/e/ibm-u" not in plain(mailbox), "what is not public has no page"


def test_a_correction_of_what_a_digest_told_is_threaded_under_the_digest(
    world: World, notify: EmailNotify, mailbox: Mailbox, clock: Clock
) -> None:
    world.follow(ANA, company="ibm", pace="daily")
    for number in (1, 2):
        world.owe(f"ibm-{number}")
    clock.advance(hours=12)
    send_due(world.database, notify, clock)
    withdraw(world.database, "ibm-2", Editor("eva", clock(), DOMAIN))
    assert send_due(world.database, notify, clock).sent == 1
    digest, correction = mailbox.to(ANA)
    assert correction["In-Reply-To"] == digest["Message-ID"]
