"""How our reading of feeds agrees with others: run public test suites through it.

    python benchmarks/conformance.py FOLDER…

A FOLDER is searched for feeds (.xml .rss .atom .rdf .json). Three things are counted:

- no feed may raise anything but ParseError;
- what the strict reader gives must be what feedparser gives of the same bytes;
- where a suite says what it expects (feedparser's "Expect:" comments; gofeed's .json beside .xml),
  our titles, links, dates and ids must agree.

Suites are got by hand and are no part of this project: feedparser's source distribution
(`pip download --no-binary feedparser --no-deps feedparser`), gofeed's testdata, the W3C feed
validator's testcases.
"""

import ast
import codecs
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.domain.errors import ParseError
from tracker.domain.model import Feed, Response
from tracker.sources import feeds
from tracker.sources.characters import one_line
from tracker.sources.feed_items import FoundItem, join
from tracker.sources.feed_strict import read_strict
from tracker.sources.feed_xml import read_xml_feed
from tracker.sources.markup import plain_text
from tracker.sources.mending import mend

SUFFIXES = {".xml", ".rss", ".atom", ".rdf", ".json"}
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BASE = "http://127.0.0.1:8097/tests/"
FIELDS = ("title", "link", "id", "published", "updated")
LOCATION = re.compile(rb"Header:\s*Content-Location:\s*(\S+)")
CODEC = re.compile(rb"SkipUnless:.*lookup\('([^']+)'\)")
EXPECT = re.compile(rb"Expect:\s*(.*?)\s*(?:-->|\n\S*\n|\Z)", re.S)


