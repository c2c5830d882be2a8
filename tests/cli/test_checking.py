"""tracker verify and doctor: what is not as it should be is named, with the mend."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Tracker
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.pipeline.leading import take_lead
from tracker.store.database import Database


def change(tracker: Tracker, statement: str, *values: object) -> None:
    """Tamper with the file as no command would."""
    with closing(sqlite3.connect(tracker.url.removeprefix("sqlite:///"))) as connection:
        connection.execute(statement, values)
        connection.commit()


def verified(tracker: Tracker, code: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tracker("verify", "--json", code=code).stdout)
    return found


def test_what_was_read_and_recorded_is_clean(read: Tracker) -> None:
    found = verified(read, code=0)

    assert found["spans"] >= 2
    assert found["texts"] == 1
    assert found["differences"] == []


def test_the_starter_history_claims_no_quote(loaded: Tracker) -> None:
    assert verified(loaded, code=0) == {"spans": 0, "texts": 0, "differences": [], "gone": []}


def test_a_changed_text_is_found_twice(read: Tracker) -> None:
    """By its own sum, and by the quotes that stand in it no more."""
    change(read, "UPDATE snapshots SET text = replace(text, 'getting out of', 'proud of')")

    found = verified(read, code=1)
    said = read("verify", code=1)

    flaws = [difference["flaw"] for difference in found["differences"]]
    assert "quote_differs" in flaws
    assert flaws.count("text_changed") == 1
    assert len(said.stdout.splitlines()) == len(flaws)
    assert "getting out of" in said.stdout
    assert "not as they were recorded" in said.stderr


def test_a_changed_quote_is_found(read: Tracker) -> None:
    change(read, "UPDATE evidence SET quote = quote || '!' WHERE id = 1")

    (difference,) = verified(read, code=1)["differences"]

    assert difference["flaw"] == "quote_differs"
    assert difference["expected"] == difference["found"] + "!"


@pytest.mark.parametrize("kind", ["stance", "reaction"])
def test_an_extracted_record_without_proof_is_found(read: Tracker, kind: str) -> None:
    change(read, f"DELETE FROM evidence WHERE {kind}_id IS NOT NULL")

    flaws = {(d["flaw"], d["where"]) for d in verified(read, code=1)["differences"]}

    assert flaws == {("no_proof", kind)}


# --- doctor --------------------------------------------------------------------------------------


def examined(tracker: Tracker, code: int = 0, **settings: str) -> dict[str, tuple[str, str, str]]:
    """Lines by what they are about: state, finding, mend."""
    rows = map(json.loads, tracker("doctor", "--json", code=code, **settings).stdout.splitlines())
    return {row["what"]: (row["state"], row["found"], row["mend"]) for row in rows}


def test_a_sound_installation_has_no_fault(read: Tracker) -> None:
    lines = examined(read)

    assert {what for what, (state, _, _) in lines.items() if state == "ok"} >= {
        "settings",
        "database",
        "integrity",
        "disk",
        "models",
        "queues",
    }
    assert lines["contact"][0] == "warn"
    assert lines["clock"][0] == "warn"
    assert "outbox" in lines["mail"][1]
    assert "1 owed" in lines["alerts"][1]
    assert all(mend for state, _, mend in lines.values() if state != "ok")


def test_every_line_is_one_line(read: Tracker) -> None:
    lines = read("doctor").stdout.splitlines()

    assert len(lines) == len(examined(read))
    assert all(line.startswith(("ok ", "warn ", "FAULT ")) for line in lines)


def test_a_wrong_setting_is_a_fault_and_names_the_nearest(tracker: Tracker) -> None:
    lines = examined(tracker, code=1, TRACKER_MAIL__SMPT_HOST="x")

    assert lines["settings"][0] == "FAULT"
    assert "mail.smtp_host" in lines["settings"][1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///none.db", "tracker init"),
        ("postgresql://ana:hunter2@127.0.0.1:1/tracker", "check that the server runs"),
        ("postgresql://ana@127.0.0.1:1/tracker?password=hunter2", "check that the server runs"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_fault(tracker: Tracker, url: str, said: str) -> None:
    elsewhere = Tracker(tracker.folder, url)

    state, found, mend = examined(elsewhere, code=1)["database"]

    assert state == "FAULT"
    assert said in mend
    assert "hunter2" not in found
    assert not (tracker.folder / "none.db").exists()


def test_a_database_of_another_version_is_a_fault(tracker: Tracker) -> None:
    change(tracker, "UPDATE alembic_version SET version_num = '0001'")

    assert examined(tracker, code=1)["database"][0] == "FAULT"


def test_a_damaged_file_is_a_fault(loaded: Tracker) -> None:
    file = Path(loaded.url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[400_000:900_000] = bytes(500_000)
    file.write_bytes(content)

    lines = examined(loaded, code=1)

    assert "restore" in (lines.get("integrity") or lines["database"])[2]


def test_the_mail_server_is_asked(read: Tracker, mailbox: Mailbox) -> None:
    server = {"TRACKER_MAIL__SMTP_HOST": "127.0.0.1", "TRACKER_MAIL__SMTP_PORT": str(mailbox.port)}

    assert examined(read, TRACKER_MAIL__SMTP_STARTTLS="false", **server)["mail"][0] == "ok"
    state, found, _ = examined(read, code=1, **server)["mail"]
    assert (state, "cannot start TLS" in found) == ("FAULT", True)
    mailbox.stop()
    state, found, _ = examined(read, code=1, **server)["mail"]
    assert (state, "cannot connect" in found) == ("FAULT", True)
    mailbox.start()
    assert mailbox.messages == []


def test_a_password_is_never_told(read: Tracker, mailbox: Mailbox) -> None:
    secret = read.folder / "smtp.secret"
    secret.write_text("hunter2")
    secret.chmod(0o644)

    result = read(
        "doctor",
        code=1,
        TRACKER_MAIL__SMTP_HOST="127.0.0.1",
        TRACKER_MAIL__SMTP_PORT=str(mailbox.port),
        TRACKER_MAIL__SMTP_STARTTLS="false",
        TRACKER_MAIL__SMTP_USER="ana",
        TRACKER_MAIL__SMTP_PASSWORD_FILE=str(secret),
    )

    assert "cannot log in" in result.stdout
    assert "chmod 600" in result.stdout
    assert "hunter2" not in result.output


def test_sources_that_fail_are_named_with_whose_fault(tracker: Tracker, site: Site) -> None:
    tracker("sources", "add", site.url + "/none", "--title", "Astray")
    tracker("poll", "--all", "--no-read")

    later = examined(tracker, TRACKER_NOW="2020-06-11T20:00:00Z")

    assert "1 failing (1 by their fault, 0 by ours), 1 overdue" in later["sources"][1]
    state, found, mend = later["source 1"]
    assert state == "warn"
    assert "Astray fails since 2020-06-09 20:00 UTC (their fault)" in found
    assert "tracker sources check 1" in mend


def test_a_network_that_is_down_is_our_fault(tracker: Tracker, site: Site) -> None:
    tracker("sources", "add", site.url + "/none")
    change(
        tracker,
        "UPDATE sources SET failing_since = '2020-06-09 19:00:00', error_fault = 'ours', "
        "last_error = 'no name server answers'",
    )

    state, found, mend = examined(tracker, code=1)["sources"]

    assert state == "FAULT"
    assert "1 by ours" in found
    assert "no name server answers" in mend


def test_a_scheduler_that_acts_is_seen(tracker: Tracker) -> None:
    assert examined(tracker)["scheduler"][1] == "never seen"
    database = Database(tracker.url)
    take_lead(database, "host/1", datetime.now(UTC), timedelta(minutes=1))
    assert "host/1 acts" in examined(tracker)["scheduler"][1]
    take_lead(database, "host/1", datetime.now(UTC) - timedelta(hours=3), timedelta(minutes=1))
    database.close()

    state, found, _ = examined(tracker)["scheduler"]

    assert (state, "last seen" in found) == ("warn", True)


def test_what_is_stuck_is_counted(read: Tracker) -> None:
    change(read, "UPDATE alerts SET state = 'failed'")
    change(read, "UPDATE snapshots SET state = 'quarantined'")
    change(read, "UPDATE sources SET broke_reader = 'x' WHERE id = (SELECT min(id) FROM sources)")

    lines = examined(read, TRACKER_ALERTS__PAUSE="true")

    assert (lines["alerts"][0], "1 failed" in lines["alerts"][1]) == ("warn", True)
    assert (lines["quarantine"][0], lines["quarantine"][1][:2]) == ("warn", "2 ")
    assert "tracker quarantine list" in lines["quarantine"][2]
    assert lines["sending"][0] == "warn"
