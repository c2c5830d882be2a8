"""The articles that are learned from, read once, with their training rows.

Articles that share more than 15 % of their shingles with an article of dev/ are left out, so that
dev/ stays unseen.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import elsewhere
import history
from rows import Row, Rows, names_of, written

from tracker.extraction.pairs import COMPANY, list_of
from tracker.extraction.reading import Reading
from tracker.extraction.topics import Matter
from tracker.starter.reader import load_registry

FOLDS = 3
ALWAYS = -1
"""The fold of articles that are only learned from: they are not what is measured."""
SHINGLE, SHARED = 5, 0.15


@dataclass(frozen=True)
class Scored:
    """A real article that was labelled whole, and its gold, both as JSON; where it comes from."""

    document: str
    gold: str
    of_corpus: bool


@dataclass(frozen=True)
class Article:
    """One article with its rows; ``rows[n]`` is about the n-th pair that a reading gives."""

    id: str
    reading: Reading
    matter: Matter
    rows: list[dict[str, Any]]
    scored: Scored | None = None
    """What it is scored against, where all of it was labelled."""


def read_articles(corpus: Path, registry: Path, collections: Path | None) -> list[Article]:
    """Gold articles, labelled sentences of the pool, written articles, the starter history's
    paraphrases, labelled collections.
    """
    here = Path(__file__).parent
    same = names_of(corpus / "score.py", registry)
    reader = Rows(load_registry(), same)
    whole = list(of_corpus(corpus))
    whole += of_collections(collections) if collections else []
    copies = near_copies(corpus, [json.loads(each.document) for each in whole])
    labels = sorted((here / "labels").glob("*.jsonl"))
    found = [(reader.article(s.document, json.loads(s.gold)), s) for s in whole]
    told = [(read, fold_of(read.id), scored) for read, scored in found]
    told += [(r, fold_of(r.id), None) for r in reader.pool(corpus / "pool/pool.jsonl", labels)]
    told += [(read, ALWAYS, None) for read in written(here / "written", same)]
    told += [(read, ALWAYS, None) for read in history.paraphrases(reader, registry, corpus)]
    return [
        Article(r.id, r.reading, r.matter, [plain(w, fold) for w in r.rows if usable(w)], scored)
        for r, fold, scored in told
        if r.id not in copies
    ]


def of_corpus(corpus: Path) -> Iterator[Scored]:
    """The training articles of the corpus."""
    for path in sorted((corpus / "train/gold").glob("*.json")):
        document = (corpus / "train/docs" / path.name).read_text()
        yield Scored(document, path.read_text(), of_corpus=True)


def of_collections(folder: Path) -> Iterator[Scored]:
    """The labelled articles of public collections."""
    for document, gold in elsewhere.labelled(folder):
        yield Scored(document, json.dumps(gold), of_corpus=False)


def fold_of(article: str) -> int:
    """The fold of an article, the same on every machine."""
    return zlib.crc32(article.encode()) % FOLDS


def usable(row: Row) -> bool:
    """A stance without an act teaches nothing sure."""
    return row.label == "none" or row.pair.kind != COMPANY or bool(row.acts)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every run of five words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def near_copies(corpus: Path, others: list[dict[str, Any]]) -> set[str]:
    """Articles of the training data that repeat an article of dev/."""
    kept = [shingles(json.loads(p.read_text())["text"]) for p in (corpus / "dev/docs").iterdir()]
    rows = [json.loads(raw) for raw in (corpus / "pool/pool.jsonl").read_text().splitlines()]
    rows += others
    found = set()
    for row in rows:
        mine = shingles(row["text"])
        if any(mine and len(mine & d) > SHARED * min(len(mine), len(d)) for d in kept):
            found.add(row["id"])
    return found


def plain(row: Row, fold: int) -> dict[str, Any]:
    """A row in plain values."""
    company = row.pair.kind == COMPANY
    return {
        "article": row.article,
        "fold": fold,
        "number": row.number,
        "kind": row.pair.kind,
        "label": row.label,
        "acts": list(row.acts),
        "topics": list(row.topics) if company else [],
        "weight": row.weight,
        "call": row.call,
        "text": row.pair.text,
        "spots": row.pair.spots,
        "list": list_of(row.pair) if company else None,
        "features": {name: round(value, 4) for name, value in row.pair.features.items() if value},
    }
