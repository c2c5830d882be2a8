"""Pairs of a sentence and an actor in it: what the trained model is asked about.

A *company* pair asks whether the sentence shows a stance of that company; an *actor* pair whether
it shows a reaction or a call of that actor. All pairs of a sentence share one text for the
encoder, in which the names of organisations are hidden; the spots of a pair say where in it the
actor stands. Named numbers (what the rules saw) go to the heads beside it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Day

from tracker.domain.codes import Act
from tracker.extraction import acts, calls, dates, modality, reactions, roles
from tracker.extraction.actors import Actor
from tracker.extraction.acts import Cue
from tracker.extraction.age import Ages
from tracker.extraction.genre import Genre, genre
from tracker.extraction.modality import PLAIN, Mood
from tracker.extraction.reading import Line, Reading
from tracker.extraction.roles import Part
from tracker.extraction.strangers import STRANGER
from tracker.extraction.topics import Choice, Matter

COMPANY, ACTOR = "company", "actor"
HIDDEN = "Zeta"
"""Stands for an organisation: one word of the encoder's vocabulary, rare in news."""
Spots = tuple[tuple[int, int], ...]
_REFERENCE = re.compile(
    r"\b(?:the (?:\w+ ){0,3}(?:company|firm|giant|network|platform|startup|start-up|retailer"
    r"|maker|service|app|carrier)"
    r"|it|its|they|we|our)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;&]*(?:and|or|as well as)?[\s,;&]*")
_LONGEST, _HEADLINE = 320, 90


@dataclass(frozen=True, slots=True)
class Pair:
    """One question to the model."""

    kind: str
    line: Line
    actor: Actor
    text: str
    spots: Spots
    features: dict[str, float] = field(default_factory=dict)
    cue: Cue | None = None
    part: Part = roles.NOBODY
    mood: Mood = PLAIN
    topic: Choice | None = None


class Pairing:
    """Makes the pairs of one article."""

    def __init__(self, reading: Reading, matter: Matter) -> None:
        self._reading = reading
        self._matter = matter
        self._published: Day | None = dates.local_day(reading.document.published)
        self._genre: Genre = genre(reading.document)
        self._last = max(1, len(reading.lines) - 1)
        title = reading.title
        self._in_title = {a.name for a in title.actors()} if title else set()
        self._companies = reading.cast.companies
        self._ages = Ages(reading)

    def companies(self) -> Iterator[Pair]:
        """A pair for each company that a line may speak of."""
        before = ""
        for place, line in enumerate(self._reading.lines):
            found = [
                (cue, roles.part(line, cue.start, cue.end)) for cue in acts.cues(line, tuple(Act))
            ]
            topic = self._matter.choose(line.text, before)
            companies = _companies_of(line, found)
            signs = self._ages.of_line(place) if companies else {}
            for actor in companies:
                yield self._company(place, actor, found, topic, signs)
            before = line.text

    def _company(
        self,
        place: int,
        actor: Actor,
        found: list[tuple[Cue, Part]],
        topic: Choice | None,
        signs: dict[str, float],
    ) -> Pair:
        line = self._reading.lines[place]
        own = [(c, p) for c, p in found if any(a.name == actor.name for a in p.actors)]
        features = self._common(line, actor) | signs
        for each, role in found:
            strength = "strong" if each.strong else "weak"
            mine = any(a.name == actor.name for a in role.actors)
            features[f"{'own' if mine else 'any'}_{strength}_{each.act}"] = 1.0
        best = min(own, key=_rank, default=None)
        cue = best[0] if best else None
        part = best[1] if best else roles.NOBODY
        start, end = (cue.start, cue.end) if cue else (0, len(line.text))
        mood = modality.mood(line, start, end, part, self._published)
        features |= _part_features(part, actor, bool(own))
        features[f"mood_{mood.modality}"] = 1.0
        features["background"] = float(mood.background)
        features |= self._ages.of_act(place, actor, start, end, cue is not None)
        if topic:
            features["topic_sure"] = float(topic.sure)
            features["topic_score"] = min(8.0, topic.score) / 4
            features[f"topic_{topic.codes[0]}"] = 1.0
        text, spots = self._text(line, actor)
        return Pair(COMPANY, line, actor, text, spots, features, cue, part, mood, topic)

    def actors(self) -> Iterator[Pair]:
        """A pair for each actor of a line that may judge or ask a company."""
        for line in self._reading.lines:
            judged = reactions.seen(line)
            asked = calls.seen(line)
            topic = self._matter.choose(line.text)
            for actor in _actors_of(line, [part for _, part in (*judged, *asked)]):
                yield self._actor(line, actor, judged, asked, topic)

    def _actor(
        self,
        line: Line,
        actor: Actor,
        judged: list[tuple[str, Part]],
        asked: list[tuple[str, Part]],
        topic: Choice | None,
    ) -> Pair:
        features = self._common(line, actor)
        best = roles.NOBODY
        for name, part in (*judged, *asked):
            mine = any(a.name == actor.name for a in part.actors)
            features[f"{'own' if mine else 'any'}_{name}"] = 1.0
            best = part if mine else best
        features |= _part_features(best, actor, bool(best.actors))
        features[f"type_{actor.actor_type}"] = 1.0
        features["companies_here"] = float(
            len({m.actor.name for m in line.mentions if m.actor.is_company} - {actor.name})
        )
        features["background"] = float(modality.is_background(line.text, self._published))
        if topic:
            features["topic_sure"] = float(topic.sure)
        text, spots = self._text(line, actor)
        return Pair(ACTOR, line, actor, text, spots, features, None, best, topic=topic)

    def _text(self, line: Line, actor: Actor) -> tuple[str, Spots]:
        title = self._reading.title
        return encoder_text(line, actor, title.text if title else "")

    def _common(self, line: Line, actor: Actor) -> dict[str, float]:
        quoted = bool(line.speech.stretches)
        speaker = line.speech.speaker
        companies = {a.name for a in line.actors() if a.is_company}
        number = line.sentence.number
        names = self._companies
        return {
            "bias": 1.0,
            "title": float(line.is_title),
            "opening": float(0 < number <= 4),
            "place": number / self._last,
            "in_title": float(actor.name in self._in_title),
            "main": float(bool(names) and names[0] == actor.name),
            "only": float(len(names) == 1),
            "here": float(any(a.name == actor.name for a in line.actors())),
            "companies": min(4.0, float(len(companies))),
            "quoted": float(quoted),
            "speaks": float(quoted and speaker is not None and speaker.name == actor.name),
            "other_speaks": float(quoted and speaker is not None and speaker.name != actor.name),
            "known": float(actor.known),
            "stranger": float(actor.kind == STRANGER),
            "person": float(actor.person is not None),
            "collective": float(actor.collective),
            "facts": float(self._genre.states_facts),
            "length": min(3.0, len(line.text) / 150),
            "parsed": float(line.grammar is not None),
            "question": float(line.text.rstrip("”\"'’").endswith("?")),
        }


