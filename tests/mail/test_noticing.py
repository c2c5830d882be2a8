"""What the calendar and people's decisions on calls bring is told to whoever asked, once."""

from datetime import date

import pytest

from tests.mail.conftest import DOMAIN, World
from tests.parts.mailbox import Mailbox
from tracker.domain.model import TopicCode
from tracker.domain.outcomes import NoticeKind
from tracker.notifiers.email import EmailNotify
from tracker.pipeline.alert import send_due
from tracker.pipeline.noticing import tell_notices
from tracker.store import notices
from tracker.store.notices import Notice

ANA = "ana@ngo.example"


def raise_notice(world: World, kind: NoticeKind) -> None:
    stance = world.stance("ibm-1")
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
    raise_notice(world, kind)
    assert tell_notices(world.database, DOMAIN, world.clock()) == 1
    assert tell_notices(world.database, DOMAIN, world.clock()) == 0
    assert send_due(world.database, notify, world.clock).sent == 1
    [mail] = mailbox.to(ANA)
    assert str(mail["Subject"]).startswith(subject)


def test_nothing_is_told_of_a_stance_that_was_withdrawn_meanwhile(
    world: World, notify: EmailNotify
) -> None:
    world.follow(ANA, company="ibm", tell="deadline")
    raise_notice(world, NoticeKind.PAUSE_ENDS)
    tell_notices(world.database, DOMAIN, world.clock())
    world.withdraw("ibm-1")
    sent = send_due(world.database, notify, world.clock)
    assert (sent.sent, sent.withdrawn) == (0, 1)
