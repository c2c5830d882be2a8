"""The chain: a document and a registry in, findings out. Same text, same output, byte for byte."""

from collections.abc import Collection
from dataclasses import replace

from tracker.domain.codes import Act
from tracker.domain.model import (
    Announcement,
    Document,
    Findings,
    FoundCall,
    FoundReaction,
    Registry,
)
from tracker.extraction import (
    acts,
    calls,
    decide,
    genre,
    heads,
    merge,
    pairs,
    parse,
    reactions,
    records,
)
from tracker.extraction.actors import Actor
from tracker.extraction.calls import Demand
from tracker.extraction.decide import Thresholds
from tracker.extraction.genre import Genre
from tracker.extraction.names import NameIndex
from tracker.extraction.reactions import Judgement
from tracker.extraction.reading import Line, Reading, read
from tracker.extraction.topics import Matter

RULES = "1.9"
Found = tuple[list[merge.Stance], list[list[Judgement]], list[list[Demand]]]


class Chain:
    """An ``Extract`` (tracker.domain.ports): rules, and the trained model where its files are."""

    def __init__(self, model: heads.Model | None, limits: Thresholds | None = None) -> None:
        self._model = model
        self._limits = limits or Thresholds()
        rules = f"rules {RULES}" if parse.available() else f"words {RULES}"
        self.version = f"{rules}+minilm {model.version}" if model else rules
        self._registry: Registry | None = None
        self._index: NameIndex | None = None

    def __call__(self, document: Document, registry: Registry) -> Findings:
        """Read a document for stances, reactions and calls; every finding quotes it."""
        if not genre.is_english(document):
            return Findings(self.version)
        return self.judge(self.read(document, registry))

    def read(self, document: Document, registry: Registry) -> Reading:
        """The document with its names, speakers and grammar."""
        return parsed(read(document, self._names(registry)), wide=self._model is not None)

    def judge(self, reading: Reading) -> Findings:
        """What a reading holds."""
        document = reading.document
        matter = Matter(document.title, document.text)
        found = self._by_model(reading, matter) if self._model else _by_rules(reading, matter)
        kind, has_model = genre.genre(document), self._model is not None
        return Findings(
            self.version, *recorded(found, reading, matter, kind, parse.available(), has_model)
        )

    def _by_model(self, reading: Reading, matter: Matter) -> Found:
        """What the model sees in the pairs that the rules prepare."""
        assert self._model is not None
        making = pairs.Pairing(reading, matter)
        thoughts = self._model.ask([*making.companies(), *making.actors()])
        return by_thoughts(reading, matter, thoughts, self._limits)

    def _names(self, registry: Registry) -> NameIndex:
        if self._index is None or self._registry is not registry:
            self._registry, self._index = registry, NameIndex(registry)
        return self._index


def build(model: heads.Model | None = None, *, use_model: bool = True) -> Chain:
    """The extractor as it ships: with the model when its files are there and whole."""
    return Chain(model or (heads.load() if use_model else None))


def by_thoughts(
    reading: Reading, matter: Matter, thoughts: list[decide.Thought], limits: Thresholds
) -> Found:
    """What rules and model together see in an article."""
    told = acts.proposals(reading, matter)
    stances = merge.stances(decide.proposals(thoughts, told, limits))
    subject = _subject(stances, reading)
    reacted = reactions.judgements(reading, matter, subject)
    judged = decide.judgements(thoughts, reacted, subject, limits)
    asked = decide.demands(thoughts, calls.demands(reading), reading, limits)
    return stances, merge.reactions(judged), merge.calls(asked)


def recorded(
    found: Found, reading: Reading, matter: Matter, kind: Genre, can_publish: bool, has_model: bool
) -> tuple[tuple[Announcement, ...], tuple[FoundReaction, ...], tuple[FoundCall, ...]]:
    """The records of what was found in an article."""
    stances, judged, asked = found
    make = records.Records(reading, matter, kind, can_publish, has_model)
    return (
        tuple(make.announcement(stance) for stance in stances),
        tuple(make.reaction(each) for each in judged),
        tuple(make.call(each) for each in asked),
    )


def _by_rules(reading: Reading, matter: Matter) -> Found:
    """What strong cues alone say; without a model all of it is for a person to check."""
    stances = merge.stances(acts.proposals(reading, matter))
    judged = reactions.judgements(reading, matter, _subject(stances, reading))
    return stances, merge.reactions(judged), merge.calls(calls.demands(reading))


def _subject(stances: list[merge.Stance], reading: Reading) -> Actor | None:
    """The company whose stance is the news."""
    fresh = [each.first for each in stances if not each.first.mood.background]
    return fresh[0].company if fresh else reading.cast.main_company


def parsed(reading: Reading, wide: bool = True) -> Reading:
    """The reading with the grammar of the lines that may hold something.

    ``wide``: also of lines with weak cues or quotations, which only the model can judge.
    """
    leading = reading.title_companies()
    known = bool(reading.cast.companies or leading)
    weak = acts.LEANING if leading else ()
    wanted = [n for n, line in enumerate(reading.lines) if _may_hold(line, wide, known, weak)]
    rows = [(reading.lines[n].text, reading.lines[n].mentions) for n in wanted]
    grammars = dict(zip(wanted, parse.parse(rows), strict=True))
    lines = tuple(line.with_grammar(grammars.get(n)) for n, line in enumerate(reading.lines))
    return replace(reading, lines=lines)


def _may_hold(line: Line, wide: bool, known: bool, weak: Collection[Act]) -> bool:
    if not line.mentions and line.focus is None:
        return False
    if wide and (
        line.speech.stretches or acts.cues(line, tuple(Act)) or calls.mentions_duty(line.text)
    ):
        return True
    told = known and (bool(acts.cues(line, weak)) or reactions.mentions_judgement(line.text))
    return told or calls.mentions_demand(line.text)
