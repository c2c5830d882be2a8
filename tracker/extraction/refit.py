"""Heads fitted anew to what people said of the findings, near the heads that ship.

Each verdict pulls; the weights that ship pull back (a ridge around them), so that a few dozen
verdicts mend what is wrong here without unlearning the rest. Before anything is replaced both are
compared on verdicts of articles that the new ones never saw.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.domain.model import Document, Registry
from tracker.extraction.chain import Chain
from tracker.extraction.heads import Heads, Model
from tracker.extraction.pairs import ACTOR, COMPANY, Pair, Pairing
from tracker.extraction.topics import Matter

FOLDS, ROUNDS, STEP, PULL = 5, 150, 0.5, 0.02
LEAST = 40
"""Fewer verdicts than these say nothing."""
Numbers = NDArray[np.float32]
Arrays = dict[str, Numbers]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said of one claim: the answers that are right, by question of the heads."""

    document: Document
    kind: str
    """``company`` or ``actor``, as the pairs have it."""
    actor: str
    quote: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refit:
    """Mean surprise (log loss) of both on unseen verdicts; ``raw`` is the file of the new heads."""

    verdicts: int
    articles: int
    before: float
    after: float
    raw: bytes

    @property
    def is_better(self) -> bool:
        """Whether the new heads are less surprised by verdicts they never saw."""
        return self.after < self.before


def refit(model: Model, verdicts: Iterable[Verdict], registry: Registry) -> Refit | None:
    """Fit the heads anew; None when too few verdicts can be found again in their articles."""
    seen = list(_located(model, verdicts, registry))
    articles = sorted({document for document, _, _ in seen})
    if len(seen) < LEAST or len(articles) < FOLDS:
        return None
    before = after = 0.0
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        unseen = [row for row in seen if row[0] in held]
        fitted = _fitted(model.heads, [row for row in seen if row[0] not in held])
        before += _surprise(model.heads.arrays, unseen)
        after += _surprise(fitted, unseen)
    arrays = _fitted(model.heads, seen)
    arrays["version"] = np.array(f"{model.version} with {len(seen)} verdicts")
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    total = len(seen)
    return Refit(total, len(articles), before / total, after / total, file.getvalue())


Row = tuple[str, Numbers, Mapping[str, str]]


def _located(model: Model, verdicts: Iterable[Verdict], registry: Registry) -> Iterator[Row]:
    """The numbers that the heads see of each claim that is found again."""
    chain = Chain(model)
    asked: dict[str, list[Pair]] = {}
    for verdict in verdicts:
        if verdict.document.id not in asked:
            reading = chain.read(verdict.document, registry)
            making = Pairing(reading, Matter(verdict.document.title, verdict.document.text))
            asked[verdict.document.id] = [*making.companies(), *making.actors()]
        pair = _pair_of(verdict, asked[verdict.document.id])
        if pair is not None:
            vector = model.encoder(pair.text, [pair.spots])
            yield verdict.document.id, model.heads.numbers([pair], vector)[0], verdict.answers


def _pair_of(verdict: Verdict, pairs: Sequence[Pair]) -> Pair | None:
    return next(
        (
            pair
            for pair in pairs
            if pair.kind == verdict.kind
            and pair.actor.name == verdict.actor
            and (verdict.quote in pair.line.text or pair.line.text in verdict.quote)
        ),
        None,
    )


def _fitted(heads: Heads, rows: Sequence[Row]) -> Arrays:
    """The tables after some rounds of descent around the shipped ones."""
    arrays = dict(heads.arrays)
    for question in heads.codes:
        told, wanted = _answers(heads.codes[question], question, rows)
        if len(wanted):
            arrays[f"{question}_weights"], arrays[f"{question}_bias"] = _descend(
                arrays[f"{question}_weights"], arrays[f"{question}_bias"], told, wanted
            )
    return arrays


def _answers(codes: Sequence[str], question: str, rows: Sequence[Row]) -> tuple[Numbers, Numbers]:
    known = [row for row in rows if row[2].get(question) in codes]
    wanted = np.zeros((len(known), len(codes)), np.float32)
    for number, row in enumerate(known):
        wanted[number, codes.index(row[2][question])] = 1
    told = np.stack([row[1] for row in known]) if known else np.zeros((0, 1), np.float32)
    return told, wanted


def _descend(
    weights: Numbers, bias: Numbers, told: Numbers, wanted: Numbers
) -> tuple[Numbers, Numbers]:
    moved, shift = weights.copy(), bias.copy()
    size = float((told**2).sum(1).mean()) + 1.0
    for _ in range(ROUNDS):
        slope = (_chances(told @ moved + shift) - wanted) / len(wanted)
        moved -= STEP / size * (told.T @ slope + PULL * (moved - weights))
        shift -= STEP / size * (slope.sum(0) + PULL * (shift - bias))
    return moved, shift


def _chances(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def _surprise(arrays: Mapping[str, Numbers], rows: Sequence[Row]) -> float:
    """The sum of the log losses over all answered questions, a row counting once."""
    total = 0.0
    for _, told, answers in rows:
        losses = []
        for question, answer in sorted(answers.items()):
            codes = [str(code) for code in arrays[f"{question}_codes"]]
            if answer in codes:
                scores = told @ arrays[f"{question}_weights"] + arrays[f"{question}_bias"]
                chance = _chances(scores[None, :])[0, codes.index(answer)]
                losses.append(-float(np.log(max(chance, 1e-6))))
        total += float(np.mean(losses)) if losses else 0.0
    return total


__all__ = ["ACTOR", "COMPANY", "Refit", "Verdict", "refit"]
