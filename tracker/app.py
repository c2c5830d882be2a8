"""The one place that picks the parts and puts them together."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from tracker import config
from tracker.config import Settings
from tracker.domain.codes import SourceKind
from tracker.domain.model import ArticleId, EntryId, Response, SourceId
from tracker.domain.polling import Pace
from tracker.domain.ports import Clock, Extract, Fetch, Notify, ParseEntry, ParseFeed, ParsePage
from tracker.engine.local import Threads
from tracker.engine.memory import give_back, give_large_blocks_back
from tracker.pipeline.each import GoesOn, Tally, always
from tracker.store.database import CACHE_MB, Database
from tracker.store.schema import map_tables
from tracker.upkeep import Upkeep

if TYPE_CHECKING:
    from tracker.engine.queue import Queue
    from tracker.pipeline.backfill import Backfilling
    from tracker.pipeline.catalog import Loaded
    from tracker.pipeline.poll import Brought
    from tracker.pipeline.read import Reading
    from tracker.sources.discovery import FeedLink
    from tracker.sources.robots import Robots

    OnEach = Callable[[Brought, int], None]


class App(Upkeep):
    """The parts, each made when it is first needed; a test hands in its own.

    Heavy libraries are loaded with the part that needs them: a command or a web worker pays only
    for what it uses. One that ``only_polls`` knows no tables of the ledger; ``cache_mb`` is what a
    connection may keep of an SQLite file.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Clock = config.clock,
        database: Database | None = None,
        fetch: Fetch | None = None,
        extract: Extract | None = None,
        notify: Notify | None = None,
        only_polls: bool = False,
        cache_mb: int | None = None,
    ) -> None:
        map_tables(whole=not only_polls)
        self.settings = settings
        self.now = now
        self.database = database or Database(settings.database.url, cache_mb or CACHE_MB)
        self._fetch, self._extract, self._notify = fetch, extract, notify

    @cached_property
    def fetch(self) -> Fetch:
        """Gets an address from the network."""
        if self._fetch is not None:
            return self._fetch
        from tracker.pipeline.holding import held_hosts, hold_host
        from tracker.sources.held import HeldHosts
        from tracker.sources.http import HttpFetch

        def remember(host: str, until: datetime) -> None:
            hold_host(self.database, host, until, self.now())

        fetch = self.settings.fetch
        give_large_blocks_back()
        return HttpFetch(
            user_agent=fetch.agent,
            clock=self.now,
            timeout=fetch.timeout,
            max_bytes=fetch.max_bytes,
            max_inflated=fetch.max_inflated,
            host_gap=fetch.host_gap,
            allow_networks=fetch.allow_networks,
            held=HeldHosts(self.now, held_hosts(self.database, self.now()), remember),
        )

    @cached_property
    def readers(self) -> "Mapping[SourceKind, ParseFeed]":
        """What reads the bytes of each kind of source."""
        from tracker.engine.careful import readers

        return readers()

    @cached_property
    def parse_page(self) -> ParsePage:
        """Reads the article out of a page."""
        from tracker.engine.careful import read_page

        return read_page

    @cached_property
    def read_visible(self) -> "Callable[[Response], str]":
        """Reads everything that a page shows."""
        from tracker.engine.careful import read_visible

        return read_visible

    @cached_property
    def feed_links(self) -> "Callable[[Response], list[FeedLink]]":
        """Reads which feeds a page names."""
        from tracker.engine.careful import feed_links

        return feed_links

    @cached_property
    def parse_entry(self) -> ParseEntry:
        """Reads the article out of an entry's own content."""
        from tracker.engine.careful import read_entry

        return read_entry

    @cached_property
    def extract(self) -> Extract:
        """Finds stances, reactions and calls in a text."""
        if self._extract is not None:
            return self._extract
        return extractor(self.settings, self.now)

    @cached_property
    def ask_robots(self) -> "Callable[[str], None]":
        """Asks robots.txt before an article page is fetched; raises FetchError for a no."""
        if not self.settings.fetch.robots:  # the operator has settled with the publishers
            return lambda _url: None
        return lambda url: self.robots.check(url, self.settings.fetch.agent)

    @cached_property
    def robots(self) -> "Robots":
        """What sites say to robots."""
        from tracker.sources.robots import Robots

        beginning = getattr(self.fetch, "beginning", lambda url, _most: self.fetch(url))
        return Robots(beginning, self.now, getattr(self.fetch, "slow_down", None))

    @cached_property
    def queue(self) -> "Queue | None":
        """Hands the work to workers; None where the scheduler does it itself."""
        if self.settings.schedule.engine == "local":
            return None
        from tracker.engine.queue import Queue

        return Queue(self.database.address)

    def poll(
        self,
        limit: int,
        only: Iterable[SourceId] | None = None,
        on_each: "OnEach | None" = None,
        goes_on: GoesOn = always,
        *,
        every: bool = False,
    ) -> Tally:
        """Run step 1: sources bring entries."""
        from tracker.pipeline.poll import Polling, poll_due

        fetch = self.settings.fetch
        polling = Polling(
            database=self.database,
            fetch=self.fetch,
            readers=self.readers,
            now=self.now,
            pace=Pace(*(timedelta(seconds=s) for s in (fetch.min_interval, fetch.max_interval))),
            run_all=Threads(fetch.workers).together,
        )
        return poll_due(polling, limit, only, on_each, goes_on, every=every)

    @cached_property
    def backfilling(self) -> "Backfilling":
        """The parts that fetch older entries."""
        from tracker.engine.careful import list_sitemaps, read_dated
        from tracker.pipeline.backfill import Backfilling

        return Backfilling(
            database=self.database,
            fetch=self.fetch,
            parse_feed=self.readers[SourceKind.FEED],
            parse_sitemap=self.readers[SourceKind.SITEMAP],
            read_dated=read_dated,
            list_sitemaps=list_sitemaps,
            ask_robots=self.ask_robots,
            named_sitemaps=self.robots.sitemaps,
            now=self.now,
        )

    def read(
        self,
        limit: int,
        sources: Iterable[SourceId] | None = None,
        goes_on: GoesOn = always,
        *,
        only: Iterable[EntryId] | None = None,
    ) -> Tally:
        """Run step 2: entries lead to articles."""
        from tracker.engine import careful
        from tracker.pipeline.read import read_waiting

        tally = read_waiting(self.reading, limit, sources, goes_on, only=only)
        if tally.done:
            careful.rest()  # what analyses the articles needs their memory
        return tally

    @cached_property
    def reading(self) -> "Reading":
        """The parts of step 2."""
        from tracker.pipeline.read import Reading

        return Reading(
            database=self.database,
            fetch=self.fetch,
            parse_page=self.parse_page,
            parse_entry=self.parse_entry,
            ask_robots=self.ask_robots,
            now=self.now,
            run_all=Threads(self.settings.fetch.workers),
        )

    def recheck(
        self,
        limit: int,
        *,
        every: bool = False,
        goes_on: GoesOn = always,
        only: Iterable[ArticleId] | None = None,
    ) -> Tally:
        """Read quoted articles again: those whose time has come, or ``every`` one."""
        from tracker.engine import careful
        from tracker.pipeline.recheck import Rechecking, recheck_due

        rechecking = Rechecking(
            database=self.database,
            fetch=self.fetch,
            parse_page=self.parse_page,
            read_visible=self.read_visible,
            ask_robots=self.ask_robots,
            now=self.now,
            run_all=Threads(self.settings.fetch.workers),
        )
        tally = recheck_due(rechecking, limit, every=every, goes_on=goes_on, only=only)
        if tally.done:
            careful.rest()
        return tally

    def analyse(self, limit: int, articles: Iterable[ArticleId] | None = None) -> Tally:
        """Run step 3: articles hold stances, reactions and calls."""
        from tracker.pipeline.analyse import Analysing, analyse_waiting

        analysing = Analysing(
            database=self.database,
            extractor=lambda: self.extract,
            now=self.now,
            auto_publish=self.settings.review.auto_publish,
            mail_domain=self.mail_domain,
        )
        return analyse_waiting(analysing, limit, articles)

    def initialise(self, *, with_history: bool | None = None) -> "Loaded":
        """Create or migrate the database and load the starter data; safe to repeat.

        Without a word on the history it goes on as it was begun.
        """
        from tracker.pipeline.catalog import load_starter
        from tracker.pipeline.indexing import require_index
        from tracker.pipeline.ledger import rebuild_positions
        from tracker.store import migrate

        migrate.upgrade(self.database)
        rebuild_positions(self.database, self.now())
        loaded = load_starter(self.database, self.now(), with_history=with_history)
        require_index(self.database, self.now())
        self.database.weigh()
        return loaded

    @property
    def is_initialised(self) -> bool:
        """Whether database and starter data are those of this program: nothing is left to do."""
        from tracker.domain.position_rules import RULES_VERSION
        from tracker.starter.version import STARTER_VERSION
        from tracker.store import facts, migrate

        file = self.database.file
        if (file and not file.exists()) or migrate.present(self.database) != migrate.newest():
            return False
        with self.database.reading() as session:
            loaded = facts.fact(session, "starter_data") or ""
            rules = facts.fact(session, "position_rules")
        return loaded.partition("+")[0] == STARTER_VERSION and rules == RULES_VERSION

    def ask_hubs(self) -> int:
        """Subscribe to the hubs that feeds offer, where they can call our dashboard back."""
        from tracker.domain.pushing import can_be_called
        from tracker.pipeline.pushing import ask_hubs

        base_url = self.settings.base_url
        post = getattr(self.fetch, "post", None)
        if post is None or not can_be_called(base_url):
            return 0
        return ask_hubs(self.database, post, f"{base_url}/websub", self.now())

    def close_fetch(self) -> None:
        """End the fetches that are under way."""
        close = getattr(self.__dict__.get("fetch"), "close", None)
        if close is not None:
            close()

    def close(self) -> None:
        """Give back what is open."""
        self.close_fetch()
        self.database.close()


def extractor(settings: Settings, now: Clock) -> Extract:
    """Rules and the model that ships; a large model behind them where one is set."""
    from tracker.extraction import build, heads

    asked = settings.extract
    first = build(heads.load_with(asked.heads_file))
    give_back()  # to load them takes 50 MB more than to have them
    if asked.backend == "offline":
        return first
    from tracker.extraction import language_model
    from tracker.extraction.language_model.asking import Endpoint

    endpoint = Endpoint(
        asked.llm_url,
        asked.llm_model,
        config.language_model_key(settings),
        asked.llm_timeout,
        asked.llm_daily,
    )
    return language_model.build(first, endpoint, asked.llm_folder, now)
