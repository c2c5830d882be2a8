"""Rebuild the weights of the extractor: `make train`.

    python training/train.py CORPUS ORGANISATIONS.toml PUBLISHED [--collections FOLDER]
        [--folds N] [--scratch FOLDER] [--replace]

CORPUS is the shared corpus (train/, dev/, pool/, score.py), PUBLISHED the folder of the published
MiniLM. Learns from the gold of train/, from the labelled sentences of the pool, from the articles
written for the project and the starter history's paraphrases, with `--collections` also from the
labelled articles of public collections; dev/ is only compared with, so that near copies of it stay
out.

Prints the figures of a cross-validation over articles, made before the last weights are fitted on
everything. Weights that score worse than those in place are not put in their place; `--replace`
does it all the same.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import blending
import crossing
import gating
import numpy as np
import torch
import tune
from articles import Article, read_articles
from export_encoder import check_published, export

MODEL = Path(__file__).resolve().parents[1] / "tracker" / "extraction" / "model"
FOLDS = 3
DECIDES = "all_announcements_f1"
Row = dict[str, Any]


def main() -> int:
    """Read, validate, fit, compare, write."""
    wanted = arguments()
    torch.set_num_threads(wanted.threads)
    check_published(wanted.published)
    articles = read_articles(wanted.corpus, wanted.registry, wanted.collections)
    rows = [row for article in articles for row in article.rows]
    print(f"{len(articles)} articles, {len(rows)} rows", flush=True)
    gate = gating.validated(rows, FOLDS)
    chosen = gating.chosen(rows)
    asked = [row for row in rows if row["fold"] >= 0 and row["over"] >= 0]
    kept = tune.keep_embedded(sorted({row["text"] for row in (*chosen, *asked)}), wanted.published)
    seen = unseen(chosen, asked, kept, wanted)
    figures = validate(articles, seen, wanted)
    print(json.dumps(figures, indent=1), flush=True)
    if not better(figures, wanted.replace):
        return 1
    body, heads = tune.tune(chosen, kept, wanted.published)
    tables = heads.arrays(version_of(rows), blending.blends(seen, heads.features))
    write(body, {**tables, **gate.arrays(heads.features)}, figures, wanted)
    return 0


def arguments() -> argparse.Namespace:
    """What to learn from, and where to work."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("registry", type=Path)
    parser.add_argument("published", type=Path)
    parser.add_argument("--scratch", type=Path, default=Path(".bench/training"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--collections", type=Path, help="checkouts of labelled collections")
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many of the folds are run")
    parser.add_argument("--replace", action="store_true", help="also with worse figures")
    found = parser.parse_args()
    found.scratch.mkdir(parents=True, exist_ok=True)
    return found


def unseen(
    chosen: list[Row], asked: list[Row], kept: tune.Kept, wanted: argparse.Namespace
) -> blending.Told:
    """Rows of real articles answered by networks that never saw their article."""
    seen: blending.Told = []
    for fold in range(wanted.folds):
        others = [row for row in chosen if row["fold"] != fold]
        held = [row for row in asked if row["fold"] == fold]
        body, heads = tune.tune(others, kept, wanted.published)
        seen += tune.opinions(body, heads, held, kept)
    return seen


def validate(
    articles: list[Article], seen: blending.Told, wanted: argparse.Namespace
) -> dict[str, float]:
    """The figures of unseen articles, single questions and whole documents."""
    names = sorted({name for row, _ in seen for name in row["features"]})
    again = blending.validated(seen, names)
    return {
        **crossing.by_pair(again),
        **crossing.by_document(articles, again, wanted.corpus / "score.py", wanted.scratch),
    }


def better(figures: dict[str, float], replace: bool) -> bool:
    """Whether these weights may take the place of those that are there."""
    path = MODEL / "figures.json"
    if replace or not path.exists():
        return True
    before = json.loads(path.read_text())
    if before["documents"] != figures["documents"]:
        print("the weights in place were scored on other articles: they stay")
        return False
    worse = figures[DECIDES] < before[DECIDES]
    if worse:
        print(f"the weights in place score {before[DECIDES]}: they stay")
    return not worse


def version_of(rows: list[Row]) -> str:
    """A short name that changes with what was learned from."""
    told = json.dumps([(r["text"], r["label"], r["acts"], r["topics"], r["call"]) for r in rows])
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def write(
    body: tune.Body,
    arrays: dict[str, np.ndarray],
    figures: dict[str, float],
    wanted: argparse.Namespace,
) -> None:
    """The files of the model, with the list of their hashes written last."""
    MODEL.mkdir(exist_ok=True)
    cosine = export(body.weights(), MODEL / "encoder.onnx", wanted.scratch)
    print(f"lowest cosine of the small encoder to the whole one {cosine:.4f}")
    shutil.copy(wanted.published / "tokenizer.json", MODEL / "tokenizer.json")
    with (MODEL / "heads.npz").open("wb") as file:
        np.savez_compressed(file, **arrays)
    (MODEL / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
    names = ("encoder.onnx", "tokenizer.json", "heads.npz")
    hashes = {name: hashlib.sha256((MODEL / name).read_bytes()).hexdigest() for name in names}
    (MODEL / "hashes.json").write_text(json.dumps(hashes, indent=1) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
