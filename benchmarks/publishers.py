"""Publishers on loopback, each of which wants one manner kept, and how well it was (promise 7).

A publisher answers feed requests by a simulated clock and remembers when each came. What it wants
is judged by those requests alone, so that any program can be held to it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

from tests.parts.site import Answer, Request, Site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime.fromisoformat("2020-06-01T09:00:00+00:00")
END = BEGIN + 14 * DAY
SLACK = timedelta(seconds=1)
AGENT = re.compile(r"[\w.-]+/\d[\w.]*.*(?:https?://|mailto:|[\w.]+@)", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """One request, when it came, and what was answered."""

    when: datetime
    request: Request
    answer: Answer | None

    def sent(self, header: str) -> str | None:
        """A header of the request, by its lower-case name."""
        return self.request.headers.get(header)


Seen = Sequence[Asked]
Say = Callable[[Request, datetime, int], Answer]
Judge = Callable[[Seen], float]


@dataclass
class Publisher:
    """One host with a feed: ``say`` gets the request, the moment, and how many came before."""

    manner: str
    say: Say
    judge: Judge
    path: str = "/feed"
    seen: list[Asked] = field(default_factory=list)

    def open(self, host: str, clock: Callable[[], datetime]) -> Site:
        """Serve the feed."""
        site = Site(host)

        def answer(request: Request) -> Answer:
            said = self.say(request, clock(), len(self.seen))
            self.seen.append(Asked(clock(), request, said))
            return said

        for path in (self.path, "/new", "/robots.txt", *(f"/{n}" for n in range(20))):
            site.answer(path, answer)
        return site


# --- what they publish ----------------------------------------------------------------------------


def rss(now: datetime, every: timedelta, more: str = "", size: int = 10) -> bytes:
    """A feed of the newest entries, of which one appears ``every`` so often."""
    newest = (now - BEGIN) // every + 20
    items = "".join(
        f"<item><title>Report {n}</title><guid>urn:report:{n}</guid>"
        f"<pubDate>{format_datetime(BEGIN + (n - 20) * every, usegmt=True)}</pubDate></item>"
        for n in range(newest - size + 1, newest + 1)
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{more}{items}</channel></rss>".encode()


def feed(every: timedelta = DAY, more: str = "", **headers: str) -> Say:
    """Answer with a feed; headers are named with strokes below.

    In them NOW+n is a date n hours ahead, N counts what was published, SINCE is when that was.
    """

    def say(_request: Request, now: datetime, _before: int) -> Answer:
        number = (now - BEGIN) // every
        since = BEGIN + number * every
        said = {
            name.replace("_", "-"): _dated(value, now)
            .replace("SINCE", since.strftime("%a, %d %b %Y %H:%M:%S"))
            .replace("N", str(number) if name == "ETag" else "N")
            for name, value in headers.items()
        }
        return Answer(rss(now, every, more), headers=said)

    return say


def _dated(value: str, now: datetime) -> str:
    if not value.startswith("NOW+"):
        return value
    return format_datetime(now + int(value[4:]) * HOUR, usegmt=True)


def lies(request: Request, now: datetime, _before: int) -> Answer:
    """Say 'unchanged' to every validator, whatever is new."""
    if "if-none-match" in request.headers:
        return Answer(b"", 304, {"ETag": '"same"'})
    return Answer(rss(now, DAY), headers={"ETag": '"same"'})


def fails(status: int, after: timedelta = DAY) -> Say:
    """Answer for a day, then fail for good."""
    works = feed(6 * HOUR)
    return lambda request, now, before: (
        works(request, now, before) if now - BEGIN < after else Answer(b"", status)
    )


def asks_for_rest(status: int, hours: int, as_date: bool) -> Say:
    """Every third answer asks to be left alone for some hours."""
    works = feed(HOUR)

    def say(request: Request, now: datetime, before: int) -> Answer:
        if before % 3 != 2:
            return works(request, now, before)
        rest = _dated(f"NOW+{hours}", now) if as_date else str(hours * 3600)
        return Answer(b"", status, {"Retry-After": rest})

    return say


def moves(status: int) -> Say:
    """Redirect within the host from the second day on."""
    works = feed(12 * HOUR)

    def say(request: Request, now: datetime, before: int) -> Answer:
        if request.path == "/feed" and now - BEGIN > DAY:
            return Answer(b"", status, {"Location": "/new"})
        return works(request, now, before)

    return say


def articles(request: Request, now: datetime, _before: int) -> Answer:
    """A feed of an article a day, and a robots.txt that forbids every second one."""
    if request.path == "/robots.txt":
        kept = "".join(f"Disallow: /{n}$\n" for n in range(1, 20, 2))
        return Answer(f"User-agent: *\n{kept}".encode(), headers={"Content-Type": "text/plain"})
    if request.path != "/articles":
        words = "<p>The council of the harbour town voted to end its contract, it was said.</p>" * 9
        page = f"<html lang=en><body><article>{words}</article></body></html>"
        return Answer(page.encode(), headers={"Content-Type": "text/html"})
    days = (now - BEGIN) // DAY + 1
    links = "".join(f"<item><guid>{n}</guid><link>/{n}</link></item>" for n in range(days))
    return Answer(f"<rss version='2.0'><channel>{links}</channel></rss>".encode())


# --- how it is judged: 1 where all was as wished --------------------------------------------------


def share(kept: Sequence[bool]) -> float:
    """The part of what could be kept that was; nothing is worth nothing."""
    return sum(kept) / len(kept) if kept else 0.0


def gaps(seen: Seen) -> list[timedelta]:
    """The times between two requests."""
    return [later.when - earlier.when for earlier, later in pairwise(seen)]


def validators_came_back(seen: Seen) -> float:
    """Byte for byte those of the last whole answer; none at all is right once a week."""
    kept, given, whole_at = [], None, BEGIN
    for asked in seen:
        sent = (asked.sent("if-none-match"), asked.sent("if-modified-since"))
        if given is not None:
            is_weekly = sent == (None, None) and asked.when - whole_at >= 6 * DAY
            kept.append(sent == given or is_weekly)
        if asked.answer and "if-none-match" not in asked.request.headers:
            whole_at = asked.when
        if asked.answer and asked.answer.status == 200:
            fields = asked.answer.headers
            given = (fields.get("ETag"), fields.get("Last-Modified"))
    return share(kept)


def liar_was_found_out(seen: Seen) -> float:
    """Asked for the whole between the second and the tenth day."""
    days = [(a.when - BEGIN) / DAY for a in seen if a.sent("if-none-match") is None]
    return float(any(2 <= day <= 10 for day in days))


def waited(hours: float) -> Judge:
    """Never asked again before so many hours."""
    return lambda seen: share([gap >= hours * HOUR - SLACK for gap in gaps(seen)])


def never_in(hours: range | tuple[int, ...], days: tuple[int, ...] = ()) -> Judge:
    """Not asked in these hours (UTC) or on these days, once the feed had said so."""
    return lambda seen: share(
        [a.when.hour not in hours and a.when.weekday() not in days for a in seen[1:]]
    )


def rested(hours: int) -> Judge:
    """After each refusal nothing came for so many hours."""
    return lambda seen: share(
        [
            later.when - earlier.when >= hours * HOUR - SLACK
            for earlier, later in pairwise(seen)
            if earlier.answer and earlier.answer.status >= 400
        ]
    )


def backed_off(seen: Seen) -> float:
    """Each wait after a failure is longer than the one before, until it is most of a day."""
    failed = [a for a in seen if a.answer and a.answer.status >= 400]
    waits = gaps(failed)
    longer = [b >= a * 1.4 or b >= 20 * HOUR for a, b in pairwise(waits)]
    return share(longer) * (len(failed) > 2)


def stopped(seen: Seen) -> float:
    """One 410 was enough."""
    return float(sum(1 for a in seen if a.answer and a.answer.status == 410) == 1)


def move_was_learned(seen: Seen) -> float:
    """The old address is not asked for ever, and the new one is."""
    old = [a for a in seen if a.answer and a.answer.status in (301, 308)]
    new = [a for a in seen if a.request.path == "/new"]
    return float(1 <= len(old) <= 5 and len(new) > len(old))


def move_was_not_believed(seen: Seen) -> float:
    """A temporary one: the old address is asked to the end."""
    old = [a.when for a in seen if a.request.path == "/feed"]
    return float(END - old[-1] < 2 * DAY)


def robots_was_heard(seen: Seen) -> float:
    """No forbidden page, the file before any page, and about once a day."""
    paths = [a.request.path for a in seen]
    pages = [path for path in paths if path[1:].isdigit()]
    if not pages:
        return 1.0  # a program that reads no pages disturbs nobody
    forbidden = any(int(path[1:]) % 2 for path in pages)
    first = "/robots.txt" in paths and paths.index("/robots.txt") < paths.index(pages[0])
    return float(not forbidden and first and paths.count("/robots.txt") <= 16)


def left_in_peace(seen: Seen) -> float:
    """A feed that never changes is asked at most four times a day in the second week."""
    late = [a for a in seen if a.when > BEGIN + 7 * DAY]
    return float(1 <= len(late) <= 28)


def nothing_was_missed(seen: Seen) -> float:
    """Ten entries cover five hours: who comes later misses some. Counted from the second day."""
    late = [a for a in seen if a.when > BEGIN + DAY]
    return share([gap <= 5 * HOUR for gap in gaps(late)])


def says_who_asks(seen: Seen) -> float:
    """A name, a version, and where to reach who runs it."""
    return share([bool(AGENT.search(a.sent("user-agent") or "")) for a in seen])


def takes_gzip(seen: Seen) -> float:
    """Accepts a compressed answer."""
    return share(["gzip" in (a.sent("accept-encoding") or "") for a in seen])


def apart(every: Sequence[Seen]) -> float:
    """Feeds that were added together are not asked in the same minute for ever."""
    last = {seen[-1].when.replace(second=0) for seen in every if seen}
    return len(last) / len(every)


WEEKEND = "<day>Saturday</day><day>Sunday</day>"
NIGHT = (22, 23, 0, 1, 2, 3, 4)
HOURS = "".join(f"<hour>{hour}</hour>" for hour in NIGHT)


def every_publisher() -> list[Publisher]:
    """All of them, by manner; several of one manner share its points."""
    validators = [
        feed(ETag='"N"'),
        feed(ETag='W/"a N"'),
        feed(ETag="N-unquoted"),
        feed(Last_Modified="SINCE GMT"),
        feed(ETag='"N"', Last_Modified="SINCE +0000"),
    ]
    busy = timedelta(minutes=20)
    return [
        *(Publisher("validators", say, validators_came_back) for say in validators),
        Publisher("lying validators", lies, liar_was_found_out),
        Publisher("max-age", feed(busy, ETag='"N"', Cache_Control="max-age=21600"), waited(6)),
        Publisher(
            "max-age", feed(busy, Cache_Control="public, max-age=14400", Age="3600"), waited(3)
        ),
        Publisher("Expires", feed(busy, Expires="NOW+5"), waited(5)),
        Publisher("ttl", feed(busy, "<ttl>240</ttl>"), waited(4)),
        Publisher("skipHours", feed(HOUR, f"<skipHours>{HOURS}</skipHours>"), never_in(NIGHT)),
        Publisher("skipDays", feed(HOUR, f"<skipDays>{WEEKEND}</skipDays>"), never_in((), (5, 6))),
        Publisher("Retry-After", asks_for_rest(429, 7, as_date=False), rested(7)),
        Publisher("Retry-After", asks_for_rest(503, 9, as_date=True), rested(9)),
        *(Publisher("back-off", fails(status), backed_off) for status in (404, 429, 500, 503)),
        Publisher("gone", fails(410), stopped),
        Publisher("lasting moves", moves(301), move_was_learned),
        Publisher("lasting moves", moves(308), move_was_learned),
        Publisher("temporary moves", moves(302), move_was_not_believed),
        Publisher("temporary moves", moves(307), move_was_not_believed),
        Publisher("robots.txt", articles, robots_was_heard, "/articles"),
        *(Publisher("quiet feeds", feed(365 * DAY, ETag='"N"'), left_in_peace) for _ in range(6)),
        Publisher("busy feeds", feed(timedelta(minutes=30)), nothing_was_missed),
    ]
