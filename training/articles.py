"""The articles that are learned from, read once, with their training rows.

Articles that share more than 15 % of their shingles with an article of dev/ are left out, so that
dev/ stays unseen.
"""

import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import elsewhere
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
class Article:
    """One article with its rows; ``rows[n]`` is about the n-th pair that a reading gives."""

    id: str
    reading: Reading
    matter: Matter
    rows: list[dict[str, Any]]
    gold: bool
    """Whether the corpus has a gold file for it, to score against."""


def read_articles(corpus: Path, registry: Path, collections: Path | None) -> list[Article]:
    """Gold articles, labelled sentences of the pool, written articles, labelled collections."""
    here = Path(__file__).parent
    same = names_of(corpus / "score.py", registry)
    reader = Rows(load_registry(), same)
    others = list(elsewhere.labelled(collections)) if collections else []
    copies = near_copies(corpus, [json.loads(raw) for raw, _ in others])
    labels = sorted((here / "labels").glob("*.jsonl"))
    told = [(read, fold_of(read.id), True) for read in reader.gold(corpus / "train")]
    told += [(r, fold_of(r.id), False) for r in reader.pool(corpus / "pool/pool.jsonl", labels)]
    told += [(read, ALWAYS, False) for read in written(here / "written", same)]
    found = [reader.article(raw, gold) for raw, gold in others]
    told += [(read, fold_of(read.id), False) for read in found]
    return [
        Article(r.id, r.reading, r.matter, [plain(row, fold) for row in r.rows if usable(row)], own)
        for r, fold, own in told
        if r.id not in copies
    ]


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
    rows = [json.loads(p.read_text()) for p in sorted((corpus / "train/docs").iterdir())]
    rows += map(json.loads, (corpus / "pool/pool.jsonl").read_text().splitlines())
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
