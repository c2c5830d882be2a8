"""Whether a column has one of many values, asked with one parameter for all of them.

``column.in_(values)`` makes a parameter of each value: with hundreds the text of the question is
made anew each time, and SQLite, where it believes a table to be small, reads all of it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Select,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

FEW = 20
"""Up to so many values each is a parameter: databases know then how few rows there will be."""


def among(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column, of text, has one of these values."""
    values = sorted(values)
    if len(values) <= FEW:
        return column.in_(values)
    return _Among(column, bindparam(None, values, type_=_Texts(), unique=True))


class OnMany:
    """A statement on many values, ``values``, built once: for a few of them, and for hundreds.

    Building it each time takes longer than asking it.
    """

    def __init__(
        self, column: ColumnElement[Any], build: Callable[[ColumnElement[bool]], Select[Any]]
    ) -> None:
        self._few = build(column.in_(bindparam("values", expanding=True)))
        self._many = build(all_of(column, "values"))

    def rows(self, session: Session, values: Iterable[str], **more: object) -> Sequence[Any]:
        """What it gives for these values; ``more`` are its other parameters."""
        asked = sorted(values)
        query = self._few if len(asked) <= FEW else self._many
        return session.execute(query, {"values": asked, **more}).all()


def all_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether the column has one of the values of a parameter that the statement is given."""
    return _Among(column, bindparam(name, type_=_Texts()))


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> "_Among":  # noqa: ARG002
        """Itself: SQLite finds no index for a comparison that is compared with 1 again."""
        return self


class _Texts(TypeDecorator[list[str]]):
    """Several texts as one parameter: an array of PostgreSQL, JSON for SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return Text()
        from sqlalchemy.dialects.postgresql import ARRAY

        return ARRAY(Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    each = func.json_each(values).table_valued("value")
    return compiler.process(column.in_(select(each.c.value)), **more)


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    return compiler.process(column == any_(values), **more)
