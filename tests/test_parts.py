"""The parts that other tests lean on do what they say."""

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from tests.parts.mailbox import Mailbox
from tests.parts.site import Answer, Request, Site

ROOT = Path(__file__).parent.parent
TEXT = b"Subject: hello\r\n\r\nText.\r\n"


@pytest.mark.parametrize(
    ("headers", "asked", "status"),
    [
        ({"ETag": '"1"'}, {"If-None-Match": '"1"'}, 304),
        ({"ETag": '"2"'}, {"If-None-Match": '"1"'}, 200),
        (
            {"Last-Modified": "Tue, 09 Jun 2020 10:00:00 GMT"},
            {"If-Modified-Since": "Tue, 09 Jun 2020 10:00:00 GMT"},
            304,
        ),
        (
            {"Last-Modified": "Tue, 09 Jun 2020 11:00:00 GMT"},
            {"If-Modified-Since": "Tue, 09 Jun 2020 10:00:00 GMT"},
            200,
        ),
        ({}, {"If-None-Match": '"1"'}, 200),
    ],
)
def test_the_site_honours_validators(
    site: Site, headers: dict[str, str], asked: dict[str, str], status: int
) -> None:
    url = site.put("/feed", "at SITE", headers=headers)
    with urllib3.PoolManager() as client:
        got = client.request("GET", url, headers=asked)
    assert got.status == status
    assert got.data.decode() == ("" if status == 304 else f"at {site.url}")
    assert [request.method for request in site.asked("/feed")] == ["GET"]


def test_the_site_can_drop_a_connection_and_answer_by_function(site: Site) -> None:
    site.answer("/gone", lambda _request: None)
    site.answer("/echo", _echo)
    with urllib3.PoolManager(retries=False) as client:
        with pytest.raises(urllib3.exceptions.ProtocolError):
            client.request("GET", f"{site.url}/gone")
        assert client.request("POST", f"{site.url}/echo", body=b"word").data == b"word"
        assert client.request("GET", f"{site.url}/nothing").status == 404


def _echo(request: Request) -> Answer:
    return Answer(request.body)


def send(mailbox: Mailbox, to: str = "ana@example.org") -> None:
    with smtplib.SMTP(mailbox.host, mailbox.port) as client:
        client.sendmail("tracker@example.org", [to], TEXT)


def test_the_mailbox_refuses_as_planned_and_keeps_the_rest(mailbox: Mailbox) -> None:
    mailbox.refuse("451 4.3.0 later")
    with pytest.raises(smtplib.SMTPDataError, match="later"):
        send(mailbox)
    send(mailbox)
    assert mailbox.attempts == 2
    assert [message["Subject"] for message in mailbox.to("ana@example.org")] == ["hello"]


def test_the_mailbox_refuses_a_recipient_until_told_otherwise(mailbox: Mailbox) -> None:
    mailbox.refuse_recipient("ana@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailbox)
    mailbox.accept_recipient("ana@example.org")
    send(mailbox)
    assert len(mailbox.messages) == 1


def test_the_mailbox_can_accept_and_not_say_so(mailbox: Mailbox) -> None:
    mailbox.accept_and_hang_up()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox)
    assert len(mailbox.messages) == 1


def test_the_mailbox_can_go_down_and_come_back(mailbox: Mailbox) -> None:
    mailbox.stop()
    with pytest.raises(ConnectionRefusedError):
        send(mailbox)
    mailbox.start()
    send(mailbox)
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(("required", "closing"), [("", "1 skipped"), ("browser", "1 error")])
def test_what_is_required_may_not_be_skipped(tmp_path: Path, required: str, closing: str) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import chromium_program\n")
    (tmp_path / "test_page.py").write_text(
        "import pytest\n\n@pytest.mark.browser\ndef test_page(chromium_program): pass\n"
    )
    environment = {**os.environ, "TRACKER_TEST_REQUIRE": required, "PATH": str(tmp_path)}
    environment.pop("TRACKER_TEST_CHROMIUM", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert closing in done.stdout, done.stdout + done.stderr
