"""The commands around mail: outbox, bounce, hooks, mail test, subscribers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.conftest import ARTICLE, NOW, Tracker
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.cli import main

ANA = "ana@ngo.example"


@pytest.fixture
def posted(read: Tracker, mailbox: Mailbox) -> Tracker:
    """Commands over an article that was read, with a mail server on loopback."""
    read.more |= {
        "TRACKER_MAIL__SMTP_HOST": mailbox.host,
        "TRACKER_MAIL__SMTP_PORT": str(mailbox.port),
        "TRACKER_MAIL__SMTP_STARTTLS": "false",
        "TRACKER_MAIL__FROM": "Stances <alerts@tracker.example>",
        "TRACKER_MAIL__BASE_URL": "https://tracker.example",
        "TRACKER_MAIL__BOUNCES": "bounces@tracker.example",
    }
    return read


def counted(tracker: Tracker) -> dict[str, object]:
    found = json.loads(tracker("outbox", "count", "--json").stdout)
    assert isinstance(found, dict)
    return found


def test_the_outbox_from_owed_over_failed_to_sent(posted: Tracker, mailbox: Mailbox) -> None:
    assert counted(posted)["owed"] == 1
    listed = posted("outbox", "list", "--standing", "owed")
    assert "a…@ngo.example" in listed.stdout
    assert "1 owed" in listed.stderr
    assert "nothing is sent until" in posted("outbox", "hold").stderr
    assert "paused" in posted("deliver").stderr or "nothing was sent" in posted("deliver").stderr
    assert "held since" in posted("doctor").stdout
    posted("outbox", "release")
    mailbox.refuse_recipient(ANA)
    assert "1 refused for good" in posted("deliver").stderr
    [row] = [json.loads(line) for line in posted("outbox", "list", "--json").stdout.splitlines()]
    assert (row["standing"], row["last_error"]) == ("failed", "550 5.1.1 no such user")
    shown = posted("outbox", "show", row["id"], "--addresses").stdout
    assert ANA in shown
    assert "rejected" in shown
    assert "there is no alert 99" in posted("outbox", "show", 99, code=2).stderr
    assert ANA in posted("outbox", "suspended").stdout
    assert "name alerts, or else --failed" in posted("outbox", "retry", code=2).stderr
    assert "1 owed again" in posted("outbox", "retry", "--failed").stderr
    assert "is not suspended" in posted("outbox", "resume", "bea@ngo.example", code=2).stderr
    posted("outbox", "resume", ANA, "--by", "eva")
    mailbox.accept_recipient(ANA)
    mailbox.refuse("451 4.3.0 try again later")
    assert "1 tried again later" in posted("outbox", "drain").stderr
    assert "1 sent" in posted("outbox", "drain").stderr
    assert len(mailbox.to(ANA)) == 1
    assert counted(posted)["sent_last_day"] == 1
    told = posted("history", "outbox").stdout
    for step in ("held by", "released by", "tried again by", "resumed by eva", "drained by"):
        assert f"outbox {step}" in told
    assert ANA not in told


def report(recipient: str, message_id: str) -> str:
    return (
        "From: MAILER-DAEMON@mx.example\n"
        f"To: {recipient}\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {ANA}\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\n\n--b--\n"
    )


def test_a_bounce_is_taken_in_from_pipe_file_and_folder(
    posted: Tracker, mailbox: Mailbox, tmp_path: Path
) -> None:
    posted("deliver")
    [got] = mailbox.messages
    bounced = report(got.sender, str(got.message["Message-ID"]))
    env = {"TRACKER_DATABASE__URL": posted.url, "TRACKER_NOW": NOW, **posted.more}
    piped = CliRunner(env=env).invoke(main, ["bounce", "--recipient", got.sender], input=bounced)
    assert piped.exit_code == 0, piped.output
    assert ANA in posted("outbox", "suspended").stdout
    plain = tmp_path / "hello.eml"
    plain.write_text("From: bea@ngo.example\nSubject: Hello\n\nThank you.\n")
    assert "left for a person" in posted("bounce", plain).stderr
    folder = tmp_path / "mails"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1.mx").write_text(bounced)
    posted("bounce", "--maildir", folder)
    assert not list((folder / "new").iterdir())
    broken = env | {"TRACKER_DATABASE__URL": f"sqlite:///{tmp_path}/none/no.db"}
    later = CliRunner(env=broken).invoke(main, ["bounce", "--recipient", got.sender], input=bounced)
    assert later.exit_code == 75, "the mail server keeps it and tries again"


def test_a_trial_mail_says_how_it_went(posted: Tracker, mailbox: Mailbox) -> None:
    assert "handed over: 250 OK" in posted("mail", "test", ANA).stderr
    assert len(mailbox.to(ANA)) == 1
    mailbox.refuse_recipient("bea@ngo.example")
    assert "550 5.1.1" in posted("mail", "test", "bea@ngo.example", code=1).stderr
    assert "Error" in posted("mail", "test", "no address", code=2).stderr
    mailbox.stop()
    assert "Error" in posted("mail", "test", ANA, code=1).stderr


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_hooks_are_added_told_given_up_and_tried_again(
    copy_of_register: Callable[[], Tracker], site: Site, tmp_path: Path
) -> None:
    tracker = copy_of_register()
    address = site.put("/hook", "busy", status=500)
    secret = tracker("hooks", "add", address, "--search", "company=ibm").stdout.strip()
    assert secret.startswith("whsec_")
    assert "is known" in tracker("hooks", "add", address, "--search", "company=ibm").stderr
    for wrong, why in (
        ("nowhere", "needs an address"),
        ("nonsense://x", "no address that Apprise knows"),
        ("https://10.0.0.1/x", "10.0.0.1"),
        ("json://10.0.0.1/x", "10.0.0.1"),
    ):
        assert why in tracker("hooks", "add", wrong, code=2).stderr
    assert (
        "no organisation"
        in tracker("hooks", "add", address, "--search", "company=nobody", code=2).stderr
    )
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE)
    tracker("ingest", "--published", "2020-06-09", article)
    assert "1 tried again later" in tracker("hooks", "send").stderr
    listed = tracker("hooks", "list").stdout
    assert "company=ibm" in listed
    assert "1 owed" in listed
    assert secret not in listed
    tracker("hooks", "pause", 1)
    assert "paused" in tracker("hooks", "list").stdout
    tracker("hooks", "resume", 1)
    assert "there is no hook 9" in tracker("hooks", "pause", 9, code=2).stderr
    later = "2020-06-10T20:00:00Z"
    site.put("/hook", "moved away", status=410)
    tracker("hooks", "send", TRACKER_NOW=later)
    assert "hook 1" in tracker("hooks", "dead").stdout
    site.put("/hook", "thank you")
    tracker("hooks", "resume", 1)
    assert "1 owed again" in tracker("hooks", "retry", 1, TRACKER_NOW=later).stderr
    assert "1 sent" in tracker("hooks", "send", TRACKER_NOW=later).stderr


def test_a_reader_who_writes_a_letter_is_served(read: Tracker, tmp_path: Path) -> None:
    assert f"{ANA}  active" in read("subscribers", "show", ANA).stdout
    assert "at_once" in read("subscribers", "show", ANA).stdout
    assert "nobody has asked" in read("subscribers", "show", "bea@ngo.example", code=2).stderr
    read("subscribers", "pause", ANA, "--days", 30)
    assert "paused until 2020-07-09" in read("subscribers", "show", ANA).stdout
    assert "1 to 366" in read("subscribers", "pause", ANA, "--days", 400, code=2).stderr
    read("subscribers", "pause", ANA, "--days", 0)
    assert "are asked by mail" in read("subscribers", "move", ANA, "ana@home.example").stderr
    read("subscribers", "move", ANA, "ana@home.example", "--agreed")
    assert "ana@home.example  active" in read("subscribers", "show", "ana@home.example").stdout
    found = json.loads(read("subscribers", "export", "ana@home.example").stdout)
    assert [wish["in_words"] for wish in found["wishes"]] == ["IBM"]
    assert len(found["mails"]) == 1
    read("subscribers", "stop", "ana@home.example")
    assert "stopped" in read("subscribers", "show", "ana@home.example").stdout
    assert read("subscribers", "erase", "ana@home.example", code=1)
    read("subscribers", "erase", "ana@home.example", "--yes")
    assert "nobody has asked" in read("subscribers", "show", "ana@home.example", code=2).stderr
