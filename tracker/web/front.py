"""Answers that were made before are given again before Flask is asked: most requests are those.

An answer is kept whole, and compressed once in each encoding that is asked for. It holds for one
version of the data, for the next one too where nothing that it tells has changed, and until the
minute, or the day, is over, because pages say how long ago things were (``caching`` tells which).
Its tag comes from its content, so a reader who has it already is told so in any worker (RFC 9110,
8.8). Whoever is signed in or sends something goes past.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header, parse_date

from tracker.domain.errors import StoreError
from tracker.store.grounds import Ground
from tracker.store.version import DataVersion
from tracker.web import language
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

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""The encodings that we know, the better one first; brotli at 5 is as fast as gzip at 6."""

ADDRESS = ("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")

OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "content-language"})

KEPT = "tracker.kept"
"""Where ``caching`` notes for how long an answer may be given again."""

LAST, STILL = "tracker.last", "tracker.still"
"""What was last answered, for ``caching``; and where it notes that this is still so."""

STAFF = "session="
"""The cookie of a member of staff: what its holder sees is never kept."""

Question = tuple[str, ...]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Held:
    """For how long an answer holds: one version of one database's data, and until a moment.

    In another version it still holds where all that it rests on is as it was.
    """

    database: str
    version: str | None
    since: datetime
    until: datetime
    grounds: Sequence[Ground] = ()

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(one.size for one in self.grounds)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with its headers, in the encodings that were asked for so far."""

    held: Held
    made: datetime
    tag: str
    headers: Headers
    body: bytes
    given: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        given = sum(len(body) for _, body in self.given.values())
        return len(self.body) + given + self.held.size

    @property
    def unchanged(self) -> Headers:
        """The headers of a 304: all but those of the body."""
        return [one for one in self.headers if one[0].lower() not in OF_THE_BODY]


class Shelf:
    """The answers that one worker keeps."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Question, Kept] = OrderedDict()

    def get(self, question: Question) -> Kept | None:
        """What was last answered to a question."""
        kept = self._kept.get(question)
        if kept is not None:
            self._kept.move_to_end(question)
        return kept

    def put(self, question: Question, kept: Kept) -> None:
        """Keep an answer in place of the last one."""
        self._drop(question)
        self._kept[question] = kept
        self._used += kept.size
        while self._used > self._room and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def encoded(self, question: Question, kept: Kept, how: str) -> tuple[Headers, bytes]:
        """The answer in an encoding (or none, ``""``) with its headers, made once."""
        if how not in kept.given:
            shrunk = how and len(kept.body) >= SMALLEST and _may_shrink(kept.headers)
            body = ENCODERS[how](kept.body) if shrunk else kept.body
            more = [("Content-Encoding", how)] if shrunk else []
            length = ("Content-Length", str(len(body)))
            kept.given[how] = ([*kept.headers, *more, length], body)
            if self._kept.get(question) is kept:
                self._used += len(body)
        return kept.given[how]

    def _drop(self, question: Question) -> None:
        kept = self._kept.pop(question, None)
        if kept is not None:
            self._used -= kept.size


class Front:
    """Stands before the application."""

    def __init__(self, inner: WSGIApplication, app: Parts, good_for: float = 0) -> None:
        self._inner = inner
        self._app = app
        self._version = DataVersion(good_for)
        self._shelf = Shelf()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer again, or let the application answer and keep what may be kept."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or _goes_past(environ):
            return self._inner(environ, start)
        question = _question(environ)
        kept = self._shelf.get(question)
        if kept is not None and self._holds(kept.held):
            return self._give(question, kept, environ, start)
        if method == "HEAD":
            return self._inner(environ, start)
        environ[LAST] = kept
        return self._ask(question, environ, start)

    def version(self) -> str | None:
        """The version of the data now. Raises StoreError."""
        return self._version.of(self._app.database)

    def _holds(self, held: Held) -> bool:
        if not self.in_time(held):
            return False
        try:
            return held.version == self.version()
        except StoreError:
            return False  # the application says what is wrong

    def in_time(self, held: Held) -> bool:
        """Whether an answer was made of this database, and its time is not over."""
        ours = held.database == self._app.database.url
        return ours and held.since <= self._app.now() < held.until

    def _give(
        self, question: Question, kept: Kept, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        if _has_it(environ, kept):
            start("304 NOT MODIFIED", kept.unchanged)
            return [b""]
        headers, body = self._shelf.encoded(
            question, kept, _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        )
        start("200 OK", headers)
        return [body] if environ["REQUEST_METHOD"] == "GET" else [b""]

    def _ask(
        self, question: Question, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        told: list[Any] = []

        def listen(status: str, headers: Headers, error: Any = None) -> Callable[[bytes], object]:
            if environ.get(KEPT) is None:
                return start(status, headers, error)
            told[:] = headers
            return lambda _part: None

        answer = self._inner(environ, listen)
        held = environ.get(KEPT)
        if held is None:
            return answer
        body = b"".join(answer)
        if environ.get(STILL):
            kept = replace(environ[LAST], held=held)
        else:
            kept = self._kept(question, held, told, body)
        self._shelf.put(question, kept)
        return self._give(question, kept, environ, start)

    def _kept(self, question: Question, held: Held, headers: Headers, body: bytes) -> Kept:
        """The new answer; one of the same content is as old as it was."""
        tag = dict(headers)["ETag"].removeprefix("W/")
        last = self._shelf.get(question)
        made = last.made if last is not None and last.tag == tag else held.since
        own = [one for one in headers if one[0].lower() != "content-length"]
        return Kept(held, made, tag, [*own, ("Last-Modified", http_date(made))], body)


def _question(environ: WSGIEnvironment) -> Question:
    """All that an answer depends on but the data."""
    spoken = language.preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return (*(environ.get(name, "") for name in ADDRESS), spoken)


def _goes_past(environ: WSGIEnvironment) -> bool:
    return bool(environ.get("CONTENT_LENGTH")) or STAFF in environ.get("HTTP_COOKIE", "")


def _has_it(environ: WSGIEnvironment, kept: Kept) -> bool:
    """Whether the reader holds the same answer; the tag decides alone where there is one."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return kept.tag in tags or tags.strip() == "*"
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    known = parse_date(since) if since else None
    return known is not None and kept.made.replace(microsecond=0) <= known


@lru_cache(maxsize=500)
def _encoding(accepted: str) -> str:
    """The best of our encodings that a reader takes, or none."""
    takes = parse_accept_header(accepted, Accept)
    return next((how for how in ENCODERS if takes[how] > 0), "")


def encoding(accepted: str) -> str:
    """The same for answers that are not kept."""
    return _encoding(accepted)


def _may_shrink(headers: Headers) -> bool:
    return next(text for name, text in headers if name == "Content-Type").startswith(SHRINKS)
