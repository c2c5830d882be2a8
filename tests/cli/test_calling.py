"""tracker calls: entered by hand, with delivery, answers and a line of history for each step."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cli.conftest import Tracker
from tracker.store import history
from tracker.store.database import Database
from tracker.store.schema.ledger import RecordKind

CALL = (
    "--caller=ACLU",
    "--target=amazon",
    "--target=microsoft",
    "--asked=stop selling face recognition to the police",
    "--topic=facial_recognition",
    "--date=2020-06-08",
)
PAUSE = "amazon-2020-06-10-rekognition-pause"


@pytest.fixture
def database(loaded: Tracker) -> Iterator[Database]:
    """The database that the commands write to."""
    database = Database(loaded.url)
    yield database
    database.close()


def add(tracker: Tracker, *more: str) -> str:
    return tracker("calls", "add", *CALL, *more, "--by", "ana").stdout.strip()


def call(tracker: Tracker, id_: str) -> dict[str, Any]:
    rows = map(json.loads, tracker("calls", "list", "--json").stdout.splitlines())
    found: dict[str, Any] = next(row for row in rows if row["id"] == id_)
    return found


def test_a_call_is_entered_open_for_every_target(loaded: Tracker, database: Database) -> None:
    id_ = add(
        loaded, "--public-url=https://aclu.example/letter", "--act=ends", "--deadline=2020-07-01"
    )

    entered = call(loaded, id_)
    assert [(t["company"], t["status"]) for t in entered["targets"]] == [
        ("amazon", "open"),
        ("microsoft", "open"),
    ]
    exported = loaded("export", "calls", "--format", "jsonl").stdout.splitlines()
    row = next(row for row in map(json.loads, exported) if row["id"] == id_)
    assert (row["origin"], row["published"], row["caller_type"]) == (
        "editor",
        True,
        "advocacy_group",
    )
    assert (row["asked_act"], row["url"], row["quote"]) == (
        "ends",
        "https://aclu.example/letter",
        None,
    )
    assert steps(database, id_) == [("entered", "ana")]


def steps(database: Database, id_: str) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(step.action, step.by) for step in history.of(session, RecordKind.CALL, id_)]


def test_delivery_and_answer_are_kept_with_their_history(
    loaded: Tracker, database: Database
) -> None:
    id_ = add(loaded)

    loaded("calls", "deliver", id_, "--date=2020-06-09", "--proof=letter", "--by=ben")
    answer(loaded, id_, "acknowledged", "2020-06-09")
    answer(loaded, id_, "partially_answered", "2020-06-10", f"--stance={PAUSE}")

    known = call(loaded, id_)
    assert (known["delivered_on"], known["delivery_proof"]) == ("2020-06-09", "letter")
    assert known["targets"] == [
        {"company": "amazon", "status": "partially_answered", "date": "2020-06-10"},
        {"company": "microsoft", "status": "open", "date": "2020-06-08"},
    ]
    assert steps(database, id_) == [
        ("entered", "ana"),
        ("delivered", "ben"),
        ("answered", "ana"),
        ("answered", "ana"),
    ]


def answer(tracker: Tracker, id_: str, status: str, day: str, *more: str, code: int = 0) -> str:
    words = ("calls", "answer", id_, "--target=amazon", f"--status={status}", f"--date={day}")
    return tracker(*words, *more, "--by=ana", code=code).stderr


def test_an_export_as_of_a_day_shows_the_status_of_that_day(loaded: Tracker) -> None:
    id_ = add(loaded)
    answer(loaded, id_, "partially_answered", "2020-06-10", f"--stance={PAUSE}")

    def status(day: str) -> str:
        rows = loaded("export", "calls", "--format", "jsonl", "--as-of", day).stdout.splitlines()
        row = next(row for row in map(json.loads, rows) if row["id"] == id_)
        return str(row["targets"][0]["status"])

    assert (status("2020-06-09"), status("2020-06-10")) == ("open", "partially_answered")


@pytest.mark.parametrize(
    ("status", "day", "more", "said"),
    [
        ("reversed", "2020-06-10", (), "reversed cannot follow open"),
        ("answered", "2020-06-01", (), "2020-06-01 is before 2020-06-08"),
        ("answered", "2020-06-10", ("--stance=nothing",), "no stance 'nothing'"),
        ("answered", "2020-06-10", ("--stance=ibm-2020-06-08-fr-exit",), "a stance of ibm"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    loaded: Tracker, status: str, day: str, more: tuple[str, ...], said: str
) -> None:
    id_ = add(loaded)

    assert said in answer(loaded, id_, status, day, *more, code=2)
    assert {t["status"] for t in call(loaded, id_)["targets"]} == {"open"}


def test_a_brand_answers_for_its_owner(loaded: Tracker) -> None:
    id_ = add(loaded)
    loaded.more["TRACKER_NOW"] = "2021-06-08T12:00:00Z"

    assert "answered" in answer(
        loaded, id_, "partially_answered", "2021-06-07", "--stance=ring-2021-06-rfa-public"
    )


def test_several_callers_are_a_coalition(loaded: Tracker) -> None:
    id_ = add(loaded, "--caller=A group that nobody registered")

    rows = loaded("export", "calls", "--format", "jsonl").stdout.splitlines()
    row = next(row for row in map(json.loads, rows) if row["id"] == id_)
    assert row["caller_type"] == "coalition"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*CALL[:1], "--target=nobody", *CALL[3:]), "no organisation nobody"),
        ((*CALL[:4], "--topic=weather", CALL[5]), "no topic 'weather'"),
        ((*CALL[:5], "--date=yesterday"), "does not match the format"),
        ((*CALL, "--deadline=2020-06-01"), "before the call"),
        ((*CALL, "--public-url=javascript:x"), "no web address"),
        (("--caller=Nobody Known", *CALL[1:]), "--caller-type"),
        (CALL[1:], "Missing option '--caller'"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_entered(
    loaded: Tracker, words: tuple[str, ...], said: str
) -> None:
    assert said in loaded("calls", "add", *words, code=2).stderr
    assert "83 calls" in loaded("calls", "list").stderr


def test_a_delivery_before_the_call_is_refused(loaded: Tracker) -> None:
    words = ("--date=2020-06-01", "--proof=letter")

    assert "cannot arrive before" in loaded("calls", "deliver", add(loaded), *words, code=2).stderr
    assert "no call 'c999'" in loaded("calls", "deliver", "c999", *words, code=2).stderr


def test_the_list_can_be_narrowed(copy_of_register: Callable[[], Tracker]) -> None:
    tracker = copy_of_register()
    open_one = add(tracker)
    closed = tracker("calls", "add", *CALL[:1], *CALL[2:4], *CALL[4:]).stdout.strip()
    words = ("--target=microsoft", "--status=rejected", "--date=2020-06-10")
    tracker("calls", "answer", closed, *words)

    assert closed not in tracker("calls", "list", "--open").stdout
    assert open_one in tracker("calls", "list", "--open").stdout
    assert closed not in tracker("calls", "list", "--company", "amazon").stdout
    assert "no organisation 'x-y'" in tracker("calls", "list", "--company", "x-y", code=2).stderr


def test_the_queue_lists_what_is_proposed_and_a_report_is_parted_by_its_address(
    loaded: Tracker,
) -> None:
    add(loaded)

    rows = [json.loads(line) for line in loaded("review", "list", "--json").stdout.splitlines()]
    proposed = [row for row in rows if "proposal" in row]
    assert proposed[0]["decide"] == f"tracker proposals accept {proposed[0]['proposal']}"
    assert proposed[0]["decide"] in loaded("review", "list").stdout
    wrong = ("split", "ibm-2020-06-08-fr-exit", "--report", "https://nobody.example/")
    assert "These pages do: https://" in loaded(*wrong, code=2).stderr
    assert "go with --report" in loaded(*wrong[:2], "--to", "x", code=2).stderr
