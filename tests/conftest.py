"""Fixtures that every test may use. All are real: database, web server, mail server, browser."""

import os
import shutil
import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from coverage import Coverage
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.parts import postgresql
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.postgresql import Copies, Server
from tests.parts.site import Site
from tracker.log import log
from tracker.store import migrate
from tracker.store.database import Database

TESTS = Path(__file__).parent

REQUIRED = frozenset(filter(None, os.environ.get("TRACKER_TEST_REQUIRE", "").split(",")))
"""Programs that must be there: ``TRACKER_TEST_REQUIRE=browser,postgresql`` on the build server."""

NOT_MEASURED = frozenset({"browser", "web", "extraction", "sources"})
"""Folders whose tests prove other layers than those whose coverage counts: tracing would make them
half as slow again.
"""

BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


settings.register_profile("tracker", deadline=None)
settings.load_profile("tracker")
"""No test fails because the machine has other work to do."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage where it is asked for, and pause it elsewhere."""
    measuring = Coverage.current()
    if measuring is None or item.path.relative_to(TESTS).parts[0] not in NOT_MEASURED:
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


@pytest.fixture(autouse=True)
def log_as_at_start() -> Iterator[None]:
    """A command that a test runs sets the log up for its process; the next test begins afresh."""
    yield
    log.set_up("info", json_lines=False)


@pytest.fixture
def clock() -> Clock:
    """Stands at 2020-06-09 20:00 UTC until it is moved."""
    return Clock()


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on loopback."""
    with Site() as site:
        yield site


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    mailbox = Mailbox()
    yield mailbox
    mailbox.close()


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database; the test runs once on SQLite and once on PostgreSQL."""
    yield from _opened(request.getfixturevalue(f"{request.param}_url")())


@pytest.fixture(params=BOTH)
def bare_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without any table, on SQLite and on PostgreSQL."""
    yield from _opened(request.getfixturevalue(f"bare_{request.param}_url")())


@pytest.fixture
def sqlite_database(sqlite_url: Callable[[], str]) -> Iterator[Database]:
    """A migrated, empty database in a file."""
    yield from _opened(sqlite_url())


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


# --- where databases come from --------------------------------------------------------------------


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes a copy of the migrated file at each call; gives its address."""

    def copy() -> str:
        file = tmp_path / f"tracker-{uuid.uuid4().hex[:8]}.db"
        shutil.copyfile(sqlite_template, file)
        return f"sqlite:///{file}"

    return copy


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> Callable[[], str]:
    return lambda: f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def postgresql_url(postgresql_copies: Copies) -> Iterator[Callable[[], str]]:
    """Gives the address of another empty, migrated database at each call."""
    taken: list[str] = []

    def take() -> str:
        taken.append(postgresql_copies.take())
        return postgresql_copies.server.url(taken[-1])

    yield take
    for name in taken:
        postgresql_copies.give_back(name)


@pytest.fixture
def bare_postgresql_url(postgresql_server: Server) -> Iterator[Callable[[], str]]:
    """Gives the address of another database without any table at each call."""
    made: list[str] = []

    def make() -> str:
        made.append(postgresql_server.create())
        return postgresql_server.url(made[-1])

    yield make
    for name in made:
        postgresql_server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "tracker.db"
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    database.close()  # the last connection folds the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Server) -> str:
    """The name of a migrated database, to be copied; it goes with the server."""
    name = postgresql_server.create()
    database = Database(postgresql_server.url(name))
    migrate.upgrade(database)
    database.close()
    return name


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: Server, postgresql_template: str) -> Copies:
    """Copies of the template, for one test after the other."""
    return Copies(postgresql_server, postgresql_template)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    """A server that the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    try:
        with postgresql.server(base if worker_id == "master" else base.parent) as server:
            yield server
    except postgresql.NoServerError as reason:
        _go_without("postgresql", str(reason))


# --- the browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The path of Chromium, for Playwright's ``executable_path``."""
    names = ("chromium", "chromium-browser", "google-chrome")
    given = os.environ.get("TRACKER_TEST_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _go_without("browser", "no Chromium: install it (Debian: `apt-get install chromium`)")
    return found


@pytest.fixture(scope="session")
def browser(chromium_program: str) -> Iterator[Browser]:
    """Chromium, once for all tests of a process: Playwright cannot be started twice in one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def _go_without(program: str, reason: str) -> NoReturn:
    """Skip the test on somebody's own machine; fail it where nothing may be skipped."""
    if program in REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)
