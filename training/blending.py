"""Weigh the network's answers once more on articles that it had not seen.

A network is surer of what it learned from than of anything else, and the articles written for the
project date themselves more plainly than real ones. So each question gets a second, small table,
fitted on real articles whose answers come from a network that never saw them: how much the answer
counts, and what the rules saw beside it, signs of age included. It is linear like the heads, so
both are folded into one table before they ship.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import by_rules
import numpy as np
import torch
from torch.nn import functional

Row = dict[str, Any]
Answer = dict[str, dict[str, float]]
Told = list[tuple[Row, Answer]]
QUESTIONS = ("stance", "reaction", "call")
"""The others lose by it: real articles show each act and topic too seldom."""
PARTS = 4
"""Into how many parts articles are drawn to judge the tables themselves."""
STIFF = 10.0
"""How dear a weight is."""
_LEAST = 1e-6


@dataclass(frozen=True)
class Blend:
    """For one question: the scale of the network's answer, weights of what the rules saw, bias."""

    codes: list[str]
    names: list[str]
    scale: float
    weights: np.ndarray
    bias: np.ndarray

    def answer(self, row: Row, said: Answer, question: str) -> dict[str, float]:
        """The answer to one pair, weighed again."""
        place = {name: n for n, name in enumerate(self.names)}
        seen = [(place[n], value) for n, value in row["features"].items() if n in place]
        score = self.scale * _logs([said], question, self.codes)[0] + self.bias
        for n, value in seen:
            score = score + value * self.weights[n]
        chance = np.exp(score - score.max())
        return dict(zip(self.codes, map(float, chance / chance.sum()), strict=True))

    def folded(
        self, weights: np.ndarray, bias: np.ndarray, codes: list[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """A head's table with this one added; its first rows are what the rules saw."""
        place = [self.codes.index(code) for code in codes]
        wide = self.scale * weights
        wide[: len(self.names)] += self.weights[:, place]
        return wide.astype(np.float32), (self.scale * bias + self.bias[place]).astype(np.float32)


def blends(seen: Told, names: list[str]) -> dict[str, Blend]:
    """A blend for each question."""
    return {question: fit(seen, question, names) for question in QUESTIONS}


def validated(seen: Told, names: list[str]) -> Told:
    """Every answer weighed by tables that never saw its article."""
    found: Told = []
    for part in range(PARTS):
        tables = blends([pair for pair in seen if part_of(pair[0]) != part], names)
        held = [pair for pair in seen if part_of(pair[0]) == part]
        found += [(row, weighed(row, said, tables)) for row, said in held]
    return found


def part_of(row: Row) -> int:
    """The part of an article, drawn anew within the folds of the networks."""
    return zlib.crc32(f"{row['article']} again".encode()) % PARTS


def weighed(row: Row, said: Answer, tables: Mapping[str, Blend]) -> Answer:
    """All answers to one pair."""
    again = {question: blend.answer(row, said, question) for question, blend in tables.items()}
    return {**said, **again}


def fit(seen: Told, question: str, names: list[str]) -> Blend:
    """The table of one question, from the pairs that can answer it."""
    codes = list(dict.fromkeys(code for _, said in seen for code in said[question]))
    used = [
        (row, said, right)
        for row, said in seen
        if (right := [code in _accepted(row, question) for code in codes]) and any(right)
    ]
    logs = torch.from_numpy(_logs([said for _, said, _ in used], question, codes))
    table = torch.from_numpy(by_rules.numbers([row for row, _, _ in used], names))
    right = torch.tensor([hit for _, _, hit in used], dtype=torch.float32)
    weight = torch.tensor([row["weight"] for row, _, _ in used])
    scale = torch.ones(1, requires_grad=True)
    weights = torch.zeros(len(names), len(codes), requires_grad=True)
    bias = torch.zeros(len(codes), requires_grad=True)
    search = torch.optim.LBFGS([scale, weights, bias], max_iter=60, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        search.zero_grad()
        chance = functional.softmax(scale * logs + table @ weights + bias, 1)
        loss = -(weight * (chance * right).sum(1).clamp_min(_LEAST).log()).sum()
        loss = loss + STIFF * (weights**2).sum() + 0.3 * (bias**2).sum() + 2 * (scale - 1) ** 2
        loss.sum().backward()
        return loss.sum()

    search.step(step)  # type: ignore[no-untyped-call]
    parts = [each.detach().numpy() for each in (weights, bias)]
    return Blend(codes, names, float(scale.item()), *parts)


def _accepted(row: Row, question: str) -> list[str]:
    """The codes that a pair's label allows; none where the question does not apply."""
    company = row["kind"] == "company"
    if question == "stance":
        return [row["label"]] if company else []
    if question in ("act", "topic"):
        return row[f"{question}s"] if company and row["label"] != "none" else []
    if company:
        return []
    if question == "call":
        return ["yes" if row["call"] else "no"]
    return row["acts"] if row["label"] != "none" else ["none"]


def _logs(answers: list[Answer], question: str, codes: list[str]) -> np.ndarray:
    chances = [[said[question].get(code, 0.0) for code in codes] for said in answers]
    return np.log(np.maximum(np.array(chances, np.float32), _LEAST))
