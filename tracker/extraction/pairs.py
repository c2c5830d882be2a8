"""Pairs of a sentence and an actor in it: what the trained model is asked about.

A *company* pair asks whether the sentence shows a stance of that company; an *actor* pair whether
it shows a reaction or a call of that actor. Each pair has a text for the encoder, in which the
actor's name is hidden, and named numbers (what the rules saw) for the heads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Day

from tracker.domain.codes import Act
from tracker.extraction import acts, calls, dates, modality, reactions, roles
from tracker.extraction.actors import Actor
from tracker.extraction.acts import Cue
from tracker.extraction.genre import Genre, genre
from tracker.extraction.modality import PLAIN, Mood
from tracker.extraction.reading import Line, Reading
from tracker.extraction.roles import Part
from tracker.extraction.topics import Choice, Matter

COMPANY, ACTOR = "company", "actor"
HIDDEN = "Acme"
_REFERENCE = re.compile(
    r"\b(?:the (?:\w+ ){0,3}(?:company|firm|giant|network|platform|startup|start-up|retailer"
    r"|maker|service|app|carrier)"
    r"|it|its|they|we|our)\b",
    re.IGNORECASE,
)
_LONGEST = 420
_WATCHED = frozenset(
    {"advocacy_group", "regulator", "government", "legislature", "union", "research", "coalition"}
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One question to the model."""

    kind: str
    line: Line
    actor: Actor
    text: str
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

    def companies(self) -> Iterator[Pair]:
        """A pair for each company that a line may speak of."""
        before = ""
        for line in self._reading.lines:
            if line.grammar is not None:
                found = [
                    (cue, roles.part(line, cue.start, cue.end))
                    for cue in acts.cues(line, tuple(Act))
                ]
                topic = self._matter.choose(line.text, before)
                for actor in _companies_of(line, found):
                    yield self._company(line, actor, found, topic)
            before = line.text

    def _company(
        self, line: Line, actor: Actor, found: list[tuple[Cue, Part]], topic: Choice | None
    ) -> Pair:
        own = [(c, p) for c, p in found if any(a.name == actor.name for a in p.actors)]
        features = self._common(line, actor)
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
        if topic:
            features["topic_sure"] = float(topic.sure)
            features["topic_score"] = min(8.0, topic.score) / 4
            features[f"topic_{topic.codes[0]}"] = 1.0
        text = encoder_text(COMPANY, line, actor)
        return Pair(COMPANY, line, actor, text, features, cue, part, mood, topic)

    def actors(self) -> Iterator[Pair]:
        """A pair for each actor of a line that may judge or ask a company."""
        for line in self._reading.lines:
            if line.grammar is None:
                continue
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
        text = encoder_text(ACTOR, line, actor)
        return Pair(ACTOR, line, actor, text, features, None, best, topic=topic)

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
            "stranger": float(actor.kind == "stranger"),
            "person": float(actor.person is not None),
            "collective": float(actor.collective),
            "facts": float(self._genre.states_facts),
            "length": min(3.0, len(line.text) / 150),
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
    for cue, part in found:
        for actor in part.actors:
            if (actor.is_company and actor.certain) or (cue.strong and actor.may_be_company):
                seen.setdefault(actor.name, actor)
    if not seen and line.focus and _REFERENCE.search(line.text):
        seen[line.focus.name] = line.focus
    return list(seen.values())


def _actors_of(line: Line, parts: list[Part]) -> list[Actor]:
    """Who does what a cue of judging or asking says, who speaks, and officials named here."""
    seen: dict[str, Actor] = {}
    for part in parts:
        for actor in part.actors:
            seen.setdefault(actor.name, actor)
    if line.speech.stretches and line.speech.speaker:
        seen.setdefault(line.speech.speaker.name, line.speech.speaker)
    for mention in line.mentions:
        if parts and mention.actor.kind in _WATCHED and mention.actor.certain:
            seen.setdefault(mention.actor.name, mention.actor)
    return list(seen.values())


def encoder_text(kind: str, line: Line, actor: Actor) -> str:
    """The sentence with the actor's name hidden, under a heading that says who is meant."""
    text = line.text
    for mention in reversed(line.mentions):
        if mention.actor.name == actor.name:
            text = f"{text[: mention.start]}{HIDDEN}{text[mention.end :]}"
    speaker = line.speech.speaker
    speaks = bool(line.speech.stretches) and speaker is not None and speaker.name == actor.name
    heading = kind + (" headline" if line.is_title else "") + (" speaking" if speaks else "")
    return f"{heading} {HIDDEN}: {text[:_LONGEST]}"
