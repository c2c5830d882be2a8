"""Rows for export, one at a time and in a stable order, however many there are.

A row is a mapping of plain values: texts, numbers, flags, dates, lists and mappings of these.
Nothing secret is ever in one: no token, no password, and an address only where it is asked for.
"""

from collections.abc import Callable, Iterable, Mapping

from tracker.store.database import Session
from tracker.store.exports.commitments import commitment_rows
from tracker.store.exports.cut import Cut, Row, Wanted
from tracker.store.exports.ledger import call_rows, position_rows, reaction_rows, stance_rows
from tracker.store.exports.world import (
    alert_rows,
    article_rows,
    entry_rows,
    source_list,
    source_rows,
)

__all__ = ["ROWS", "Cut", "Row", "Wanted", "source_list"]

ROWS: Mapping[str, Callable[[Session, Cut], Iterable[Row]]] = {
    "stances": stance_rows,
    "reactions": reaction_rows,
    "calls": call_rows,
    "commitments": commitment_rows,
    "positions": position_rows,
    "sources": source_rows,
    "entries": entry_rows,
    "articles": article_rows,
    "alerts": alert_rows,
}
"""What can be exported, by the word that `tracker export` takes."""
