"""Names of the registry in a text; those that are also common words need a cue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date as Day
from functools import lru_cache
from urllib.parse import urlsplit

from tracker.domain.codes import ActorType, NameKind, OrganisationKind
from tracker.domain.model import Organisation, Registry
from tracker.extraction import words
from tracker.extraction.actors import Actor, Mention
from tracker.extraction.strangers import STRANGER

_WORD = re.compile(r"[#@]?[\w][\w&’'.+-]*", re.UNICODE)
_GENERIC_CUES = re.compile(
    r"\b(?:compan(?:y|ies)|firm|tech giants?|startup|start-up|CEO|chief executive|spokes(?:man"
    r"|woman|person)|Inc\b|Corp\b"
    r"|app|apps|platform|users|customers|software|iPhone|founder|co-founder|messaging|retailer"
    r"|online|internet|tech)\b",
    re.IGNORECASE,
)
_KNOWN = words.read("known")
_CUT = re.compile(r"[’'.&+-]")
_SKIPPED = frozenset({"i", "a", "the", "will", "may", "us", "we", "it"})


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    actor: Actor
    ambiguous: bool
    person: bool = False
    borrowed: bool = False
    """A brand or alias: an organisation's own name means itself, whatever else bears it."""
    own_slug: str = ""


class NameIndex:
    """Every name of a registry, by its first word; built once per registry."""

    def __init__(self, registry: Registry) -> None:
        self._by_slug = {each.slug: each for each in registry.organisations}
        self._by_site = {each.domain: each for each in registry.organisations if each.domain}
        self._names: dict[str, list[_Name]] = {}
        self._rules = words.read("ambiguity")["name"]
        for organisation in registry.organisations:
            for name in self._names_of(organisation):
                self._add(name)
        self._known = self._add_known()
        self._add_people(registry)
        for same in self._names.values():
            same.sort(
                key=lambda name: (
                    -len(name.text),
                    name.person,
                    name.borrowed,
                    name.actor.slug or "",
                )
            )

    def _add(self, name: _Name) -> None:
        first = _WORD.match(name.text)
        if (
            first
            and name.text not in self._rules["never"]["names"]
            and name.text.lower() not in _SKIPPED
        ):
            self._names.setdefault(_key(first.group()), []).append(name)

    def _add_known(self) -> dict[str, Actor]:
        """Widely known companies that the registry lacks, and other spellings of what it holds."""
        held = {name.text.lower() for same in self._names.values() for name in same}
        known: dict[str, Actor] = {}
        for row in _KNOWN["company"]["names"].strip().splitlines():
            names = row.split(" | ")
            if held.isdisjoint(name.lower() for name in names):
                known[names[0]] = actor = Actor(names[0], str(OrganisationKind.COMPANY))
                for name in names:
                    self._add(_Name(name, actor, ambiguous=False, borrowed=True))
        for name, slug in _KNOWN["spelling"].items():
            if slug in self._by_slug and name.lower() not in held:
                actor = self.actor(self._by_slug[slug])
                self._add(_Name(name, actor, ambiguous=False, borrowed=True, own_slug=slug))
        return known

    def _add_people(self, registry: Registry) -> None:
        told = {person.name for person in registry.people}
        spoken = [(p.name, p.organisation, p.role) for p in registry.people]
        for name, slugs in words.read("ambiguity")["person"].items():
            spoken += [(name, slug, None) for slug in slugs]
        spoken += [(n, home, None) for n, home in _KNOWN["speaker"].items() if n not in told]
        for name, home, role in spoken:
            if home in self._by_slug:
                self._add_person(name, self.actor(self._by_slug[home]), role)
            elif home in self._known:
                self._add_person(name, self._known[home], role)
        for name in _KNOWN["independent"]["names"]:
            if name not in told:
                self._add_person(name, Actor(name, STRANGER), None)

    def _add_person(self, name: str, home: Actor, role: str | None) -> None:
        """Who speaks for an organisation; a member of a parliament speaks for nobody else."""
        actor = replace(home, person=name, role=role)
        if home.kind == OrganisationKind.LEGISLATURE:
            actor = Actor(name, str(ActorType.LEGISLATOR), person=name, role=role)
        self._add(_Name(name, actor, ambiguous=False, person=True))

    def _names_of(self, organisation: Organisation) -> Iterable[_Name]:
        own = self.actor(organisation)
        ambiguous = organisation.ambiguous
        slug = organisation.slug
        yield _Name(organisation.name, own, ambiguous, own_slug=slug)
        brands: dict[str, bool] = {}
        for name in organisation.names:
            brands[name.text] = brands.get(name.text, True) and name.kind is NameKind.BRAND
        for text, is_brand in brands.items():
            actor = replace(own, brand=own.brand or text) if is_brand else own
            unsure = len(text) <= 3 or text in self._rules.get("doubtful", {}).get("names", [])
            common = ambiguous and " " not in text and text.lower() in organisation.name.lower()
            common = common or unsure or self._is_common(text)
            yield _Name(text, actor, common, borrowed=True, own_slug=slug)

    def _is_common(self, text: str) -> bool:
        return text.lower() in self._rules["common"]["names"]

    def actor(self, organisation: Organisation, day: Day | None = None) -> Actor:
        """The organisation as an actor; a subsidiary is its parent's brand (section 2)."""
        home = organisation
        while not home.standalone:
            parent = next((p for p in home.parents if _in_force(p.since, p.until, day)), None)
            if parent is None or parent.slug not in self._by_slug:
                break
            home = self._by_slug[parent.slug]
        brand = organisation.name if home is not organisation else None
        return Actor(home.name, str(home.kind), slug=home.slug, brand=brand, known=True)

    def publisher(self, url: str | None) -> Actor | None:
        """The organisation on whose own site an article stands (codebook section 3)."""
        parts = (urlsplit(url or "").hostname or "").split(".")
        sites = (".".join(parts[place:]) for place in range(len(parts) - 1))
        home = next((self._by_site[site] for site in sites if site in self._by_site), None)
        return self.actor(home) if home else None

    def find(self, text: str, context: str) -> tuple[Mention, ...]:
        """The names in a sentence, left to right; ``context`` is the whole article."""
        found: list[Mention] = []
        taken = 0
        for word in _WORD.finditer(text):
            if word.start() < taken:
                continue
            mention = self._at(text, word.start(), word.group(), context)
            if mention:
                found.append(mention)
                taken = mention.end
        return tuple(found)

    def _at(self, text: str, start: int, word: str, context: str) -> Mention | None:
        for name in self._ranked(word, context):
            end = start + len(name.text)
            if not _same(text[start:end], name.text) or (end < len(text) and text[end].isalnum()):
                continue
            certain = not name.ambiguous or self._is_meant(name, text, start, end, context)
            if not certain and self._must_be_meant(name):
                continue
            return Mention(start, end, replace(name.actor, certain=certain))
        return None

    def _ranked(self, word: str, context: str) -> list[_Name]:
        """Longest names first; of one person's organisations the one that the article names."""
        names = self._names.get(_key(word), [])
        if sum(name.person for name in names) < 2:
            return names
        spoken = {
            name.actor.slug: sum(context.count(each) for each in self._spellings(name.actor.slug))
            for name in names
        }
        return sorted(
            names, key=lambda n: (-len(n.text), -spoken[n.actor.slug], n.actor.slug or "")
        )

    def _spellings(self, slug: str | None) -> list[str]:
        if slug is None:
            return []
        home = self._by_slug[slug]
        return [each for each in (home.name, *(n.text for n in home.names)) if len(each) > 1]

    def _must_be_meant(self, name: _Name) -> bool:
        return name.own_slug not in self._rules["well_known"]["slugs"]

    def _is_meant(self, name: _Name, text: str, start: int, end: int, context: str) -> bool:
        rule = self._rules.get("cue", {}).get(name.text, {})
        after, before = text[end : end + 30], text[max(0, start - 30) : start]
        if "not_after" in rule and re.match(rule["not_after"], after):
            return False
        if "not_before" in rule and re.search(rule["not_before"], before):
            return False
        if not self._must_be_meant(name):
            return True
        if "needs" in rule:
            return bool(re.search(rule["needs"], context))
        if name.actor.kind != OrganisationKind.COMPANY:
            return name.text[:1].isupper() and bool(re.search(r"[A-Z]{2}|\w \w", name.text))
        near = text[max(0, start - 60) : end + 60]
        return bool(_GENERIC_CUES.search(near)) and not _opens_sentence(text, start, name.text)


def _opens_sentence(text: str, start: int, name: str) -> bool:
    return start == 0 and text[len(name) : len(name) + 2] not in ("’s", "'s")


@lru_cache(maxsize=4096)
def _key(word: str) -> str:
    return _CUT.split(word.lstrip("#@").lower())[0]


def _same(piece: str, name: str) -> bool:
    if piece == name:
        return True
    return piece == name.upper() and len(name) > 4


def _in_force(since: Day | None, until: Day | None, day: Day | None) -> bool:
    if day is None:
        return until is None
    return (since is None or since <= day) and (until is None or day <= until)
