"""Get an address politely and safely: the Fetch that goes to the network (promises 2, 3, 7, 8)."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from tracker.domain.errors import Fault, FetchError, ParseError
from tracker.domain.model import Response, Validators
from tracker.domain.ports import Clock
from tracker.sources import answers
from tracker.sources.addresses import AddressGuard, Resolve
from tracker.sources.answers import Caps, Redirect
from tracker.sources.inflate import ENCODINGS
from tracker.sources.turns import Turns
from tracker.sources.urls import request_url
from tracker.sources.wire import Limits, limit_reads, open_connection, tls_context

MOST_HOPS = 10
PORTS = {"http": 80, "https": 443}
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, "
    "application/xhtml+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
ACCEPT_LANGUAGE = "en, *;q=0.5"


class HttpFetch:
    """A Fetch with an address guard, one deadline, caps, and manners.

    ``timeout`` (seconds) bounds name, connection, TLS, redirects and body together; it starts when
    the host is free, for waiting our turn is no fault of the publisher. ``max_bytes`` is meant on
    the wire, ``max_inflated`` after unpacking. ``host_gap`` is the rest in seconds between two
    requests to one host. ``allow_networks`` opens networks that are not public. ``clock`` dates
    Retry-After; ``resolve``, ``monotonic``, ``sleep`` and ``tls`` stand for the system's own.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        timeout: float = 30.0,
        max_bytes: int = 10_000_000,
        max_inflated: int = 30_000_000,
        host_gap: float = 1.0,
        allow_networks: Sequence[str] = (),
        resolve: Resolve | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = {
            "User-Agent": user_agent,
            "Accept": ACCEPT,
            "Accept-Language": ACCEPT_LANGUAGE,
            "Accept-Encoding": ENCODINGS,
        }
        self._clock = clock
        self._timeout = timeout
        self._caps = Caps(max_bytes, max_inflated)
        self._guard = AddressGuard(allow_networks, resolve)
        self._turns = Turns(host_gap, monotonic, sleep)
        self._monotonic = monotonic
        self._tls = limit_reads(tls) if tls else None
        self._open: set[HTTPConnection] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __call__(
        self, url: str, validators: Validators | None = None, *, tell_unchanged: bool = False
    ) -> Response | None:
        """Get ``url``, following redirects by hand; None for 'not changed'. Raises FetchError."""
        response = self._follow(url, validators or Validators())
        unchanged = response.status == answers.NOT_MODIFIED
        return None if unchanged and not tell_unchanged else response

    def _follow(self, url: str, validators: Validators) -> Response:
        limits: Limits | None = None
        seen: list[str] = []
        permanent = True
        here = url
        while True:
            target = _request_url(here, seen)
            seen.append(target)
            patience = limits.seconds_left() if limits else None
            with self._turns.turn(urlsplit(target).hostname or "", patience):
                limits = limits or Limits(self._timeout, self._caps.wire, self._monotonic)
                answer = self._ask(here, target, validators, limits)
            if isinstance(answer, Response):
                moved = permanent and len(seen) > 1
                return replace(answer, moved_to=here if moved else None)
            permanent = permanent and answer.permanent
            here = _next_address(here, answer)

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form to ``url``; FetchError unless it was accepted (2xx), also for a redirect."""
        target = _request_url(url, [])
        with self._turns.turn(urlsplit(target).hostname or ""):
            limits = Limits(self._timeout, self._caps.wire, self._monotonic)
            self._ask(url, target, Validators(), limits, urlencode(form))

    def slow_down(self, host: str, gap: float) -> None:
        """Rest for ``gap`` seconds between two requests to a host, if that is more than usual."""
        self._turns.slow_down(host, gap)

    def close(self) -> None:
        """End every fetch that is under way and refuse new ones; safe to repeat."""
        with self._lock:
            self._closed = True
            under_way = list(self._open)
        for connection in under_way:
            _shut(connection)

    def _ask(
        self,
        here: str,
        target: str,
        validators: Validators,
        limits: Limits,
        form: str | None = None,
    ) -> Response | Redirect:
        """Send one request to a checked address and read the answer; of a form only its status."""
        try:
            connection = self._prepare(target, limits)
            try:
                _send(connection, target, self._headers | _conditions(validators), form)
                with connection.getresponse() as reply:
                    if form is not None:
                        return answers.read_acceptance(here, reply, self._clock())
                    return answers.read(here, reply, validators, self._caps, self._clock())
            finally:
                connection.close()
                with self._lock:
                    self._open.discard(connection)
        except FetchError as error:
            raise _about(here, error) from error
        except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
            raise _about(here, self._explain(error, limits)) from error

    def _prepare(self, target: str, limits: Limits) -> HTTPConnection:
        """Resolve and check the host, and make a connection that is not open yet."""
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        limits.next_answer()
        addresses = self._guard.addresses(host, port, limits.seconds_left())
        tls = self._tls or tls_context()
        connection = open_connection(parts.scheme, host, port, addresses, limits, tls)
        with self._lock:
            if self._closed:
                raise _stopped()
            self._open.add(connection)
        return connection

    def _explain(self, error: Exception, limits: Limits) -> FetchError:
        """Say in our words what the libraries raise."""
        if self._closed:
            return _stopped()
        if isinstance(error, TimeoutError | ReadTimeoutError):
            return limits.too_late()
        if isinstance(error, ssl.SSLError):
            return FetchError(f"no secure connection ({error})", cause="tls")
        reason = str(error) or type(error).__name__
        return FetchError(
            f"the answer breaks off or is no HTTP ({reason[:200]})", cause="broken_answer"
        )


def _request_url(here: str, seen: Sequence[str]) -> str:
    """Spell an address for the request; FetchError when it is none, or leads in a circle."""
    try:
        target = request_url(here)
    except ParseError as error:
        raise FetchError(str(error), cause="bad_url") from error
    if target in seen or len(seen) > MOST_HOPS:
        raise FetchError(
            f"{seen[0]}: redirects in a circle, or more than {MOST_HOPS} times",
            cause="too_many_redirects",
        )
    return target


def _next_address(here: str, redirect: Redirect) -> str:
    """Resolve a Location header; its bytes are UTF-8 more often than Latin-1."""
    location = redirect.location
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(here, location.strip())
    except ValueError as error:
        raise FetchError(f"{here}: redirects to no address ({error})", cause="bad_url") from error


def _send(
    connection: HTTPConnection, target: str, headers: dict[str, str], form: str | None
) -> None:
    parts = urlsplit(target)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if form is not None:
        headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request(
        "GET" if form is None else "POST",
        path,
        body=form,
        headers=headers,
        preload_content=False,
        decode_content=False,
    )


def _conditions(validators: Validators) -> dict[str, str]:
    """Ask 'has it changed?' with what the server gave, byte for byte."""
    conditions = {}
    if validators.etag:
        conditions["If-None-Match"] = validators.etag
    if validators.last_modified:
        conditions["If-Modified-Since"] = validators.last_modified
    return conditions


def _about(url: str, error: FetchError) -> FetchError:
    """Give the same failure with the address that it happened at."""
    return FetchError(
        f"{url[:300]}: {error}",
        cause=error.cause,
        fault=error.fault,
        status=error.status,
        retry_at=error.retry_at,
    )


def _stopped() -> FetchError:
    return FetchError("fetching was stopped", cause="stopped", fault=Fault.OURS)


def _shut(connection: HTTPConnection) -> None:
    """Wake the thread that reads from a connection."""
    sock = connection.sock
    try:
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was closing by itself
