"""Which articles tell the same text, and which tell of the same happening (product.md, Story).

Copies of one report are told by a fingerprint: a 64-bit simhash over runs of three words; near
copies differ in few bits. Different reports of one happening share names, numbers and rare words,
and appear within days of each other. A story is made of such reports; its copies count once.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice

WORD = re.compile(r"\w+")
RUN = 3
BITS = 64
MOST_DIFFERENT_BITS = 6
MOST_WORDS = 4_000
"""Copies of longer texts are told by their beginning, so that no text takes long to mark."""
LEAST_WORDS = 40
"""Shorter texts have too few runs for near copies to be told from chance."""

TERM = re.compile(r"[^\W\d_][\w’'-]*|\d[\d.,]*\d|\d")
NAME = re.compile(r"(?<=[a-z,;:’'“\"(] )[A-Z][\w’'-]+")
LEAD = 2_000
"""Characters of a text that say what it is about; background follows later."""

MOST_TERMS = 25
IN_TITLE = 2.0
IS_NAME = 1.5
LEAST_RARITY = 1.2
"""A word that stands in more than three of ten articles tells nothing."""

ALIKE = 0.39
MORE_EACH_DAY = 0.06
"""How alike two reports of one happening are at least, and more for each day between them."""

BESIDE_THE_TOPIC = 0.05
"""How much they have in common beside the two words of which both speak most: one matter, such as
a person in the news, has many happenings."""

DAYS_APART = 7
MERGE_MARGIN = 0.08
"""How much more alike than needed a report is to two stories before they are taken for one."""

Terms = Mapping[str, float]


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


def terms_of(title: str, text: str) -> dict[str, float]:
    """The words that tell an article from others, with weights whose squares add up to one."""
    lead = text[:LEAD]
    counts, in_title = Counter(words_of(lead)), set(words_of(title))
    names = {_plain(found) for found in NAME.findall(f"{title}. {lead}")}
    weights = {}
    for word in {*counts, *in_title}:
        rarity = _rarity(word)
        if len(word) < 2 or rarity < LEAST_RARITY:
            continue
        weight = (1 + math.log(max(counts[word], 1))) * rarity
        weight *= IN_TITLE if word in in_title else 1
        weights[word] = weight * (IS_NAME if word in names else 1)
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TERMS]
    length = math.sqrt(sum(weight * weight for _, weight in best)) or 1.0
    return {word: weight / length for word, weight in best}


def margin(shared: Iterable[float], days: int) -> float:
    """How much more alike two articles are than reports of one happening must be; else below 0.

    ``shared`` are the products of the weights of each term that both have, ``days`` is how far
    apart they appeared.
    """
    products = sorted(shared, reverse=True)
    beyond = sum(products) - (ALIKE + MORE_EACH_DAY * abs(days))
    beside = sum(products[2:]) - BESIDE_THE_TOPIC
    return beyond if beside >= 0 else min(beyond, beside)


def words_of(text: str) -> Iterable[str]:
    """The words and numbers of a text, as they are compared."""
    return (_plain(found) for found in TERM.findall(text))


def _plain(word: str) -> str:
    word = word.lower().replace("’", "'").removesuffix("'s").strip("'-.,")
    return word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] != "s" else word


def _rarity(word: str) -> float:
    """The logarithm of one in how many articles has the word."""
    counts, articles = _word_counts()
    return math.log(articles / counts.get(word, 3))


@cache
def _word_counts() -> tuple[dict[str, int], int]:
    """In how many of how many articles each common word stands (training/count_words.py)."""
    first, *lines = (files(__package__) / "word_counts.txt").read_text("utf-8").splitlines()
    pairs = (line.rpartition(" ") for line in lines)
    return {word: int(number) for word, _, number in pairs}, int(first.rpartition(" ")[2])
