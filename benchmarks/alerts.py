"""What it costs to owe word of one change to 10,000 readers, in the transaction of the change.

    python benchmarks/alerts.py [URL]

Seconds are those of the processor. Without an address of a database it makes an SQLite file. As a
baseline of the same run, as many rows of the same size are put into a bare table. Half of the
readers have wishes of their own (no two alike); everybody has a second wish that matches too.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, text

from tracker.domain.codes import Act, AlertKind, ChangeKind, Level
from tracker.domain.filters import Facts, Kind
from tracker.domain.news import StanceNews
from tracker.domain.wishes import Happening, Occasion, from_address
from tracker.pipeline.telling import tell
from tracker.store import alerts, migrate
from tracker.store.database import Database
from tracker.store.owing import Word
from tracker.store.schema import SubscriberRow, SubscriptionRow

READERS = 10_000
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
QUOTE = "We will no longer sell face recognition to any police force in any country. " * 3


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'alerts.db'}"
        database = Database(url)
        migrate.upgrade(database)
        fill(database)
        bare = put_bare_rows(database)
        cold = owe(database, "first")
        warm = owe(database, "second")
        claimed = claim(database)
        database.close()
    for name, seconds in (
        ("bare rows", bare),
        ("owed, every wish read for the first time", cold),
        ("owed, wishes known", warm),
        ("claim of 50 mails among 20,000", claimed),
    ):
        print(f"{name:<44}{seconds:8.2f} s {seconds / bare:8.1f} ×")


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


def put_bare_rows(database: Database) -> float:
    """Seconds for as many rows of that size without any rule."""
    payload = QUOTE * 4
    with database.transaction() as session:
        session.execute(text("CREATE TABLE bare (reader integer, payload text)"))
    began = time.process_time()
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO bare VALUES (:reader, :payload)"),
            [{"reader": number, "payload": payload} for number in range(READERS)],
        )
    return time.process_time() - began


def owe(database: Database, key: str) -> float:
    """Seconds to owe word of one change to everybody."""
    if key == "first":
        from_address.cache_clear()
    began = time.process_time()
    with database.transaction() as session:
        owed = tell(session, happening(), word(key))
    if owed != READERS:
        raise SystemExit(f"{owed} mails are owed, not {READERS}")
    return time.process_time() - began


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


def claim(database: Database) -> float:
    """Seconds to take the next fifty mails."""
    from datetime import timedelta

    began = time.process_time()
    with database.transaction() as session:
        alerts.claim(session, NOW, 50, timedelta(minutes=3))
    return time.process_time() - began


if __name__ == "__main__":
    main()
