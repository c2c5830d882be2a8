"""Answers kept in memory until the data change; 304 and compression (RFC 9110, 8.8 and 12.5.3).

An answer is kept for one state of the data and one minute, because pages say how long ago things
were. Its tag comes from its content, so a reader who has it already is told so in any worker.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b

import brotli
from flask import Flask, Response, current_app, request

from tracker.web import language
from tracker.web.front import KEPT, Front, State
from tracker.web.parts import Parts

ROOM = 48 * 1024 * 1024
"""Bytes of answers that one worker keeps; the one that was asked for longest ago goes first."""

SMALLEST = 600
"""Smaller answers are not worth compressing."""

SHRINKS = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "image/svg+xml",
)
OWN = ("Content-Security-Policy",)
"""Headers that a page may set for itself."""

STAFF = "session"
"""The cookie of a member of staff: what its holder sees is never kept."""


@dataclass(slots=True)
class Kept:
    """One answer, in the encodings that were asked for so far."""

    state: State
    body: bytes
    content_type: str
    tag: str
    made: datetime
    headers: tuple[tuple[str, str], ...] = ()
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + sum(len(one) for one in self.encoded.values())


class Shelf:
    """The answers that one worker keeps."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, address: str) -> Kept | None:
        """What was last answered to an address."""
        kept = self._kept.get(address)
        if kept is not None:
            self._kept.move_to_end(address)
        return kept

    def put(self, address: str, kept: Kept) -> None:
        """Keep an answer in place of the last one."""
        self.drop(address)
        self._kept[address] = kept
        self._used += kept.size
        while self._used > self._room and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def drop(self, address: str) -> None:
        """Forget an answer."""
        kept = self._kept.pop(address, None)
        if kept is not None:
            self._used -= kept.size

    def encode(self, address: str, kept: Kept, how: str) -> bytes:
        """The answer in an encoding, made once."""
        if how not in kept.encoded:
            body = ENCODERS[how](kept.body)
            kept.encoded[how] = body
            if self._kept.get(address) is kept:
                self._used += len(body)
        return kept.encoded[how]


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The encodings that we know, the better one first; brotli at 5 is as fast as gzip at 6."""


def prepare(web: Flask, app: Parts) -> None:
    """Give the application its shelf and what stands before it; other answers shrink too."""
    web.extensions["shelf"] = Shelf()
    web.extensions["front"] = Front(web.wsgi_app, app)
    web.wsgi_app = web.extensions["front"]  # type: ignore[method-assign]

    @web.after_request
    def shrink(response: Response) -> Response:
        if _may_shrink(response):
            how = _encoding()
            if how:
                response.direct_passthrough = False  # files of ours are small
                response.set_data(ENCODERS[how](response.get_data()))
                response.headers["Content-Encoding"] = how
            response.vary.add("Accept-Encoding")
        return response


def keep(app: Parts, make: Callable[[], Response]) -> Response:
    """The answer to this request: the kept one while it holds, else a new one."""
    if STAFF in request.cookies:
        return make()
    shelf: Shelf = current_app.extensions["shelf"]
    front: Front = current_app.extensions["front"]
    address, state = _address(), front.state()
    kept = shelf.get(address)
    if kept is None or kept.state != state:
        response = make()
        if response.status_code != 200 or response.is_streamed:
            return response
        kept = _keep(response, state, kept, app.now())
        shelf.put(address, kept)
    request.environ[KEPT] = state
    return _answer(shelf, address, kept)


def _address() -> str:
    """All that an answer depends on but the data."""
    return "\n".join((request.host_url, request.full_path, language.chosen()))


def _keep(response: Response, state: State, last: Kept | None, now: datetime) -> Kept:
    """The new answer; one of the same content goes on as it was."""
    body = response.get_data()
    tag = blake2b(body, digest_size=12).hexdigest()
    if last is not None and last.tag == tag:
        return replace(last, state=state)
    own = tuple((name, response.headers[name]) for name in OWN if name in response.headers)
    return Kept(state, body, response.content_type or "", tag, now, own)


def _answer(shelf: Shelf, address: str, kept: Kept) -> Response:
    how = _encoding() if len(kept.body) >= SMALLEST else None
    body = shelf.encode(address, kept, how) if how else kept.body
    response = Response(body, content_type=kept.content_type)
    response.headers.extend(kept.headers)
    if how:
        response.headers["Content-Encoding"] = how
    response.set_etag(kept.tag, weak=True)
    response.last_modified = kept.made
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    response.make_conditional(request)
    return response


def _encoding() -> str | None:
    accepted = request.accept_encodings
    return next((how for how in ENCODERS if accepted[how] > 0), None)


def _may_shrink(response: Response) -> bool:
    """Answers of text that are big enough and not yet compressed."""
    return (
        response.status_code == 200
        and "Content-Encoding" not in response.headers
        and (response.content_type or "").startswith(SHRINKS)
        and (response.content_length or 0) >= SMALLEST
    )
