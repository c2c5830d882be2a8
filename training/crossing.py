"""Cross-validated figures: of single questions, and of whole documents by the corpus' script."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from articles import Article, Scored

from tracker.domain.model import Findings
from tracker.extraction import chain, genre, parse
from tracker.extraction.decide import Thresholds
from tracker.extraction.documents import findings_to_json
from tracker.extraction.heads import Opinion
from tracker.extraction.pairs import Pair, Pairing

Row = dict[str, Any]
Told = list[tuple[Row, dict[str, dict[str, float]]]]
Figures = dict[str, float]
SHEETS = (
    ("announcements", "announcements.strict"),
    ("announcements_found", "announcements.found"),
    ("published", "published.strict"),
    ("reactions", "reactions.strict"),
    ("calls", "calls.strict"),
)


def by_pair(seen: Told) -> dict[str, float]:
    """How well each question is answered where the network was asked."""
    stances = [(row, said) for row, said in seen if row["kind"] == "company"]
    reactions = [(row, said) for row, said in seen if row["kind"] == "actor"]
    shown = [pair for pair in stances if pair[0]["label"] != "none"]
    judged = [pair for pair in reactions if pair[0]["label"] != "none"]
    return {
        "pair_stance_ap": precision(stances, "stance", lambda row: row["label"] != "none"),
        "pair_reaction_ap": precision(reactions, "reaction", lambda row: row["label"] != "none"),
        "pair_call_ap": precision(reactions, "call", lambda row: bool(row["call"])),
        "pair_act": right(shown, "act", "acts"),
        "pair_topic": right(shown, "topic", "topics"),
        "pair_reaction_kind": right(judged, "reaction", "acts"),
        "pair_new_or_old": share(
            (said["stance"]["new"] > said["stance"]["background"]) == (row["label"] == "new")
            for row, said in shown
        ),
    }


def precision(told: Told, question: str, is_so: Any) -> float:
    """The mean precision over all thresholds."""
    nothing = "no" if question == "call" else "none"
    ranked = sorted(told, key=lambda pair: pair[1][question][nothing])
    hits, total = 0, 0.0
    for place, (row, _) in enumerate(ranked, 1):
        if is_so(row):
            hits += 1
            total += hits / place
    return round(total / max(1, hits), 3)


def right(told: Told, question: str, key: str) -> float:
    """The share of answers among the accepted ones."""
    return share(
        max((c for c in said[question] if c != "none"), key=lambda c: said[question][c]) in row[key]
        for row, said in told
    )


def share(answers: Any) -> float:
    """The share of true ones."""
    found = list(answers)
    return round(float(np.mean(found)), 3) if found else 0.0


def by_document(articles: list[Article], seen: Told, script: Path, scratch: Path) -> Figures:
    """What the corpus' script says of findings made from answers on unseen articles.

    ``announcements_f1`` and the like are of the corpus' own articles, ``all_announcements_f1``
    of these and the labelled collections.
    """
    said = {(row["article"], row["number"]): (row, answer) for row, answer in seen}
    known = {row["article"] for row, _ in seen}
    whole = [(a, a.scored, findings(a, said)) for a in articles if a.scored and a.id in known]
    own = [each for each in whole if each[1].of_corpus]
    figures: Figures = {"documents": len(whole)}
    for prefix, group in (("", own), ("all_", whole)):
        report = scored([(a.id, s, line) for a, s, line in group], script, scratch)
        figures |= {
            f"{prefix}{name}_{measure}": report[sheet][measure]
            for name, sheet in SHEETS
            for measure in ("precision", "recall", "f1")
        }
    return figures


def findings(article: Article, said: dict[tuple[str, int], Any]) -> str:
    """The findings of one article as `tracker extract` would print them."""
    making = Pairing(article.reading, article.matter)
    thoughts: list[tuple[Pair, Opinion]] = []
    for number, pair in enumerate([*making.companies(), *making.actors()]):
        row, answer = said.get((article.id, number), (None, None))
        if row is not None and row["over"] >= 0:
            thoughts.append((pair, opinion(answer)))
    found = chain.by_thoughts(article.reading, article.matter, thoughts, Thresholds())
    document = article.reading.document
    made = chain.recorded(
        found, article.reading, article.matter, genre.genre(document), parse.available(), True
    )
    return findings_to_json(document, Findings("cross-validated", *made), from_html=False)


def opinion(answer: dict[str, dict[str, float]]) -> Opinion:
    """The answers of the heads as the chain takes them."""
    return Opinion(
        answer["stance"], answer["act"], answer["topic"], answer["reaction"], answer["call"]["yes"]
    )


def scored(found: list[tuple[str, Scored, str]], script: Path, scratch: Path) -> dict[str, Any]:
    """Run the corpus' own script over findings: the article's name, its gold, the findings."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name).resolve()
        (folder / "docs").mkdir(), (folder / "gold").mkdir()
        for article, gold, _ in found:
            (folder / "docs" / f"{article}.json").write_text(gold.document)
            (folder / "gold" / f"{article}.json").write_text(gold.gold)
        (folder / "found.jsonl").write_text("\n".join(line for _, _, line in found) + "\n")
        done = subprocess.run(
            (sys.executable, script, folder, folder / "found.jsonl", "--json"),
            check=True,
            capture_output=True,
            text=True,
        )
    report: dict[str, Any] = json.loads(done.stdout)
    return report
