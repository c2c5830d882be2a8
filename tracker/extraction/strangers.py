"""Names and unnamed groups that no registry holds, as the words of a sentence show them."""

import re
from functools import lru_cache

from tracker.domain.codes import ActorType, OrganisationKind
from tracker.extraction import words
from tracker.extraction.actors import Actor, Mention

STRANGER = "stranger"
"""Kind of a name that nothing explains; such a finding is always for a person to check."""
WORKERS = str(ActorType.WORKERS)
COMPANY = str(OrganisationKind.COMPANY)
_LISTS = words.read("actors")
_COLLECTIVES = tuple(
    (kind, words.pattern(phrases)) for kind, phrases in _LISTS["collectives"].items()
)
_CAPITALS = re.compile(r"\b[A-Z][\w’'&-]*(?: (?:[A-Z][\w’'&-]*|of|for|and|the|on|in|to|&)){0,6} ?")
_STATES = tuple(
    (kind, re.compile(r"\b(?:" + "|".join(phrases) + r")\b"))
    for kind, phrases in _LISTS["governments"].items()
)
_BODIES = tuple(
    (name, re.compile(r"\b(?:" + "|".join(phrases) + r")(?!\w)"))
    for name, phrases in words.read("known")["body"].items()
)
_REFERENCE = re.compile(rf"\b{_LISTS['references']['phrases']}\b", re.IGNORECASE)
_STRANGER = re.compile(
    r"\b(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]{2,})(?: (?:[A-Z][\w’'-]+|[A-Z]\.|of the|of|for|&)){0,4}"
)
COMMON = frozenset(_LISTS["names"]["common"].split())
_SUFFIXES = {word: kind for kind, endings in _LISTS["suffixes"].items() for word in endings}


@lru_cache(maxsize=1024)
def unknown_organisations(text: str) -> tuple[Mention, ...]:
    """Capitalised names that end like an organisation's name (Foundation, Commission, Inc …).

    Kept, for an article asks thrice: whose initials stand in it, who belongs where, who is named.
    """
    found: list[Mention] = []
    for run in _CAPITALS.finditer(text):
        parts = run.group().split()
        while parts and parts[-1] not in _SUFFIXES and not parts[-1].endswith(("'s", "’s")):
            parts.pop()
        start = run.start()
        while parts and parts[0] in {
            "The",
            "A",
            "An",
            "In",
            "On",
            "But",
            "And",
            "As",
            "When",
            "If",
            "Of",
            "For",
        }:
            start += len(parts[0]) + 1
            parts.pop(0)
        if len(parts) < 2:
            continue
        name = re.sub(r"['’]s$", "", " ".join(parts))
        kind = _SUFFIXES.get(name.split()[-1])
        if kind and text[start : start + len(name)] == name:
            found.append(Mention(start, start + len(name), Actor(name, kind)))
    return tuple(found)


def is_like_organisation(name: str) -> bool:
    """Whether a name ends like an organisation's (Foundation, Commission, Inc …)."""
    return name.split()[-1] in _SUFFIXES


def states(text: str) -> list[Mention]:
    """Governments, courts, parliaments and watchdogs by their usual names."""
    found: list[Mention] = []
    for known, phrase in _BODIES:
        actor = Actor(known, str(ActorType.REGULATOR))
        found += [Mention(each.start(), each.end(), actor) for each in phrase.finditer(text)]
    for kind, phrase in _STATES:
        for place in phrase.finditer(text):
            if all(place.start() >= m.end or place.end() <= m.start for m in found):
                name = re.sub(r"^the ", "", place.group())
                found.append(Mention(place.start(), place.end(), Actor(name, kind)))
    return found


def strangers(text: str) -> list[Mention]:
    """Capitalised names that nothing else explains: people, groups or companies."""
    found: list[Mention] = []
    for run in _STRANGER.finditer(text):
        name = _bare(run.group())
        start = run.start()
        while name and name.split()[0] in COMMON:
            start += len(name.split()[0]) + 1
            name = " ".join(name.split()[1:])
        if len(name) > 2 and text[start : start + len(name)] == name:
            found.append(Mention(start, start + len(name), Actor(name, STRANGER, certain=False)))
    return found


def _bare(name: str) -> str:
    """A name without the small words and the genitive at its end."""
    return re.sub(r"(?: of the| of| for| &)+$", "", re.sub(r"['’]s?$", "", name))


def refers_to_group(text: str) -> list[tuple[int, int]]:
    """Where 'the group', 'the agency' … stand."""
    return [(place.start(), place.end()) for place in _REFERENCE.finditer(text)]


def groups(text: str) -> list[Mention]:
    """Unnamed groups such as privacy advocates, employees, lawmakers."""
    found: list[Mention] = []
    for kind, phrase in _COLLECTIVES:
        for place in phrase.finditer(text):
            if any(place.start() < m.end and place.end() > m.start for m in found):
                continue
            actor = Actor(
                f"unspecified {place.group().lower()}", kind, collective=True, certain=False
            )
            found.append(Mention(place.start(), place.end(), actor))
    return found


@lru_cache(maxsize=8)
def called_companies(text: str) -> frozenset[str]:
    """Names of which a text says that a company bears them: 'NAME, a startup', 'NAME’s CEO'."""
    return frozenset(
        _bare(found.group("name")) for said in _SAID_OF for found in said.finditer(text)
    )


def is_called_company(name: str, text: str) -> bool:
    """Whether a text says of a name that a company bears it."""
    return name in called_companies(text)


_HEADS = (
    r"(?:company|firm|startup|start-up|maker|manufacturer|retailer|operator|vendor|publisher"
    r"|broadcaster|chain|carrier|airline|provider|giant|supplier|contractor|developer|platform"
    r"|bank|insurer|lender|brand|app|rink|venue|studio|supermarket|automaker|carmaker|telco)"
)
_BEARS = r"(?:CEO|chief executive|spokes\w+|Inc\b|Corp\b|Ltd\b)"
_PROPER = (
    r"(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]{2,})(?: (?:[A-Z][\w’'-]+|[A-Z]\.|of the|of|for|&)){0,4}?"
)
_SAID_OF = tuple(
    re.compile(each)
    for each in (
        rf"\b(?P<name>{_PROPER})(?:['’]s)? {_BEARS}",
        rf"\b(?P<name>{_PROPER}), (?:an?|the) [^.;]{{0,60}}?\b{_HEADS}\b",
        rf"\b{_HEADS} (?P<name>{_PROPER.removesuffix('?')})",
    )
)
