"""The trained questions asked of every pair: stance or not, which act, topic, reaction, call.

A head is one table of weights over what the rules saw and over the vector of the sentence; they
lie in ``model/heads.npz`` (plain arrays, no pickle), checked by hash like the encoder.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.domain.errors import SettingsError
from tracker.extraction import encoder, gate
from tracker.extraction.encoder import Encoder, Vectors
from tracker.extraction.gate import Gate
from tracker.extraction.pairs import Pair

VECTOR_SCALE = 6.0
"""Unit vectors are stretched to the size of the other numbers."""
QUESTIONS = ("stance", "act", "topic", "reaction", "call")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the heads think of one pair: probabilities by code."""

    stance: Mapping[str, float]
    act: Mapping[str, float]
    topic: Mapping[str, float]
    reaction: Mapping[str, float]
    call: float


class Heads:
    """The tables of one training run."""

    def __init__(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        self.arrays = arrays
        self.codes = {q: [str(c) for c in arrays[f"{q}_codes"]] for q in QUESTIONS}
        self._features = {str(name): n for n, name in enumerate(arrays["features"])}
        self._tables = {q: (arrays[f"{q}_weights"], arrays[f"{q}_bias"]) for q in QUESTIONS}

    def numbers(self, pairs: Sequence[Pair], vectors: Vectors) -> Vectors:
        """One row of numbers per pair: named features, then the vector."""
        found = np.zeros((len(pairs), len(self._features)), np.float32)
        for row, pair in enumerate(pairs):
            for name, value in pair.features.items():
                place = self._features.get(name)
                if place is not None:
                    found[row, place] = value
        return np.hstack([found, vectors * VECTOR_SCALE])

    def ask(self, pairs: Sequence[Pair], vectors: Vectors) -> list[Opinion]:
        """The opinion on each pair."""
        if not pairs:
            return []
        numbers = self.numbers(pairs, vectors)
        answers = {q: self._answer(q, numbers) for q in QUESTIONS}
        return [self._opinion(row, answers) for row in range(len(pairs))]

    def _opinion(self, row: int, answers: Mapping[str, Vectors]) -> Opinion:
        named = {
            q: {code: float(p) for code, p in zip(self.codes[q], answers[q][row], strict=True)}
            for q in QUESTIONS
        }
        return Opinion(
            named["stance"], named["act"], named["topic"], named["reaction"], named["call"]["yes"]
        )

    def _answer(self, question: str, numbers: Vectors) -> Vectors:
        weights, bias = self._tables[question]
        score = numbers @ weights + bias
        score = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(score / score.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True)
class Model:
    """Encoder and heads together."""

    encoder: Encoder
    gate: Gate
    heads: Heads
    version: str

    def ask(self, pairs: Iterable[Pair]) -> list[tuple[Pair, Opinion]]:
        """The opinion on each pair of an article that the gate lets pass."""
        asked = self.gate.passing(pairs)
        if not asked:
            return []
        texts: dict[str, list[int]] = {}
        for place, pair in enumerate(asked):
            texts.setdefault(pair.text, []).append(place)
        vectors = np.zeros((len(asked), encoder.WIDTH), np.float32)
        for text, places in texts.items():
            vectors[places] = self.encoder(text, [asked[place].spots for place in places])
        return list(zip(asked, self.heads.ask(asked, vectors), strict=True))


@cache
def load() -> Model | None:
    """The shipped model, None when a file is missing or differs from its hash."""
    base = encoder.load()
    if base is None or not encoder.is_whole("heads.npz"):
        return None
    return _model(base, (encoder.folder() / "heads.npz").read_bytes())


def load_with(own: Path) -> Model | None:
    """The shipped encoder with heads fitted here; the shipped heads when these do not fit.

    Heads belong to the weights whose version theirs begins with (``tracker train`` writes it).
    """
    shipped = load()
    if shipped is None or not own.is_file():
        return shipped
    try:
        model = _model(shipped.encoder, own.read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise SettingsError(
            f"extract.heads_file: {own}: {error}: remove it or train again"
        ) from error
    return model if model.version.startswith(shipped.version) else shipped


def _model(base: Encoder, raw: bytes) -> Model:
    with np.load(io.BytesIO(raw), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return Model(base, gate.from_arrays(arrays), Heads(arrays), str(arrays["version"]))
