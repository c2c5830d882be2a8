"""The dashboard over a small ledger, or over an empty one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.parts.clock import Clock
from tests.web.ledger import Ledger
from tracker.config import Settings
from tracker.store import facts
from tracker.store.database import Database
from tracker.web import create_app

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
BASE = "http://127.0.0.1"


@dataclass
class Parts:
    """What the dashboard needs of the program, with a clock that stands still."""

    settings: Settings
    database: Database
    now: Clock
    mail_domain: str = "mail.example"


class Reader:
    """Asks for pages as a browser on this machine does."""

    def __init__(self, web: Flask) -> None:
        self._client: FlaskClient = web.test_client()

    def get(self, path: str, status: int = 200) -> str:
        """The text of a page; the status must be the expected one."""
        response = self._client.get(path, base_url=BASE)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return response.get_data(as_text=True)

    def headers(self, path: str) -> dict[str, str]:
        with self._client.get(path, base_url=BASE) as response:
            return dict(response.headers)

    def json(self, path: str) -> dict[str, object]:
        response = self._client.get(path, base_url=BASE)
        assert response.status_code == 200
        content = response.get_json()
        assert isinstance(content, dict)
        return content


@pytest.fixture(scope="session")
def shared() -> tuple[Parts, Flask]:
    """One dashboard for all tests of a worker, because compiling its templates takes a while."""
    nowhere = Database("sqlite://")
    parts = Parts(Settings(), nowhere, Clock(NOW))
    return parts, create_app(parts)


@pytest.fixture
def parts(shared: tuple[Parts, Flask], sqlite_database: Database) -> Parts:
    """The parts of the dashboard, over an empty database; the clock stands at NOW."""
    shared[0].database, shared[0].now = sqlite_database, Clock(NOW)
    return shared[0]


@pytest.fixture
def reader(shared: tuple[Parts, Flask], parts: Parts) -> Reader:
    """Pages over the database of ``parts``, with default settings."""
    return Reader(shared[1])


@pytest.fixture
def writing(parts: Parts) -> Callable[[], AbstractContextManager[Ledger]]:
    """Opens a transaction in which a test writes its ledger."""

    @contextmanager
    def write() -> Iterator[Ledger]:
        with parts.database.transaction() as session:
            yield Ledger(session)
            facts.touch(session, parts.now())

    return write


Writing = Callable[[], AbstractContextManager[Ledger]]


def fill(ledger: Ledger) -> dict[str, int]:
    """Two companies on one topic: one stopped in words and goes on in deeds, one paused."""
    ledger.topic()
    ledger.topic("dei", name="Diversity", kind="protection", contested=True, place=1)
    acme = ledger.organisation("Acme", aliases=("Acme Corp",))
    globex = ledger.organisation("Globex")
    ledger.organisation("Rights Now", kind="advocacy_group")
    ledger.host("news.example", "reliable")
    ledger.host("group.example", "advocacy")

    ledger.stance("acme-ends", acme, date(2020, 6, 8), origin="extracted")
    ledger.quote("acme-ends")
    ledger.span(acme, "stopped", date(2020, 6, 8), stance="acme-ends")
    ledger.span(
        acme, "stopped", date(2020, 6, 8), track="does", stance="acme-ends", until=date(2024, 5, 2)
    )
    ledger.stance(
        "acme-sells",
        acme,
        date(2024, 5, 2),
        act="launches",
        direction=-2,
        summary="Acme won a contract that includes face matching.",
    )
    ledger.link("acme-sells", "https://tenders.example/1", "tenders.example")
    ledger.link("acme-sells", "https://news.example/acme-contract", "news.example")
    ledger.span(
        acme,
        "continues",
        date(2024, 5, 2),
        track="does",
        before="stopped",
        change="contradicted",
        stance="acme-sells",
    )
    ledger.stance("globex-pauses", globex, date(2020, 6, 10), act="pauses", summary=None)
    ledger.span(globex, "paused", date(2020, 6, 10), stance="globex-pauses", scope="police use")
    ledger.reaction("r1", "Rights Now", "welcomes", stance="acme-ends", about=acme)
    ledger.reaction(
        "r2", "Privacy League", "criticises", stance="acme-ends", summary="Called it a stunt."
    )
    ledger.call("c1", "Rights Now", {globex: "open"}, date(2020, 6, 9))
    ledger.history("acme-ends", "rules 1.0", "recorded")
    return {"acme": acme, "globex": globex}


@pytest.fixture
def filled(writing: Writing) -> dict[str, int]:
    """The small ledger, in the database of ``parts``; the ids of its companies."""
    with writing() as ledger:
        return fill(ledger)
