"""Rows as CSV or JSON lines, and back. What is written here is read back as it was."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, TextIO

from tracker.domain.errors import UsageError

Row = Mapping[str, Any]

LEDGER_TAIL = "quote url urls snapshot evidence level published review_state origin"
NAMES = {
    "stances": (
        "id company company_slug brand topic topics act direction directions date precision status "
        f"{LEDGER_TAIL} scope summary speaker speaker_role authority effective_date first_reported "
        "first_seen trigger extent term track matter joint_id modality disposition confidence "
        "extractor note relations former_ids disputed"
    ),
    "reactions": (
        "id actor actor_slug actor_name actor_type reaction about about_slugs stance call topic "
        f"date precision status {LEDGER_TAIL} practice summary speaker affiliate target_class "
        "disposition confidence extractor note"
    ),
    "calls": (
        "id callers caller_type asked asked_act topic topics date precision targets demands "
        "target_class "
        f"deadline channel delivered_on delivery_proof public_url withdrawn_on {LEDGER_TAIL} "
        "disposition confidence extractor note"
    ),
    "commitments": (
        "id company company_slug brand topic stance promised scope date precision due "
        "due_precision condition state since steps review_state origin note"
    ),
    "positions": (
        "company company_slug brand topic says does since says_since does_since last_evidence "
        "says_stance does_stance scope term compelled rests_on"
    ),
    "sources": (
        "id url kind status last_ok last_error next_due title organisation tier publisher_kind "
        "language timezone licence note origin added_at last_polled last_new failures "
        "failing_since error_cause error_fault"
    ),
    "entries": (
        "source_url entry_key title link summary content published published_raw author "
        "first_seen state attempts last_error"
    ),
    "articles": (
        "url title host language published first_seen tier story source_url sha256 fetched_at "
        "taken_from state extractor last_error"
    ),
    "alerts": (
        "id kind change_key stance_id state subscriber address created_at due_at attempts sent_at "
        "message_id last_error"
    ),
}
COLUMNS = {what: tuple(names.split()) for what, names in NAMES.items()}
"""The columns of every export; some may be added, none is taken away (interface.md, Commands)."""

FORMULA = re.compile(r"'*[=+\-@\t\r]")
BETWEEN = ";"


def write_json_lines(out: TextIO, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write one JSON object a line; return how many."""
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007  # the last number is the count
        kept = {name: plain(row[name]) for name in columns if name in row}
        out.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return number


def write_csv(out: TextIO, rows: Iterable[Row], columns: Sequence[str]) -> int:
    """Write a head and one line a row; return how many rows."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007  # the last number is the count
        writer.writerow([_cell(plain(row.get(name))) for name in columns])
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


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula (CWE-1236)."""
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
