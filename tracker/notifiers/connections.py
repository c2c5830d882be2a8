"""Connections to the mail server: one for each mail, or kept from one mail to the next."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from tracker.domain.errors import DeliveryError

LONGEST_WAIT = 15.0
"""Seconds for the answer to one command."""

IMPLICIT_TLS = 465

MOST_MAILS = 100
"""Mails over one connection; many servers allow no more."""

CLOSING = 421
"""The reply of a server that hangs up (RFC 5321, 4.2.2)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. ``tls`` is made from the system's certificates if not given."""

    host: str
    port: int
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)


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


@dataclass(slots=True)
class _Kept:
    smtp: smtplib.SMTP
    mails: int = 0


class Connections:
    """Lends connections. With ``keep`` one that served well is lent again, until ``close``.

    Several threads may borrow; each has its own.
    """

    def __init__(self, server: MailServer, own_name: str, *, keep: bool = False) -> None:
        self._server = server
        self._own_name = own_name
        self._keep = keep
        self._idle: list[_Kept] = []
        self._lock = Lock()

    @contextmanager
    def borrowed(self, deadline: Deadline) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for a mail; raises DeliveryError (outage) if none can be."""
        kept = self._take(deadline) or _Kept(self._open(deadline))
        kept.mails += 1
        try:
            yield kept.smtp
        except DeliveryError as error:
            self._give_back(kept, sound=error.code not in (None, CLOSING))
            raise
        except BaseException:
            kept.smtp.close()
            raise
        self._give_back(kept, sound=True)

    def close(self) -> None:
        """Say goodbye over all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for kept in idle:
            leave(kept.smtp)

    def _take(self, deadline: Deadline) -> _Kept | None:
        """One that is idle, if the server still listens; nothing was handed over by asking it."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                kept = self._idle.pop()
            try:
                deadline.bound(kept.smtp)
                code, _ = kept.smtp.rset()
            except (OSError, smtplib.SMTPException):
                code = CLOSING
            if code == 250:
                return kept
            kept.smtp.close()

    def _give_back(self, kept: _Kept, *, sound: bool) -> None:
        if self._keep and sound and kept.mails < MOST_MAILS:
            with self._lock:
                self._idle.append(kept)
        else:
            leave(kept.smtp)

    def _open(self, deadline: Deadline) -> smtplib.SMTP:
        server = self._server
        try:
            return self._connect(deadline)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the mail server {server.host}:{server.port} cannot be used: {said(error)}; "
                "check [mail] and run `tracker doctor`",
                outage=True,
                code=error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None,
            ) from error

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        server = self._server
        if server.port == IMPLICIT_TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._own_name, timeout=LONGEST_WAIT, context=server.tls
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, self._own_name, timeout=LONGEST_WAIT)
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


def leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; a server that does not hear it has its answer given already."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def said(error: Exception) -> str:
    """What a server answered, or what went wrong; never what we told it."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__
