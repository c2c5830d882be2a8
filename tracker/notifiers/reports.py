"""Read what mail servers report on our mails: failures (RFC 3464) and complaints (RFC 5965)."""

import email
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.policy import compat32

from tracker.domain.refusals import status_is_for_good
from tracker.domain.reports import Heard, MailReport
from tracker.domain.return_paths import Tag, read

LARGEST = 2_000_000
"""Bytes of a report that are read; what stands behind them is the mail itself."""

ARRIVED_FOR = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
UNSUBSCRIBE = re.compile(r"/u/([A-Za-z0-9_-]{16,64})>")
ACTIONS = {"delayed": Heard.DELAYED}
NO_COMPLAINTS = frozenset({"not-spam", "auth-failure", "opt-out-list"})
"""Feedback types (RFC 5965, 7.3) that complain about nothing."""


def read_report(content: bytes, recipient: str = "") -> MailReport | None:
    """What a message reports on one of our mails; None when it is no report.

    ``recipient`` is the envelope address it arrived for, if the mail server told.
    """
    message = email.message_from_bytes(content[:LARGEST], policy=compat32)
    kind = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() != "multipart/report":
        return None
    found = _failure(message) if kind == "delivery-status" else _complaint(message, kind)
    if found is None:
        return None
    heard, said = found
    original = _original(message)
    return MailReport(
        heard,
        said,
        tag=_tag((recipient, *_arrived_for(message), *_return_paths(original))),
        token=_token(original),
        message_id=_header(original, "Message-ID"),
    )


def _failure(message: Message) -> tuple[Heard, str] | None:
    """What the first recipient's group of fields says: every mail of ours has one recipient."""
    for part in _parts(message, "message/delivery-status"):
        for fields in _groups(part):
            action = (_header(fields, "Action") or "").lower()
            if action not in ("failed", "delayed"):
                continue
            status = (_header(fields, "Status") or "").split(" ")[0]
            said = _header(fields, "Diagnostic-Code") or "no reason given"
            heard = Heard.BOUNCED if status_is_for_good(status) else Heard.RETURNED
            return ACTIONS.get(action, heard), f"{status} {_flat(said)}".strip()
    return None


def _complaint(message: Message, kind: str) -> tuple[Heard, str] | None:
    if kind != "feedback-report":
        return None
    for part in _parts(message, "message/feedback-report"):
        fields = email.message_from_string(_text(part), policy=compat32)
        feedback = (_header(fields, "Feedback-Type") or "").lower()
        if feedback and feedback not in NO_COMPLAINTS:
            by = _header(fields, "User-Agent") or "a mail provider"
            return Heard.COMPLAINED, f"{feedback}, reported by {_flat(by)}"
    return None


def _groups(part: Message) -> Iterator[Message]:
    """The fields of a status part; the parser makes each group of them a message of its own."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (group for group in payload if isinstance(group, Message))
    else:
        for text in re.split(r"\r?\n\r?\n", _text(part)):
            yield email.message_from_string(text, policy=compat32)


def _original(message: Message) -> Message | None:
    """The mail that is reported on, or its headers."""
    for part in _parts(message, "message/rfc822"):
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            return payload[0]
    for kind in ("text/rfc822-headers", "message/rfc822-headers"):
        for part in _parts(message, kind):
            return email.message_from_string(_text(part), policy=compat32)
    return None


def _parts(message: Message, kind: str) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message) and part.get_content_type() == kind:
                yield part


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload.decode("utf-8", "replace")
    inner = part.get_payload()
    return "".join(map(str, inner)) if isinstance(inner, list) else str(inner)


def _arrived_for(message: Message) -> Iterator[str]:
    for name in ARRIVED_FOR:
        yield from (str(value) for value in message.get_all(name, []))


def _return_paths(original: Message | None) -> list[str]:
    return [str(value) for value in original.get_all("Return-Path", [])] if original else []


def _tag(addresses: Iterable[str]) -> Tag | None:
    return next((tag for tag in map(read, addresses) if tag is not None), None)


def _token(original: Message | None) -> str | None:
    found = UNSUBSCRIBE.search(_header(original, "List-Unsubscribe") or "")
    return found[1] if found else None


def _header(message: Message | None, name: str) -> str | None:
    value = message.get(name) if message is not None else None
    return str(value).strip() if value is not None else None


def _flat(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
