"""Training rows: labelled pairs of sentence and actor, from gold articles and label files."""

import json
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.domain.codes import OrganisationKind
from tracker.domain.model import Organisation, Registry
from tracker.extraction import chain, pairs
from tracker.extraction.documents import document_from_json
from tracker.extraction.names import NameIndex
from tracker.extraction.pairs import Pair
from tracker.extraction.reading import Reading, read
from tracker.extraction.topics import Matter


@dataclass(frozen=True)
class Row:
    """One pair with what it should be; ``weight`` is lower where people may disagree."""

    article: str
    number: int
    pair: Pair
    label: str
    acts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    weight: float = 1.0
    call: float = 0.0


@dataclass(frozen=True)
class Read:
    """An article as the rules read it, and its rows."""

    id: str
    reading: Reading
    matter: Matter
    rows: list[Row]


def squash(text: str) -> str:
    """Text for comparing: one case, one kind of quotes, single blanks."""
    for curly, plain in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("\u00a0", " ")):
        text = text.replace(curly, plain)
    return re.sub(r"\s+", " ", text).strip().lower()


def overlaps(quote: str, evidence: list[str]) -> bool:
    """Whether a sentence is one of the accepted proofs (the rule of the scoring script)."""
    mine, flat = set(re.findall(r"[a-z0-9']+", squash(quote))), squash(quote)
    for sentence in evidence:
        other = squash(sentence)
        theirs = set(re.findall(r"[a-z0-9']+", other))
        if not mine or not theirs:
            continue
        if flat in other or other in flat:
            return True
        if len(mine & theirs) / min(len(mine), len(theirs)) >= 0.6:
            return True
    return False


