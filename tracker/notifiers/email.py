"""Hand a mail to an SMTP server (RFC 5321), one recipient per message."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tracker.domain.errors import DeliveryError
from tracker.domain.model import AlertToSend
from tracker.domain.refusals import against_the_address
from tracker.domain.return_paths import tagged
from tracker.notifiers.connections import Connections, Deadline, MailServer, said
from tracker.notifiers.letters import POLICY, Letters

Sign = Callable[[bytes], bytes]
"""Puts a signature before a message."""

LONGEST_TRY = 45.0
"""Seconds for one mail in all; shorter than the lease of the outbox."""


class EmailNotify:
    """A Notify that speaks SMTP. Raises DeliveryError with what the server said.

    ``bounces`` is where failures are reported to, with the mail named after a plus; without it
    they go to our own address. ``sign`` puts a DKIM signature on.
    """

    def __init__(
        self,
        server: MailServer,
        letters: Letters,
        *,
        bounces: str = "",
        sign: Sign | None = None,
        connections: Connections | None = None,
    ) -> None:
        self._server = server
        self._letters = letters
        self._bounces = bounces
        self._sign = sign
        self._connections = connections or Connections(server, letters.domain)

    @contextmanager
    def reusing(self) -> Iterator["EmailNotify"]:
        """The same, over connections that are kept from mail to mail until the end."""
        kept = Connections(self._server, self._letters.domain, keep=True)
        try:
            yield EmailNotify(
                self._server,
                self._letters,
                bounces=self._bounces,
                sign=self._sign,
                connections=kept,
            )
        finally:
            kept.close()

    def __call__(self, alert: AlertToSend) -> str:
        """Hand one mail over; return the server's answer."""
        content = self._letters.write(alert).as_bytes(policy=POLICY)
        return self.hand_over(content, alert.address, self._return_path(alert))

    def hand_over(self, content: bytes, address: str, return_path: str = "") -> str:
        """Sign a message that is written already and hand it over; return the server's answer."""
        if self._sign is not None:
            content = self._sign(content)
        deadline = Deadline(LONGEST_TRY)
        with self._connections.borrowed(deadline) as smtp:
            conversation = _Conversation(smtp, deadline)
            conversation.sender(return_path or self._letters.return_path)
            conversation.recipient(address)
            return conversation.text(content)

    def _return_path(self, alert: AlertToSend) -> str:
        return tagged(self._bounces, alert.id, alert.token) if self._bounces else ""


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
            raise DeliveryError(answer, permanent=against_the_address(code, answer), code=code)

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
            return error.smtp_code, said(error)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"the connection broke before the server answered: {said(error)}", outage=outage
            ) from error
        return code, f"{code} {answer.decode('utf-8', 'replace')}"
