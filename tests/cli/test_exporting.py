"""tracker export and import: records out as CSV or JSON lines, and back."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Tracker
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site

LEAST = {
    "sources": "id url kind status last_ok last_error next_due",
    "entries": "source_url entry_key title link summary content published",
    "stances": "id company brand topic topics act direction date status level quote url origin",
    "positions": "company topic says does since",
    "reactions": "id actor reaction about stance date level quote url origin published",
    "calls": "id callers asked date deadline targets level url origin published",
    "articles": "url title published first_seen sha256",
    "alerts": "id kind state created_at sent_at attempts",
}


def lines(tracker: Tracker, what: str, *more: str) -> list[dict[str, Any]]:
    done = tracker("export", what, "--format", "jsonl", *more)
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def table(tracker: Tracker, what: str, *more: str) -> list[dict[str, str]]:
    done = tracker("export", what, "--format", "csv", *more)
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


@pytest.mark.parametrize("what", LEAST)
def test_every_export_has_its_columns_even_when_empty(tracker: Tracker, what: str) -> None:
    head = tracker("export", what).stdout.splitlines()[0].split(",")

    assert set(LEAST[what].split()) <= set(head)
    assert lines(tracker, what) == []


@pytest.mark.parametrize("what", ["stances", "reactions", "calls", "positions", "sources"])
def test_both_forms_hold_the_same_records(loaded: Tracker, what: str) -> None:
    rows, cells = lines(loaded, what), table(loaded, what)

    assert len(rows) == len(cells) > 0
    assert all(set(LEAST[what].split()) <= set(row) for row in rows)
    assert [cell.get("id") or cell["company"] for cell in cells] == [
        str(row.get("id") or row["company"]) for row in rows
    ]


def test_a_stance_carries_its_proof(read: Tracker) -> None:
    (stance,) = [row for row in lines(read, "stances") if row["act"] == "ends"]

    assert stance["company"] == "IBM"
    assert stance["topic"] == "facial_recognition"
    assert stance["origin"] == "extracted"
    assert stance["published"] is True
    assert "facial recognition software business" in stance["quote"]
    assert stance["snapshot"] in {row["sha256"] for row in lines(read, "articles")}
    first = stance["evidence"][0]
    assert (first["quote"], first["snapshot"]) == (stance["quote"], stance["snapshot"])


def test_positions_are_those_of_the_day(loaded: Tracker) -> None:
    def words(day: str) -> list[tuple[str, str, str]]:
        rows = lines(loaded, "positions", "--as-of", day)
        mine = [row for row in rows if row["company"] == "IBM"]
        return [
            (row["says"], row["does"], row["since"])
            for row in mine
            if row["topic"] == "facial_recognition"
        ]

    assert words("2020-06-07") == []
    assert words("2020-06-08") == [("stopped", "stopped", "2020-06-08")]


def test_what_came_later_is_left_out(loaded: Tracker) -> None:
    days = [row["date"] for row in lines(loaded, "stances", "--as-of", "2018-12-31")]
    calls = lines(loaded, "calls", "--as-of", "2016-12-05")

    assert days
    assert max(days) <= "2018-12-31"
    registry = next(call for call in calls if call["id"] == "c002")
    ibm = next(target for target in registry["targets"] if target["company"] == "IBM")
    assert ibm["status"] == "answered"  # its status is dated to the month, so to its first day


def test_levels_choose_what_is_exported(loaded: Tracker) -> None:
    public = {row["level"] for row in lines(loaded, "stances", "--level", "public")}
    recorded = {row["level"] for row in lines(loaded, "stances")}

    assert "unconfirmed" not in public
    assert recorded == public | {"unconfirmed"}


def test_a_rejected_record_is_left_out_unless_all_is_asked_for(read: Tracker) -> None:
    (waiting, *_) = lines(read, "stances")
    file = read.folder / "rejected.jsonl"
    file.write_text(json.dumps(waiting | {"id": "rejected-one", "review_state": "rejected"}))
    read("import", file)

    assert "rejected-one" not in {row["id"] for row in lines(read, "stances")}
    assert "rejected-one" in {row["id"] for row in lines(read, "stances", "--level", "all")}


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_no_cell_is_run_by_a_spreadsheet(tracker: Tracker, site: Site, sign: str) -> None:
    title = f"{sign} said the company"
    url = site.put("/feed", "<rss version='2.0'><channel><title>x</title></channel></rss>")
    tracker("sources", "add", url, "--title", title)

    (cell,) = table(tracker, "sources")
    (row,) = lines(tracker, "sources")

    assert cell["title"] == f"'{row['title']}" if sign != "\t=1" else cell["title"][0] == "'"
    assert row["title"].strip() == title.strip()


def test_addresses_and_tokens_stay_here(read: Tracker) -> None:
    (alert,) = lines(read, "alerts")
    told = read("export", "alerts").output + read("export", "alerts", "--format", "jsonl").output

    assert alert["state"] == "owed"
    assert "ana@ngo.example" not in told
    assert "token" not in told
    assert lines(read, "alerts", "--addresses")[0]["address"] == "ana@ngo.example"


def test_an_address_in_what_a_server_said_is_blanked(read: Tracker, mailbox: Mailbox) -> None:
    mailbox.refuse_recipient("ana@ngo.example", "550 5.1.1 no such user <ana@ngo.example>")
    read(
        "deliver",
        TRACKER_MAIL__SMTP_HOST="127.0.0.1",
        TRACKER_MAIL__SMTP_PORT=str(mailbox.port),
        TRACKER_MAIL__SMTP_STARTTLS="false",
    )

    (alert,) = lines(read, "alerts")

    assert "no such user" in alert["last_error"]
    assert "ana@" not in alert["last_error"]


# --- and back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_ledger_comes_back_whole(
    copy_of_starter: Callable[[], Tracker], copy_of_register: Callable[[], Tracker], form: str
) -> None:
    here, there = copy_of_starter(), copy_of_register()
    for what in ("stances", "calls", "reactions"):
        file = there.folder / f"{what}.{form}"
        file.write_text(here("export", what, "--format", form).stdout, newline="")
        there("import", file)

    for what in ("stances", "calls", "reactions"):
        assert without_origin(lines(there, what)) == without_origin(lines(here, what))
    assert lines(there, "positions") == lines(here, "positions")
    assert {row["origin"] for row in lines(there, "stances")} == {"imported"}


def without_origin(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "origin"} for row in rows]


def test_importing_twice_changes_nothing(copy_of_starter: Callable[[], Tracker]) -> None:
    here = copy_of_starter()
    file = here.folder / "stances.jsonl"
    file.write_text(here("export", "stances", "--format", "jsonl").stdout)

    again = here("import", file)

    assert "235 known already" in again.stderr
    assert file.read_text() == here("export", "stances", "--format", "jsonl").stdout


def test_an_imported_stance_is_source_only_and_alerts_nobody(
    read: Tracker, copy_of_register: Callable[[], Tracker]
) -> None:
    tracker = copy_of_register()
    tracker("subscribe", "ana@ngo.example", "--everything", "--confirmed")
    file = tracker.folder / "s.jsonl"
    file.write_text(read("export", "stances", "--format", "jsonl").stdout)

    tracker("import", file)

    (stance,) = lines(tracker, "stances")
    assert (stance["origin"], stance["quote"], stance["evidence"]) == ("imported", None, [])
    assert [alert["kind"] for alert in lines(tracker, "alerts")] == []
    tracker("verify")


def test_one_bad_line_keeps_all_out(loaded: Tracker) -> None:
    rows = [{**row, "id": f"new-{n}"} for n, row in enumerate(lines(loaded, "stances")[:6])]
    rows[1]["company_slug"] = rows[1]["company"] = "Nobody Ltd"
    rows[2]["act"] = "sings"
    rows[3]["date"] = "8 June"
    rows[4]["direction"] = 9
    rows[5]["urls"] = ["javascript:alert(1)"]
    file = loaded.folder / "bad.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))

    refused = loaded("import", file, code=2)

    assert "nothing was imported" in refused.stderr
    for line, said in (
        (2, "no organisation 'Nobody Ltd'"),
        (3, "act 'sings' is not one of"),
        (4, "date '8 June' is no date"),
        (5, "direction 9 is no number from -3 to 3"),
        (6, "no web address"),
    ):
        assert any(f"line {line}:" in one and said in one for one in refused.stderr.splitlines())
    assert len(lines(loaded, "stances")) == 235


def test_sources_come_back_with_their_state(
    tracker: Tracker, site: Site, copy_of_register: Callable[[], Tracker]
) -> None:
    url = site.put("/feed", "<rss version='2.0'><channel><title>A; b</title></channel></rss>")
    tracker("sources", "pause", tracker("sources", "add", url).stdout.strip())
    file = tracker.folder / "sources.csv"
    file.write_text(tracker("export", "sources").stdout, newline="")
    other = copy_of_register()

    other("import", file)

    mine = [row for row in lines(other, "sources") if row["url"] == url]
    assert [(row["title"], row["status"], row["origin"]) for row in mine] == [
        ("A; b", "paused", "imported")
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        ('{"id": 1}\n', "no exported stance, reaction, call, commitment or source"),
        ('{"act": "ends"\n', "this is not JSON"),
        ("id,act\nx\n", "1 cells under 2 columns"),
        ("\ufeffcolour,size\nred,4\n", "no exported stance"),
        ('{"act": "ends", "id": "../x"}', "date is missing"),
    ],
)
def test_a_file_of_another_kind_is_refused(tracker: Tracker, content: str, said: str) -> None:
    file = tracker.folder / "odd"
    file.write_text(content)

    assert said in tracker("import", file, code=2).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "secrets"), "is not one of"),
        (("export", "stances", "--as-of", "June"), "does not match the format"),
        (("export", "stances", "--format", "xml"), "is not one of"),
        (("import", "nowhere.csv"), "No such file"),
    ],
)
def test_a_mistake_is_named(tracker: Tracker, words: tuple[str, ...], said: str) -> None:
    assert said in tracker(*words, code=2).stderr


def test_without_a_database_it_says_what_to_do(tracker: Tracker) -> None:
    nowhere = Tracker(tracker.folder, "sqlite:///none.db")

    assert "tracker init" in nowhere("export", "stances", code=1).stderr
    assert not (tracker.folder / "none.db").exists()


def test_known_then_is_refused_for_what_has_no_first_report(loaded: Tracker) -> None:
    day = ("--as-of", "2020-06-12")
    said = loaded("export", "sources", *day, "--known", "then", code=2).stderr
    assert "sources have no first report" in said


def test_the_files_of_the_data_page_are_made_by_hand(read: Tracker) -> None:
    sums = read("downloads").stdout.splitlines()

    files = {path.name for path in (read.folder / "downloads").iterdir()}
    assert "datapackage.json" in files
    for line in sums:
        digest, name = line.split("  ")
        what, form = name.split(".")
        assert f"{what}-{digest[:20]}.{form}" in files
    public = lines(read, "stances", "--level", "public")
    (made,) = (read.folder / "downloads").glob("stances-*.jsonl")
    kept = [json.loads(line) for line in made.read_text("utf-8").splitlines()]
    assert kept == [
        {name: row[name] for name in one} for row, one in zip(public, kept, strict=True)
    ]
