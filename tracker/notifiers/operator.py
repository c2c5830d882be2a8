"""A note to the operator: what of this installation needs a person. Plain text, to one address."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from tracker.domain.errors import DeliveryError
from tracker.notifiers.mail import MailSettings

LONGEST_WAIT = 20.0
"""Seconds for the answer to one command."""

IMPLICIT_TLS = 465


def send_note(
    mail: MailSettings, password: str, address: str, subject: str, text: str, now: datetime
) -> None:
    """Send a note, or leave it in the outbox folder where no server is set.

    Raises DeliveryError; the same note may then be sent again.
    """
    note = EmailMessage(policy=SMTP)
    note["From"] = mail.sender
    note["To"] = address
    note["Subject"] = subject
    note["Date"] = format_datetime(now)
    note["Message-ID"] = f"<operator.{now:%Y%m%d%H%M%S}@{_domain(mail.sender)}>"
    note["Auto-Submitted"] = "auto-generated"
    note.set_content(text)
    try:
        if mail.smtp_host:
            _hand_over(mail, password, note)
        else:
            mail.outbox_folder.mkdir(parents=True, exist_ok=True)
            file = mail.outbox_folder / f"operator-{now:%Y%m%d-%H%M%S}.eml"
            file.write_bytes(note.as_bytes())
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(
            f"the note to {address} was not sent: {error}; check [mail]", outage=True
        ) from error


def _hand_over(mail: MailSettings, password: str, note: EmailMessage) -> None:
    name, tls = _domain(mail.sender), ssl.create_default_context()
    if mail.smtp_port == IMPLICIT_TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.smtp_host, mail.smtp_port, name, timeout=LONGEST_WAIT, context=tls
        )
    else:
        smtp = smtplib.SMTP(mail.smtp_host, mail.smtp_port, name, timeout=LONGEST_WAIT)
    with smtp:
        if mail.smtp_starttls and mail.smtp_port != IMPLICIT_TLS:
            smtp.starttls(context=tls)
        if mail.smtp_user:
            smtp.login(mail.smtp_user, password)
        smtp.send_message(note)


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
