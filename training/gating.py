"""Fit the gate: which pairs are worth asking the network about."""

import random
from dataclasses import dataclass
from typing import Any

import by_rules
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from tracker.extraction.gate import PLACES, WORD_SCALE, places_of

KEPT = 0.88
"""The share of pairs with a record that must pass."""
EMPTY_REAL, EMPTY_WRITTEN, TEMPTING = 4200, 500, 0.3
"""Texts without a record that are learned from, so that a run stays short: as many, and only those
that the gate holds for this much likelier than its threshold asks."""
KINDS = ("company", "actor")
Row = dict[str, Any]


@dataclass(frozen=True)
class Fitted:
    """A gate fitted on everything, with thresholds from articles it had not seen."""

    names: list[str]
    weights: np.ndarray
    bias: float
    least: tuple[float, float]

    def arrays(self, features: list[str]) -> dict[str, np.ndarray]:
        """The tables as they ship, the weights of what the rules saw in the order of the heads."""
        seen = dict(zip(self.names, self.weights[: len(self.names)], strict=True))
        return {
            "gate_features": np.array([seen.get(name, 0.0) for name in features], np.float32),
            "gate_words": self.weights[len(self.names) :].astype(np.float32),
            "gate_bias": np.float32(self.bias),
            "gate_least": np.array(self.least, np.float32),
        }


def validated(rows: list[Row], folds: int) -> Fitted:
    """Score every row by a gate that never saw its article (as ``over``: above the threshold)."""
    names = sorted({name for row in rows for name in row["features"]})
    data = table(rows, names)
    scores = np.zeros(len(rows))
    for fold in range(folds):
        others = [n for n, row in enumerate(rows) if row["fold"] != fold]
        held = [n for n, row in enumerate(rows) if row["fold"] in (fold, -1)]
        weights, bias = fit([rows[n] for n in others], data[others])
        scores[held] = data[held] @ weights + bias
    least = tuple(threshold(scores, rows, kind) for kind in KINDS)
    for score, row in zip(scores, rows, strict=True):
        row["over"] = float(score - least[KINDS.index(row["kind"])])
    _pass_together(rows)
    weights, bias = fit(rows, data)
    return Fitted(names, weights, bias, (least[0], least[1]))


def _pass_together(rows: list[Row]) -> None:
    """Companies listed side by side pass with the best of them, as in ``Gate.passing``."""
    lists: dict[Any, list[Row]] = {}
    for row in rows:
        if row["list"] is not None:
            lists.setdefault((row["article"], row["list"]), []).append(row)
    for listed in lists.values():
        best = max(row["over"] for row in listed)
        for row in listed:
            row["over"] = best


def chosen(rows: list[Row]) -> list[Row]:
    """The rows of every text that holds a record, and of some that tempt the gate without one."""
    held = {row["text"] for row in rows if told(row)}
    real = {row["text"] for row in rows if row["fold"] >= 0}
    empty = {row["text"] for row in rows if row["over"] >= TEMPTING} - held
    dice, texts = random.Random(3), set(held)
    for group, most in ((sorted(empty & real), EMPTY_REAL), (sorted(empty - real), EMPTY_WRITTEN)):
        dice.shuffle(group)
        texts.update(group[:most])
    return [row for row in rows if row["text"] in texts]


def told(row: Row) -> bool:
    """Whether the pair holds a record."""
    return row["label"] != "none" or bool(row["call"])


def table(rows: list[Row], names: list[str]) -> csr_matrix:
    """What the rules saw, and the words."""
    at, columns = [0], []
    for row in rows:
        columns += sorted(places_of(row["kind"], row["text"], row["spots"]))
        at.append(len(columns))
    words = csr_matrix((np.ones(len(columns), np.float32), columns, at), shape=(len(rows), PLACES))
    return hstack([csr_matrix(by_rules.numbers(rows, names)), words * WORD_SCALE]).tocsr()


def fit(rows: list[Row], data: csr_matrix) -> tuple[np.ndarray, float]:
    """Weights and bias."""
    model = LogisticRegression(C=0.15, max_iter=200, solver="liblinear")
    model.fit(data, [told(row) for row in rows], sample_weight=[row["weight"] for row in rows])
    return model.coef_[0], float(model.intercept_[0])


def threshold(scores: np.ndarray, rows: list[Row], kind: str) -> float:
    """The score that lets the wanted share of one kind's records pass."""
    pairs = zip(scores, rows, strict=True)
    sure = np.sort([score for score, row in pairs if row["kind"] == kind and told(row)])
    return float(sure[int((1 - KEPT) * len(sure))])
