"""The whole files of /data: what pages show and nothing else, with their schema and their sums."""

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.parts.clock import Clock
from tests.web.ledger import Ledger
from tracker.domain.codes import RelationKind
from tracker.domain.errors import StoreError
from tracker.pipeline.downloads import PACKAGE, Downloads, kept, make, make_when_due
from tracker.store import facts
from tracker.store.database import Database
from tracker.store.schema import RelationRow

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOME = "https://stances.example"


def write(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        acme = ledger.organisation("Acme")
        ledger.host("news.example", "reliable")
        ledger.stance("ends", acme, date(2020, 6, 8), summary="=Acme ends it")
        ledger.quote("ends")
        ledger.stance("sells", acme, date(2024, 5, 2), act="launches", direction=-2)
        ledger.stance("weak", acme, date(2024, 6, 1), level="unconfirmed")
        ledger.stance("coming", acme, date(2025, 9, 1))
        ledger.reaction("r1", "Rights Now", "welcomes", stance="ends", about=acme)
        ledger.call("c1", "Rights Now", {acme: "open"}, date(2020, 6, 9))
        for kind, decided in ((RelationKind.REVERSES, False), (RelationKind.MODIFIES, False)):
            row = RelationRow(
                stance_id="sells", to_id="ends", kind=kind, decided=decided, origin="extracted"
            )
            session.add(row)
        facts.touch(session, NOW)


def lines_of(folder: Path, made: Downloads, what: str) -> list[dict[str, object]]:
    (file,) = [one for one in made.files if one.name == f"{what}.jsonl"]
    return [json.loads(line) for line in (folder / file.kept_as).read_text("utf-8").splitlines()]


def test_the_files_hold_what_is_public_and_say_what_they_hold(
    database: Database, tmp_path: Path
) -> None:
    write(database)
    made = make(database, tmp_path, HOME, Clock(NOW))
    assert kept(tmp_path) == made

    package = json.loads((tmp_path / PACKAGE).read_text("utf-8"))
    resources = {one["path"]: one for one in package["resources"]}
    for file in made.files:
        content = (tmp_path / file.kept_as).read_bytes()
        assert gzip.decompress((tmp_path / f"{file.kept_as}.gz").read_bytes()) == content
        assert resources[file.name]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (resources[file.name]["bytes"], file.size) == (len(content), len(content))
        fields = resources[file.name]["schema"]["fields"]
        assert all(one["description"] for one in fields)
        names = [one["name"] for one in fields]
        if file.form == "csv":
            head, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
            assert (head, len(rows)) == (names, file.rows)
        elif file.rows:
            row = json.loads(content.splitlines()[0])
            assert list(row) == names
            assert not {"note", "confidence", "disposition", "extractor"} & set(row)

    stances = {row["id"]: row for row in lines_of(tmp_path, made, "stances")}
    assert set(stances) == {"ends", "sells"}, "nothing weak, and nothing of a day to come"
    assert stances["ends"]["quote"] == "Acme no longer sells face recognition to anyone."
    assert [one["kind"] for one in stances["sells"]["relations"]] == ["modifies"]  # type: ignore[attr-defined]
    (file,) = [one for one in made.files if one.name == "stances.csv"]
    assert "'=Acme ends it" in (tmp_path / file.kept_as).read_text("utf-8")
    zones = {one["name"]: one.get("zone") for one in resources["stances.csv"]["schema"]["fields"]}
    assert (zones["first_seen"], zones["date"]) == ("UTC", "that of the publisher")


def test_they_are_made_anew_only_for_new_data_and_after_a_rest(
    sqlite_database: Database, tmp_path: Path
) -> None:
    clock = Clock(NOW)

    def due() -> bool:
        return make_when_due(sqlite_database, tmp_path, HOME, clock)

    write(sqlite_database)
    assert due()
    first = kept(tmp_path)
    assert first is not None
    assert not due(), "nothing changed"
    with sqlite_database.transaction() as session:
        Ledger(session).organisation("Globex")
        facts.touch(session, NOW)
    assert not due(), "it was made just now"
    clock.advance(minutes=1)
    assert due()
    second = kept(tmp_path)
    assert second is not None
    assert second.version > first.version
    assert second.files == first.files, "the same content is the same file"


def test_a_file_that_no_longer_holds_is_left_to_who_reads_it_and_goes_later(
    sqlite_database: Database, tmp_path: Path
) -> None:
    clock = Clock(datetime.now(UTC))
    write(sqlite_database)
    first = make(sqlite_database, tmp_path, HOME, clock)
    with sqlite_database.transaction() as session:
        Ledger(session).stance("third", 1, date(2024, 7, 1))
        facts.touch(session, NOW)
    second = make(sqlite_database, tmp_path, HOME, clock)
    old = [one for one in first.files if one not in second.files]
    assert {one.what for one in old} == {"stances"}
    assert all((tmp_path / one.kept_as).exists() for one in old)
    clock.advance(hours=2)
    make(sqlite_database, tmp_path, HOME, clock)
    assert not any((tmp_path / one.kept_as).exists() for one in old)
    assert all((tmp_path / one.kept_as).exists() for one in second.files)


def test_a_folder_that_cannot_be_written_is_named(
    sqlite_database: Database, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"downloads_folder: .*taken"):
        make(sqlite_database, tmp_path / "taken", HOME, Clock(NOW))
