"""Which matter a sentence is about: cues of codebook section 1, weighed in context."""

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from tracker.domain.model import TopicCode
from tracker.extraction import words

_STRONG, _WEAK = 3.0, 0.7
_TITLE, _ARTICLE = 1.2, 0.25
_SURE = 2.5
_OTHER = 0.4
"""Share that the context keeps for other topics where the sentence names one itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best topics of a sentence; ``sure`` when the sentence itself names the first."""

    codes: tuple[TopicCode, ...]
    sure: bool
    score: float
    own: bool = False
    """Whether the words of the sentence alone suffice."""


@cache
def _cues() -> tuple[tuple[str, words.Cues, words.Cues], ...]:
    return tuple(
        (row["code"], words.pattern(row["strong"]), words.pattern(row["weak"]))
        for row in words.read("topics")["topic"]
    )


@cache
def codes() -> tuple[str, ...]:
    """Every topic of the codebook that a sentence can be about."""
    return tuple(code for code, _, _ in _cues())


@cache
def protections() -> frozenset[str]:
    """Topics where the reference side wants more of the thing (ledger.md A.1)."""
    return frozenset(words.read("topics")["kinds"]["protection"])


@lru_cache(maxsize=512)
def weigh(text: str) -> Counter[str]:
    """How strongly a text points to each topic; not to be changed by who asks."""
    scores: Counter[str] = Counter()
    for code, strong, weak in _cues():
        named = {found.lower() for found in strong.findall(text)}
        leaning = {found.lower() for found in weak.findall(text)}
        score = _STRONG * min(2, len(named)) + _WEAK * min(3, len(leaning))
        if score:
            scores[code] = score  # type: ignore[assignment]
    return scores


class Matter:
    """The topics of one article: its headline and body weigh on every sentence."""

    def __init__(self, title: str, body: str) -> None:
        self._title = weigh(title)
        counted: Counter[str] = Counter()
        for code, strong, _ in _cues():
            counted[code] = min(12, len(strong.findall(body)))
        self._body = counted

    def choose(self, text: str, near: str = "") -> Choice | None:
        """The topics of a sentence, best first; ``near`` is the sentence before it."""
        own = weigh(text)
        around = weigh(near) if near else Counter()
        named = max(own.values(), default=0.0) >= _SURE
        common = {code for code in self._body if self._body[code] > 2}
        total = {
            code: own[code]
            + (_OTHER if named and not own[code] else 1.0) * self._lean(code, around)
            for code in sorted({*own, *around, *self._title, *common})
        }
        if not total:
            return None
        ranked = sorted(total, key=lambda code: (-total[code], code))
        best = ranked[0]
        first = tuple(TopicCode(code) for code in ranked[:4] if total[code] >= 0.45 * total[best])
        return Choice(
            first, own[best] >= _SURE or self._title[best] >= _SURE, total[best], own[best] >= _SURE
        )

    def _lean(self, code: str, around: Counter[str]) -> float:
        return 0.4 * around[code] + _TITLE * self._title[code] + _ARTICLE * self._body[code]
