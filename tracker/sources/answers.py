"""What a server's answer means: a body, a redirect, 'not changed', or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from tracker.domain.errors import FetchError
from tracker.domain.model import Response, Validators
from tracker.sources.dates import read_http_date
from tracker.sources.inflate import Inflater
from tracker.sources.messages import Reply
from tracker.sources.room import LARGE, Place

LONGEST_RETRY_AFTER = timedelta(days=30)
OK = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
NOT_MODIFIED = 304
NOT_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that points elsewhere."""

    location: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Caps:
    """The most bytes that an answer may have: as announced, and unpacked.

    Where the beginning is ``enough``, no more than so many bytes are read of any answer.
    """

    wire: int
    inflated: int
    enough: int | None = None


def read(
    url: str,
    reply: Reply,
    validators: Validators,
    caps: Caps,
    now: datetime,
    place: Place | None = None,
) -> Response | Redirect:
    """Read an answer; 'not changed' has no body. That of a redirect or refusal is left unread.

    A large body waits for its ``place`` in memory.

    Raises FetchError.
    """
    headers = reply.headers
    if reply.status in REDIRECTS and "location" in headers:
        return Redirect(headers["location"], reply.status in PERMANENT)
    if reply.status == NOT_MODIFIED and validators != Validators():
        return Response(url=url, status=NOT_MODIFIED, body=b"", headers=headers)
    if reply.status not in OK:
        raise _status_error(reply.status, headers, now)
    return Response(
        url=url,
        status=reply.status,
        body=_body(reply, headers, caps, place),
        headers=headers,
        validators=Validators(headers.get("etag"), headers.get("last-modified")),
    )


def read_acceptance(url: str, reply: Reply, now: datetime) -> Response:
    """Whether what was sent was accepted (2xx); the body is left unread. Raises FetchError."""
    headers = reply.headers
    if not 200 <= reply.status < 300:
        raise _status_error(reply.status, headers, now)
    return Response(url=url, status=reply.status, body=b"", headers=headers)


def _status_error(status: int, headers: Mapping[str, str], now: datetime) -> FetchError:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "unknown status"
    return FetchError(
        f"the server answered {status} ({phrase})",
        cause="status",
        status=status,
        retry_at=_retry_at(headers.get("retry-after", ""), now),
    )


def _retry_at(retry_after: str, now: datetime) -> datetime | None:
    """Read both forms of Retry-After (RFC 9110): seconds or a date; at most 30 days ahead."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text) if len(text) < 10 else LONGEST_RETRY_AFTER.total_seconds()
        return now + min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER)
    when = read_http_date(text)
    if when is None or when <= now:
        return None
    return min(when, now + LONGEST_RETRY_AFTER)


def _body(reply: Reply, headers: Mapping[str, str], caps: Caps, place: Place | None) -> bytes:
    kind = headers.get("content-type", "").lower().strip()
    if kind.startswith(NOT_TEXT) and "xml" not in kind:
        raise FetchError(f"this is {kind[:60]}, no text", cause="not_text")
    length = headers.get("content-length", "")
    is_long = length.isascii() and length.isdigit() and int(length[:20]) > caps.wire
    if is_long and caps.enough is None:
        raise FetchError(f"{length[:20]} bytes announced: refused", cause="too_big")

    def find_room(size: int) -> None:
        if place is not None and size > LARGE:
            place.take(reply.seconds_left())

    most, cuts = caps.enough or caps.inflated, caps.enough is not None
    inflater = Inflater(headers.get("content-encoding", ""), most, find_room, cuts=cuts)
    for piece in reply.pieces():
        inflater.feed(piece)
        if inflater.is_full:
            break
    return inflater.finish()
