"""The parts of an app by which word leaves the house: mail, hooks, notes to the operator."""

from email.utils import parseaddr
from functools import cached_property
from typing import TYPE_CHECKING

from tracker import config
from tracker.config import Settings
from tracker.domain.errors import DeliveryError, FetchError, UsageError
from tracker.domain.ports import Clock, Notify
from tracker.pipeline.each import Tally
from tracker.store.database import Database

if TYPE_CHECKING:
    from tracker.pipeline.alert import Sent


LOOK_UP = 10.0
"""Seconds to look up the host of a hook."""


class Outgoing:
    """What an app sends; each part is made when it is first needed."""

    settings: Settings
    now: Clock
    database: Database
    _notify: Notify | None

    @cached_property
    def notify(self) -> Notify:
        """Hands a mail over: to the server, or into the outbox folder where none is set."""
        if self._notify is not None:
            return self._notify
        from tracker.notifiers import mail

        settings = self.settings
        secrets = mail.Secrets(config.smtp_password(settings), config.dkim_key(settings))
        return mail.build(settings.mail, secrets, settings.base_url, self.now)

    def deliver(self, *, at_once: bool = False) -> "Sent":
        """Run step 4: what is owed is sent, at the configured rate or ``at_once``."""
        from tracker.notifiers.mail import kept_open
        from tracker.pipeline.alert import send_due
        from tracker.pipeline.noticing import tell_what_waits

        tell_what_waits(self.database, self.mail_domain, self.now())
        mail = self.settings.mail
        with kept_open(self.notify) as notify:
            return send_due(
                self.database,
                notify,
                self.now,
                per_minute=None if at_once else mail.rate_per_minute,
                per_domain=None if at_once else mail.rate_per_domain,
                paused=self.settings.alerts.pause,
            )

    def post_hooks(self) -> Tally:
        """Tell programs and chats what they are owed."""
        from tracker.notifiers.hooks import HookPost
        from tracker.pipeline.hooking import post_due
        from tracker.sources.posting import HttpPost

        fetch = self.settings.fetch
        send = HttpPost(fetch.agent, fetch.allow_networks)
        post = HookPost(send, self._guard, self.settings.base_url, self.now)
        return post_due(self.database, post, self.now, paused=self.settings.alerts.pause)

    def require_reachable(self, url: str) -> None:
        """Look at the address of a hook before it is kept: is it one, and may it be connected to?

        Raises UsageError. A host that cannot be looked up now may be there later.
        """
        from urllib.parse import urlsplit

        from tracker.notifiers.chats import open_chat, places

        parts = urlsplit(url)
        try:
            web = parts.scheme in ("http", "https")
            named = [(parts.hostname or "", parts.port or 443)] if web else None
            for host, port in named or places(open_chat(url, f"{parts.scheme}://…")):
                self._guard(host, port)
        except (DeliveryError, ValueError) as error:
            raise UsageError(str(error)) from error
        except FetchError as error:
            if error.cause in ("blocked_address", "bad_url"):
                raise UsageError(str(error)) from error

    def _guard(self, host: str, port: int) -> None:
        from tracker.sources.addresses import AddressGuard

        AddressGuard(self.settings.fetch.allow_networks).addresses(host, port, LOOK_UP)

    def send_trial(self, address: str) -> str:
        """Send one mail to see whether it arrives; return what the server answered."""
        from tracker.notifiers import trial

        sender = parseaddr(self.settings.mail.sender)[1]
        return trial.send(self.notify, address, sender, self.now())

    def watch_health(self) -> None:
        """Let incidents of sources open and close, and tell the operator of new ones."""
        from tracker.pipeline.health import examine_sources, tell_operator

        examine_sources(self.database, self.now())
        if self.settings.mail.operator:
            tell_operator(self.database, self._send_note, self.now())

    def sweep_outbox(self) -> None:
        """Once a night: hold what was owed against what was sent, and tell the operator."""
        from tracker.pipeline.sweeping import sweep_outbox

        send = self._send_note if self.settings.mail.operator else None
        sweep_outbox(self.database, send, self.now())

    def _send_note(self, subject: str, text: str) -> None:
        from tracker.notifiers.operator import send_note

        mail = self.settings.mail
        password = config.smtp_password(self.settings)
        send_note(mail, password, mail.operator, subject, text, self.now())

    @property
    def mail_domain(self) -> str:
        """The right-hand side of Message-IDs."""
        return parseaddr(self.settings.mail.sender)[1].rpartition("@")[2] or "localhost"
