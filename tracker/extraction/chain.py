"""The chain: a document and a registry in, findings out. Same text, same output, byte for byte."""

from dataclasses import replace

from tracker.domain.model import Document, Findings, Registry
from tracker.extraction import acts, calls, genre, merge, parse, reactions, records
from tracker.extraction.names import NameIndex
from tracker.extraction.reading import Line, Reading, read
from tracker.extraction.topics import Matter

RULES = "1.0"


class Chain:
    """An ``Extract`` made of rules (tracker.domain.ports)."""

    def __init__(self) -> None:
        self.version = f"rules {RULES}" if parse.available() else f"words {RULES}"
        self._registry: Registry | None = None
        self._index: NameIndex | None = None

    def __call__(self, document: Document, registry: Registry) -> Findings:
        """Read a document for stances, reactions and calls; every finding quotes it."""
        if not genre.is_english(document):
            return Findings(self.version)
        reading = _parsed(read(document, self._names(registry)))
        matter = Matter(document.title, document.text)
        kind = genre.genre(document)
        stances = merge.stances(acts.proposals(reading, matter))
        fresh = [s.first for s in stances if not s.first.mood.background]
        subject = fresh[0].company if fresh else reading.cast.main_company
        judged = merge.reactions(reactions.judgements(reading, subject))
        asked = merge.calls(calls.demands(reading))
        make = records.Records(reading, matter, kind, can_publish=parse.available())
        return Findings(
            self.version,
            tuple(make.announcement(stance) for stance in stances),
            tuple(make.reaction(each) for each in judged),
            tuple(make.call(each) for each in asked),
        )

    def _names(self, registry: Registry) -> NameIndex:
        if self._index is None or self._registry is not registry:
            self._registry, self._index = registry, NameIndex(registry)
        return self._index


def build() -> Chain:
    """The extractor as it ships."""
    return Chain()


def _parsed(reading: Reading) -> Reading:
    """The reading with the grammar of the lines that may hold something."""
    wanted = [number for number, line in enumerate(reading.lines) if _may_hold(line)]
    rows = [(reading.lines[n].text, reading.lines[n].mentions) for n in wanted]
    grammars = dict(zip(wanted, parse.parse(rows), strict=True))
    lines = tuple(line.with_grammar(grammars.get(n)) for n, line in enumerate(reading.lines))
    return replace(reading, lines=lines)


def _may_hold(line: Line) -> bool:
    if not line.mentions and line.focus is None:
        return False
    text = line.text
    return (
        bool(acts.cues(line)) or reactions.mentions_judgement(text) or calls.mentions_demand(text)
    )
