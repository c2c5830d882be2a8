"""A made-up ledger of any size for the benchmarks of pages: always the same, never a real company.

    python benchmarks/big_ledger.py sqlite:///FILE [--stances 100000 --companies 500 --entries …]

The shipped history lies under it, so that pages have real names, topics and sources. The first
company (``bench-0``) has exactly 500 stances, the others a few up to some thousands.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import insert, select

from tracker.app import App
from tracker.config import Settings
from tracker.store import facts, tags
from tracker.store.database import Session
from tracker.store.schema import (
    ArticleRow,
    CallCallerRow,
    CallRow,
    CallTargetRow,
    CallTargetStatusRow,
    CallTopicRow,
    EntryRow,
    EvidenceRow,
    LinkRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionAboutRow,
    ReactionRow,
    SearchRow,
    SnapshotRow,
    SourceRow,
    StanceRow,
    StanceTopicRow,
    TopicRow,
)

FIRST, TODAY = date(2016, 1, 1), date(2026, 11, 20)
DAYS = (TODAY - FIRST).days
THEN = datetime(2026, 11, 20, tzinfo=UTC)
ACTS = {"ends": "stopped", "pauses": "paused", "restricts": "limited", "launches": "expands",
        "litigates": "continues", "commits": "limited", "defends": "continues"}  # fmt: skip
KINDS = ("welcomes", "demands", "criticises", "sues", "welcomes_insufficient")
FILL = "The company said that it would end the sale of cameras to the police after a review. "
BUSY_TOPICS, BIG = 14, 500
HELD = {"disposition": "publish", "level": "reported", "review_state": "proposed",
        "origin": "extracted", "published": True, "precision": "day"}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is made up."""

    stances: int
    companies: int
    entries: int
    articles: int


@dataclass(frozen=True)
class Made:
    """One stance before it becomes rows."""

    n: int
    slug: str
    topic: tuple[str, str]
    day: date
    act: str
    quoted: bool
    answers: int


def fill(app: App, size: Size) -> None:
    """Put a made-up ledger into an empty database."""
    app.initialise(with_history=True)
    with app.database.transaction() as session:
        topics = [(row.code, row.slug) for row in session.query(TopicRow).order_by(TopicRow.place)]
        names = [{"slug": f"bench-{n}", "name": f"Bench {n}", "kind": "company",
                  "country": "DE" if n % 5 == 0 else "US"}
                 for n in range(size.companies)]  # fmt: skip
        session.execute(insert(OrganisationRow), names)
        rows = session.execute(select(OrganisationRow.slug, OrganisationRow.id))
        ids = {row.slug: row.id for row in rows}
        made = list(_stances(size, topics[:BUSY_TOPICS]))
        places = _Places()
        _put_stances(session, made, ids, places)
        _put_spans(session, made, ids)
        _put_calls(session, size, ids, topics[:BUSY_TOPICS])
        _put_reading(session, size, places)
        facts.touch(session, THEN)
    app.database.weigh()  # as every night


def _stances(size: Size, topics: list[tuple[str, str]]) -> Iterator[Made]:
    chance = random.Random(1)
    for n in range(size.stances):
        spread = 1 + int((size.companies - 1) * chance.random() ** 2.2)
        company = 0 if n < BIG else min(spread, size.companies - 1)
        yield Made(
            n,
            f"bench-{company}",
            topics[chance.randrange(len(topics))],
            FIRST + timedelta(days=chance.randrange(DAYS)),
            chance.choice(list(ACTS)),
            quoted=chance.random() < 0.3,
            answers=chance.choice((0, 0, 0, 1, 2)),
        )


