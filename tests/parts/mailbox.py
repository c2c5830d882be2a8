"""A mail server on loopback that keeps what it accepts and refuses what a test plans."""

import email
import email.policy
import socket
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One accepted message, with the addresses of its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return email.message_from_bytes(self.content, policy=email.policy.default)


class Mailbox:
    """``messages`` holds what was accepted, in order; ``attempts`` counts what was offered,
    ``connections`` who came.
    """

    def __init__(self) -> None:
        self.messages: list[Received] = []
        self.attempts = 0
        self.connections = 0
        self._visitors: list[Any] = []
        self._refusals: list[str | None] = []
        self._refused_recipients: dict[str, str] = {}
        self.host = HOST
        self._controller = self._start()
        self.port: int = self._controller.port

    def refuse(self, reply: str = "451 4.3.0 try again later", times: int = 1) -> None:
        """Answer the next messages, after their text, with this reply."""
        self._refusals += [reply] * times

    def refuse_recipient(self, address: str, reply: str = "550 5.1.1 no such user") -> None:
        """Answer every message to this address with this reply, until accept_recipient."""
        self._refused_recipients[address] = reply

    def accept_recipient(self, address: str) -> None:
        """Take messages to this address again."""
        del self._refused_recipients[address]

    def accept_and_hang_up(self, times: int = 1) -> None:
        """Keep the next messages, but drop the connection in place of saying so."""
        self._refusals += [None] * times

    def hang_up(self) -> None:
        """Close every connection that is open."""
        gone = Event()

        def close() -> None:
            for visitor in self._visitors:
                if visitor.transport is not None:
                    visitor.transport.abort()
            gone.set()

        self._controller.loop.call_soon_threadsafe(close)
        assert gone.wait(5)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages for one address, in order."""
        return [got.message for got in self.messages if address in got.recipients]

    def stop(self) -> None:
        """Go down: connections are refused until start()."""
        self._controller.stop()

    def start(self) -> None:
        """Come back on the same port."""
        self._controller = _Controller(self, hostname=HOST, port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop for good."""
        if self._controller.server is not None:
            self._controller.stop()

    def _start(self) -> Controller:
        for _ in range(5):  # the controller cannot pick a port, and a free one may get taken
            with socket.create_server((HOST, 0)) as free:
                port = free.getsockname()[1]
            controller = _Controller(self, hostname=HOST, port=port)
            try:
                controller.start()
            except OSError:
                continue
            return controller
        raise OSError("no free port for the mail server")

    async def handle_EHLO(
        self, server: Any, session: Any, _envelope: Any, hostname: str, replies: list[str]
    ) -> list[str]:
        self.connections += 1
        self._visitors.append(server)
        session.host_name = hostname
        return replies

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if reply := self._refused_recipients.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.attempts += 1
        plan = self._refusals.pop(0) if self._refusals else ""
        if plan:
            return plan
        self.messages.append(
            Received(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content))
        )
        if plan is None:
            server.transport.abort()
        return "250 OK"


class _Controller(Controller):
    """Says its name without a look-up."""

    def __init__(self, handler: Mailbox, hostname: str, port: int) -> None:
        super().__init__(handler, hostname=hostname, port=port, server_hostname="mail.example")
