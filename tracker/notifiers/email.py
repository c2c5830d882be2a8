"""Hand a mail to an SMTP server (RFC 5321), one recipient per message."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertToSend
from tracker.notifiers.letters import POLICY, Letters

Result = TypeVar("Result")

LONGEST_WAIT = 15.0
"""Seconds for the answer to one command."""

LONGEST_TRY = 45.0
"""Seconds for one mail in all; shorter than the lease of the outbox."""

IMPLICIT_TLS = 465
NOT_THE_ADDRESS = ("5.2.2", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")
"""Enhanced codes (RFC 3463) of refusals that say nothing against the address: a full mailbox,
the system, the network, the protocol, the content, a policy."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. ``tls`` is made from the system's certificates if not given."""

    host: str
    port: int
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


class EmailNotify:
    """A Notify that speaks SMTP. Raises DeliveryError with what the server said."""

    def __init__(self, server: MailServer, letters: Letters) -> None:
        self._server = server
        self._letters = letters

    def __call__(self, alert: AlertToSend) -> str:
        """Hand one mail over; return the server's answer."""
        content = self._letters.write(alert).as_bytes(policy=POLICY)
        deadline = Deadline(LONGEST_TRY)
        with self._connection(deadline) as smtp:
            said = _Conversation(smtp, deadline)
            said.sender(self._letters.return_path)
            said.recipient(alert.address)
            return said.text(content)

    @contextmanager
    def _connection(self, deadline: "Deadline") -> Iterator[smtplib.SMTP]:
        server = self._server
        try:
            smtp = self._connect(deadline)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the mail server {server.host}:{server.port} cannot be used: {_said(error)}; "
                "check [mail] and run `tracker doctor`",
                outage=True,
                code=_code(error),
            ) from error
        try:
            yield smtp
        finally:
            _leave(smtp)

    def _connect(self, deadline: "Deadline") -> smtplib.SMTP:
        server, own_name = self._server, self._letters.domain
        if server.port == IMPLICIT_TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, own_name, timeout=LONGEST_WAIT, context=server.tls
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, own_name, timeout=LONGEST_WAIT)
        try:
            if server.starttls and server.port != IMPLICIT_TLS:
                deadline.bound(smtp)
                smtp.starttls(context=server.tls)
            if server.user:
                deadline.bound(smtp)
                smtp.login(server.user, server.password)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp


class Deadline:
    """How long one mail may still take."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def bound(self, smtp: smtplib.SMTP) -> None:
        """Let the next answer take no longer than what is left."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        if smtp.sock is not None:
            smtp.sock.settimeout(min(left, LONGEST_WAIT))


class _Conversation:
    """The three steps of a mail; each says by itself what its failure means."""

    def __init__(self, smtp: smtplib.SMTP, deadline: Deadline) -> None:
        self._smtp = smtp
        self._deadline = deadline

    def sender(self, address: str) -> None:
        """Refused here, no mail can be sent at all: our own address is not accepted."""
        code, answer = self._ask(lambda: self._smtp.mail(address), outage=True)
        if code != 250:
            raise DeliveryError(f"the sender is refused: {answer}", outage=True, code=code)

    def recipient(self, address: str) -> None:
        """Refused for good here, it is the address; a 4xx may pass."""
        code, answer = self._ask(lambda: self._smtp.rcpt(address))
        if code not in (250, 251):
            raise DeliveryError(answer, permanent=_against_the_address(code, answer), code=code)

    def text(self, content: bytes) -> str:
        """Refused here, it is this message."""
        code, answer = self._ask(lambda: self._smtp.data(content))
        if code != 250:
            raise DeliveryError(answer, code=code)
        return answer

    def _ask(
        self, step: Callable[[], tuple[int, bytes]], *, outage: bool = False
    ) -> tuple[int, str]:
        try:
            self._deadline.bound(self._smtp)
            code, answer = step()
        except smtplib.SMTPDataError as error:
            return error.smtp_code, _said(error)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the connection broke before the server answered: {_said(error)}", outage=outage
            ) from error
        return code, f"{code} {answer.decode('utf-8', 'replace')}"


def _against_the_address(code: int, answer: str) -> bool:
    enhanced = answer.partition(" ")[2].lstrip()
    return 500 <= code < 600 and not enhanced.startswith(NOT_THE_ADDRESS)


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; a server that does not hear it has its answer given already."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _code(error: Exception) -> int | None:
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__
