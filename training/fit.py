"""Fit the heads on training rows and vectors; report by cross-validation.

Usage: python training/fit.py ROWS.json VECTORS.npz OUT.npz [--folds N OUT_FOLDER]

Logistic regression per question, weighted by how sure the labels are. With ``--folds`` one file
per fold is written, fitted without the articles of that fold.
"""

import json
import sys
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

VECTOR_SCALE = 6.0
STRENGTH = {"stance": 0.1, "act": 0.1, "topic": 0.15, "reaction": 0.1, "call": 0.2}
Row = dict[str, Any]


def fold_of(article: str, folds: int) -> int:
    """The fold of an article, the same on every machine."""
    return zlib.crc32(article.encode()) % folds


def numbers(rows: list[Row], names: list[str], vectors: dict[str, np.ndarray]) -> np.ndarray:
    """The table of features and vectors."""
    place = {name: n for n, name in enumerate(names)}
    found = np.zeros((len(rows), len(names)), np.float32)
    for number, row in enumerate(rows):
        for name, value in row["features"].items():
            if name in place:
                found[number, place[name]] = value
    body = np.stack([vectors[row["text"]] for row in rows]) * VECTOR_SCALE
    return np.hstack([found, body]).astype(np.float32)


def targets(question: str, row: Row) -> str | None:
    """What the row says to a question; None where it does not apply."""
    company = row["kind"] == "company"
    if question == "stance":
        return row["label"] if company else None
    if question in ("act", "topic"):
        known = row["acts" if question == "act" else "topics"]
        return known[0] if company and row["label"] != "none" and known else None
    if company:
        return None
    return row["label"] if question == "reaction" else ("yes" if row["call"] else "no")


def fit(rows: list[Row], names: list[str], table: np.ndarray) -> dict[str, np.ndarray]:
    """All heads."""
    arrays: dict[str, np.ndarray] = {"features": np.array(names), "version": np.array("1.0")}
    for question, strength in STRENGTH.items():
        wanted = [targets(question, row) for row in rows]
        use = [n for n, w in enumerate(wanted) if w is not None]
        weights = np.array([rows[n]["weight"] for n in use])
        model = LogisticRegression(C=strength, max_iter=120)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(table[use], [wanted[n] for n in use], sample_weight=weights)
        coefficients, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
            bias = np.array([0.0, *bias])
        arrays[f"{question}_codes"] = np.array(model.classes_)
        arrays[f"{question}_weights"] = coefficients.T.astype(np.float32)
        arrays[f"{question}_bias"] = bias.astype(np.float32)
    return arrays


def answers(arrays: dict[str, np.ndarray], question: str, table: np.ndarray) -> np.ndarray:
    """Probabilities of a head."""
    score = table @ arrays[f"{question}_weights"] + arrays[f"{question}_bias"]
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


def report(
    rows: list[Row], table: np.ndarray, arrays: dict[str, np.ndarray], use: list[int]
) -> Row:
    """Counts of right answers of one held-out fold."""
    found: Row = {}
    for question in STRENGTH:
        codes = list(arrays[f"{question}_codes"])
        mine = [n for n in use if targets(question, rows[n]) is not None]
        guess = answers(arrays, question, table[mine])
        found[question] = [(mine[k], codes, guess[k]) for k in range(len(mine))]
    return found


def summary(rows: list[Row], told: dict[str, list]) -> None:
    """Print what cross-validation says."""
    for question in ("act", "topic"):
        key = "acts" if question == "act" else "topics"
        hits = [codes[int(np.argmax(p))] in rows[n][key] for n, codes, p in told[question]]
        print(question, "accepted", round(float(np.mean(hits)), 3), "of", len(hits))
    for question, no in (("stance", "none"), ("reaction", "none"), ("call", "no")):
        for limit in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
            yes = [(n, 1 - p[codes.index(no)] >= limit) for n, codes, p in told[question]]
            gold = {n: targets(question, rows[n]) != no for n, _ in yes}
            clear = {n for n in gold if gold[n] and rows[n]["weight"] == 1}
            right = sum(flag and gold[n] for n, flag in yes)
            hit = sum(flag for n, flag in yes if n in clear)
            made = sum(flag for _, flag in yes)
            precision, recall = right / max(1, made), hit / max(1, len(clear))
            print(f"{question} {limit}: precision {precision:.2f} recall {recall:.2f}")


def main() -> int:
    """Read, cross-validate, fit on everything, write."""
    rows = json.loads(Path(sys.argv[1]).read_text())
    with np.load(sys.argv[2], allow_pickle=False) as file:
        vectors = dict(zip(file["texts"].tolist(), file["vectors"], strict=True))
    count: dict[str, int] = {}
    for row in rows:
        for name in row["features"]:
            count[name] = count.get(name, 0) + 1
    names = sorted(name for name, times in count.items() if times >= 5)
    table = numbers(rows, names, vectors)
    if "--folds" in sys.argv:
        at = sys.argv.index("--folds")
        folds, folder = int(sys.argv[at + 1]), Path(sys.argv[at + 2])
        folder.mkdir(parents=True, exist_ok=True)
        told: dict[str, list] = {question: [] for question in STRENGTH}
        for fold in range(folds):
            inside = [n for n, row in enumerate(rows) if fold_of(row["article"], folds) != fold]
            held = [n for n, row in enumerate(rows) if fold_of(row["article"], folds) == fold]
            arrays = fit([rows[n] for n in inside], names, table[inside])
            np.savez(folder / f"heads{fold}.npz", **arrays)
            for question, more in report(rows, table, arrays, held).items():
                told[question] += more
        summary(rows, told)
    np.savez(sys.argv[3], **fit(rows, names, table))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
