"""The command line over a folder of its own: real database, real loopback servers."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import main
from tracker.store.database import Database

NOW = "2020-06-09T20:00:00Z"


@dataclass
class Tracker:
    """Runs commands; ``folder`` is where they run, ``url`` the database they use."""

    folder: Path
    url: str
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: object, code: int = 0, **settings: str) -> Result:
        """Run one command and expect its exit code; settings are environment variables."""
        given = {
            "TRACKER_DATABASE__URL": self.url,
            "TRACKER_FETCH__ALLOW_NETWORKS": "127.0.0.0/8",
            "TRACKER_FETCH__HOST_GAP": "0",
            "TRACKER_LOG__LEVEL": "error",
            "TRACKER_NOW": NOW,
        }
        runner = CliRunner(env=given | self.more | settings)
        result = runner.invoke(main, [str(word) for word in words])
        unexpected = result.exception is not None and not isinstance(result.exception, SystemExit)
        assert not unexpected, result.exc_info
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result


@pytest.fixture
def tracker(
    sqlite_url: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Tracker:
    """Commands over a migrated, empty database."""
    monkeypatch.chdir(tmp_path)
    return Tracker(tmp_path, sqlite_url())


@pytest.fixture(scope="session")
def starter_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the starter data, to be copied."""
    file = tmp_path_factory.mktemp("starter") / "starter.db"
    Tracker(file.parent, f"sqlite:///{file}")("init")
    return file


@pytest.fixture
def copy_of_starter(
    starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Tracker]:
    """Makes commands over a new database with the starter data at each call."""
    monkeypatch.chdir(tmp_path)

    def copy() -> Tracker:
        file = tmp_path / f"loaded-{uuid.uuid4().hex[:8]}.db"
        shutil.copyfile(starter_file, file)
        return Tracker(tmp_path, f"sqlite:///{file}")

    return copy


@pytest.fixture
def loaded(copy_of_starter: Callable[[], Tracker]) -> Tracker:
    """Commands over a database with the starter data."""
    return copy_of_starter()


@pytest.fixture
def opened() -> Iterator[Callable[[str], Database]]:
    """Opens databases by their address and closes them after the test."""
    databases: list[Database] = []

    def open_one(url: str) -> Database:
        databases.append(Database(url))
        return databases[-1]

    yield open_one
    for database in databases:
        database.close()
