"""Write the training rows and their vectors, from gold articles and labelled sentences.

Usage: python training/make_rows.py CORPUS ORGANISATIONS.toml ROWS.json VECTORS.npz

CORPUS holds train/, dev/, pool/pool.jsonl and score.py. Articles that share more than 15 % of
their shingles with an article of dev/ are left out, so that dev/ stays unseen.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rows import Row, Rows, names_of

from tracker.extraction import encoder
from tracker.starter.register import load_registry

SHINGLE, SHARED = 5, 0.15


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every run of five words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def near_copies(corpus: Path) -> set[str]:
    """Articles of the training data that repeat an article of dev/."""
    kept = [shingles(json.loads(p.read_text())["text"]) for p in (corpus / "dev/docs").iterdir()]
    rows = [json.loads(p.read_text()) for p in sorted((corpus / "train/docs").iterdir())]
    rows += map(json.loads, (corpus / "pool/pool.jsonl").read_text().splitlines())
    found = set()
    for row in rows:
        mine = shingles(row["text"])
        if any(mine and len(mine & d) > SHARED * min(len(mine), len(d)) for d in kept):
            found.add(row["id"])
    return found


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON."""
    company = row.pair.kind == "company"
    return {
        "article": row.article,
        "kind": row.pair.kind,
        "label": row.label,
        "acts": list(row.acts) if company else [],
        "topics": list(row.topics) if company else [],
        "weight": row.weight,
        "call": row.call,
        "text": row.pair.text,
        "features": row.pair.features,
    }


def main() -> int:
    """Read, label, encode, write."""
    corpus, registry = Path(sys.argv[1]), Path(sys.argv[2])
    reader = Rows(load_registry(), names_of(corpus / "score.py", registry))
    labels = sorted((Path(__file__).parent / "labels").glob("*.jsonl"))
    every = [*reader.gold(corpus / "train"), *reader.pool(corpus / "pool/pool.jsonl", labels)]
    copies = near_copies(corpus)
    rows = [plain(row) for row in every if row.article not in copies]
    rows = [r for r in rows if r["label"] == "none" or r["kind"] == "actor" or r["acts"]]
    Path(sys.argv[3]).write_text(json.dumps(rows))
    encode = encoder.load()
    if encode is None:
        print("no encoder in tracker/extraction/model: rows written, vectors left out")
        return 1
    texts = sorted({row["text"] for row in rows})
    np.savez(sys.argv[4], texts=np.array(texts), vectors=encode(texts))
    print(f"{len(rows)} rows, {len(texts)} texts, {len(copies)} near copies left out")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
