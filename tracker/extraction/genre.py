"""What kind of text an article is; only news and releases publish unseen (section 7)."""

import re
from enum import StrEnum

from tracker.domain.model import Document

_OPINION = re.compile(
    r"^(?:opinion|op-ed|commentary|editorial|column|letters?|perspective|review|analysis|satire"
    r"|podcast|the week in|quiz)\b\s*[:|–-]|\|\s*(?:opinion|editorial|column)|\bopinion\b:"
    r"|letters? to the editor",
    re.IGNORECASE,
)
_LOOK_BACK = re.compile(
    r"\btimeline\b|\blook(?:ing)? back\b|\b(?:years?|decade|months) on\b(?=[:,]| from)"
    r"|\byear in review\b|\bhistory of\b|\bmilestones\b",
    re.IGNORECASE,
)
_OPINION_URL = re.compile(
    r"/(?:opinion|opinions|commentisfree|editorial|op-ed|blogs?/opinion|columnists?|satire"
    r"|podcasts?)/|theonion\.com|babylonbee\.com",
    re.IGNORECASE,
)
_SATIRE_HOSTS = re.compile(
    r"theonion\.com|babylonbee\.com|thedailymash\.co\.uk|waterfordwhispersnews", re.IGNORECASE
)
_RELEASE = re.compile(
    r"(?:PRNewswire|Business ?Wire|GLOBE NEWSWIRE|press release|for immediate release)",
    re.IGNORECASE,
)
_SPONSORED = re.compile(
    r"\b(?:sponsored (?:post|content)|paid (?:post|content)|advertorial)\b", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"(?<![\w“\"])(?:I|I'm|I’ve|I've|my)(?![\w-])")
_SPOKEN = re.compile(r"[“\"][^“”\"]*[”\"]")


class Genre(StrEnum):
    """The kinds that the chain tells apart."""

    NEWS = "news"
    RELEASE = "release"
    OPINION = "opinion"
    SATIRE = "satire"
    SPONSORED = "sponsored"
    LOOK_BACK = "look_back"

    @property
    def states_facts(self) -> bool:
        """Whether what it says may be published without a person."""
        return self in (Genre.NEWS, Genre.RELEASE)


def genre(document: Document) -> Genre:
    """The kind of text, from address, headline and voice; a list of past events is no news."""
    url = document.url or ""
    opening = document.text[:400]
    if _SATIRE_HOSTS.search(url):
        return Genre.SATIRE
    if _SPONSORED.search(opening) or _SPONSORED.search(document.title):
        return Genre.SPONSORED
    if _OPINION.search(document.title) or _OPINION_URL.search(url):
        return Genre.OPINION
    if _LOOK_BACK.search(document.title):
        return Genre.LOOK_BACK
    unquoted = _SPOKEN.sub("", document.text)
    if len(_FIRST_PERSON.findall(unquoted)) > 4:
        return Genre.OPINION
    return Genre.RELEASE if _RELEASE.search(opening) else Genre.NEWS


def is_english(document: Document) -> bool:
    """Whether the chain knows the language: common English words must make up a good part."""
    if document.language and not document.language.lower().startswith("en"):
        return False
    tokens = re.findall(r"[^\W\d_]+", f"{document.title} {document.text}".lower())[:600]
    if not tokens:
        return False
    share = sum(token in _COMMON for token in tokens) / len(tokens)
    return share >= (0.15 if len(tokens) > 30 else 0.05)


_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "on",
        "with",
        "as",
        "was",
        "by",
        "at",
        "from",
        "has",
        "have",
        "its",
        "be",
        "are",
        "said",
        "will",
        "this",
        "an",
        "not",
        "but",
        "their",
        "they",
        "or",
        "which",
        "who",
        "after",
        "about",
        "over",
        "would",
        "been",
        "were",
        "more",
        "new",
        "he",
        "his",
        "her",
        "she",
        "we",
        "you",
        "i",
        "company",
        "says",
        "to",
    ]
)
