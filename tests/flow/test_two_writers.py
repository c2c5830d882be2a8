"""Two processes over one PostgreSQL database: neither sees what the other has not committed."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.flow.conftest import subscribe
from tests.flow.test_events import LATER, OTHER_TEXT, quoted
from tests.flow.test_recording import TEXT, announcement, only_stance
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Tier
from tracker.domain.model import Announcement, Document, Findings, Page, Registry
from tracker.pipeline.leading import take_lead
from tracker.pipeline.read import keep_page
from tracker.store import facts
from tracker.store.database import Database

pytestmark = pytest.mark.postgresql
NOON = datetime(2020, 6, 9, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture
def database(postgresql_url: Callable[[], str]) -> Iterator[Database]:
    """A database that may have more than one writer."""
    database = Database(postgresql_url())
    yield database
    database.close()


class Halting(tuple[Announcement, ...]):
    """Announcements at whose end the recording stands still, before it is committed."""

    reached: threading.Event
    go_on: threading.Event

    def __iter__(self) -> Iterator[Announcement]:
        yield from super().__iter__()
        self.reached.set()
        assert self.go_on.wait(60)


@dataclass
class Claims:
    """An extractor that claims what was planned for each title."""

    planned: dict[str, tuple[Announcement, ...]] = field(default_factory=dict)
    version: str = "planned 1"

    def __call__(self, document: Document, registry: Registry) -> Findings:
        return Findings(self.version, self.planned[document.title])


def keep(app: App, title: str, body: str) -> Any:
    page = Page(f"https://{title}.example/a", title, body, "en", NOON)
    with app.database.transaction() as session:
        kept, _ = keep_page(
            session, page, source=None, taken_from="page", now=app.now(), tier=Tier.RELIABLE
        )
    return kept


def until_it_waits(database: Database, thread: threading.Thread) -> None:
    """Return when the thread waits for a lock of the database, or has ended."""
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while thread.is_alive():
        with database.reading() as session:
            if session.execute(waits).scalar_one():
                return


def test_two_reports_of_one_event_read_at_once_bring_one_stance_and_one_mail(
    make_app: Callable[..., App], mailbox: Mailbox
) -> None:
    halting = Halting([announcement()])
    halting.reached, halting.go_on = threading.Event(), threading.Event()
    later = announcement(span=quoted(LATER), date=date(2020, 6, 10))
    claims = Claims({"wire": halting, "paper": (later,)})
    first, second = make_app(extract=claims), make_app(extract=claims)
    subscribe(first, "ben@ngo.example", company="microsoft")
    one, other = keep(first, "wire", TEXT), keep(first, "paper", OTHER_TEXT)

    early = threading.Thread(target=first.analyse, args=(1, [one]))
    early.start()
    assert halting.reached.wait(60)
    late = threading.Thread(target=second.analyse, args=(1, [other]))
    late.start()
    until_it_waits(first.database, late)
    halting.go_on.set()
    early.join()
    late.join()
    first.deliver()

    assert only_stance(first) == "microsoft-2020-06-09-restricts-facial-recognition"
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_two_schedulers_that_begin_at_once_agree_who_leads(database: Database) -> None:
    answers: list[bool] = []
    late = threading.Thread(target=lambda: answers.append(take_lead(database, "late", NOON, LEASE)))
    with database.transaction() as session:
        assert facts.take_lease(session, "scheduler", "early", NOON, LEASE)
        session.flush()
        late.start()
        until_it_waits(database, late)
    late.join()
    assert answers == [False]
    with database.transaction() as session:
        facts.release_lease(session, "scheduler", "early")
    assert take_lead(database, "late", NOON, LEASE)