def _put(session: Session, row: type, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while part := list(islice(waiting, 5_000)):
        session.execute(insert(row), part)


def _put_stances(session: Session, made: list[Made], ids: dict[str, int], at: "_Places") -> None:
    _put(session, StanceRow, (
        {"id": f"s{one.n}", "company_id": ids[one.slug], "act": one.act, "date": one.day,
         "direction": -2 if ACTS[one.act] in ("expands", "continues") else 2,
         "trigger": "voluntary", "novelty": "new", "modality": "asserted", "known_on": one.day,
         "summary": f"Bench {one.n} {one.act} sales to the police after a review.", **HELD}
        for one in made))  # fmt: skip
    _put(session, StanceTopicRow, (
        {"stance_id": f"s{one.n}", "place": 0, "topic": one.topic[0], "direction": 2}
        for one in made))  # fmt: skip
    _put(session, LinkRow, (
        {"stance_id": f"s{one.n}", "url": f"https://news{host}.example/{one.n}",
         "host": f"news{host}.example"}
        for one in made for host in (one.n % 50, 50 + one.n % 7)))  # fmt: skip
    _put(session, SearchRow, (
        at.text("stance", f"s{one.n}", one.day, f"{one.slug}: {one.topic[1]}", FILL * 2,
                {"company": [one.slug], "topic": [one.topic[1]], "level": ["reported"]})
        for one in made))  # fmt: skip
    _put_answers(session, made, ids)
    _put_quotes(session, [one for one in made if one.quoted])


def _put_answers(session: Session, made: list[Made], ids: dict[str, int]) -> None:
    answers = [(one, n) for one in made for n in range(one.answers)]
    _put(session, ReactionRow, (
        {"id": f"r{one.n}-{n}", "actor_name": f"Watchers {one.n % 40}", "novelty": "new",
         "actor_type": "advocacy_group", "reaction": KINDS[(one.n + n) % len(KINDS)],
         "stance_id": f"s{one.n}", "date": one.day + timedelta(days=n),
         "summary": "It is a start, the group said.", **HELD}
        for one, n in answers))  # fmt: skip
    _put(session, ReactionAboutRow, (
        {"reaction_id": f"r{one.n}-{n}", "place": 0, "organisation_id": ids[one.slug]}
        for one, n in answers))  # fmt: skip
    _put(session, LinkRow, (
        {"reaction_id": f"r{one.n}-{n}", "url": f"https://group{one.n % 40}.example/{one.n}-{n}",
         "host": f"group{one.n % 40}.example"}
        for one, n in answers))  # fmt: skip


def _put_quotes(session: Session, quoted: list[Made]) -> None:
    _put(session, ArticleRow, (
        {"id": 10_000_000 + one.n, "url": f"https://paper.example/{one.n}", "host": "paper.example",
         "title": "On sales", "first_seen": THEN, "published": THEN}
        for one in quoted))  # fmt: skip
    _put(session, SnapshotRow, (
        {"id": 10_000_000 + one.n, "article_id": 10_000_000 + one.n, "title": "On sales",
         "text": FILL * 40, "sha256": f"{one.n:064}", "fetched_at": THEN, "taken_from": "page",
         "state": "done", "next_try": THEN}
        for one in quoted))  # fmt: skip
    _put(session, EvidenceRow, (
        {"stance_id": f"s{one.n}", "snapshot_id": 10_000_000 + one.n, "field": "text",
         "start": len(FILL) * 20, "end": len(FILL) * 21 - 1, "quote": FILL.strip(),
         "role": "primary", "state": "intact", "found_at": THEN}
        for one in quoted))  # fmt: skip


def _put_spans(session: Session, made: list[Made], ids: dict[str, int]) -> None:
    """A word for each lane and track; every third stance changes it, the others bear it out."""
    lanes: dict[tuple[str, str], list[Made]] = {}
    for one in sorted(made, key=lambda one: (one.day, one.n)):
        lanes.setdefault((one.slug, one.topic[0]), []).append(one)
    rows = []
    for (slug, topic), stances in lanes.items():
        for track, first in (("says", 0), ("does", 1)):
            rows += _spans(stances[first:], ids[slug], topic, track)
    _put(session, PositionSpanRow, rows)


def _spans(stances: list[Made], company: int, topic: str, track: str) -> Iterator[dict[str, Any]]:
    parts = [stances[n : n + 3] for n in range(0, len(stances), 3)]
    before = "no_statement"
    for n, part in enumerate(parts):
        word = ACTS[part[0].act]
        until = parts[n + 1][0].day if n + 1 < len(parts) else None
        steps = [{"date": one.day.isoformat(), "stance": f"s{one.n}", "change": "confirmed",
                  "term": None, "scope": None, "compelled": False, "rests_on": [f"s{one.n}"]}
                 for one in part]  # fmt: skip
        yield {"company_id": company, "topic": topic, "track": track, "word": word,
               "word_before": before, "since": part[0].day, "precision": "day", "until": until,
               "change": "first" if n == 0 else "reversed", "stance_id": f"s{part[0].n}",
               "rests_on": [f"s{one.n}" for one in part], "steps": steps,
               "last_evidence": part[-1].day, "compelled": False}  # fmt: skip
        before = word


def _put_calls(
    session: Session, size: Size, ids: dict[str, int], topics: list[tuple[str, str]]
) -> None:
    """A call on three companies for every fifty stances; half of them wait for an answer."""
    number = size.stances // 50
    days = [FIRST + timedelta(days=(n * 37) % DAYS) for n in range(number)]
    _put(session, CallRow, (
        {"id": f"b{n}", "caller_type": "advocacy_group", "asked": "End sales to the police.",
         "date": days[n], **HELD}
        for n in range(number)))  # fmt: skip
    _put(session, CallCallerRow, (
        {"call_id": f"b{n}", "place": 0, "name": f"Watchers {n % 40}"}
        for n in range(number)))  # fmt: skip
    _put(session, CallTopicRow, (
        {"call_id": f"b{n}", "place": 0, "topic": topics[n % len(topics)][0]}
        for n in range(number)))  # fmt: skip
    _put(session, LinkRow, (
        {"call_id": f"b{n}", "url": f"https://group.example/call/{n}", "host": "group.example"}
        for n in range(number)))  # fmt: skip
    targets = [{"id": 1_000_000 + n * 3 + k, "call_id": f"b{n}", "precision": "day",
                "organisation_id": ids[f"bench-{(n + k * 11) % size.companies}"],
                "status": "open" if (n + k) % 2 else "answered", "status_date": days[n]}
               for n in range(number) for k in range(3)]  # fmt: skip
    _put(session, CallTargetRow, targets)
    _put(session, CallTargetStatusRow, (
        {"target_id": one["id"], "status": one["status"], "status_date": one["status_date"],
         "precision": "day", "answered_by": []}
        for one in targets))  # fmt: skip


def _put_reading(session: Session, size: Size, at: "_Places") -> None:
    """Entries of a thousand feeds, and the articles that can be searched."""
    _put(session, SourceRow, (
        {"id": 100_000 + n, "url": f"https://feed{n}.example/rss", "title": f"Feed {n}",
         "added_at": THEN, "next_due": THEN}
        for n in range(1_000)))  # fmt: skip
    _put(session, EntryRow, (
        {"source_id": 100_000 + n % 1_000, "key": str(n), "url": f"https://feed.example/{n}",
         "title": f"On sales {n}", "summary": FILL, "content": "", "author": "",
         "published_raw": "", "first_seen": THEN, "next_try": THEN, "state": "done"}
        for n in range(size.entries)))  # fmt: skip
    _put(session, SearchRow, (
        at.text("article", str(50_000_000 + n), FIRST + timedelta(days=n % DAYS),
                f"On sales {n}", FILL * 4 + (" quokka" if n % 25_013 == 7 else ""),
                {"source": ["x.example"]})
        for n in range(size.articles)))  # fmt: skip


class _Places:
    """Ids of searchable texts, which rise with the day."""

    def __init__(self) -> None:
        self._last: dict[date, int] = {}

    def text(
        self, kind: str, record: str, day: date, title: str, body: str, known: dict[str, list[str]]
    ) -> dict[str, Any]:
        """One row of the table that is searched; above those of the shipped history."""
        self._last[day] = self._last.get(day, 5_000) + 1
        return {"id": tags.first_id(day) + self._last[day], "kind": kind, "record_id": record,
                "day": day, "title": title, "body": body,
                "tags": tags.tags({"kind": [kind], **known})}  # fmt: skip


def sizes(parser: argparse.ArgumentParser) -> None:
    """The options that say how much is made up."""
    parser.add_argument("--stances", type=int, default=100_000)
    parser.add_argument("--companies", type=int, default=500)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--articles", type=int, default=300_000)


def main() -> None:
    """Fill the database of this address."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    sizes(parser)
    asked = parser.parse_args()
    app = App(Settings.model_validate({"database": {"url": asked.database}}))
    fill(app, Size(asked.stances, asked.companies, asked.entries, asked.articles))


if __name__ == "__main__":
    main()
