"""Answers that were made before are given again before Flask is asked: most requests are those.

An answer is kept as it went out, with its headers, for exactly the same question: address, host,
language and encoding. It holds for one version of the data and one minute (``caching``). Whoever is
signed in, sends something or asks for a part goes past.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tracker.domain.errors import StoreError
from tracker.store.version import DataVersion
from tracker.web.parts import Parts

ROOM = 24 * 1024 * 1024
"""Bytes of answers that one worker keeps here."""

QUESTION = (
    "wsgi.url_scheme",
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
)
ASIDE = ("HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "CONTENT_LENGTH")
"""Whoever sends one of these is answered by Flask, but for a tag that decides alone."""

OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "content-language"})

KEPT = "tracker.kept"
"""Where ``caching`` notes that an answer may be given again."""

State = tuple[str, str | None, int]
"""The database, the version of its data, and the minute."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it went out."""

    state: State
    headers: list[tuple[str, str]]
    body: bytes
    tag: str

    @property
    def unchanged(self) -> list[tuple[str, str]]:
        """The headers of a 304: all but those of the body."""
        return [one for one in self.headers if one[0].lower() not in OF_THE_BODY]


class Front:
    """Stands before the application."""

    def __init__(self, inner: WSGIApplication, app: Parts) -> None:
        self._inner = inner
        self._app = app
        self._version = DataVersion()
        self._given: OrderedDict[tuple[str, ...], Given] = OrderedDict()
        self._used = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer again, or let the application answer and keep what may be kept."""
        if environ["REQUEST_METHOD"] != "GET" or self._goes_past(environ):
            return self._inner(environ, start)
        question = tuple(environ.get(name, "") for name in QUESTION)
        given = self._given.get(question)
        if given is None or given.state != self._state_or_none():
            return self._ask(question, environ, start)
        self._given.move_to_end(question)
        if given.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start("304 NOT MODIFIED", given.unchanged)
            return [b""]
        start("200 OK", given.headers)
        return [given.body]

    def state(self) -> State:
        """What an answer holds for."""
        version = self._version.of(self._app.database)
        return self._app.database.url, version, int(self._app.now().timestamp()) // 60

    def _state_or_none(self) -> State | None:
        """None where the database cannot be read: then the application says so."""
        try:
            return self.state()
        except StoreError:
            return None

    def _goes_past(self, environ: WSGIEnvironment) -> bool:
        if "HTTP_IF_NONE_MATCH" in environ:
            return any(environ.get(name) for name in ASIDE if name != "HTTP_IF_MODIFIED_SINCE")
        return any(environ.get(name) for name in ASIDE)

    def _ask(
        self, question: tuple[str, ...], environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        told: list[Any] = []

        def listen(status: str, headers: Any, error: Any = None) -> Callable[[bytes], object]:
            told[:] = [status, headers]
            return start(status, headers, error)

        answer = self._inner(environ, listen)
        state = environ.get(KEPT)
        if state is None or not told or not told[0].startswith("200"):
            return answer
        body = b"".join(answer)
        headers = dict(told[1])
        tag = headers.get("ETag", "")
        if tag and "Set-Cookie" not in headers:
            self._keep(question, Given(state, list(told[1]), body, tag.removeprefix("W/")))
        return [body]

    def _keep(self, question: tuple[str, ...], given: Given) -> None:
        last = self._given.pop(question, None)
        self._used += len(given.body) - (len(last.body) if last else 0)
        self._given[question] = given
        while self._used > ROOM:
            _, oldest = self._given.popitem(last=False)
            self._used -= len(oldest.body)
