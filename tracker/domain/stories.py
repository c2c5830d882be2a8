"""Which articles tell the same text: copies of one report count once (product.md, Story).

A fingerprint is a 64-bit simhash over runs of three words; near copies differ in few bits.
"""

import hashlib
import re
from itertools import islice

WORD = re.compile(r"\w+")
RUN = 3
BITS = 64
MOST_DIFFERENT_BITS = 6
MOST_WORDS = 4_000
"""Copies of longer texts are told by their beginning, so that no text takes long to mark."""
LEAST_WORDS = 40
"""Shorter texts have too few runs for near copies to be told from chance."""


def fingerprint(text: str) -> int:
    """The mark of a text; 0 when it is too short to be compared."""
    words = [found.group().casefold() for found in islice(WORD.finditer(text), MOST_WORDS)]
    if len(words) < LEAST_WORDS:
        return 0
    weights = [0] * BITS
    for place in range(len(words) - RUN + 1):
        run = " ".join(words[place : place + RUN]).encode()
        mark = int.from_bytes(hashlib.blake2b(run, digest_size=8).digest())
        for bit in range(BITS):
            weights[bit] += 1 if mark >> bit & 1 else -1
    return sum(1 << bit for bit in range(BITS) if weights[bit] > 0)


def same_text(one: int, other: int) -> bool:
    """Whether two marks belong to copies of one report."""
    return bool(one and other) and (one ^ other).bit_count() <= MOST_DIFFERENT_BITS
