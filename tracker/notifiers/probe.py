"""Whether the mail server would take mail from us; nothing is sent."""

import smtplib

from tracker.domain.errors import DeliveryError
from tracker.notifiers.connections import IMPLICIT_TLS, MailServer, said

PATIENCE = 5.0
"""Seconds for the connection and for each answer."""


def probe(server: MailServer) -> str:
    """Connect, greet, start TLS and log in as the settings say; return what was reached.

    Raises DeliveryError whose text names the step that failed.
    """
    step = "connect"
    try:
        with _connect(server) as smtp:
            step = "greet"
            smtp.ehlo_or_helo_if_needed()
            if server.starttls and server.port != IMPLICIT_TLS:
                step = "start TLS"
                smtp.starttls(context=server.tls)
                smtp.ehlo()
            if server.user:
                step = "log in"
                smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(
            f"{server.host}:{server.port}: cannot {step}: {said(error)}", outage=True
        ) from error
    return f"{server.host}:{server.port} answers{' and lets us in' if server.user else ''}"


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.port == IMPLICIT_TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=server.tls)
    return smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
