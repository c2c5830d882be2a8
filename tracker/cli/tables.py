"""Rows of CSV and JSON lines as they are read back; ``store.exports.forms`` writes them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tracker.domain.errors import UsageError
from tracker.store.exports.forms import FORMULA

Row = Mapping[str, Any]


def read(content: bytes, file: str) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV or JSON lines file with the number of their line.

    A CSV cell is a text, or what its JSON says. Raises UsageError that names file and line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: this is not UTF-8 text: {error.reason}") from error
    if not text.strip():
        raise UsageError(f"{file}: it is empty")
    if text.lstrip().startswith("["):
        raise UsageError(f"{file}: this is one JSON list; write one JSON object a line")
    return _read_json(text, file) if text.lstrip().startswith("{") else _read_csv(text, file)


def _read_json(text: str, file: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{file}, line {number}: this is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise UsageError(f"{file}, line {number}: a line holds one JSON object")
        yield number, row


def _read_csv(text: str, file: str) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(100_000_000)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head = next(reader)
        for cells in reader:
            if len(cells) != len(head):
                raise UsageError(
                    f"{file}, line {reader.line_num}: {len(cells)} cells under {len(head)} columns"
                )
            row = zip(head, cells, strict=True)
            yield reader.line_num, {name: _value(cell) for name, cell in row if cell}
    except csv.Error as error:
        raise UsageError(f"{file}, line {reader.line_num}: this is not CSV: {error}") from error


def _value(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
