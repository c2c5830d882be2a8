"""People, unnamed groups and unknown organisations, learned from the article itself."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tracker.domain.codes import ActorType, OrganisationKind
from tracker.extraction import words
from tracker.extraction.actors import Actor, Mention

_LISTS = words.read("actors")
_PART = r"(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]\.|Mc[A-Z]\w+)"
_NAME = rf"{_PART}(?: (?:{_PART}|al-\w+|(?:de|la|van|von|der|bin|el)\b)){{1,3}}"
_CAPITAL = r"[A-Z][\w’'&.-]*\w"
_BASED = r"(?:the )?(?:[\w.-]+-based )?"
_ORG = r"⟦(?P<org>\d+)⟧"
_ROLE = r"(?P<role>(?:[\w’'&,.-]+ ){0,7}?[\w’'&-]+)"
_OFFICER = re.compile(
    r"\b(?:"
    + "|".join(_LISTS["speakers"]["officers"])
    + r"|vice president|analyst|professor|researcher|campaigner"
    r"|attorney|adviser|advisor|fellow|scientist|engineer|organi[sz]er|strategist|advocate"
    r"|spokeswoman|policy|editor)\b",
    re.IGNORECASE,
)
_AFFILIATIONS = tuple(
    re.compile(text)
    for text in (
        rf"{_ORG}(?:['’]s)? {_ROLE},? (?P<name>{_NAME})",
        rf"(?P<name>{_NAME}), (?:the |a |an )?{_ROLE},? (?:of|at|for|with|from|to) {_BASED}{_ORG}",
        rf"(?P<name>{_NAME}), (?:the )?{_ORG}(?:['’]s)? {_ROLE}"
        r"(?=[,.]| (?:said|told|wrote|and|who)\b)",
        rf"(?P<name>{_NAME}),? (?:of|at|from|with) {_BASED}{_ORG}",
        rf"{_ORG}['’]s (?P<name>{_NAME})",
    )
)
_STRANGE_HOME = re.compile(
    rf"(?P<name>{_NAME}), (?:the |a |an )?{_ROLE},? (?:of|at|for|with) (?:the )?"
    rf"(?:[\w.-]+-based )?(?P<home>{_CAPITAL}(?: (?:of |for |and |& )?{_CAPITAL}){{0,4}})"
)
_STRANGE_HEAD = re.compile(
    rf"\b(?P<home>{_CAPITAL}(?: {_CAPITAL}){{0,3}}?)(?:['’]s)? "
    rf"(?P<role>[a-z][\w-]*(?: [\w-]+){{0,4}}?) (?P<name>{_NAME})"
)
"""'Ostrava Rail spokesman Jan Novak': the role begins small, so that it is no part of a name."""
_COMPANY_ROLE = re.compile(
    rf"\b(?:[Tt]he (?:company|firm|group|organi[sz]ation)|[Ii]ts"
    rf"|[Tt]heir)(?:['’]s)? {_ROLE},? (?P<name>{_NAME})"
)
_TITLED = tuple(
    (kind, re.compile(rf"\b(?:{'|'.join(titles)}) (?P<name>{_NAME}|{_PART})"))
    for kind, titles in _LISTS["titles"].items()
)
_COLLECTIVES = tuple(
    (kind, re.compile(r"\b(?:" + "|".join(phrases) + r")\b", re.IGNORECASE))
    for kind, phrases in _LISTS["collectives"].items()
)
_CAPITALS = re.compile(r"\b[A-Z][\w’'&-]*(?: (?:[A-Z][\w’'&-]*|of|for|and|the|on|in|to|&)){0,6} ?")
_STATES = tuple(
    (kind, re.compile(r"\b(?:" + "|".join(phrases) + r")\b"))
    for kind, phrases in _LISTS["governments"].items()
)
_REFERENCE = re.compile(rf"\b{_LISTS['references']['phrases']}\b", re.IGNORECASE)
_STRANGER = re.compile(
    r"\b(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]{2,})(?: (?:[A-Z][\w’'-]+|[A-Z]\.|of the|of|for|&)){0,4}"
)
_COMMON = frozenset(_LISTS["names"]["common"].split())
_SUFFIXES = {word: kind for kind, endings in _LISTS["suffixes"].items() for word in endings}
_STOP_SURNAMES = frozenset(
    {
        "The",
        "In",
        "On",
        "And",
        "But",
        "He",
        "She",
        "It",
        "Monday",
        "Friday",
        "May",
        "March",
        "State",
    }
)


class Cast:
    """Everybody who appears in one article; people keep their organisation through the text."""

    def __init__(self) -> None:
        self._people: dict[str, Actor] = {}
        self._surnames: dict[str, Actor] = {}
        self._companies: Counter[str] = Counter()
        self._by_name: dict[str, Actor] = {}
        self._described: dict[str, Actor] = {}
        """Names that only this article explains."""

    def learn(self, text: str, named: tuple[Mention, ...]) -> None:
        """Take in one sentence with the registry names found in it."""
        for mention in named:
            self._count(mention.actor)
        self._affiliated(text, named)
        for kind, titled in _TITLED:
            for name in (found.group("name") for found in titled.finditer(text)):
                self._add(name, Actor(name, kind, person=name))

    def _affiliated(self, text: str, named: tuple[Mention, ...]) -> None:
        """Take in who belongs to whom."""
        marked = mark(text, named)
        for affiliation in _AFFILIATIONS:
            for found in affiliation.finditer(marked):
                self._affiliate(found, named[int(found.group("org"))].actor)
        for strange in (_STRANGE_HOME, _STRANGE_HEAD):
            for found in strange.finditer(marked):
                if found.group("name") not in self._people and found.group("home") not in _COMMON:
                    self._affiliate(found, Actor(found.group("home"), STRANGER, certain=False))
        main = self.main_company
        if main:
            for found in _COMPANY_ROLE.finditer(marked):
                self._affiliate(found, main)

    def _count(self, actor: Actor) -> None:
        if actor.person:
            self._add(actor.person, actor)
        elif actor.is_company and actor.certain:
            self._companies[actor.name] += 1
            self._by_name.setdefault(actor.name, actor)

    def _affiliate(self, found: re.Match[str], home: Actor) -> None:
        name = found.group("name")
        role = found.groupdict().get("role") or ""
        if ("role" in found.groupdict() and not _OFFICER.search(role)) or "⟦" in role:
            return
        first, _, rest = name.partition(" ")
        name = rest if first in _COMMON else name
        if _OFFICER.search(name) or " " not in name:
            return
        officer = replace(home, person=name, role=_clean_role(role), brand=home.brand)
        self._people[name] = officer
        self._add(name, officer)

    def _add(self, name: str, actor: Actor) -> None:
        known = self._people.setdefault(name, actor)
        if known.role is None and actor.role:
            self._people[name] = known = actor
        surname = name.split()[-1]
        if surname not in _STOP_SURNAMES:
            self._surnames[surname] = known

    @property
    def main_company(self) -> Actor | None:
        """The company that the article names most so far."""
        if not self._companies:
            return None
        name = sorted(self._companies, key=lambda each: (-self._companies[each], each))[0]
        return self._by_name[name]

    @property
    def companies(self) -> tuple[str, ...]:
        """Names of the companies in the article, most named first."""
        return tuple(sorted(self._companies, key=lambda each: (-self._companies[each], each)))

    def officer(self, company: str, role: str) -> Actor | None:
        """The person whom the article gives this role in this company."""
        for actor in self._people.values():
            if actor.name == company and actor.role and role.lower() in actor.role.lower():
                return actor
        return None

    def describe(self, read: Iterable[tuple[str, tuple[Mention, ...]]], context: str) -> None:
        """Learn which names that the registry lacks the article itself calls companies."""
        met: Counter[str] = Counter()
        for text, named in read:
            taken = [(mention.start, mention.end) for mention in named]
            for stranger in strangers(text):
                if all(stranger.end <= start or stranger.start >= end for start, end in taken):
                    met[stranger.actor.name] += 1
        for name in sorted(met.keys() - self._people.keys() - self._surnames.keys()):
            if is_called_company(name, context):
                self._described[name] = self._by_name[name] = Actor(name, COMPANY)
                self._companies[name] += met[name]

    def find(self, text: str, named: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """All mentions of a sentence: the given names, people, unknown organisations, groups."""
        found = list(named)
        strange = (*self._persons(text), *unknown_organisations(text), *states(text), *groups(text))
        unknown = (
            replace(m, actor=self._described.get(m.actor.name, m.actor)) for m in strangers(text)
        )
        for mention in (*strange, *unknown):
            if all(mention.end <= other.start or mention.start >= other.end for other in found):
                found.append(mention)
        return tuple(sorted(found, key=lambda mention: (mention.start, mention.end)))

    def _persons(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        for name in sorted(self._people, key=lambda each: (-len(each), each)):
            for place in re.finditer(rf"\b{re.escape(name)}\b", text):
                found.append(Mention(place.start(), place.end(), self._people[name]))
        for surname in sorted(self._surnames):
            for place in re.finditer(rf"\b{re.escape(surname)}\b", text):
                if all(place.end() <= m.start or place.start() >= m.end for m in found):
                    found.append(Mention(place.start(), place.end(), self._surnames[surname]))
        return found


def _clean_role(role: str) -> str | None:
    cleaned = re.sub(r"^(?:the|a|an|and|former|its)\s+", "", role.strip(" ,"), flags=re.IGNORECASE)
    return cleaned or None


def mark(text: str, mentions: tuple[Mention, ...]) -> str:
    """The sentence with each name replaced by its number in marks."""
    pieces: list[str] = []
    at = 0
    for number, mention in enumerate(mentions):
        pieces += (text[at : mention.start], f"⟦{number}⟧")
        at = mention.end
    return "".join((*pieces, text[at:]))


def unknown_organisations(text: str) -> list[Mention]:
    """Capitalised names that end like an organisation's name (Foundation, Commission, Inc …)."""
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
    return found


def states(text: str) -> list[Mention]:
    """Governments, courts, parliaments and watchdogs by their usual names."""
    found: list[Mention] = []
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
        while name and name.split()[0] in _COMMON:
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


STRANGER = "stranger"
"""Kind of a name that nothing explains; such a finding is always for a person to check."""
WORKERS = str(ActorType.WORKERS)
COMPANY = str(OrganisationKind.COMPANY)
