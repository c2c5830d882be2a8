"""The fields of one imported row, whether it came as JSON or as the texts of a CSV line."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from datetime import date as Day
from enum import StrEnum
from typing import Any, TypeVar

from tracker.domain.codes import Precision
from tracker.domain.errors import ParseError, UsageError
from tracker.sources.characters import tidy
from tracker.sources.urls import request_url

CodeT = TypeVar("CodeT", bound=StrEnum)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
LENGTHS = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}


class Fields:
    """Typed access to a row; a wrong or missing field raises UsageError that names it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row

    def has(self, name: str) -> bool:
        """Whether the field is there and not empty."""
        return self._row.get(name) not in (None, "", [], {})

    def maybe(self, name: str) -> str | None:
        """A text, or None where it is empty."""
        value = self._row.get(name)
        if value is None or isinstance(value, str):
            return tidy(value).strip() or None if value else None
        raise UsageError(f"{name} is not a text")

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.maybe(name)
        if value is None:
            raise UsageError(f"{name} is missing")
        return value

    def id(self) -> str:
        """The id of the record, fit to stand in an address."""
        value = self.text("id")
        if not ID.fullmatch(value):
            raise UsageError(f"id {value[:80]!r} may hold letters, digits and . _ : - only")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self._row.get(name)
        if value in (None, ""):
            return default
        known = {"true": True, "false": False, "1": True, "0": False}
        found = value if isinstance(value, bool) else known.get(str(value).lower())
        if found is None:
            raise UsageError(f"{name} {value!r} is neither true nor false")
        return found

    def whole(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number within bounds, or None."""
        number = self.number(name, lowest, highest)
        if number is not None and number != int(number):
            raise UsageError(f"{name} {number} is no whole number")
        return None if number is None else int(number)

    def number(self, name: str, lowest: float, highest: float) -> float | None:
        """A number within bounds, or None."""
        value = self._row.get(name)
        if value in (None, ""):
            return None
        try:
            number = float(value) if not isinstance(value, bool) else float("nan")
        except (TypeError, ValueError):
            number = float("nan")
        if not lowest <= number <= highest:
            raise UsageError(f"{name} {value!r} is no number from {lowest} to {highest}")
        return number

    def code(self, name: str, codes: type[CodeT], default: CodeT | None = None) -> CodeT:
        """A code of a closed set; must be there unless there is a default."""
        found = self.maybe_code(name, codes)
        if found is None and default is None:
            raise UsageError(f"{name} is missing")
        return found or default  # type: ignore[return-value]

    def maybe_code(self, name: str, codes: type[CodeT]) -> CodeT | None:
        """A code of a closed set, or None."""
        value = self.maybe(name)
        try:
            return codes(value) if value else None
        except ValueError:
            known = ", ".join(code.value for code in codes)
            raise UsageError(f"{name} {value!r} is not one of {known}") from None

    def dated(self, name: str = "date") -> tuple[Day, Precision] | None:
        """A date and how exact it is: as ``precision`` says, else by its length."""
        value = self.maybe(name)
        if value is None:
            return None
        try:
            day = Day.fromisoformat((value + "-01-01")[:10])
            by_length = LENGTHS[len(value)]
        except (ValueError, KeyError):
            raise UsageError(f"{name} {value!r} is no date; write it as 2020-06-08") from None
        return day, self.maybe_code("precision", Precision) or by_length

    def day(self, name: str) -> Day | None:
        """A whole day, or None."""
        value = self.maybe(name)
        try:
            return Day.fromisoformat(value) if value else None
        except ValueError:
            raise UsageError(f"{name} {value!r} is no date; write it as 2020-06-08") from None

    def moment(self, name: str) -> datetime | None:
        """A moment in UTC, or None."""
        value = self.maybe(name)
        try:
            moment = datetime.fromisoformat(value) if value else None
        except ValueError:
            raise UsageError(f"{name} {value!r} is no time") from None
        if moment is None:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; in CSV with semicolons between, or as JSON."""
        value = self._structure(name)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(";") if part.strip()]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f"{name} is not a list of texts")
        return tuple(tidy(one) for one in value)

    def tables(self, name: str) -> tuple["Fields", ...]:
        """A list of rows inside this one."""
        value = self._structure(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise UsageError(f"{name} is not a list of tables")
        return tuple(Fields(one) for one in value)

    def numbers(self, name: str) -> dict[str, int]:
        """Whole numbers under words, such as directions under topics."""
        value = self._structure(name) or {}
        if not isinstance(value, dict):
            raise UsageError(f"{name} is not a table")
        inner = Fields(value)
        found = {key: inner.whole(key, -3, 3) for key in value}
        return {key: number for key, number in found.items() if number is not None}

    def places(self, name: str) -> tuple[int, ...]:
        """Places in a list, from 1 on."""
        value = self._structure(name)
        if not isinstance(value, list) or not all(type(one) is int and one > 0 for one in value):
            raise UsageError(f"{name} is not a list of places such as [1, 2]")
        return tuple(value)

    def urls(self, *names: str) -> tuple[str, ...]:
        """The web addresses in these fields, as spelt, each once; files handed in have none."""
        given = [url for name in names for url in self.texts(name)]
        wanted = tuple(dict.fromkeys(url for url in given if not url.startswith("urn:")))
        try:
            for url in wanted:
                request_url(url)
        except ParseError as error:
            raise UsageError(str(error)) from error
        return wanted

    def _structure(self, name: str) -> Any:
        value = self._row.get(name)
        if value in (None, ""):
            return []
        if isinstance(value, str) and value[:1] in "[{":
            try:
                return json.loads(value)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"{name} is not JSON: {error}") from error
        return value
