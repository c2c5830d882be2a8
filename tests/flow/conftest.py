"""The whole pipeline over loopback: a site with a feed and a page, a database, a mail server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.postgresql import Copies, Server
from tests.parts.site import Site
from tracker import extraction
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Origin, SourceKind, SourceStatus, Tier
from tracker.domain.model import Source
from tracker.domain.ports import Extract
from tracker.pipeline import subscribing
from tracker.pipeline.catalog import load_starter
from tracker.sources import feeds, pages, sitemaps, watched
from tracker.sources.own_text import parse_content
from tracker.store import sources
from tracker.store.database import Database

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Liberty Wire</title><link>SITE/</link>
<item><title>{title}</title><link>SITE{path}?utm_source=rss</link><guid>SITE{path}</guid>
<pubDate>Tue, 09 Jun 2020 18:10:00 GMT</pubDate>
<description>A short teaser.</description></item>
</channel></rss>"""

TITLE = "‘Now you, Amazon and Microsoft’: rights groups cheer as IBM drops facial recognition"

PARAGRAPHS = (
    "IBM is getting out of the facial recognition software business, the company’s CEO "
    "said Monday in a letter to Congress that asks lawmakers to act on racial injustice.",
    "Arvind Krishna, the CEO of IBM, wrote that the company was walking away from facial "
    "recognition because of its racial bias and its use for mass surveillance.",
    "The ACLU welcomed the decision and urged IBM’s competitors to do the same.",
    "Krishna’s letter also expressed support for the Justice in Policing Act, a package that "
    "Democrats in Congress put forward on Monday.",
    "“Technology should not be a net that is thrown over whole neighbourhoods,” said a teacher who "
    "has marched in the city for two weeks.",
)

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="2020-06-09T14:10:00-04:00"></head><body>
<header><nav><p>Skip to content</p><p>Sign up for our letter.</p></nav></header>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<aside class="related"><p>Amazon ends sale of face recognition to every police force, staff say</p>
<p>Microsoft pauses its cloud for the army</p></aside>
<footer><p>We are funded by readers. Google welcomes gifts. Can you give five dollars?</p></footer>
</body></html>"""


def page(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    """An article with the furniture that pages have."""
    return PAGE.format(title=title, paragraphs="".join(f"<p>{p}</p>" for p in paragraphs))


@pytest.fixture(scope="session")
def sqlite_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated file with the register loaded: topics and organisations, no history."""
    file = tmp_path_factory.mktemp("register") / "tracker.db"
    shutil.copyfile(sqlite_template, file)
    load_register_only(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server, postgresql_template: str) -> str:
    """The migrated database with the register loaded."""
    name = postgresql_server.create(postgresql_template)
    load_register_only(postgresql_server.url(name))
    return name


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: Server, postgresql_template: str) -> Copies:
    """Copies with the register loaded."""
    return Copies(postgresql_server, postgresql_template)


def load_register_only(url: str) -> None:
    database = Database(url)
    load_starter(database, Clock().now, with_history=False)
    database.close()


@pytest.fixture(scope="session")
def extract() -> Extract:
    """The real extractor, loaded once."""
    return extraction.build()


@pytest.fixture
def make_app(
    database: Database, clock: Clock, mailbox: Mailbox, tmp_path: Path, extract: Extract
) -> Iterator[Callable[..., App]]:
    """Makes an app over the same database, as a new process would; parts may be replaced."""
    made: list[App] = []

    def make(**parts: Any) -> App:
        settings = Settings.model_validate(
            {
                "database": {"url": database.url},
                "fetch": {"allow_networks": ["127.0.0.0/8"], "host_gap": 0, "timeout": 5},
                "mail": {
                    "smtp_host": "127.0.0.1",
                    "smtp_port": mailbox.port,
                    "smtp_starttls": False,
                    "from": "Stance Tracker <alerts@tracker.example>",
                    "base_url": "https://tracker.example",
                },
                "web": {"secret_key_file": str(tmp_path / "secret")},
            }
        )
        app = App(settings, now=clock, **{"extract": extract, **parts})
        made.append(app)
        return app

    yield make
    for app in made:
        app.close()


@pytest.fixture
def app(make_app: Callable[..., App]) -> App:
    """The app over an empty register: topics and organisations, no history."""
    return make_app()


@pytest.fixture
def watching(app: App, site: Site) -> App:
    """The app with one source that carries the founding story, and one subscriber to IBM."""
    site.put("/ibm?utm_source=rss", page(), headers={"Content-Type": "text/html; charset=utf-8"})
    add_source(app, site.put("/feed", FEED.format(title=TITLE, path="/ibm")))
    subscribe(app, "ana@ngo.example", company="ibm")
    return app


def reading_here(app: App) -> App:
    """Reads all documents in this process: one that lives for a moment needs no workers."""
    app.parse_page, app.read_visible = pages.parse, pages.visible_text
    app.parse_entry = parse_content
    app.readers = {
        SourceKind.FEED: feeds.parse,
        SourceKind.SITEMAP: sitemaps.parse,
        SourceKind.WATCHED: watched.parse,
    }
    return app


@pytest.fixture
def copy_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Database], str]]:
    """Copies a database that nobody has open; gives the address of the copy."""
    made: list[str] = []

    def copy(database: Database) -> str:
        if database.file is not None:
            made.append(f"sqlite:///{tmp_path / f'copy-{len(made)}.db'}")
            shutil.copyfile(database.file, made[-1].removeprefix("sqlite:///"))
            return made[-1]
        server: Server = request.getfixturevalue("postgresql_server")
        made.append(server.create(make_url(database.url).database))
        return server.url(made[-1])

    yield copy
    for name in made:
        if not name.startswith("sqlite"):
            request.getfixturevalue("postgresql_server").drop(name)


def add_source(
    app: App, url: str, tier: Tier = Tier.RELIABLE, kind: SourceKind = SourceKind.FEED
) -> None:
    """Watch one more feed, and none of those that the starter data brings."""
    with app.database.transaction() as session:
        for known in sources.every(session):
            if not known.url.startswith("http://127."):
                sources.set_status(session, known.id, SourceStatus.PAUSED, app.now())
        new = Source(url, "Liberty Wire", tier=tier, kind=kind)
        sources.add(session, new, app.now(), Origin.EDITOR)


def subscribe(app: App, address: str, **asked: str) -> None:
    """Subscribe a confirmed address; ``asked`` are parameters such as ``company``."""
    wanted = subscribing.wanted_from(asked.items())
    subscribing.subscribe_by_operator(
        app.database, address, wanted, app.now(), app.mail_domain, confirmed=True
    )


def run(app: App) -> None:
    """One pass of all four steps."""
    app.poll(1000)
    app.read(1000)
    app.analyse(1000)
    app.deliver()
