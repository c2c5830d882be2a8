"""Sentences as vectors: an int8 MiniLM on onnxruntime, its files checked by SHA-256 at load.

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

WIDTH = 384
_LONGEST = 96

Vectors = NDArray[np.float32]


def folder() -> Traversable:
    """Where the weights lie."""
    return resources.files("tracker.extraction") / "model"


@cache
def checked(name: str) -> bytes | None:
    """The bytes of a model file, None when it is missing or its hash differs."""
    path, listed = folder() / name, folder() / "hashes.json"
    if not path.is_file() or not listed.is_file():
        return None
    raw = path.read_bytes()
    wanted = json.loads(listed.read_text(encoding="utf-8")).get(name)
    return raw if hashlib.sha256(raw).hexdigest() == wanted else None


class Encoder:
    """Turns texts into unit vectors; the same text always gives the same vector."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer
        tokenizer.enable_truncation(_LONGEST)
        tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row per text. Texts run one by one, so that neighbours never change a vector."""
        found = np.zeros((len(texts), WIDTH), np.float32)
        for place, text in enumerate(texts):
            ids = np.array([self._tokenizer.encode(text).ids], np.int64)
            feed = {"ids": ids, "mask": np.ones_like(ids)}
            found[place] = self._session.run(None, feed)[0][0]
        return found


@cache
def load() -> Encoder | None:
    """The encoder, None without its files or without onnxruntime."""
    weights, words = checked("encoder.onnx"), checked("tokenizer.json")
    if weights is None or words is None:
        return None
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    return Encoder(session, Tokenizer.from_str(words.decode("utf-8")))
