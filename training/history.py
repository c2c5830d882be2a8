"""What the starter history tells of each event in one sentence: more words for acts and topics.

A paraphrase stands alone, without an article, so it teaches nothing of what is no stance. Events
that an article of dev/ may tell of (one of the company's names stands there, and the days lie
close) are left out.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date as Day
from pathlib import Path
from typing import Any

from rows import Read, Rows

from tracker.extraction.documents import parse_published

WEIGHT = 0.5
CLOSE = {10: 10, 7: 25, 4: 200}
"""Days between event and article, by the length of the event's date: a day, a month, a year."""
MIDDLE = {10: "", 7: "-15", 4: "-07-01"}


def paraphrases(reader: Rows, registry: Path, corpus: Path) -> Iterator[Read]:
    """Each event's paraphrase as an article of one sentence, with its rows that hold a record."""
    names = names_by_company(registry)
    seen = [told(path) for path in sorted((corpus / "dev/docs").iterdir())]
    for line in (registry.parent / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        own = names.get(event["company"], {event["company"]})
        if any(near(event["event_date"], own, day, text) for day, text in seen):
            continue
        document, gold = sentence(event)
        read = reader.article(document, gold)
        rows = [replace(row, weight=WEIGHT) for row in read.rows if row.label != "none"]
        yield replace(read, rows=rows)


def sentence(event: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The paraphrase as an article, and its gold."""
    name, text, day = f"s-{event['id']}", event["paraphrase"], event["event_date"]
    document = {"id": name, "title": "", "text": text, "source": ""}
    if len(day) == 10:
        document["published"] = day
    stance = {
        "company": event["company"],
        "act": event["act"],
        "accept_acts": [],
        "topics": event["topics"],
        "status": "new",
        "difficulty": "clear",
        "evidence": [text],
    }
    gold = {"id": name, "announcements": [stance], "reactions": [], "calls": []}
    return json.dumps(document), gold


def near(event: str, names: set[str], day: Day | None, text: str) -> bool:
    """Whether an article may tell of an event: it names the company, and was out at the time."""
    known = Day.fromisoformat(event + MIDDLE[len(event)])
    apart = abs((day - known).days) if day else 0
    if apart > CLOSE[len(event)]:
        return False
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def told(path: Path) -> tuple[Day | None, str]:
    """When an article was out, and what it says."""
    article = json.loads(path.read_text())
    published = parse_published(article.get("published") or "")
    text = f"{article['title']} {article['text']}"
    return (published.date() if published else None), text


def names_by_company(registry: Path) -> dict[str, set[str]]:
    """All names of each company."""
    rows = tomllib.loads(registry.read_text())["organisation"]
    return {r["name"]: {r["name"], *r.get("aliases", []), *r.get("brands", [])} for r in rows}
