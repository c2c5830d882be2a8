"""A signature that a receiver accepts, over the headers that RFC 8058 wants covered."""

import shutil
import subprocess

import pytest

from tests.mail.test_letters import alert, news
from tests.parts.mailbox import Mailbox
from tracker.domain.errors import SettingsError
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.signing import signer

dkim = pytest.importorskip("dkim")


@pytest.fixture(scope="module")
def keys() -> tuple[str, bytes]:
    """A private key in PEM form, and the text record with its public half."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the openssl program to make a key")
    private = subprocess.run([program, "genrsa", "2048"], capture_output=True, check=True).stdout
    command = [program, "rsa", "-pubout", "-outform", "PEM"]
    public = subprocess.run(command, input=private, capture_output=True, check=True).stdout
    body = b"".join(public.splitlines()[1:-1])
    return private.decode(), b"v=DKIM1; k=rsa; p=" + body


def test_what_arrives_carries_a_signature_that_holds(
    letters: Letters, mailbox: Mailbox, keys: tuple[str, bytes]
) -> None:
    private, record = keys
    server = MailServer(mailbox.host, mailbox.port, starttls=False)
    sign = signer("stance", letters.domain, private)
    EmailNotify(server, letters, sign=sign)(alert(news()))
    content = mailbox.messages[0].content
    assert dkim.verify(content, dnsfunc=lambda *_asked, **_more: record)
    covered = mailbox.messages[0].message["DKIM-Signature"].replace(" ", "").lower()
    assert "list-unsubscribe:list-unsubscribe-post" in covered
    assert not dkim.verify(content.replace(b"IBM", b"HAL"), dnsfunc=lambda *_a, **_m: record)


def test_a_key_that_is_none_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"mail\.dkim_key_file"):
        signer("stance", "tracker.example", "no key")
