"""`tracker user`: who may sign in."""

import json

from click.testing import CliRunner

from tests.cli.conftest import NOW, Tracker
from tracker.cli import main
from tracker.domain.codes import UserRole
from tracker.pipeline import staff
from tracker.store.database import Database

PASSWORD = "seven grey herons"


def typed(tracker: Tracker, text: str, *words: str, code: int = 0) -> str:
    """Run a command that asks for something."""
    given = {"TRACKER_DATABASE__URL": tracker.url, "TRACKER_NOW": NOW}
    result = CliRunner(env=given).invoke(main, list(words), input=text)
    assert result.exit_code == code, result.output
    assert PASSWORD not in result.output
    return result.output


def test_accounts_come_change_and_go(tracker: Tracker) -> None:
    twice = f"{PASSWORD}\n{PASSWORD}\n"
    said = typed(tracker, twice, "user", "add", "ana", "--role", "operator")
    assert "http://127.0.0.1:8000/login" in said
    typed(tracker, f"{PASSWORD}\n", "user", "add", "bob", "--stdin", "--address", "bob@ngo.example")
    assert "is a member of staff already" in typed(tracker, twice, "user", "add", "ana", code=2)
    assert "12 to 200" in typed(tracker, "short\n", "user", "password", "ana", "--stdin", code=2)
    typed(tracker, "nine grey herons\n", "user", "password", "ana", "--stdin")
    database = Database(tracker.url)
    users = staff.every(database)
    assert [(one.name, one.role, one.address) for one in users] == [
        ("ana", UserRole.OPERATOR, None),
        ("bob", UserRole.EDITOR, "bob@ngo.example"),
    ]
    assert PASSWORD not in (users[1].password_hash or "")
    database.close()
    tracker("user", "role", "bob", "operator")
    tracker("user", "remove", "ana")
    assert "no member of staff 'ana'" in tracker("user", "remove", "ana", code=2).stderr
    assert "no member of staff" in tracker("user", "role", "cem", "editor", code=2).stderr
    rows = [json.loads(line) for line in tracker("user", "list", "--json").stdout.splitlines()]
    assert [(row["name"], row["role"], row["state"]) for row in rows] == [
        ("ana", "operator", "removed"),
        ("bob", "operator", "active"),
    ]
    assert "scrypt" not in str(rows)
    assert "bob  operator  active" in tracker("user", "list").stdout
