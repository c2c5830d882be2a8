"""What the calendar and people's decisions on calls bring is told to whoever asked, once."""

from datetime import date

import pytest

from tests.mail.conftest import DOMAIN, World
from tests.parts.mailbox import Mailbox
from tracker.domain.model import StanceId, TopicCode
from tracker.domain.outcomes import NoticeKind
from tracker.notifiers.email import EmailNotify
from tracker.pipeline import review
from tracker.pipeline.alert import send_due
from tracker.pipeline.editor import Editor
from tracker.pipeline.noticing import tell_notices
from tracker.store import notices
from tracker.store.notices import Notice

ANA = "ana@ngo.example"


def raise_notice(world: World, kind: NoticeKind, stance: StanceId) -> None:
    notice = Notice(
        key=f"ibm-1/{kind}/2020-07-01",
        kind=kind,
        company="ibm",
        happens_on=date(2020, 7, 1),
        topic=TopicCode("facial_recognition"),
        stance=stance,
    )
    with world.database.transaction() as session:
        assert notices.raise_once(session, [notice], world.clock()) == [notice]


@pytest.mark.parametrize(
    ("kind", "tell", "subject"),
    [
        (NoticeKind.PAUSE_ENDS, "deadline", "IBM on facial recognition: pause ends on 1 Jul 2020"),
        (NoticeKind.OVERDUE, "overdue", "IBM on facial recognition: promise overdue since"),
    ],
)
def test_a_notice_is_told_once_and_only_to_who_asked(
    world: World,
    notify: EmailNotify,
    mailbox: Mailbox,
    kind: NoticeKind,
    tell: str,
    subject: str,
) -> None:
    world.follow(ANA, company="ibm", tell=tell)
    world.follow("bea@ngo.example", company="ibm")
    raise_notice(world, kind, world.stance("ibm-1"))
    assert tell_notices(world.database, DOMAIN, world.clock()) == 1
    assert tell_notices(world.database, DOMAIN, world.clock()) == 0
    assert send_due(world.database, notify, world.clock).sent == 1
    [mail] = mailbox.to(ANA)
    assert str(mail["Subject"]).startswith(subject)


def test_nothing_is_told_of_a_stance_that_was_withdrawn_meanwhile(
    world: World, notify: EmailNotify
) -> None:
    world.follow(ANA, company="ibm", tell="deadline")
    raise_notice(world, NoticeKind.PAUSE_ENDS, world.stance("ibm-1"))
    tell_notices(world.database, DOMAIN, world.clock())
    world.withdraw("ibm-1")
    sent = send_due(world.database, notify, world.clock)
    assert (sent.sent, sent.withdrawn) == (0, 1)


def test_a_withdrawal_answers_the_mail_that_told_the_record_itself(
    world: World, notify: EmailNotify, mailbox: Mailbox
) -> None:
    for tell in ("stance", "deadline"):
        world.follow(ANA, company="ibm", tell=tell)
    world.follow("bea@ngo.example", company="ibm", tell="deadline")
    world.owe("ibm-1")
    raise_notice(world, NoticeKind.PAUSE_ENDS, StanceId("ibm-1"))
    tell_notices(world.database, DOMAIN, world.clock())
    assert send_due(world.database, notify, world.clock).sent == 3
    review.withdraw(world.database, "ibm-1", Editor("eva", world.clock(), DOMAIN, "a hoax"))
    assert send_due(world.database, notify, world.clock).sent == 2
    for address, told in ((ANA, "ends"), ("bea@ngo.example", "pause ends")):
        first, *_, last = mailbox.to(address)
        assert told in str(first["Subject"])
        assert last["In-Reply-To"] == first["Message-ID"]
