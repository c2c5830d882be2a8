"""What our SMTP says and hears: encryption, passwords, refusals, servers that break off."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.mail.test_letters import alert, news
from tests.parts.mailbox import Mailbox
from tracker.domain.errors import DeliveryError
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, with its key, that nobody trusts by himself."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    file = folder / "server.pem"
    done = subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(folder / "key.pem"), "-out", str(file), "-subj", "/CN=localhost"),
            *("-addext", f"subjectAltName=IP:{HOST}"),
        ],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    file.write_bytes(file.read_bytes() + (folder / "key.pem").read_bytes())
    return file


class Keeping:
    """Accepts everything and remembers whether it came encrypted."""

    def __init__(self) -> None:
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def tls_server(certificate: Path, **more: object) -> Iterator[tuple[Keeping, int]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    handler, port = Keeping(), free_port()
    controller = Controller(
        handler,
        hostname=HOST,
        port=port,
        tls_context=context,
        require_starttls=True,
        server_hostname="mail.example",
        **more,
    )
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def test_starttls_is_used_and_the_certificate_checked(letters: Letters, certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with tls_server(certificate) as (kept, port):
        EmailNotify(MailServer(HOST, port, tls=trusting), letters)(alert(news()))
        assert kept.encrypted == [True]
        with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED") as failure:
            EmailNotify(MailServer(HOST, port), letters)(alert(news()))
        assert failure.value.outage
        assert kept.encrypted == [True]


def test_the_password_is_said_only_after_starttls(letters: Letters, certificate: Path) -> None:
    said: list[tuple[bytes, bytes]] = []

    def check(server, session, envelope, mechanism, data) -> AuthResult:  # type: ignore[no-untyped-def]
        said.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    trusting = ssl.create_default_context(cafile=str(certificate))
    with tls_server(certificate, authenticator=check) as (kept, port):
        server = MailServer(HOST, port, True, "tracker", "right", trusting)
        EmailNotify(server, letters)(alert(news()))
        assert said == [(b"tracker", b"right")]
        wrong = MailServer(HOST, port, True, "tracker", "wrong horse", trusting)
        with pytest.raises(DeliveryError, match="535") as failure:
            EmailNotify(wrong, letters)(alert(news()))
    assert failure.value.outage
    assert "horse" not in str(failure.value)
    assert "horse" not in repr(wrong)
    assert len(kept.encrypted) == 1


def test_a_server_without_starttls_gets_nothing_when_it_is_asked_for(
    letters: Letters, mailbox: Mailbox
) -> None:
    with pytest.raises(DeliveryError, match="STARTTLS") as failure:
        EmailNotify(MailServer(mailbox.host, mailbox.port), letters)(alert(news()))
    assert failure.value.outage
    assert mailbox.messages == []


def test_the_envelope_has_our_address_and_one_recipient(letters: Letters, mailbox: Mailbox) -> None:
    server = MailServer(mailbox.host, mailbox.port, starttls=False)
    answer = EmailNotify(server, letters)(alert(news()))
    assert answer.startswith("250")
    [got] = mailbox.messages
    assert got.sender == "alerts@tracker.example"
    assert got.recipients == ("ana@ngo.example",)


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("550 5.1.1 unknown", True),
        ("550 no such user", True),
        ("553 5.1.3 bad address", True),
        ("550 5.2.1 disabled", True),
        ("552 5.2.2 full", False),
        ("550 5.7.1 blocked by policy", False),
        ("554 5.3.2 not accepting mail", False),
        ("450 4.2.0 greylisted", False),
        ("421 4.7.0 too many", False),
    ],
)
def test_only_a_refusal_of_the_address_itself_is_permanent(
    letters: Letters, mailbox: Mailbox, reply: str, permanent: bool
) -> None:
    mailbox.refuse_recipient("ana@ngo.example", reply)
    server = MailServer(mailbox.host, mailbox.port, starttls=False)
    with pytest.raises(DeliveryError) as failure:
        EmailNotify(server, letters)(alert(news()))
    error = failure.value
    assert (error.permanent, error.outage, error.code) == (permanent, False, int(reply[:3]))


@contextmanager
def saying(*lines: bytes) -> Iterator[int]:
    """A server that answers each line it hears with the next of these, then hangs up."""
    with socket.create_server((HOST, 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as heard:
                for line in lines:
                    connection.sendall(line)
                    heard.readline()

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(5)


@pytest.mark.parametrize(
    ("lines", "outage", "code"),
    [
        ((b"554 go away\r\n",), True, 554),
        ((b"220 hello\r\n",), True, None),
        ((b"garbage\r\n",), True, None),
        ((b"220 hello\r\n", b"250 me\r\n", b"553 5.7.1 bad sender\r\n"), True, 553),
        ((b"220 hello\r\n", b"250 me\r\n", b"421 4.3.2 closing\r\n"), True, 421),
        ((b"220 hello\r\n", b"250 me\r\n", b"250 ok\r\n"), False, None),
        ((b"220 hello\r\n", b"250 me\r\n", b"250 ok\r\n", b"250 ok\r\n"), False, None),
        (
            (b"220 hello\r\n", b"250 me\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"),
            False,
            None,
        ),
    ],
)
def test_where_it_breaks_says_who_is_to_blame(
    letters: Letters, lines: tuple[bytes, ...], outage: bool, code: int | None
) -> None:
    with saying(*lines) as port, pytest.raises(DeliveryError) as failure:
        EmailNotify(MailServer(HOST, port, starttls=False), letters)(alert(news()))
    assert (failure.value.outage, failure.value.permanent) == (outage, False)
    assert failure.value.code in (code, -1 if lines[0] == b"garbage\r\n" else code)


def test_nobody_listens(letters: Letters) -> None:
    server = MailServer(HOST, free_port(), starttls=False)
    with pytest.raises(DeliveryError, match=r"cannot be used.*tracker doctor") as failure:
        EmailNotify(server, letters)(alert(news()))
    assert failure.value.outage
