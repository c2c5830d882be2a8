"""Whether a text names the condition of a term or promise (ledger R5). A person decides if so.

Words are compared by their beginnings, sentence by sentence: most of the condition must stand in
one. That is a reason to ask, never an answer.
"""

import re
from collections.abc import Iterable

from tracker.domain.terms import fold

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_IDLE = frozenset(
    {
        "and",
        "any",
        "are",
        "been",
        "but",
        "can",
        "for",
        "from",
        "had",
        "has",
        "have",
        "into",
        "its",
        "itself",
        "not",
        "once",
        "our",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "until",
        "was",
        "were",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "would",
        "exist",
        "exists",
        "place",
        "takes",
        "comes",
        "becomes",
    }
)
_MOST = 0.6
_BEGINNING = 5


def sentence_naming(condition: str, text: str) -> str | None:
    """Return the first sentence of a text that names a condition, else None."""
    wanted = _beginnings(condition)
    least = max(min(2, len(wanted)), round(_MOST * len(wanted)))
    for sentence in _SENTENCE.split(text) if wanted else ():
        if len(wanted & _beginnings(sentence)) >= least:
            return sentence.strip()
    return None


def speaks_of(text: str, names: Iterable[str], topic: str) -> bool:
    """Tell whether a text names one of the companies, or every word of the topic's name."""
    named = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names if name)
    return named or _beginnings(topic) <= _beginnings(text)


def _beginnings(text: str) -> set[str]:
    words = _WORD.findall(fold(text))
    return {word.rstrip("s")[:_BEGINNING] for word in words if word not in _IDLE}
