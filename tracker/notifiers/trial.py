"""A mail that shows whether mail arrives; it goes out as alerts do, but nothing is kept of it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from tracker.domain.alerting import message_id
from tracker.domain.errors import UsageError
from tracker.domain.ports import Notify
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import POLICY

TEXT = """\
This is a trial mail of Stance Tracker, asked for with `tracker mail test`.

If it arrived in your inbox, alerts will. Look at its headers: SPF, DKIM and
DMARC should say "pass". `tracker doctor` checks the records behind them.
"""


def send(notify: Notify, address: str, sender: str, now: datetime) -> str:
    """Hand a trial mail over; return the server's answer.

    Raises DeliveryError with what the server said; UsageError when there is no server.
    """
    if not isinstance(notify, EmailNotify):
        raise UsageError("mail.smtp_host is not set: there is no server to try")
    return notify.hand_over(_write(address, sender, now), address)


def _write(address: str, sender: str, now: datetime) -> bytes:
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"] = Address("Stance Tracker", addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = "A trial mail of Stance Tracker"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(f"trial:{address}:{now.isoformat()}", domain)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"Stance alerts <alerts.{domain}>"
    message.set_content(TEXT)
    return message.as_bytes(policy=POLICY)
