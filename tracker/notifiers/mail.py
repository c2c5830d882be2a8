"""Choose how mail leaves: to a server, or into the outbox folder while none is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tracker.domain.ports import Clock, Notify
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.outbox import OutboxNotify
from tracker.notifiers.signing import signer

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
    def bounces(self) -> str:
        """Where failures are reported to; empty for our own address."""

    @property
    def dkim_selector(self) -> str:
        """The name of the key in the DNS: SELECTOR._domainkey.DOMAIN."""

    @property
    def outbox_folder(self) -> Path:
        """Where mails are written without a server."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is read from files of its own; ``dkim_key`` is empty when nothing is to be signed."""

    password: str = field(default="", repr=False)
    dkim_key: str = field(default="", repr=False)


def build(mail: MailSettings, secrets: Secrets, base_url: str, now: Clock) -> Notify:
    """The Notify that the settings ask for; raises SettingsError when it cannot sign."""
    letters = Letters(mail.sender, base_url, templates_folder(), now)
    if not mail.smtp_host:
        return OutboxNotify(mail.outbox_folder, letters)
    sign = (
        signer(mail.dkim_selector, letters.domain, secrets.dkim_key) if secrets.dkim_key else None
    )
    server = MailServer(
        mail.smtp_host, mail.smtp_port, mail.smtp_starttls, mail.smtp_user, secrets.password
    )
    return EmailNotify(server, letters, bounces=mail.bounces, sign=sign)


@contextmanager
def kept_open(notify: Notify) -> Iterator[Notify]:
    """The same way out, with connections that are kept from mail to mail where it has any."""
    if isinstance(notify, EmailNotify):
        with notify.reusing() as reusing:
            yield reusing
    else:
        yield notify


def templates_folder() -> Path:
    """templates/ of the checkout, or the copy inside an installed package."""
    packaged = PACKAGE / "_templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"
