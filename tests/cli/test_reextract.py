"""`tracker reextract --diff` over an article that another version analysed."""

import json
import sqlite3
from pathlib import Path

import pytest

TEXT = (
    "Microsoft said on Tuesday that it will end all sales of facial recognition to police"
    " departments. The step takes effect at once."
)


@pytest.fixture
def tracker_here(copy_of_register):
    return copy_of_register()


def test_the_difference_to_an_earlier_version_is_shown(tracker_here, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Microsoft ends sales of facial recognition to police\n\n{TEXT}\n")
    tracker_here("ingest", "--published", "2020-06-09", file)
    assert tracker_here("reextract", "--diff").stdout == ""
    database = sqlite3.connect(tracker_here.url.removeprefix("sqlite:///"))
    with database:
        database.execute("UPDATE snapshots SET extractor = 'rules 0.1'")
        database.execute("DELETE FROM findings WHERE record_kind = 'stance'")
    database.close()
    shown = tracker_here("reextract", "--diff").stdout
    assert shown.startswith("+ stance Microsoft · ends · facial_recognition")
    row = json.loads(tracker_here("reextract", "--diff", "--json").stdout.splitlines()[0])
    assert (row["sign"], row["kind"], row["before"]) == ("+", "stance", None)


def test_without_its_option_it_says_what_is_missing(tracker_here) -> None:
    assert "--diff" in tracker_here("reextract", code=2).output
