"""Whether a site lets us read a page: robots.txt (RFC 9309, promise 7)."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from tracker.domain.errors import Fault, FetchError, ParseError
from tracker.domain.model import Response
from tracker.domain.ports import Clock
from tracker.sources.urls import request_url

KEPT_FOR = timedelta(hours=24)
TRIED_AGAIN_AFTER = {Fault.THEIRS: timedelta(hours=1), Fault.OURS: timedelta(minutes=5)}
LONGEST_FILE = 500 * 1024
"""Bytes that are read of a file, as RFC 9309 asks; what stands behind them is not obeyed."""

LONGEST_DELAY = 60.0
MOST_HOSTS = 2_000
MOST_SITEMAPS = 500
LOCKS = 64
NO_FILE = frozenset({204, *range(400, 500)}) - {429}


Beginning = Callable[[str, int], Response | None]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host's robots.txt says; ``refusal`` when it could not be read and nothing is known."""

    parsed: Protego | None
    expires: datetime
    refusal: str | None = None
    fault: Fault = Fault.THEIRS


class Robots:
    """Reads each host's robots.txt once a day. No file (4xx): all is allowed.

    A file that cannot be had now (5xx, timeout) forbids the host's pages for an hour. ``fetch``
    gets so many bytes of the beginning of an address; ``clock`` tells when a file is old;
    ``slow_down`` hears of a host that asks for a pause between two requests (Crawl-delay, up to a
    minute).
    """

    def __init__(
        self, fetch: Beginning, clock: Clock, slow_down: Callable[[str, float], None] | None = None
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._slow_down = slow_down
        self._lock = threading.Lock()
        self._reading = [threading.Lock() for _ in range(LOCKS)]
        self._hosts: OrderedDict[str, _Rules] = OrderedDict()

    def allowed(self, url: str, user_agent: str) -> bool:
        """Whether ``user_agent`` may read ``url`` now."""
        try:
            self.check(url, user_agent)
        except FetchError:
            return False
        return True

    def check(self, url: str, user_agent: str) -> None:
        """Raise FetchError that tells why ``user_agent`` may not read ``url`` now.

        Its cause is ``robots`` when the site forbids the page; when robots.txt could not be had,
        the fault is whose it was, and ``retry_at`` says when it is tried again.
        """
        try:
            asked = request_url(url)
        except ParseError as error:
            raise FetchError(str(error), cause="bad_url") from error
        rules = self._rules(asked)
        if rules.refusal is not None:
            raise FetchError(
                rules.refusal, cause="robots", fault=rules.fault, retry_at=rules.expires
            )
        self._respect_delay(rules, asked, user_agent)
        if rules.parsed is not None and not rules.parsed.can_fetch(asked, user_agent):
            raise FetchError(f"robots.txt of the site forbids {url[:300]}", cause="robots")

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the site of an address names; none where its file cannot be had."""
        parsed = self._rules(request_url(url)).parsed
        named = () if parsed is None else parsed.sitemaps
        return list(dict.fromkeys(named))[:MOST_SITEMAPS]

    def _respect_delay(self, rules: _Rules, url: str, user_agent: str) -> None:
        delay = rules.parsed.crawl_delay(user_agent) if rules.parsed is not None else None
        if self._slow_down is not None and delay:
            self._slow_down(urlsplit(url).hostname or "", min(float(delay), LONGEST_DELAY))

    def _rules(self, url: str) -> _Rules:
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        with self._reading[hash(site) % LOCKS]:  # one thread asks, the others wait for what it got
            now = self._clock()
            known = self._hosts.get(site)
            if known is None or known.expires <= now:
                known = self._read(site, now)
                self._keep(site, known)
        return known

    def _keep(self, site: str, rules: _Rules) -> None:
        with self._lock:
            self._hosts[site] = rules
            self._hosts.move_to_end(site)
            while len(self._hosts) > MOST_HOSTS:
                self._hosts.popitem(last=False)

    def _read(self, site: str, now: datetime) -> _Rules:
        try:
            response = self._fetch(site, LONGEST_FILE)
        except FetchError as error:
            return _without_file(site, error, now)
        body = _whole_lines(response.body) if response else b""
        return _Rules(Protego.parse(body.decode("utf-8", "replace")), now + KEPT_FOR)


def _whole_lines(body: bytes) -> bytes:
    """What is read of a file, less the rule that it breaks off in: its half would say more."""
    if len(body) < LONGEST_FILE:
        return body
    return b"\n".join(body[:LONGEST_FILE].splitlines()[:-1])


def _without_file(site: str, error: FetchError, now: datetime) -> _Rules:
    """Decide for a host whose file could not be had: 4xx, or no content, means that there is none.

    Only 429 asks for patience.
    """
    if error.status in NO_FILE:
        return _Rules(None, now + KEPT_FOR)
    again = max(now + TRIED_AGAIN_AFTER[error.fault], error.retry_at or now)
    refusal = (
        f"{site} cannot be read now, so the site's pages are left alone until "
        f"{again:%Y-%m-%d %H:%M} UTC ({error})"
    )
    return _Rules(None, again, refusal, error.fault)