def _rank(found: tuple[Cue, Part]) -> tuple[bool, bool, bool, int]:
    cue, part = found
    return (part.demanded, not cue.strong, not part.direct, cue.start)


def _part_features(part: Part, actor: Actor, own: bool) -> dict[str, float]:
    reporter = part.reporter
    return {
        "subject": float(own),
        "direct": float(own and part.direct),
        "sure": float(own and part.sure),
        "demanded": float(part.demanded),
        "relative": float(part.relative),
        "passive": float(part.passive),
        "told_by_self": float(reporter is not None and reporter.name == actor.name),
        "told_by_media": float(reporter is not None and reporter.kind == "media"),
        "told_by_other": float(
            reporter is not None and reporter.name != actor.name and reporter.kind != "media"
        ),
    }


def _companies_of(line: Line, found: list[tuple[Cue, Part]]) -> list[Actor]:
    """Companies named here, speaking here, subject of a cue here, or meant by a pronoun."""
    seen: dict[str, Actor] = {}
    for mention in line.mentions:
        if mention.actor.is_company and mention.actor.certain:
            seen.setdefault(mention.actor.name, mention.actor)
    speaker = line.speech.speaker
    if line.speech.stretches and speaker and speaker.is_company:
        seen.setdefault(speaker.name, speaker)
    for _, part in found:
        for actor in part.actors:
            if (actor.is_company and actor.certain) or actor.may_be_company:
                seen.setdefault(actor.name, actor)
    if not seen and line.focus and _REFERENCE.search(line.text):
        seen[line.focus.name] = line.focus
    return list(seen.values())


def _actors_of(line: Line, parts: list[Part]) -> list[Actor]:
    """Who does what a cue of judging or asking says, who speaks, and who else is named there."""
    seen: dict[str, Actor] = {}
    for part in parts:
        for actor in part.actors:
            seen.setdefault(actor.name, actor)
    if line.speech.stretches and line.speech.speaker:
        seen.setdefault(line.speech.speaker.name, line.speech.speaker)
    if parts or line.speech.stretches or line.focus:
        for mention in line.mentions:
            if not mention.actor.is_company:
                seen.setdefault(mention.actor.name, mention.actor)
    return list(seen.values())


def list_of(pair: Pair) -> tuple[int, int] | None:
    """The line and the first offset of the list of companies that a pair's actor stands in."""
    start = end = -1
    members: set[str] = set()
    for mention in pair.line.mentions:
        if not mention.actor.may_be_company:
            continue
        if end < 0 or not _BETWEEN.fullmatch(pair.line.text[end : mention.start]):
            if pair.actor.name in members and len(members) > 1:
                break
            start, members = mention.start, set()
        members.add(mention.actor.name)
        end = mention.end
    if pair.actor.name not in members or len(members) < 2:
        return None
    return -1 if pair.line.is_title else pair.line.sentence.number, start


def encoder_text(line: Line, actor: Actor, title: str) -> tuple[str, Spots]:
    """The sentence with organisations hidden, then the headline; and where the actor stands.

    An actor who is not named stands where a pronoun or "the company" does.
    """
    pieces: list[str] = []
    spots: list[tuple[int, int]] = []
    at = length = 0
    for mention in line.mentions:
        shown = HIDDEN if _is_hidden(mention.actor) else line.text[mention.start : mention.end]
        pieces += (line.text[at : mention.start], shown)
        length += mention.start - at + len(shown)
        at = mention.end
        if mention.actor.name == actor.name:
            spots.append((length - len(shown), length))
    text = "".join((*pieces, line.text[at:]))[:_LONGEST]
    if not spots:
        spots = [found.span() for found in _REFERENCE.finditer(text)][:2]
    return text if line.is_title else f"{text} | {title[:_HEADLINE]}", tuple(spots)


def _is_hidden(actor: Actor) -> bool:
    return actor.person is None and not actor.collective and actor.kind != STRANGER
