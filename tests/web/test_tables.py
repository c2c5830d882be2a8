"""The tables of pages are written by the one rule of exports: no cell is run as a formula."""

import csv
import io

from tracker.store.exports.forms import cell
from tracker.web.respond import Table, as_csv


def test_a_table_of_a_page_is_written_like_an_export() -> None:
    cells = ("=1+1", "'=x", "-2", ["=cmd", "b"], ["a", "b"], [], None, True, 3, {"a": "=b"})
    (row,) = list(csv.reader(io.StringIO(as_csv(Table(("x",) * len(cells), [cells])))))[1:]
    assert row == [str(cell(one)) for one in cells]
    assert row[:6] == ["'=1+1", "''=x", "'-2", "'=cmd;b", "a;b", ""]
    assert row[6:] == ["", "true", "3", '{"a": "=b"}']
