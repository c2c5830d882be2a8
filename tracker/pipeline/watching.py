"""Which sources are watched: look at an address, add, import, pause, resume."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.domain.codes import Origin, SourceKind, SourceStatus
from tracker.domain.errors import FetchError, ParseError, TrackerError, UsageError
from tracker.domain.model import ArticleId, Feed, Response, Source, SourceId, Validators
from tracker.domain.ports import Clock, Fetch, ParseFeed
from tracker.sources.discovery import FeedLink, common_places, is_page
from tracker.sources.urls import request_url
from tracker.store import entries, organisations, sources
from tracker.store.database import Database, Session

if TYPE_CHECKING:
    from tracker.sources.lists import Listed

MENDS = {
    "dns": "check the spelling of the host; if others fail too, our own network or DNS is down",
    "timeout": "the server is slow or our network is; it is tried again later",
    "blocked_address": "the host is not on the public network; an operator may list its network "
    "in fetch.allow_networks",
    "refused": "nothing listens there now; check host and port",
    "tls": "the certificate of the server does not hold; ask its publisher, or use http://",
    "bad_url": "write the address as https://host/path",
    "bad_redirect": "their server leads nowhere: look for the feed's own address on the site",
    "too_many_redirects": "use the address where the redirects should end",
    "too_big": "raise fetch.max_bytes if this is really a feed",
    "not_a_feed": "look for the feed's own address on the site, or add it with --kind page",
}
MENDS_BY_KIND = {
    SourceKind.SITEMAP: "give the address of a sitemap that lists articles",
    SourceKind.WATCHED: "watch the page that holds the words themselves",
}
MENDS_BY_STATUS = {
    401: "the publisher asks for a password, which cannot be given",
    403: "the publisher refuses us: set fetch.contact, so that we introduce ourselves",
    404: "there is nothing at this address: look for the new one on the site",
    410: "the publisher has taken it away for good",
    429: "we were too quick for them: it is tried again later",
}
THEIR_SERVER = "their server has a fault: it is tried again later"


@dataclass(frozen=True, slots=True)
class Watching:
    """The parts that looking at a source is given."""

    fetch: Fetch
    readers: Mapping[SourceKind, ParseFeed]
    feed_links: Callable[[Response], list[FeedLink]]
    now: Clock


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address gave when it was asked once: a feed, or an error with its mend.

    A page that is no feed may list articles (``listing``) and name feeds (``links``). A sitemap or
    a watched page counts as a feed where that is what was looked for.
    """

    url: str
    response: Response | None = None
    feed: Feed | None = None
    listing: Feed | None = None
    links: tuple[FeedLink, ...] = ()
    error: TrackerError | None = None
    mend: str = ""
    kind: SourceKind = SourceKind.FEED

    @property
    def address(self) -> str:
        """The address to watch: the new one where the publisher has moved it for good."""
        return (self.response.moved_to if self.response else None) or self.url

    @property
    def newest(self) -> datetime | None:
        """When the newest dated entry was published."""
        found = self.feed or self.listing
        entries = found.entries if found else ()
        return max((e.published for e in entries if e.published), default=None)

    @property
    def is_site(self) -> bool:
        """Whether it answered with a page of HTML where a feed was looked for."""
        return self.response is not None and self.feed is None and is_page(self.response)

    @property
    def never_works(self) -> bool:
        """Whether asking again cannot help: the address is wrong, not public, or no sitemap."""
        error = self.error
        if self.kind is SourceKind.SITEMAP and isinstance(error, ParseError):
            return True
        return isinstance(error, FetchError) and error.cause in {"blocked_address", "bad_url"}


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one source that was to be watched."""

    line: int
    name: str
    outcome: str
    reason: str = ""


def look(watching: Watching, url: str, kind: SourceKind | None = None) -> Seen:
    """Ask an address once and say what is there; nothing is written.

    A sitemap or a watched page is only seen where it is looked for: ``kind``.
    """
    try:
        response = watching.fetch(url, Validators())
    except TrackerError as error:
        return Seen(url, error=error, mend=mend_for(error))
    if response is None:
        silent = ParseError(f"{url}: the server sent nothing")
        return Seen(url, error=silent, mend=THEIR_SERVER)
    own = kind if kind in (SourceKind.SITEMAP, SourceKind.WATCHED) else SourceKind.FEED
    try:
        return Seen(url, response, watching.readers[own](response, watching.now()), kind=own)
    except ParseError as error:
        if own in MENDS_BY_KIND:
            return Seen(url, response, kind=own, error=error, mend=MENDS_BY_KIND[own])
        return replace(_as_page(watching, response, error), url=url)


def _as_page(watching: Watching, response: Response, no_feed: ParseError) -> Seen:
    listing = None
    if is_page(response):
        with suppress(ParseError):
            listing = watching.readers[SourceKind.PAGE](response, watching.now())
    links = tuple(watching.feed_links(response))
    mend = MENDS["not_a_feed"]
    return Seen(response.url, response, None, listing, links, no_feed, mend)


def mend_for(error: TrackerError) -> str:
    """What a person may do about a source that could not be had."""
    if isinstance(error, FetchError) and error.status is not None:
        server = THEIR_SERVER if error.status >= 500 else "ask the publisher"
        return MENDS_BY_STATUS.get(error.status, server)
    cause = error.cause if isinstance(error, FetchError) else "not_a_feed"
    return MENDS.get(cause, THEIR_SERVER)


def find_feeds(
    watching: Watching, seen: Seen, tell: Callable[[str], None] = lambda _url: None
) -> list[Seen]:
    """The feeds of a site whose page was seen: those it names, else those in the usual places.

    Every one returned was asked and is a feed. Feeds of readers' comments are left out when
    there is another one.
    """
    address = seen.response.url if seen.response else seen.url
    named = _that_work(watching, seen.links, tell)
    found = named or _that_work(watching, common_places(address), tell)
    own = [feed for link, feed in found if not link.is_for_comments]
    return own or [feed for _link, feed in found]


def _that_work(
    watching: Watching, links: Sequence[FeedLink], tell: Callable[[str], None]
) -> list[tuple[FeedLink, Seen]]:
    found: dict[str, tuple[FeedLink, Seen]] = {}
    for link in links:
        tell(link.url)
        seen = look(watching, link.url)
        if seen.feed is not None and seen.response is not None:
            found.setdefault(seen.response.url, (link, seen))
    return list(found.values())


def plain_address(url: str) -> str:
    """An address as it is stored: http or https, ASCII, nothing dropped. Raises UsageError."""
    try:
        return request_url(url)
    except ParseError as error:
        raise UsageError(str(error)) from error


def add_source(database: Database, source: Source, now: datetime) -> tuple[SourceId, bool]:
    """Watch a source; return its id and whether it is new. Raises UsageError."""
    with database.transaction() as session:
        _require_organisation(source, organisations.ids_by_slug(session))
        return sources.add(session, source, now, Origin.EDITOR)


def _require_organisation(source: Source, known: Iterable[str]) -> None:
    if source.organisation is not None and source.organisation not in known:
        raise UsageError(f"there is no organisation {source.organisation!r}; leave it out")


def import_sources(database: Database, listed: "Iterable[Listed]", now: datetime) -> list[Added]:
    """Watch every source of a list, in one transaction; a wrong line is reported and left out."""
    with database.transaction() as session:
        known = organisations.ids_by_slug(session)
        return [_import_one(session, line, known, now) for line in listed]


def _import_one(session: Session, line: "Listed", known: Iterable[str], now: datetime) -> Added:
    if line.source is None:
        return Added(line.line, line.name, "refused", line.refused or "")
    try:
        _require_organisation(line.source, known)
    except UsageError as error:
        return Added(line.line, line.name, "refused", str(error))
    id_, new = sources.add(session, line.source, now, Origin.IMPORTED)
    if new and line.paused:
        sources.set_status(session, id_, SourceStatus.PAUSED, now)
    return Added(line.line, line.source.url, "added" if new else "known")


def pause(database: Database, ids: Sequence[int], now: datetime) -> None:
    """Ask these sources no more until they are resumed. Raises UsageError for unknown ids."""
    _set(database, ids, SourceStatus.PAUSED, now)


def resume(database: Database, ids: Sequence[int], now: datetime) -> None:
    """Ask these sources again, at once. Raises UsageError for unknown ids."""
    _set(database, ids, SourceStatus.ACTIVE, now)


def _set(database: Database, ids: Sequence[int], status: SourceStatus, now: datetime) -> None:
    with database.transaction() as session:
        unknown = [
            id_ for id_ in ids if not sources.set_status(session, SourceId(id_), status, now)
        ]
        refuse_unknown(unknown)


def refuse_unknown(ids: Sequence[int]) -> None:
    """Raise UsageError that names the ids of no source."""
    if ids:
        named = ", ".join(str(id_) for id_ in ids)
        raise UsageError(f"there is no source {named}; `tracker sources list` shows them all")


def known_sources(database: Database, ids: Iterable[int]) -> list[SourceId]:
    """The ids as they were given, once each. Raises UsageError that names the unknown ones."""
    wanted = [SourceId(id_) for id_ in dict.fromkeys(ids)]
    with database.reading() as session:
        known = {source.id for source in sources.every(session)}
    refuse_unknown([id_ for id_ in wanted if id_ not in known])
    return wanted


def articles_of(database: Database, ids: Iterable[SourceId]) -> list[ArticleId]:
    """The articles that these sources led to."""
    with database.reading() as session:
        return entries.articles_of(session, ids)


def kind_of(seen: Seen) -> SourceKind | None:
    """What is at an address: a feed, a page that lists articles, or neither."""
    if seen.feed is not None:
        return seen.kind
    return SourceKind.PAGE if seen.listing is not None else None
