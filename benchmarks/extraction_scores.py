"""Totals of the corpus' own script with bootstrap intervals, and how often the speaker is right.

The script is loaded from the corpus and run on one article at a time, so that articles can be
drawn again and again; nothing of a single article is printed.
"""

import contextlib
import importlib.util
import io
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

DRAWS, EDGE = 2000, 0.025
SHEETS = (
    "announcements.found",
    "announcements.strict",
    "published.strict",
    "reactions.strict",
    "calls.strict",
)
Counts = dict[str, dict[str, int]]


def script(corpus: Path) -> Any:
    """The corpus' scoring script as a module."""
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_article(corpus: Path, split: str, lines: Iterable[str]) -> list[Counts]:
    """The script's counts for each article by itself."""
    scoring, registry = script(corpus), corpus.parent / "data" / "organisations.toml"
    return [_counts(scoring, corpus / split, registry, line) for line in lines]


def _counts(scoring: Any, gold: Path, registry: Path, line: str) -> Counts:
    name = json.loads(line)["id"] + ".json"
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("docs", "gold"):
            (Path(folder) / kind).mkdir()
            os.symlink((gold / kind / name).resolve(), Path(folder) / kind / name)
        found = Path(folder) / "found.jsonl"
        found.write_text(line + "\n", encoding="utf-8")
        words = [str(folder), str(found), "--json", "--registry", str(registry)]
        return _totals(_printed(scoring, words))


def _printed(scoring: Any, words: list[str]) -> dict[str, Any]:
    before, sys.argv = sys.argv, ["score.py", *words]
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            scoring.main()
    finally:
        sys.argv = before
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def _totals(report: dict[str, Any]) -> Counts:
    counts = {
        sheet: {key: report.get(sheet, {}).get(key, 0) for key in ("true", "wrong", "missed")}
        for sheet in SHEETS
    }
    made = sum(counts["announcements.strict"][key] for key in ("true", "wrong"))
    counts["stale"] = {"wrong": report.get("stale", {}).get("wrong", 0), "made": made}
    return counts


def intervals(articles: list[Counts]) -> dict[str, tuple[float, float, float]]:
    """For each measure its value and the borders of the middle 95 % of draws."""
    measures = {
        f"{sheet} {name}": _measure(sheet, function)
        for sheet in SHEETS
        for name, function in (("precision", _precision), ("recall", _recall), ("F1", _f1))
    }
    measures["stale, share of new ones made"] = lambda drawn: _share(
        sum(each["stale"]["wrong"] for each in drawn), sum(each["stale"]["made"] for each in drawn)
    )
    dice = random.Random(7)
    draws = [dice.choices(articles, k=len(articles)) for _ in range(DRAWS)]
    found = {}
    for name, measure in measures.items():
        values = sorted(measure(drawn) for drawn in draws)
        low, high = values[int(EDGE * DRAWS)], values[int((1 - EDGE) * DRAWS) - 1]
        found[name] = (measure(articles), low, high)
    return found


def _measure(
    sheet: str, function: Callable[[int, int, int], float]
) -> Callable[[list[Counts]], float]:
    def value(drawn: list[Counts]) -> float:
        true, wrong, missed = (
            sum(each[sheet][key] for each in drawn) for key in ("true", "wrong", "missed")
        )
        return function(true, wrong, missed)

    return value


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _precision(true: int, wrong: int, _: int) -> float:
    return _share(true, true + wrong)


def _recall(true: int, _: int, missed: int) -> float:
    return _share(true, true + missed)


def _f1(true: int, wrong: int, missed: int) -> float:
    return _share(2 * true, 2 * true + wrong + missed)


def speakers(corpus: Path, split: str, lines: Iterable[str]) -> tuple[int, int]:
    """How many quoted records that are found name the speaker whom gold names, of how many.

    A person who judges in the first person is named as the actor.
    """
    scoring = script(corpus)
    same = scoring.Names(corpus.parent / "data" / "organisations.toml")
    right = asked = 0
    for line in lines:
        made = json.loads(line)
        gold = json.loads((corpus / split / "gold" / f"{made['id']}.json").read_text("utf-8"))
        for kind, own in (("announcements", "company"), ("reactions", "actor")):
            for each in (row for row in gold[kind] if row.get("speaker") and _is_quoted(row)):
                found = [row for row in made[kind] if _is_it(scoring, same, row, each, own)]
                asked += bool(found)
                right += any(
                    _same_person(row.get("speaker") or row.get(own), each["speaker"])
                    for row in found
                )
    return right, asked


def _is_quoted(gold: dict[str, Any]) -> bool:
    return any(mark in sentence for sentence in gold["evidence"] for mark in '"“”')


def _is_it(scoring: Any, same: Any, made: dict[str, Any], gold: dict[str, Any], own: str) -> bool:
    agrees = scoring.same_actor(same, made.get(own), gold[own])
    return bool(agrees and scoring.overlaps(made.get("quote", ""), gold["evidence"]))


def _same_person(mine: str | None, gold: str) -> bool:
    """The same last name."""
    if not mine:
        return False
    return mine.split()[-1].lower() == gold.split()[-1].lower()