def main() -> None:
    """Run every folder and print what was found."""
    counts: Counter[str] = Counter()
    for folder in sys.argv[1:]:
        for file in sorted(Path(folder).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file() and not _is_expectation(file):
                for verdict, what in _examine(file):
                    counts[verdict] += 1
                    if what:
                        print(f"{verdict}: {file.relative_to(folder)}: {what}")
    for verdict, number in sorted(counts.items()):
        print(f"{number:6}  {verdict}")
    agreed, asked = (
        counts["expected: agrees"],
        counts["expected: agrees"] + counts["expected: differs"],
    )
    if asked:
        print(f"agreement with what suites expect: {agreed / asked:.2%} of {asked}")


def _is_expectation(file: Path) -> bool:
    return file.suffix == ".json" and any(file.with_suffix(s).exists() for s in (".xml", ".rss"))


def _examine(file: Path) -> Iterator[tuple[str, str]]:
    body = file.read_bytes()
    located = LOCATION.search(body[:1000])
    response = Response(located[1].decode() if located else BASE + file.name, 200, body)
    try:
        feed = feeds.parse(response, NOW)
    except ParseError:
        yield "read: refused", ""
        feed = None
    except Exception as bug:  # noqa: BLE001  # which one it was is the finding
        yield "read: CRASHED", repr(bug)
        return
    else:
        yield "read: well", ""
    yield from _compare_readers(response)
    if feed is not None:
        yield from _compare_expectations(file, response, feed)


# --- the two readers -----------------------------------------------------------------------------


def _compare_readers(response: Response) -> Iterator[tuple[str, str]]:
    try:
        body = mend(response.body, 1000, response.url)
    except ParseError:
        return
    strict = read_strict(body, response.url, 1000)
    if strict is None:
        yield "strict: left to feedparser", ""
        return
    try:
        patient = read_xml_feed(body, response, 1000)
    except ParseError as error:
        yield "strict: DIFFERS", f"feedparser refuses it: {error}"
        return
    differences = list(_differences(asdict(strict), asdict(patient)))
    yield ("strict: DIFFERS", "; ".join(differences)) if differences else ("strict: same", "")


def _differences(strict: dict[str, Any], patient: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "title_is_html", "wait", "skipped"):
        if strict[name] != patient[name]:
            yield f"{name} {strict[name]!r} / {patient[name]!r}"
    if len(strict["items"]) != len(patient["items"]):
        yield f"{len(strict['items'])} / {len(patient['items'])} items"
    for ours, theirs in zip(strict["items"], patient["items"], strict=False):
        for name in ours:
            if name in ("base", "when") or (name.endswith("_is_html") and not ours[name[:-8]]):
                continue
            if ours[name] != theirs[name]:
                yield f"{name} {ours[name]!r} / {theirs[name]!r}"


# --- what suites expect --------------------------------------------------------------------------


def _compare_expectations(file: Path, response: Response, feed: Feed) -> Iterator[tuple[str, str]]:
    if _needs_unknown_codec(response.body):
        yield "expected: not asked (Python lacks the charset)", ""
        return
    found = feeds.find(response).items
    for number, name, expected in [*_said(response.body), *_beside(file)]:
        ours = {feed.title} if number is None else _ours(found, number, name)
        theirs = _spellings(name, str(expected).strip(), response.url)
        if ours & theirs:
            yield "expected: agrees", ""
        else:
            yield "expected: differs", f"{name} of entry {number}: {ours}, expected {theirs}"


def _said(body: bytes) -> Iterator[tuple[int | None, str, Any]]:
    """Read 'Expect: entries[0]['title'] == …' comments; None stands for the feed itself."""
    found = EXPECT.search(body)
    if not found:
        return
    try:
        tree = ast.parse(found[1].decode("utf-8", "replace").strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            place, value = _place(node.left), node.comparators[0]
            if place and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield (*place, value.value)


def _place(node: ast.expr) -> tuple[int | None, str] | None:
    """Read ``feed['title']`` or ``entries[0]['title']``."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)):
        return None
    name, owner = node.slice.value, node.value
    if name not in FIELDS:
        return None
    if isinstance(owner, ast.Name) and owner.id in ("feed", "channel"):
        return (None, str(name)) if name == "title" else None
    if isinstance(owner, ast.Subscript) and isinstance(owner.slice, ast.Constant):
        inner = owner.value
        if isinstance(inner, ast.Name) and inner.id in ("entries", "items"):
            number = owner.slice.value
            return (number, str(name)) if isinstance(number, int) else None
    return None


def _beside(file: Path) -> Iterator[tuple[int | None, str, Any]]:
    """Read gofeed's expectation, a JSON file of the same name."""
    beside = file.with_suffix(".json")
    if file.suffix == ".json" or not beside.exists():
        return
    try:
        told = json.loads(beside.read_text(encoding="utf-8", errors="replace"))
    except ValueError:
        return
    if told.get("title"):
        yield None, "title", told["title"]
    names = {"title": "title", "link": "link", "guid": "id", "id": "id", "pubDate": "published"}
    names |= {"published": "published"}
    for number, item in enumerate(told.get("items") or told.get("entries") or []):
        for theirs, name in names.items():
            if isinstance(item.get(theirs), str) and item[theirs]:
                yield number, name, item[theirs]


def _needs_unknown_codec(body: bytes) -> bool:
    named = CODEC.search(body[:1000])
    try:
        codecs.lookup(named[1].decode() if named else "utf-8")
    except LookupError:
        return True
    return False


def _ours(items: list[FoundItem], number: int, name: str) -> set[str]:
    """What we made of an entry's field; its date of publication may be told as another one."""
    if number >= len(items):
        return {""}
    item = items[number]
    if name in ("published", "updated"):
        return set(item.dates)
    plain = plain_text(item.title) if item.title_is_html else one_line(item.title)
    return {{"title": plain, "link": item.link, "id": item.guid}[name]}


def _spellings(name: str, expected: str, base: str) -> set[str]:
    """The expectation in our spelling: titles are visible characters, addresses are absolute."""
    if name == "title":
        return {one_line(expected), plain_text(expected)}
    return {expected, join(base, expected)} if name in ("link", "id") else {expected}


if __name__ == "__main__":
    main()
