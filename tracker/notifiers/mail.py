"""Choose how mail leaves: to a server, or into the outbox folder while none is set."""

from pathlib import Path
from typing import Protocol

from tracker.domain.ports import Clock, Notify
from tracker.notifiers.email import EmailNotify, MailServer
from tracker.notifiers.letters import Letters
from tracker.notifiers.outbox import OutboxNotify

PACKAGE = Path(__file__).resolve().parent.parent


class MailSettings(Protocol):
    """What section [mail] of the settings says."""

    @property
    def smtp_host(self) -> str:
        """Empty when mail is to be written into the outbox folder."""

    @property
    def smtp_port(self) -> int:
        """465 means TLS from the first byte."""

    @property
    def smtp_starttls(self) -> bool:
        """Whether the connection must be encrypted before anything is sent."""

    @property
    def smtp_user(self) -> str:
        """Empty when the server asks for no name."""

    @property
    def sender(self) -> str:
        """One address, with or without a name."""

    @property
    def outbox_folder(self) -> Path:
        """Where mails are written without a server."""


def build(mail: MailSettings, password: str, base_url: str, now: Clock) -> Notify:
    """The Notify that the settings ask for."""
    letters = Letters(mail.sender, base_url, templates_folder(), now)
    if not mail.smtp_host:
        return OutboxNotify(mail.outbox_folder, letters)
    server = MailServer(
        mail.smtp_host, mail.smtp_port, mail.smtp_starttls, mail.smtp_user, password
    )
    return EmailNotify(server, letters)


def templates_folder() -> Path:
    """templates/ of the checkout, or the copy inside an installed package."""
    packaged = PACKAGE / "_templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"
