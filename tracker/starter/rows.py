"""One row of a starter file: typed fields, and errors that name the file and the row."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date as Day
from enum import StrEnum
from importlib.resources import files
from typing import TypeVar

from tracker.domain.codes import Precision
from tracker.domain.errors import TrackerError

CodeT = TypeVar("CodeT", bound=StrEnum)
ValueT = TypeVar("ValueT")

_PRECISIONS = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}


class StarterError(TrackerError):
    """A starter file is damaged; the text names file, row and field."""


class Row:
    """The fields of one row. A field that nobody asked for is an error too."""

    def __init__(self, file: str, name: str, fields: dict[str, object]) -> None:
        self._where = f"{file}, {name}"
        self._fields = fields
        self._asked: set[str] = set()

    def error(self, problem: str) -> StarterError:
        """Return an error that names this row, to be raised."""
        return StarterError(f"{self._where}: {problem}. Install the package again.")

    def has(self, field: str) -> bool:
        """Tell whether the row has the field."""
        return field in self._fields

    def text(self, field: str) -> str:
        """Return a text that must be there."""
        value = self.maybe(field)
        if not value:
            raise self.error(f"{field} is missing")
        return value

    def maybe(self, field: str) -> str | None:
        """Return a text, or None."""
        value = self._value(field)
        if value is None or isinstance(value, str):
            return value
        raise self.error(f"{field} is not a text")

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts, empty when the field is absent."""
        values = self._list(field)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) < len(values):
            raise self.error(f"{field} is not a list of texts")
        return texts

    def flag(self, field: str) -> bool:
        """Return true or false; false when absent."""
        return self.maybe_flag(field) or False

    def maybe_flag(self, field: str) -> bool | None:
        """Return true, false, or None when absent."""
        value = self._value(field)
        if value is None or isinstance(value, bool):
            return value
        raise self.error(f"{field} is not true or false")

    def number(self, field: str) -> int | None:
        """Return a whole number, or None."""
        value = self._value(field)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise self.error(f"{field} is not a whole number")

    def numbers(self, field: str) -> tuple[int, ...]:
        """Return a list of whole numbers, empty when the field is absent."""
        values = self._list(field)
        numbers = tuple(value for value in values if isinstance(value, int))
        if len(numbers) < len(values):
            raise self.error(f"{field} is not a list of whole numbers")
        return numbers

    def code(self, field: str, codes: type[CodeT]) -> CodeT:
        """Return a code that must be there."""
        self.text(field)
        value = self.maybe_code(field, codes)
        if value is None:
            raise self.error(f"{field} is missing")
        return value

    def maybe_code(self, field: str, codes: type[CodeT]) -> CodeT | None:
        """Return a code of the closed set, or None when absent."""
        value = self.maybe(field)
        try:
            return None if value is None else codes(value)
        except ValueError:
            raise self.error(f"{value!r} is no {codes.__name__}") from None

    def day(self, field: str) -> Day:
        """Return a date that must be there; a coarse one as the first day of its range."""
        return self.dated(field)[0]

    def maybe_day(self, field: str) -> Day | None:
        """Return a date, or None."""
        value = self._value(field)
        if value is None or isinstance(value, Day):
            return value
        return self.day(field)

    def dated(self, field: str) -> tuple[Day, Precision]:
        """Return a date and how exactly its text gives it."""
        value = self.text(field)
        try:
            first = Day.fromisoformat((value + "-01-01")[:10])
            return first, _PRECISIONS[len(value)]
        except (ValueError, KeyError):
            raise self.error(f"{field} {value!r} is no date") from None

    def rows(self, field: str, name: str) -> tuple["Row", ...]:
        """Return the rows that lie inside this one; ``name`` is the field that names each."""
        inner = []
        for value in self._list(field):
            if not isinstance(value, dict):
                raise self.error(f"{field} holds something that is no table")
            inner.append(Row(self._where, f"{field} {value.get(name)}", value))
        return tuple(inner)

    def finish(self, value: ValueT) -> ValueT:
        """Return the value that was made of this row, once every field has been used."""
        unknown = sorted(set(self._fields) - self._asked)
        if unknown:
            raise self.error(f"unknown field {unknown[0]}")
        return value

    def _value(self, field: str) -> object:
        self._asked.add(field)
        return self._fields.get(field)

    def _list(self, field: str) -> list[object]:
        value = self._value(field)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise self.error(f"{field} is not a list")


def toml_rows(file: str, table: str, name: str) -> Iterator[Row]:
    """Yield the tables of a TOML file; ``name`` is the field that names a row in errors."""
    try:
        tables = tomllib.loads(_read(file)).get(table, [])
    except tomllib.TOMLDecodeError as error:
        raise StarterError(f"{file}: {error}. Install the package again.") from error
    for place, fields in enumerate(tables, start=1):
        yield Row(file, f"{table} {fields.get(name, place)}", fields)


def json_rows(file: str) -> Iterator[Row]:
    """Yield the lines of a JSON Lines file; errors name the line and its id."""
    for number, line in enumerate(_read(file).splitlines(), start=1):
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise StarterError(f"{file}, line {number}: {error}") from error
        yield Row(file, f"line {number} ({fields.get('id')})", fields)


def each_once(file: str, values: Iterable[ValueT], key: Callable[[ValueT], str]) -> None:
    """Raise StarterError when two values of a file have the same key."""
    seen: set[str] = set()
    for value in values:
        if key(value) in seen:
            raise StarterError(f"{file}: {key(value)} occurs twice. Install the package again.")
        seen.add(key(value))


def _read(file: str) -> str:
    try:
        return files("tracker.starter").joinpath("data", file).read_text(encoding="utf-8")
    except OSError as error:
        raise StarterError(
            f"{file} cannot be read ({error}). Install the package again."
        ) from error
