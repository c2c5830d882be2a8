"""Sentences as vectors: a MiniLM of int8 weights on onnxruntime, checked by SHA-256 at load.

The files lie in ``model/`` with ``hashes.json``; without them, or when one differs, the chain
works without a model and leaves everything to review.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH = 768
"""Two vectors of 384 numbers side by side: the text, and the actor in it."""
LONGEST = 96
"""Words and pieces of words that are read of a text."""

Vectors = NDArray[np.float32]
Spots = tuple[tuple[int, int], ...]


def folder() -> Traversable:
    """Where the weights lie."""
    return resources.files("tracker.extraction") / "model"


def is_whole(name: str) -> bool:
    """Whether a model file is there and has the hash that is listed."""
    path, listed = folder() / name, folder() / "hashes.json"
    if not path.is_file() or not listed.is_file():
        return False
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    return bool(found == json.loads(listed.read_text(encoding="utf-8")).get(name))


class Encoder:
    """Turns a text into states of its words; the same text always gives the same states."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        tokenizer.enable_truncation(LONGEST)
        tokenizer.no_padding()

    def __call__(self, text: str, spots: Sequence[Spots]) -> Vectors:
        """One row for each group of spots. Texts run one by one: neighbours change nothing."""
        coded = self._tokenizer.encode(text)
        ids = np.array([coded.ids], np.int64)
        states = self._session.run(None, {"ids": ids})[0][0]
        whole = unit(states.sum(0))
        marks = [marked(coded.offsets, each) for each in spots]
        return np.stack([np.hstack([whole, unit(mark @ states)]) for mark in marks])


def marked(offsets: Sequence[tuple[int, int]], spots: Spots) -> NDArray[np.float32]:
    """1 for every piece of a word that lies in a spot."""
    return np.array(
        [float(any(start < b and end > a for a, b in spots)) for start, end in offsets], np.float32
    )


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector with length one; nothing stays nothing."""
    return np.asarray(vector / max(float(np.sqrt(vector @ vector)), 1e-6), np.float32)


@cache
def load() -> Encoder | None:
    """The encoder, None without its files or without onnxruntime."""
    if not (is_whole("encoder.onnx") and is_whole("tokenizer.json")):
        return None
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    with resources.as_file(folder() / "encoder.onnx") as path:  # of bytes it would keep a copy
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    words = (folder() / "tokenizer.json").read_text(encoding="utf-8")
    return Encoder(session, Tokenizer.from_str(words))
