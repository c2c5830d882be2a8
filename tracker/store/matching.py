"""Filters as a question to the full-text index, for SQLite FTS5 and for PostgreSQL.

No text of a person ever reaches the language of the index: words go in as quoted strings.
"""

from collections.abc import Iterable
from datetime import date as Day
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from tracker.domain.codes import Level
from tracker.domain.filters import Filters, levels
from tracker.domain.terms import Term, fold
from tracker.store import tags
from tracker.store.schema import PositionSpanRow, SearchRow

TAGGED = ("kind", "company", "topic", "act", "track", "country", "sector", "by", "source")
"""The fields that the index answers itself."""

_ROW, _SPAN = SearchRow.__table__.c, PositionSpanRow.__table__.c

VECTOR: ColumnElement[Any] = literal_column("search_documents.vector")


def for_sqlite(filters: Filters) -> str:
    """The question for FTS5."""
    wanted = [f"{{title body}} : {_quoted(term)}" for term in _wanted(filters)]
    wanted += [f"{{tags}} : ({_any(words)})" for words in _tagged(filters)]
    refused = [f"{{title body}} : {_quoted(term)}" for term in filters.terms if term.excluded]
    refused += [f'{{tags}} : "{word}"' for word in _hidden(filters)]
    asked = " AND ".join(f"({one})" for one in wanted)
    return f"({asked})" + "".join(f" NOT ({one})" for one in refused)


def for_postgresql(filters: Filters) -> ColumnElement[Any]:
    """The question for PostgreSQL."""
    wanted = [_as_tsquery(term) for term in _wanted(filters)]
    wanted += [_plain_tsquery(" | ".join(words)) for words in _tagged(filters)]
    refused = [_as_tsquery(term) for term in filters.terms if term.excluded]
    refused += [_plain_tsquery(word) for word in _hidden(filters)]
    asked = wanted[0]
    for one in [*wanted[1:], *(func.tsquery_not(one) for one in refused)]:
        asked = func.tsquery_and(asked, one, type_=TSQUERY)
    return asked


def words_for_postgresql(filters: Filters) -> ColumnElement[Any]:
    """Only the words of the question, any of them: what texts are ranked by."""
    asked: ColumnElement[Any] = _plain_tsquery("")
    for term in _wanted(filters):
        asked = func.tsquery_or(asked, _as_tsquery(term), type_=TSQUERY)
    return asked


def asks_for_something(filters: Filters) -> bool:
    """Whether there is a word or a value to be found; exclusions alone find nothing."""
    return bool(_wanted(filters) or _tagged(filters))


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What the index cannot answer: the period, and the positions that a stance began."""
    found: list[ColumnElement[bool]] = []
    if filters.after or filters.before:
        first = tags.first_id(filters.after or Day.min)
        last = tags.first_id(filters.before) if filters.before else 1 << 62
        found += [_ROW.id >= first, _ROW.id < last]
    for column, values in ((_SPAN.word, filters.position), (_SPAN.change, filters.change)):
        if values:
            begun = select(_SPAN.stance_id).where(column.in_(values))
            found += [_ROW.kind == "stance", _ROW.record_id.in_(begun)]
    return found


def _wanted(filters: Filters) -> list[Term]:
    return [term for term in filters.terms if not term.excluded]


def _tagged(filters: Filters) -> list[list[str]]:
    """For each field that is set, the words of which one must be there."""
    fields = ((name, getattr(filters, name)) for name in TAGGED)
    found = [[tags.tag(name, value) for value in values] for name, values in fields if values]
    if not found and (filters.position or filters.change):
        found = [[tags.tag("kind", "stance")]]
    return found


def _hidden(filters: Filters) -> list[str]:
    """The levels that are not wanted; what has no level is always shown."""
    shown = levels(filters.level)
    return [tags.tag("level", level) for level in Level if level not in shown]


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _quoted(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.prefix else "")


def _as_tsquery(term: Term) -> ColumnElement[Any]:
    """A beginning is looked for in words as they are written, the rest by their stems."""
    words = [fold(word) for word in term.words]
    if term.prefix:
        return _plain_tsquery(" <-> ".join(f"'{word}'" for word in words) + ":*")
    return func.phraseto_tsquery("english", " ".join(words), type_=TSQUERY)


def _plain_tsquery(text: str) -> ColumnElement[Any]:
    return func.to_tsquery("simple", text, type_=TSQUERY)
