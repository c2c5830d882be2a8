"""What comes back: failures and complaints reach the right reader, and only with their proof."""

from pathlib import Path

import pytest

from tests.mail.conftest import BASE, World
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.domain import return_paths
from tracker.domain.reports import Heard
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.maildir import mark_seen, new_in
from tracker.notifiers.reports import read_report
from tracker.pipeline.alert import send_due
from tracker.pipeline.hearing import Outcome, hear

ANA = "ana@ngo.example"

FAILURE = """\
Return-Path: <>
From: MAILER-DAEMON@mail.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

I could not deliver your message.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; ana@ngo.example
Original-Recipient: rfc822;ana@ngo.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such
    person here

--cut
Content-Type: {returned}

{original}
--cut--
"""

COMPLAINT = """\
From: feedback@provider.example
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain

A reader marked this as spam.

--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeFeedback/1.0
Version: 1

--cut
Content-Type: message/rfc822

{original}
--cut--
"""


@pytest.fixture
def sent(world: World, mailbox: Mailbox, letters: Letters, clock: Clock) -> str:
    """One mail to ana has left; its headers, as a report returns them."""
    for name in ("ana", "bea"):
        world.follow(f"{name}@ngo.example")
    world.owe()
    server = MailServer(mailbox.host, mailbox.port, starttls=False)
    notify = EmailNotify(server, letters, bounces="bounces@tracker.example")
    send_due(world.database, notify, clock)
    content = mailbox.messages[0].content.decode("ascii").replace("\r\n", "\n")
    return content.partition("\n\n")[0]


def tag_of(mailbox: Mailbox) -> str:
    return mailbox.messages[0].sender


def failure(original: str, to: str = "alerts@tracker.example", **more: str) -> bytes:
    fields = {"action": "failed", "status": "5.1.1", "returned": "text/rfc822-headers"}
    return FAILURE.format(original=original, to=to, **{**fields, **more}).encode()


def take_in(world: World, content: bytes, recipient: str = "") -> Outcome:
    report = read_report(content, recipient)
    assert report is not None
    return hear(world.database, report, world.clock)


def test_a_return_path_names_the_mail(sent: str, mailbox: Mailbox, world: World) -> None:
    tag = return_paths.read(tag_of(mailbox))
    assert tag is not None
    assert return_paths.proves(tag, world.subscriber(ANA).token)
    assert not return_paths.proves(tag, world.subscriber("bea@ngo.example").token)
    assert len({got.sender for got in mailbox.messages}) == 2


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_mail_that_came_back_for_good_suspends_its_address_only(
    world: World, sent: str, returned: str
) -> None:
    assert take_in(world, failure(sent, returned=returned)) is Outcome.SUSPENDED
    ana = world.subscriber(ANA)
    assert ana.state == "suspended"
    assert ana.suspended_why == "came back for good: 5.1.1 smtp; 550 5.1.1 no such person here"
    assert world.subscriber("bea@ngo.example").state == "active"
    assert world.states() == ["failed", "sent"]
    assert world.owe("ibm-2") == 1


def test_the_return_path_is_proof_enough(world: World, sent: str, mailbox: Mailbox) -> None:
    bare = failure("Subject: nothing", to=tag_of(mailbox))
    assert take_in(world, bare) is Outcome.SUSPENDED


def test_the_recipient_that_a_pipe_names_counts_too(
    world: World, sent: str, mailbox: Mailbox
) -> None:
    assert take_in(world, failure(""), tag_of(mailbox).upper()) is Outcome.SUSPENDED


def test_a_report_is_heard_once(world: World, sent: str) -> None:
    take_in(world, failure(sent))
    assert take_in(world, failure(sent)) is Outcome.KNOWN


def test_nobody_can_report_the_mail_of_another(world: World, sent: str, mailbox: Mailbox) -> None:
    """Message-IDs can be guessed; tokens and marks cannot."""
    forged = sent.replace(world.subscriber(ANA).token, world.subscriber("bea@ngo.example").token)
    assert take_in(world, failure(forged)) is Outcome.NOT_OURS
    wrong = tag_of(mailbox)[:-20] + "0" * 4 + tag_of(mailbox)[-16:]
    assert take_in(world, failure("", to=wrong)) is Outcome.NOT_OURS
    assert world.subscriber(ANA).state == "active"


@pytest.mark.parametrize(
    ("action", "status", "heard"),
    [
        ("failed", "5.2.2", Heard.RETURNED),
        ("failed", "4.4.7", Heard.RETURNED),
        ("delayed", "4.4.1", Heard.DELAYED),
    ],
)
def test_a_failure_that_may_pass_is_noted(
    world: World, sent: str, action: str, status: str, heard: Heard
) -> None:
    content = failure(sent, action=action, status=status)
    report = read_report(content)
    assert report is not None
    assert report.heard is heard
    assert take_in(world, content) is Outcome.NOTED
    assert world.subscriber(ANA).state == "active"


def test_mail_that_comes_back_on_five_days_of_seven_suspends(
    world: World, sent: str, mailbox: Mailbox, letters: Letters, clock: Clock
) -> None:
    server = MailServer(mailbox.host, mailbox.port, starttls=False)
    notify = EmailNotify(server, letters, bounces="bounces@tracker.example")
    for day in range(4):
        assert world.subscriber(ANA).state == "active"
        full = failure("", to=[m for m in mailbox.messages if ANA in m.recipients][-1].sender)
        assert take_in(world, full.replace(b"5.1.1", b"5.2.2")) is Outcome.NOTED
        clock.advance(days=1)
        world.owe(f"ibm-{day + 2}")
        send_due(world.database, notify, clock)
    full = failure("", to=[m for m in mailbox.messages if ANA in m.recipients][-1].sender)
    assert take_in(world, full.replace(b"5.1.1", b"5.2.2")) is Outcome.SUSPENDED


@pytest.mark.parametrize(("kind", "outcome"), [("abuse", Outcome.SUSPENDED), ("not-spam", None)])
def test_a_complaint_suspends(world: World, sent: str, kind: str, outcome: Outcome | None) -> None:
    content = COMPLAINT.format(to="alerts@tracker.example", kind=kind, original=sent).encode()
    report = read_report(content)
    if outcome is None:
        assert report is None
        return
    assert take_in(world, content) is outcome
    assert world.subscriber(ANA).suspended_why == "called spam: abuse, reported by SomeFeedback/1.0"
    assert world.states() == ["sent", "sent"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"Subject: I am on holiday\r\n\r\nBack on Monday.",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\nno parts",
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/feedback-report\r\n\r\n\r\n--x--",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nAction: delivered\r\n\r\n--x--",
    ],
)
def test_what_is_no_report_is_left_alone(content: bytes) -> None:
    assert read_report(content) is None


def test_a_maildir_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("1.a", "2.b"):
        (tmp_path / "new" / name).write_bytes(b"x")
    first, second = new_in(tmp_path)
    mark_seen(tmp_path, first, understood=True)
    mark_seen(tmp_path, second, understood=False)
    assert list(new_in(tmp_path)) == []
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.a:2,S", "2.b:2,"]
    assert list(new_in(tmp_path / "cur")) == []


def test_the_base_address_of_links_is_where_tokens_are_looked_for(sent: str) -> None:
    assert f"<{BASE}/u/" in sent
