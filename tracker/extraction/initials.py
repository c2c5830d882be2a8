"""Organisations by their initials, once the article has named them in full."""

import re
from collections.abc import Iterator, Sequence

from tracker.extraction.actors import Actor, Mention, merged
from tracker.extraction.strangers import unknown_organisations

_SHORT = re.compile(r"\b[A-Z]{3,6}\b")
_IN_BRACKETS = re.compile(r" \((?P<short>[A-Z]{3,6})\)")
_SMALL = frozenset({"of", "the", "for", "and", "on", "in", "to", "&"})
_LEAST = 3
Named = Sequence[tuple[str, tuple[Mention, ...]]]


def with_initials(read: Named) -> list[tuple[Mention, ...]]:
    """The mentions of every sentence, with those by initials of organisations named in full."""
    unknown = [_unexplained(text, named) for text, named in read]
    if not any(unknown):
        return [named for _, named in read]
    meant = _meant(read, {short for found in unknown for _, short in found})
    return [
        merged(named, [Mention(at, at + len(s), meant[s]) for at, s in found if s in meant])
        for (_, named), found in zip(read, unknown, strict=True)
    ]


def _unexplained(text: str, named: tuple[Mention, ...]) -> list[tuple[int, str]]:
    """Words in capitals that are no part of a known name, and where they stand."""
    return [
        (found.start(), found.group())
        for found in _SHORT.finditer(text)
        if all(found.end() <= m.start or found.start() >= m.end for m in named)
    ]


def _meant(read: Named, wanted: set[str]) -> dict[str, Actor]:
    """Which organisation of the article each word means, the one named first."""
    meant: dict[str, Actor] = {}
    for text, named in read:
        for mention in (*named, *unknown_organisations(text)):
            if mention.actor.person is None and not mention.actor.collective:
                for short in _shorts(text, mention):
                    if short in wanted:
                        meant.setdefault(short, mention.actor)
    return meant


def _shorts(text: str, mention: Mention) -> Iterator[str]:
    """The initials of a name of several words, and what stands in brackets behind it."""
    words = [w for w in text[mention.start : mention.end].split() if w not in _SMALL]
    if len(words) >= _LEAST and all(word[0].isupper() for word in words):
        yield "".join(word[0] for word in words)
    behind = _IN_BRACKETS.match(text, mention.end)
    if behind:
        yield behind.group("short")
