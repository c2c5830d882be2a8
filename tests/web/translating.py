"""Bring the catalogues up to date: ``python -m tests.web.translating``.

Texts stand in the code and the templates of the dashboard; the words of positions and their rules
in the domain; the topics in the starter data. All of them are one catalogue per language.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tracker.domain.codes import CallStatus, ReactionKind
from tracker.domain.position_rules import RULES, conditions_in_words
from tracker.domain.position_table import MEANINGS, PLEDGED, TABLE, WORDS
from tracker.domain.reaction_words import REACTION_WORDS
from tracker.domain.subjects import act_words
from tracker.starter import reader as starter
from tracker.store.exports.columns import PUBLIC
from tracker.web.language import CATALOGUES, LANGUAGES
from tracker.web.parts import templates_folder

ROOT = Path(__file__).parents[2]
KEYWORDS = {**DEFAULT_KEYWORDS, "NN_": (1, 2), "FilterError": None}
IN_TEMPLATES = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "silent": "false"}


def texts() -> Catalog:
    """Every text that a reader can meet."""
    found = Catalog(project="Stance Tracker", charset="utf-8")
    for text in _in_code():
        found.add(text)
    for text in _in_data():
        found.add(text)
    return found


def read(language: str) -> Catalog:
    """The catalogue of a language as it is stored."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def main() -> int:
    """Add what is new to every catalogue, and drop what is gone."""
    for language in LANGUAGES:
        if language == "en":
            continue
        catalogue = read(language)
        catalogue.update(texts(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        (CATALOGUES / f"{language}.po").write_bytes(_written(catalogue))
        missing = sum(1 for one in catalogue if one.id and not _is_done(one.string))
        print(f"{language}: {len(catalogue)} texts, {missing} to be translated")
    return 0


def _written(catalogue: Catalog) -> bytes:
    """Without the time of day, over which two people's work would clash."""
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, no_location=True)
    return re.sub(rb"\"(POT|PO)-[^\n]*\n", b"", file.getvalue()).lstrip()


def _is_done(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _in_code() -> Iterator[str | tuple[str, ...]]:
    pages = [("**.py", "python"), ("**.html", "jinja2"), ("**.xml", "jinja2"), ("**.svg", "jinja2")]
    pages.append(("**.txt", "jinja2"))
    ours = [ROOT / "tracker" / part for part in ("web", "notifiers", "domain")]
    folders = (*ours, templates_folder())
    for folder in folders:
        found = extract_from_dir(
            folder, pages, {"**": IN_TEMPLATES}, KEYWORDS, strip_comment_tags=True
        )
        yield from (text for _, _, text, _, _ in found)


def _in_data() -> Iterator[str]:
    for words in WORDS.values():
        yield from words.values()
    yield PLEDGED
    yield from MEANINGS.values()
    yield from REACTION_WORDS.values()
    yield from map(act_words, (*CallStatus, *ReactionKind))
    yield from (text for _, text in RULES)
    for rule in TABLE:
        yield from (rule.says.text, rule.does.text, *conditions_in_words(rule).split(", "))
    for columns in PUBLIC.values():
        yield from (column.meaning for column in columns)
        yield from (column.unit for column in columns if column.unit)
    for topic in starter.load_topics():
        own = (
            topic.name,
            topic.group,
            topic.practice,
            topic.covers,
            topic.reference_side,
            topic.split_by,
        )
        yield from (text for text in own if text)


if __name__ == "__main__":
    sys.exit(main())