class Rows:
    """Reads articles with the names of a registry and labels their pairs."""

    def __init__(self, registry: Registry, same: Any) -> None:
        self._index = NameIndex(registry)
        self._same = same

    def article(self, raw: str, gold: dict[str, Any]) -> Read:
        """One article with its gold."""
        reading, matter, asked = self._read(raw)
        rows = [self._labelled(gold, number, pair) for number, pair in enumerate(asked)]
        return Read(gold["id"], reading, matter, rows)

    def _read(self, raw: str) -> tuple[Reading, Matter, list[Pair]]:
        document = document_from_json(raw)
        reading = chain.parsed(read(document, self._index))
        matter = Matter(document.title, document.text)
        making = pairs.Pairing(reading, matter)
        return reading, matter, [*making.companies(), *making.actors()]

    def _labelled(self, gold: dict[str, Any], number: int, pair: Pair) -> Row:
        if pair.kind == pairs.COMPANY:
            return self._company_row(gold, number, pair)
        return self._actor_row(gold, number, pair)

    def _company_row(self, gold: dict[str, Any], number: int, pair: Pair) -> Row:
        hits = [
            g
            for g in gold["announcements"]
            if self._same(pair.actor.name) == self._same(g["company"])
            and overlaps(pair.line.text, g["evidence"])
        ]
        if not hits:
            return Row(gold["id"], number, pair, "none")
        hits.sort(key=lambda g: (g["status"] != "new", g["difficulty"] == "hard"))
        acts = tuple(dict.fromkeys(a for g in hits for a in (g["act"], *g.get("accept_acts", []))))
        topics = tuple(dict.fromkeys(t for g in hits for t in g["topics"]))
        weight = 0.4 if hits[0]["difficulty"] == "hard" else 1.0
        return Row(gold["id"], number, pair, hits[0]["status"], acts, topics, weight)

    def _actor_row(self, gold: dict[str, Any], number: int, pair: Pair) -> Row:
        hits = [
            g
            for g in gold["reactions"]
            if self._same.actor(pair.actor.name, g["actor"])
            and overlaps(pair.line.text, g["evidence"])
        ]
        asked = [
            g
            for g in gold["calls"]
            if self._same.actor(pair.actor.name, g["caller"])
            and overlaps(pair.line.text, g["evidence"])
        ]
        hits.sort(key=lambda g: g["difficulty"] == "hard")
        label = hits[0]["reaction"] if hits else "none"
        also = tuple(
            dict.fromkeys(r for g in hits for r in (g["reaction"], *g.get("accept_reactions", [])))
        )
        hard = any(g["difficulty"] == "hard" for g in (*hits[:1], *asked[:1]))
        return Row(
            gold["id"], number, pair, label, also, (), 0.4 if hard else 1.0, float(bool(asked))
        )

    def pool(self, articles: Path, labels: list[Path]) -> Iterator[Read]:
        """The pool's articles with rows of their labelled sentences only."""
        marks: dict[str, list[dict[str, Any]]] = {}
        for path in labels:
            for line in path.read_text().splitlines():
                mark = json.loads(line)
                marks.setdefault(mark["article"], []).append(mark)
        for raw in articles.read_text().splitlines():
            article = json.loads(raw)["id"]
            if article in marks:
                reading, matter, asked = self._read(raw)
                told = (
                    self._pool_row(article, number, pair, marks[article])
                    for number, pair in enumerate(asked)
                )
                yield Read(article, reading, matter, [row for row in told if row])

    def _pool_row(
        self, article: str, number: int, pair: Pair, marks: list[dict[str, Any]]
    ) -> Row | None:
        sentence = pair.line.sentence
        here = [
            m
            for m in marks
            if m["field"] == sentence.field.value
            and m["start"] < sentence.end
            and m["end"] > sentence.start
        ]
        if not here:
            return None
        weight = 0.4 if any("hard" in (m.get("why") or "") for m in here) else 1.0
        if pair.kind == pairs.COMPANY:
            hits = [
                m
                for m in here
                if "stance" in m["kinds"]
                and self._same(pair.actor.name)
                in {self._same(n) for n in (m["company"], *m["also"]) if n}
            ]
            if not hits:
                return Row(article, number, pair, "none")
            acts = tuple(dict.fromkeys(a for m in hits for a in (m["act"], *m["accept_acts"]) if a))
            return Row(
                article,
                number,
                pair,
                hits[0]["novelty"] or "new",
                acts,
                tuple(hits[0]["topics"]),
                weight,
            )
        mine = [m for m in here if m["actor"] and self._same.actor(pair.actor.name, m["actor"])]
        told = [m for m in mine if "reaction" in m["kinds"]]
        asked = [m for m in mine if "call" in m["kinds"]]
        label = told[0]["reaction"] if told else "none"
        return Row(
            article,
            number,
            pair,
            label or "none",
            (label,) if told else (),
            (),
            weight,
            float(bool(asked)),
        )


def written(folder: Path, same: Any) -> Iterator[Read]:
    """The articles written for the project, each read with the names it invents."""
    for path in sorted(folder.glob("*.jsonl")):
        for raw in path.read_text().splitlines():
            article = json.loads(raw)
            reader = Rows(registry_of(article["names"]), same)
            yield reader.article(raw, article["gold"])


def registry_of(names: dict[str, str]) -> Registry:
    """The invented names as a registry: every company, and of the others every second one."""
    kinds = set(OrganisationKind)
    listed = [
        (name, kind)
        for name, kind in sorted(names.items())
        if kind == "company" or (kind in kinds and zlib.crc32(name.encode()) % 2)
    ]
    return Registry(
        organisations=tuple(
            Organisation(slug=f"written-{place}", name=name, kind=OrganisationKind(kind))
            for place, (name, kind) in enumerate(listed)
        )
    )


def names_of(score: Path, registry: Path) -> Any:
    """The scoring script's own way to compare names."""
    sys.path.insert(0, str(score.parent))
    import score as scoring

    same = scoring.Names(registry)
    same.actor = lambda mine, gold: scoring.same_actor(same, mine, gold)
    return same
