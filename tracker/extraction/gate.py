"""The cheap question before the dear one: may this pair hold anything at all?

One table of weights over what the rules saw and over the words of the sentence, so that the
network reads a handful of pairs of an article and not a hundred.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.extraction.pairs import ACTOR, COMPANY, Pair, Spots, list_of

PLACES = 1 << 15
"""Words and pairs of words share this many weights by their checksum."""
WORD_SCALE = 0.5
"""A word weighs half of what the rules see, so that a sentence of many words is not the louder."""
_NEAR = 3
_WORD = re.compile(r"[a-z][a-z']*|\d+|[?!]")


@dataclass(frozen=True, slots=True)
class Gate:
    """The weights of one training run."""

    features: Mapping[str, float]
    words: NDArray[np.float32]
    bias: float
    least: Mapping[str, float]
    """From which score on a pair of each kind passes."""

    def passing(self, asked: Iterable[Pair]) -> list[Pair]:
        """The pairs that the network should be asked about, in their order.

        Companies listed side by side do the same: they share a text, and pass together.
        """
        judged = [
            (pair, self.opens(pair), list_of(pair) if pair.kind == COMPANY else None)
            for pair in asked
        ]
        lists = {place for _, opens, place in judged if opens} - {None}
        return [pair for pair, opens, place in judged if opens or place in lists]

    def opens(self, pair: Pair) -> bool:
        """Whether a pair by itself passes."""
        return self.score(pair) >= self.least[pair.kind]

    def score(self, pair: Pair) -> float:
        """How much speaks for a record: a log-odds."""
        told = sum(self.features.get(name, 0.0) * value for name, value in pair.features.items())
        own = sorted(places_of(pair.kind, pair.text, pair.spots))
        return self.bias + told + float(self.words[own].sum()) * WORD_SCALE


def from_arrays(arrays: Mapping[str, NDArray[np.float32]]) -> Gate:
    """The gate of a file of heads."""
    names = [str(name) for name in arrays["features"]]
    weights = dict(zip(names, map(float, arrays["gate_features"]), strict=True))
    least = {COMPANY: float(arrays["gate_least"][0]), ACTOR: float(arrays["gate_least"][1])}
    return Gate(weights, arrays["gate_words"], float(arrays["gate_bias"]), least)


def places_of(kind: str, text: str, spots: Spots) -> set[int]:
    """Where the words of a pair have their weights: of its sentence, and close to its actor."""
    sentence = text.split(" | ")[0].lower()
    near = {
        f"{side} {word}"
        for start, end in spots
        for side, words in (
            ("before", _WORD.findall(sentence[:start])[-_NEAR:]),
            ("after", _WORD.findall(sentence[end:])[:_NEAR]),
        )
        for word in words
    }
    return {zlib.crc32(f"{kind} {each}".encode()) % PLACES for each in {*_runs(sentence), *near}}


def _runs(text: str) -> Iterator[str]:
    before = ""
    for found in _WORD.finditer(text):
        word = found.group()
        yield word
        yield f"{before} {word}"
        before = word
