"""Get an address politely and safely: the Fetch that goes to the network (promises 2, 3, 7, 8)."""

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode, urljoin

from tracker.domain.errors import Fault, FetchError, ParseError
from tracker.domain.model import Response, Validators
from tracker.domain.ports import Clock
from tracker.sources import answers
from tracker.sources.addresses import AddressGuard, Resolve
from tracker.sources.answers import Caps, Redirect
from tracker.sources.held import HeldHosts
from tracker.sources.inflate import ENCODINGS
from tracker.sources.lines import KeptLines
from tracker.sources.messages import Reply, read_reply, write_request
from tracker.sources.room import Place, Room
from tracker.sources.turns import Turns
from tracker.sources.urls import request_url
from tracker.sources.wire import Limits, Line, Target, open_line

MOST_HOPS = 10
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
    requests to one host. ``allow_networks`` opens networks that are not public. ``held`` knows the
    hosts that asked to be left alone. ``clock`` dates Retry-After; ``resolve``, ``monotonic``,
    ``sleep`` and ``tls`` stand for the system's own.
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
        held: HeldHosts | None = None,
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
        self._held = held or HeldHosts(clock)
        self._tls = tls
        self._kept = KeptLines(monotonic)
        self._room = Room()
        self._open: set[Line] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __call__(
        self, url: str, validators: Validators | None = None, *, tell_unchanged: bool = False
    ) -> Response | None:
        """Get ``url``, following redirects by hand; None for 'not changed'. Raises FetchError."""
        response = self._follow(url, validators or Validators(), self._caps)
        unchanged = response.status == answers.NOT_MODIFIED
        return None if unchanged and not tell_unchanged else response

    def beginning(self, url: str, most: int) -> Response:
        """Get the first ``most`` bytes of ``url``, however long it is. Raises FetchError."""
        return self._follow(url, Validators(), replace(self._caps, enough=most))

    def _follow(self, url: str, validators: Validators, caps: Caps) -> Response:
        place = self._room.place()
        try:
            response = self._walk(url, validators, caps, place)
        except BaseException:
            place.leave()
            raise
        place.leave_with(response)
        return response

    def _walk(self, url: str, validators: Validators, caps: Caps, place: Place) -> Response:
        limits: Limits | None = None
        seen: list[str] = []
        permanent = True
        here = url
        while True:
            asked = _request_url(here, seen)
            seen.append(asked)
            target = Target.of(asked)
            self._held.check(target.authority)
            patience = limits.seconds_left() if limits else None
            with self._turns.turn(target.host, patience):
                self._held.check(target.authority)
                limits = limits or Limits(self._timeout, self._caps.wire, self._monotonic)
                answer = self._ask(here, target, validators, limits, caps, place)
            if isinstance(answer, Response):
                moved = permanent and len(seen) > 1
                return replace(answer, moved_to=here) if moved else answer
            permanent = permanent and answer.permanent
            here = _next_address(here, answer)

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form to ``url``; FetchError unless it was accepted (2xx), also for a redirect."""
        target = Target.of(_request_url(url, []))
        self._held.check(target.authority)
        with self._turns.turn(target.host):
            limits = Limits(self._timeout, self._caps.wire, self._monotonic)
            self._ask(url, target, Validators(), limits, form=urlencode(form).encode())

    def slow_down(self, host: str, gap: float) -> None:
        """Rest for ``gap`` seconds between two requests to a host, if that is more than usual."""
        self._turns.slow_down(host, gap)

    def hear_of(self, held: Mapping[str, datetime]) -> None:
        """Leave these hosts alone until then: other processes were asked to."""
        self._held.hear_of(held)

    def resting(self) -> dict[str, float]:
        """The hosts that must not be asked yet, and for how many seconds."""
        return self._turns.resting()

    def close(self) -> None:
        """End every fetch that is under way and refuse new ones; safe to repeat."""
        with self._lock:
            self._closed = True
            under_way = list(self._open)
        for line in under_way:
            line.wake()
        self._kept.close()

    def _ask(
        self,
        here: str,
        target: Target,
        validators: Validators,
        limits: Limits,
        caps: Caps | None = None,
        place: Place | None = None,
        form: bytes | None = None,
    ) -> Response | Redirect:
        """Send one request to a checked address and read the answer; of a form only its status."""
        try:
            request = self._spell(target, validators, form)
            with contextlib.ExitStack() as stack:
                line, reply = self._exchange(target, request, limits, stack)
                if form is not None:
                    return answers.read_acceptance(here, reply, self._clock())
                caps = caps or self._caps
                answer = answers.read(here, reply, validators, caps, self._clock(), place)
                self._keep(target, line, reply, stack)
                return answer
        except FetchError as error:
            self._held.learn(target.authority, error)
            raise _about(here, error) from error
        except (OSError, ValueError) as error:
            raise _about(here, self._explain(error, limits)) from error

    def _spell(self, target: Target, validators: Validators, form: bytes | None) -> bytes:
        headers = self._headers | _conditions(validators)
        if form is None:
            return write_request("GET", target, headers)
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        return write_request("POST", target, headers, form)

    def _exchange(
        self, target: Target, request: bytes, limits: Limits, stack: contextlib.ExitStack
    ) -> tuple[Line, Reply]:
        """Send a request on a line that is still open, else on a new one, and hear the answer.

        The host is resolved and checked each time: a kept line is used where it leads to one of
        the addresses that were checked now. A form gets a line of its own, for nobody could tell
        whether a line that breaks had carried it. Leaving the stack hangs up.
        """
        limits.next_answer()
        addresses = self._guard.addresses(target.host, target.port, limits.seconds_left())
        kept = self._kept.take(target, addresses) if request.startswith(b"GET ") else None
        if kept is not None:
            with contextlib.suppress(OSError, ValueError):  # it may be hung up at this moment
                kept.limits = limits
                return self._use(kept, request, stack)
            kept.close()
        return self._use(open_line(target, addresses, limits, self._tls), request, stack)

    def _use(self, line: Line, request: bytes, stack: contextlib.ExitStack) -> tuple[Line, Reply]:
        stack.callback(self._hang_up, line)
        with self._lock:
            if self._closed:
                raise _stopped()
            self._open.add(line)
        line.send(request)
        return line, read_reply(line)

    def _hang_up(self, line: Line) -> None:
        with self._lock:
            self._open.discard(line)
        line.close()

    def _keep(self, target: Target, line: Line, reply: Reply, stack: contextlib.ExitStack) -> None:
        """Keep the line for the next request where the answer left it in order."""
        if not (reply.is_whole and reply.keeps):
            return
        with self._lock:
            if self._closed:
                return
            self._open.discard(line)
        stack.pop_all()
        self._kept.keep(target, line)

    def _explain(self, error: Exception, limits: Limits) -> FetchError:
        """Say in our words what the libraries raise."""
        if self._closed:
            return _stopped()
        if isinstance(error, TimeoutError):
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
        if not seen:
            raise FetchError(str(error), cause="bad_url") from error
        raise FetchError(f"{seen[-1]}: redirects, but {error}", cause="bad_redirect") from error
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
        raise FetchError(
            f"{here}: redirects to no address ({error})", cause="bad_redirect"
        ) from error


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
