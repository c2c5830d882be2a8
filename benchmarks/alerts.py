"""What it costs to owe word of one change to 10,000 readers, in the transaction of the change.

    python benchmarks/alerts.py [URL | postgresql]

Seconds are those of the processor, those of the PostgreSQL server counted with ours, and beside
them those of the clock. Without an address of a database it makes an SQLite file; ``postgresql``
starts a server of its own. Then mails go to a server on loopback: first as fast as it takes them,
then at the default rate, for a minute of a clock that is moved by hand. As a baseline of the same
run, as many rows of the same size are put into a bare table. Half of the readers have wishes of
their own (no two alike); everybody has a second wish that matches too.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import structlog
from sqlalchemy import insert, text

from tests.parts import postgresql
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.config import MailSettings
from tracker.domain.codes import Act, AlertKind, ChangeKind, Level
from tracker.domain.filters import Facts, Kind
from tracker.domain.news import StanceNews
from tracker.domain.wishes import Happening, Occasion, from_address
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.mail import kept_open, templates_folder
from tracker.pipeline.alert import send_due
from tracker.pipeline.telling import tell
from tracker.store import alerts, migrate
from tracker.store.database import Database
from tracker.store.owing import Word
from tracker.store.schema import SubscriberRow, SubscriptionRow

READERS = 10_000
FAST = 200
FOLDER = templates_folder()
Spent = tuple[float, float]
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
QUOTE = "We will no longer sell face recognition to any police force in any country. " * 3


def main() -> None:
    """Measure and print a table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        given = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'alerts.db'}"
        if given == "postgresql":
            server = open_.enter_context(postgresql.server(Path(folder)))
            given = server.url(server.create())
        database = Database(given)
        open_.callback(database.close)
        migrate.upgrade(database)
        fill(database)
        bare = put_bare_rows(database)
        for name, (cpu, wall) in (
            ("bare rows", bare),
            ("owed, every wish read for the first time", owe(database, "first")),
            ("owed, wishes known", owe(database, "second")),
            ("claim of 50 mails among 20,000", claim(database)),
        ):
            print(f"{name:<44}{cpu:8.2f} s {cpu / bare[0]:6.1f} × {wall:8.2f} s of the clock")
        send(database)


def send(database: Database) -> None:
    """Send some at full speed, then at the default rate for a minute of a clock by hand."""
    clock, rates, mailbox = Clock(NOW), MailSettings(), Mailbox()
    letters = Letters("Stances <alerts@example.org>", "https://example.org", FOLDER, clock)
    notify = EmailNotify(MailServer(mailbox.host, mailbox.port, starttls=False), letters)
    with kept_open(notify) as post:
        began = time.perf_counter()
        send_due(database, post, clock, FAST)
        print(f"{FAST / (time.perf_counter() - began):.0f} mails a second to a server on loopback")
        clock.advance(seconds=61)
        each = {"per_minute": rates.rate_per_minute, "per_domain": rates.rate_per_minute}
        sent = send_due(database, post, clock, **each).sent
        print(f"{sent} alerts sent in a minute, {rates.rate_per_minute} allowed")
    mailbox.close()


def now(database: Database) -> Spent:
    """Seconds of the processor, with those of the database server, and of the clock."""
    return time.process_time() + server_time(database), time.perf_counter()


def server_time(database: Database) -> float:
    """Seconds of the processor that the present connections of PostgreSQL have used."""
    if database.file is not None:
        return 0.0
    with database.connecting() as connection:
        pids = list(connection.scalars(text("SELECT pid FROM pg_stat_activity")))
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            ticks += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def since(database: Database, began: Spent) -> Spent:
    """How many of both have passed."""
    cpu, wall = now(database)
    return cpu - began[0], wall - began[1]


def fill(database: Database) -> None:
    """Readers in ten zones, half of them on a daily digest."""
    with database.transaction() as session:
        session.execute(insert(SubscriberRow), list(readers()))
        session.execute(insert(SubscriptionRow), list(wishes()))


def readers() -> Iterator[dict[str, object]]:
    """One row for each."""
    zones = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Africa/Lagos")
    for number in range(1, READERS + 1):
        yield {
            "id": number,
            "address": f"reader{number}@example.org",
            "token": f"s{number}",
            "state": "active",
            "created_at": NOW,
            "zone": zones[number % len(zones)],
            "digest_hour": number % 2 + 7,
        }


def wishes() -> Iterator[dict[str, object]]:
    """Two for each reader."""
    for number in range(1, READERS + 1):
        own = f"company=ibm&company=rival-{number}" if number % 2 else "company=ibm"
        for place, query in enumerate((own, "topic=facial-recognition")):
            yield {
                "subscriber_id": number,
                "query": query,
                "pace": "daily" if number % 4 == 0 else "at_once",
                "state": "active",
                "token": f"w{place}-{number}",
                "created_at": NOW,
            }


def put_bare_rows(database: Database) -> Spent:
    """Seconds for as many rows of that size without any rule."""
    payload = QUOTE * 4
    with database.transaction() as session:
        session.execute(text("CREATE TABLE bare (reader integer, payload text)"))
    began = now(database)
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO bare VALUES (:reader, :payload)"),
            [{"reader": number, "payload": payload} for number in range(READERS)],
        )
    return since(database, began)


def owe(database: Database, key: str) -> Spent:
    """Seconds to owe word of one change to everybody."""
    if key == "first":
        from_address.cache_clear()
    began = now(database)
    with database.transaction() as session:
        owed = tell(session, happening(), word(key))
    if owed != READERS:
        raise SystemExit(f"{owed} mails are owed, not {READERS}")
    return since(database, began)


def happening() -> Happening:
    """A stance of IBM that everybody follows."""
    facts = Facts(
        kind=Kind.STANCE,
        day=date(2026, 1, 5),
        company=frozenset({"ibm"}),
        topic=frozenset({"facial-recognition", "police-tech"}),
        track=frozenset({"says", "does"}),
        text=QUOTE,
    )
    return Happening(frozenset({Occasion.STANCE}), facts)


def word(key: str) -> Word:
    """What they are told."""
    news = StanceNews(
        company="IBM",
        topic="Facial recognition",
        act=Act.ENDS,
        change=ChangeKind.FIRST,
        level=Level.REPORTED,
        date=date(2026, 1, 5),
        summary="IBM leaves the business",
        path="/e/ibm",
        quote=QUOTE,
    )
    return Word(AlertKind.STANCE, f"{key}/first", news.to_json(), "example.org", NOW)


def claim(database: Database) -> Spent:
    """Seconds to take the next fifty mails."""
    from datetime import timedelta

    began = now(database)
    with database.transaction() as session:
        alerts.claim(session, NOW, 50, timedelta(minutes=3))
    return since(database, began)


if __name__ == "__main__":
    main()
