"""Whoever was told of what is no longer so is told that, once, under the first mail."""

import pytest

from tests.mail.conftest import DOMAIN, World
from tests.parts.mailbox import Mailbox
from tracker.domain.codes import CorrectionKind
from tracker.domain.errors import UsageError
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import review, subscribing
from tracker.pipeline.alert import send_due
from tracker.pipeline.correcting import tell_corrections
from tracker.pipeline.editor import Editor
from tracker.store import corrections
from tracker.store.schema import AlertRow
from tracker.store.schema.ledger import RecordKind

ANA, BEA = "ana@ngo.example", "bea@ngo.example"
QUOTE = "We no longer offer general purpose facial recognition software."


@pytest.fixture
def told(world: World, notify: EmailNotify) -> World:
    """Ana was told of a stance of IBM; Bea follows Amazon."""
    world.follow(ANA, company="ibm")
    world.follow(BEA, company="amazon")
    world.owe("ibm-1")
    assert send_due(world.database, notify, world.clock).sent == 1
    return world


def editor(world: World, why: str | None = "a hoax") -> Editor:
    return Editor("eva", world.clock(), DOMAIN, why)


def plain(mailbox: Mailbox, address: str, number: int = -1) -> str:
    body = mailbox.to(address)[number].get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def test_a_withdrawal_goes_to_exactly_those_who_were_told(
    told: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    review.withdraw(told.database, "ibm-1", editor(told))
    told.follow(BEA, company="ibm")
    assert send_due(told.database, notify, told.clock).sent == 1
    assert mailbox.to(BEA) == []
    first, second = mailbox.to(ANA)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    assert second["Subject"] == f"Withdrawn: {first['Subject']}"
    assert "We have withdrawn this record: it was wrong." in plain(mailbox, ANA)
    assert "The reason given: a hoax" in plain(mailbox, ANA)


def test_a_correction_is_sent_once(told: World, notify: EmailNotify) -> None:
    review.withdraw(told.database, "ibm-1", editor(told))
    assert tell_corrections(told.database, DOMAIN, told.clock()) == 0
    assert send_due(told.database, notify, told.clock).sent == 1
    assert tell_corrections(told.database, DOMAIN, told.clock()) == 0
    with pytest.raises(UsageError, match="no public record"):
        review.withdraw(told.database, "ibm-1", editor(told))
    assert send_due(told.database, notify, told.clock).sent == 0


def test_what_was_told_and_is_amended_is_corrected_with_both_texts(
    told: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    review.amend(told.database, "ibm-1", {"act": "pauses", "note": "read again"}, editor(told))
    assert send_due(told.database, notify, told.clock).sent == 1
    text = plain(mailbox, ANA)
    assert "It said: “act: ends”" in text
    assert "It says now: “act: pauses”" in text


def test_our_own_notes_correct_nothing(told: World, notify: EmailNotify) -> None:
    review.amend(told.database, "ibm-1", {"note": "seen", "extent": "full"}, editor(told))
    assert send_due(told.database, notify, told.clock).sent == 0


def test_a_quote_that_vanished_is_corrected_where_it_was_sent(
    told: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    with told.database.transaction() as session:
        for was in ("Another sentence, of another page.", QUOTE):
            corrections.add(
                session,
                CorrectionKind.VANISHED,
                (RecordKind.STANCE, "ibm-1"),
                told.clock(),
                was=was,
            )
    assert tell_corrections(told.database, DOMAIN, told.clock()) == 1
    assert send_due(told.database, notify, told.clock).sent == 1
    assert "The sentence we quoted to you is gone from its page." in plain(mailbox, ANA)
    assert f"It said: “{QUOTE}”" in plain(mailbox, ANA)


def test_what_was_not_sent_yet_is_sent_as_it_is_known_now(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    review.amend(world.database, "ibm-1", {"act": "pauses"}, editor(world))
    assert send_due(world.database, notify, world.clock).sent == 1
    assert "pauses" in plain(mailbox, ANA)


def test_what_was_withdrawn_before_it_was_sent_is_never_mentioned(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")
    review.withdraw(world.database, "ibm-1", editor(world))
    sent = send_due(world.database, notify, world.clock)
    assert (sent.sent, sent.withdrawn) == (0, 1)
    assert mailbox.messages == []


def test_a_mail_under_way_counts_as_told_only_when_it_arrives(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    """The stance is withdrawn while its mail is being handed over."""
    world.follow(ANA, company="ibm")
    world.owe("ibm-1")

    def withdraw_meanwhile(alert: object) -> str:
        answer = notify(alert)  # type: ignore[arg-type]
        review.withdraw(world.database, "ibm-1", editor(world))
        return answer

    assert send_due(world.database, withdraw_meanwhile, world.clock, limit=1).sent == 1
    assert send_due(world.database, notify, world.clock).sent == 1
    assert str(mailbox.to(ANA)[1]["Subject"]).startswith("Withdrawn: ")


def test_whoever_stopped_this_wish_still_hears_that_it_was_wrong_but_not_after_all_mail(
    told: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    told.follow(BEA, company="ibm")
    told.owe("ibm-2")
    send_due(told.database, notify, told.clock)
    [wish] = told.subscriber(ANA).wishes
    subscribing.unsubscribe(told.database, wish.token, told.clock())
    subscribing.unsubscribe(told.database, told.subscriber(BEA).token, told.clock())
    review.withdraw(told.database, "ibm-2", editor(told))
    sent = send_due(told.database, notify, told.clock)
    assert (sent.sent, sent.withdrawn) == (1, 1)
    assert len(mailbox.to(BEA)) == 1


def test_who_follows_corrections_hears_of_those_of_others(
    told: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    told.follow(BEA, company="ibm", tell="correction")
    review.withdraw(told.database, "ibm-1", editor(told))
    assert send_due(told.database, notify, told.clock).sent == 2
    assert mailbox.to(BEA)[0]["In-Reply-To"] is None


def test_many_told_alike_are_corrected_in_one_go(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    for number in range(5):
        world.follow(f"reader{number}@ngo.example", company="ibm")
    world.owe("ibm-1")
    send_due(world.database, notify, world.clock)
    review.withdraw(world.database, "ibm-1", editor(world))
    with world.database.reading() as session:
        rows = session.query(AlertRow).filter_by(kind="correction").all()
        assert len({row.replies_to for row in rows}) == 5
    assert send_due(world.database, notify, world.clock).sent == 5
