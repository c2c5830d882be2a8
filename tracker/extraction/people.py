"""People and the companies that only the article explains, learned from the article itself."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tracker.extraction import words
from tracker.extraction.actors import Actor, Mention, merged
from tracker.extraction.strangers import (
    COMMON,
    COMPANY,
    STRANGER,
    WORKERS,
    groups,
    is_called_company,
    is_like_organisation,
    states,
    strangers,
    unknown_organisations,
)

_LISTS = words.read("actors")
_PART = r"(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]\.|Mc[A-Z]\w+)"
_NAME = rf"{_PART}(?: (?:{_PART}|al-\w+|(?:de|la|van|von|der|bin|el)\b)){{1,3}}"
_CAPITAL = r"[A-Z][\w’'&.-]*\w"
_BASED = r"(?:the )?(?:[\w.-]+-based )?"
_ORG = r"⟦(?P<org>\d+)⟧"
_ROLE = r"(?P<role>(?:[\w’'&,.-]+ ){0,10}?[\w’'&-]+)"
_OFFICER = re.compile(
    r"\b(?:"
    + "|".join(_LISTS["speakers"]["officers"])
    + r"|vice president|analyst|professor|researcher|campaigner"
    r"|attorney|adviser|advisor|fellow|scientist|engineer|organi[sz]er|strategist|advocate"
    r"|spokeswoman|policy|editor|commissioner|secretary|treasurer|liaison)\b",
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
        rf"(?P<name>{_NAME}), {_ORG}['’]s (?!former|ex-|one-?time)"
        r"(?:[a-z][\w-]* ){1,6}?[a-z][\w-]*,",
        rf"(?P<name>{_NAME}), who (?:leads|heads|runs|directs|chairs|founded|co-founded)"
        rf" (?:(?:[\w’'&-]+ ){{1,9}}?(?:of|at|for) )?(?:the )?{_ORG}",
    )
)
_STRANGE_HOME = re.compile(
    rf"(?P<name>{_NAME}), (?:the |a |an )?{_ROLE},? (?:of|at|for|with) (?:the |a |an )?"
    rf"(?:[\w.-]+-based )?(?:[a-z][\w’'-]* ){{0,4}}"
    rf"(?P<home>{_CAPITAL}(?: (?:of |for |and |& )?{_CAPITAL}){{0,4}})"
)
_STRANGE_OWN = re.compile(
    rf"(?P<name>{_NAME}), (?P<home>{_CAPITAL}(?: {_CAPITAL}){{0,3}}?)['’]s {_ROLE}"
    r"(?=[,.]| (?:said|told|wrote|and|who)\b)"
)
_STRANGE_HEAD = re.compile(
    rf"\b(?P<home>{_CAPITAL}(?: {_CAPITAL}){{0,3}}?)(?:['’]s)? "
    rf"(?P<role>[a-z][\w-]*(?: [\w-]+){{0,4}}?) (?P<name>{_NAME})"
)
"""'Ostrava Rail spokesman Jan Novak': the role begins small, so that it is no part of a name."""
_COMPANY_ROLES = (
    re.compile(
        rf"\b(?:[Tt]he (?:company|firm|group|organi[sz]ation)|[Ii]ts"
        rf"|[Tt]heir)(?:['’]s)? {_ROLE},? (?P<name>{_NAME})"
    ),
    re.compile(
        rf"(?P<name>{_NAME}), (?:the (?:company|firm)['’]s|its) {_ROLE}"
        r"(?=[,.]| (?:said|told|wrote|and|who)\b)"
    ),
)
_NO_ROLE = re.compile(
    r"\b(?:from|to|with|by|against|after|about|that|this|when|who|over|as|said|says)\b"
)
"""Words between an organisation and a name that are no part of a role."""
_TITLE = re.compile(r"(?:(?:[A-Z][\w’'-]*|of|for|and|the|&)(?: |$))*")
_DEPARTMENTS = frozenset(_LISTS["speakers"]["departments"])
_TITLED = tuple(
    (kind, re.compile(rf"\b(?:{'|'.join(titles)}) (?P<name>{_NAME}|{_PART})"))
    for kind, titles in _LISTS["titles"].items()
)
_FORMER = re.compile(
    r"(?:^|\b)(?:former(?:ly)?|ex|one-?time|erstwhile)[ -](?=⟦|[\w’'& -]+$)", re.IGNORECASE
)
_OWN_ROLES = tuple(
    (kind, re.compile(rf"\b(?:{'|'.join(roles)})\b", re.IGNORECASE))
    for kind, roles in _LISTS["own_name"].items()
)
"""What people are who judge in their own name, and the words for it."""
_STATE = frozenset({"government", "legislature", "regulator"})
"""Their members and ministers are known by their titles."""
_SCHOLARS = "researcher"
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
        for kind, titled in _TITLED:
            for name in (found.group("name") for found in titled.finditer(text)):
                self._add(name, Actor(name, kind, person=name))
        bodies = (each for each in unknown_organisations(text) if each.actor.kind not in _STATE)
        self._affiliated(text, merged(named, bodies))

    def _affiliated(self, text: str, named: tuple[Mention, ...]) -> None:
        """Take in who belongs to whom."""
        marked = mark(text, named)
        has_officer = _OFFICER.search(marked) is not None
        for affiliation in _AFFILIATIONS if named else ():
            if has_officer or "role" not in affiliation.groupindex:
                for found in affiliation.finditer(marked):
                    self._affiliate(found, named[int(found.group("org"))].actor)
        if has_officer:
            self._officers(marked)

    def _officers(self, marked: str) -> None:
        """Take in officers of organisations that the registry lacks, and 'its chief executive'."""
        for strange in (_STRANGE_HOME, _STRANGE_OWN, _STRANGE_HEAD):
            for found in strange.finditer(marked):
                if found.group("name") not in self._people and found.group("home") not in COMMON:
                    self._affiliate(found, Actor(found.group("home"), STRANGER, certain=False))
        main = self.main_company
        if main:
            for roles in _COMPANY_ROLES:
                for found in roles.finditer(marked):
                    self._affiliate(found, main)

    def _count(self, actor: Actor) -> None:
        if actor.person:
            self._add(actor.person, actor)
        elif actor.is_company and actor.certain:
            self._companies[actor.name] += 1
            self._by_name.setdefault(actor.name, actor)

    def _affiliate(self, found: re.Match[str], home: Actor) -> None:
        name, role = _parted(found.group("name"), found.groupdict().get("role") or "")
        if "role" in found.groupdict() and not _is_role(role):
            return
        first, _, rest = name.partition(" ")
        name = rest if first in COMMON else name
        if _OFFICER.search(name) or " " not in name or is_like_organisation(name):
            return
        officer = replace(home, person=name, role=_clean_role(role), brand=home.brand)
        former = _FORMER.search(f"{found.string[: found.start()]}⟦") or _FORMER.search(role)
        self._people[name] = _in_own_name(officer, former is not None) or officer
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
        strange = (*self._persons(text), *unknown_organisations(text), *states(text), *groups(text))
        unknown = (
            replace(m, actor=self._described.get(m.actor.name, m.actor)) for m in strangers(text)
        )
        return merged(named, (*strange, *unknown))

    def _persons(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        here = [name for name in self._people if name in text]
        for name in sorted(here, key=lambda each: (-len(each), each)):
            for place in re.finditer(rf"\b{re.escape(name)}\b", text):
                found.append(Mention(place.start(), place.end(), self._people[name]))
        for surname in sorted(each for each in self._surnames if each in text):
            for place in re.finditer(rf"\b{re.escape(surname)}\b", text):
                if all(place.end() <= m.start or place.start() >= m.end for m in found):
                    found.append(Mention(place.start(), place.end(), self._surnames[surname]))
        return found


def _parted(name: str, role: str) -> tuple[str, str]:
    """Name and role, with an office in capitals ("Safety Manager") where it belongs."""
    words = name.split()
    office = [n for n, word in enumerate(words) if _OFFICER.fullmatch(word) or word in _DEPARTMENTS]
    first = office[-1] + 1 if office and _TITLE.fullmatch(role) else 0
    return " ".join(words[first:]), " ".join([role, *words[:first]]).strip()


def _is_role(role: str) -> bool:
    return bool(_OFFICER.search(role)) and not _NO_ROLE.search(role) and "⟦" not in role


def _in_own_name(officer: Actor, former: bool) -> Actor | None:
    """The person alone, where nobody speaks through them.

    A former officer speaks for the company no more; of what the registry lacks only officers
    speak for it, while its professors and fellows speak for themselves.
    """
    own = Actor(officer.person or "", STRANGER, person=officer.person, role=officer.role)
    if former:
        return replace(own, kind=WORKERS if officer.is_company else STRANGER)
    if officer.known or officer.is_company:
        return None
    if officer.role is None and officer.kind == _SCHOLARS:
        return replace(own, kind=_SCHOLARS)
    kind = next((kind for kind, role in _OWN_ROLES if role.search(officer.role or "")), None)
    return replace(own, kind=kind) if kind else None


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
