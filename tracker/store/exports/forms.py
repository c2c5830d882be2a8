"""Rows as CSV or as JSON lines (UTF-8); what is written here is read back as it was."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TextIO

Row = Mapping[str, Any]

FORMULA = re.compile(r"'*[=+\-@\t\r]")
BETWEEN = ";"


def write_json_lines(out: TextIO, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write one JSON object a line; return how many."""
    return sum(1 for _ in written_as_json(out, rows, columns))


def written_as_json(out: TextIO, rows: Iterable[Row], columns: Sequence[str]) -> Iterator[Row]:
    """The rows again, each once it is written as a line of JSON."""
    for row in rows:
        kept = {name: plain(row[name]) for name in columns if name in row}
        out.write(json.dumps(kept, ensure_ascii=False) + "\n")
        yield row


def write_csv(out: TextIO, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write a head and one line a row; return how many rows."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007  # the last number is the count
        writer.writerow([cell(plain(row.get(name))) for name in columns])
    return number


def plain(value: Any) -> Any:
    """A value as JSON knows it; moments in UTC with a Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def cell(value: Any) -> Any:
    """A plain value as a cell that no spreadsheet runs as a formula (CWE-1236)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        value = _listed(value)
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def _listed(value: list[Any] | dict[str, Any]) -> str:
    """Plain words with a semicolon between; anything else as JSON."""
    if not value:
        return ""
    words = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if words and not any(BETWEEN in one or one[:1] in "[{" for one in value):
        return BETWEEN.join(value)
    return json.dumps(value, ensure_ascii=False)
