"""The command line over a folder of its own: real database, real loopback servers."""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli import main

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


@pytest.fixture(scope="session")
def register_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register and no history, to be copied."""
    file = tmp_path_factory.mktemp("register") / "register.db"
    Tracker(file.parent, f"sqlite:///{file}")("init", "--without-history")
    return file


@pytest.fixture
def copy_of_register(
    register_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Tracker]:
    """Makes commands over a new database with the register alone at each call."""
    monkeypatch.chdir(tmp_path)
    return lambda: _copy(register_file, tmp_path)


@pytest.fixture
def copy_of_starter(
    starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Tracker]:
    """Makes commands over a new database with the starter data at each call."""
    monkeypatch.chdir(tmp_path)
    return lambda: _copy(starter_file, tmp_path)


@pytest.fixture
def loaded(copy_of_starter: Callable[[], Tracker]) -> Tracker:
    """Commands over a database with the starter data."""
    return copy_of_starter()


ARTICLE = """IBM leaves facial recognition and asks Congress for police reform

IBM is getting out of the facial recognition software business, the company's chief executive said \
Monday in a letter to Congress that asks lawmakers to act on racial injustice.

Arvind Krishna, the CEO of IBM, wrote that the company was walking away from facial recognition \
because of its racial bias and its use for mass surveillance.

The ACLU welcomed the decision and urged IBM's competitors to do the same.
"""


@pytest.fixture(scope="session")
def read_file(tmp_path_factory: pytest.TempPathFactory, register_file: Path) -> Path:
    """A database in which one article was read, and one subscriber is owed word of it."""
    folder = tmp_path_factory.mktemp("read")
    tracker = _copy(register_file, folder)
    article = folder / "article.txt"
    article.write_text(ARTICLE)
    tracker("subscribe", "ana@ngo.example", "--company", "ibm", "--confirmed")
    tracker("ingest", "--published", "2020-06-09", article)
    return Path(tracker.url.removeprefix("sqlite:///"))


@pytest.fixture
def copy_of_read(
    read_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Tracker]:
    """Makes commands over a new database with one read article at each call."""
    monkeypatch.chdir(tmp_path)
    return lambda: _copy(read_file, tmp_path)


@pytest.fixture
def read(copy_of_read: Callable[[], Tracker]) -> Tracker:
    """Commands over a database in which one article was read."""
    return copy_of_read()


def _copy(file: Path, folder: Path) -> Tracker:
    copy = folder / f"copy-{uuid.uuid4().hex[:8]}.db"
    shutil.copyfile(file, copy)
    return Tracker(folder, f"sqlite:///{copy}")
