"""What an export holds and what it leaves out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Day
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import Session

from tracker.domain.codes import Known, Level, ReviewState
from tracker.store.schema import CallRow, ReactionRow, StanceRow

Row = dict[str, Any]
AT_ONCE = 500
"""Rows that are in memory together."""


class Wanted(StrEnum):
    """Which records an export holds."""

    PUBLIC = "public"
    RECORDED = "recorded"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Cut:
    """What an export leaves out: by level, and what is dated after a day (UTC)."""

    today: Day
    wanted: Wanted = Wanted.RECORDED
    as_of: Day | None = None
    addresses: bool = False
    known: Known = Known.NOW

    @property
    def day(self) -> Day:
        """The day asked for, else today."""
        return self.as_of or self.today

    def records(self, table: type[StanceRow | ReactionRow | CallRow]) -> list[ColumnElement[bool]]:
        """The conditions on a table of records."""
        conditions: list[ColumnElement[bool]] = []
        if table is StanceRow:
            conditions.append(StanceRow.merged_into.is_(None))
        if self.wanted is not Wanted.ALL:
            conditions.append(table.review_state != ReviewState.REJECTED)
        if self.wanted is Wanted.PUBLIC:
            hidden = (Level.UNCONFIRMED, Level.RETRACTED)
            conditions += [table.published.is_(True), table.level.not_in(hidden)]
            conditions.append(or_(table.date.is_(None), table.date <= self.day))
        if self.as_of is not None:
            conditions.append(table.date <= self.as_of)
        if self.known is Known.THEN and table is StanceRow:
            conditions.append(StanceRow.known_on <= self.day)
        return conditions

    def seen(self, column: Any) -> list[ColumnElement[bool]]:
        """The condition on the moment when something came to be known."""
        return [] if self.as_of is None else [column < _end_of(self.as_of)]


def _end_of(day: Day) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def in_parts(session: Session, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows of a query, some hundred at a time."""
    rows = session.scalars(query.execution_options(yield_per=AT_ONCE))
    yield from (part for part in rows.partitions(AT_ONCE) if part)
