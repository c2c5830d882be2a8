"""What a person asks for in words: words, "phrases", begin*nings and -exclusions."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'(-?)(?:"([^"]*)"(\*?)|([^\s"]+))')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase, as plain words only."""

    words: tuple[str, ...]
    excluded: bool = False
    prefix: bool = False

    def __str__(self) -> str:
        """The term as a person would write it."""
        text = " ".join(self.words)
        if len(self.words) > 1:
            text = f'"{text}"'
        return f"{'-' if self.excluded else ''}{text}{'*' if self.prefix else ''}"


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between spaces or quotation marks."""

    text: str
    excluded: bool
    quoted: bool
    prefix: bool

    def __str__(self) -> str:
        """The token as it was written."""
        text = f'"{self.text}"' + ("*" if self.prefix else "") if self.quoted else self.text
        return f"-{text}" if self.excluded else text


def tokens(text: str) -> Iterator[Token]:
    """The parts of a question, in its order."""
    for minus, phrase, star, word in _TOKEN.findall(text):
        prefix = bool(star) or word.endswith("*")
        yield Token(word or phrase, bool(minus), quoted=not word, prefix=prefix)


def terms(text: str) -> tuple[Term, ...]:
    """The terms of a question. Nothing in it is an operator but quotation marks, - and *."""
    return tuple(_terms(text))


def _terms(text: str) -> Iterator[Term]:
    for token in tokens(text):
        words = tuple(_WORD.findall(token.text))
        if words:
            yield Term(words, token.excluded, token.prefix)


def hold(wanted: Iterable[Term], text: str) -> bool:
    """Whether a text holds every wanted term and no excluded one; case and accents are the same."""
    folded = _folded(text)
    return all(_holds(folded, term) is not term.excluded for term in wanted)


def fold(text: str) -> str:
    """The text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()


def _folded(text: str) -> str:
    return " ".join(fold(word) for word in _WORD.findall(text))


def _holds(folded: str, term: Term) -> bool:
    asked = _folded(" ".join(term.words))
    end = "" if term.prefix else r"(?!\w)"
    return re.search(rf"(?<!\w){re.escape(asked)}{end}", folded) is not None
