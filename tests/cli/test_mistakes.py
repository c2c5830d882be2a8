"""What a person gets wrong is answered in a sentence, by the real program as well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Tracker

ROOT = Path(__file__).parent.parent.parent


def run(folder: Path, *words: str, url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    given = {"TRACKER_DATABASE__URL": url, "TRACKER_NOW": NOW, "TRACKER_LOG__LEVEL": "error"}
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | given | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("sources", "list"), 1),
        (("doctor",), 1),
        (("backup", "kept.db"), 1),
        (("restore", "none.db"), 2),
    ],
)
def test_without_a_database_nothing_is_made_and_the_mend_is_said(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    done = run(tmp_path, *words, url="sqlite:///none.db")

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert code == 2 or "tracker init" in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, tracker: Tracker) -> None:
    (tmp_path / "file").write_text("")

    done = run(tmp_path, "init", url="sqlite:///file/below/tracker.db")

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "cannot make the database" in done.stderr


def test_a_reader_that_leaves_early_gets_no_traceback(tmp_path: Path, loaded: Tracker) -> None:
    shell = f"{sys.executable} -m tracker export stances --format jsonl | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", shell],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TRACKER_DATABASE__URL": loaded.url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_words_are_written_as_utf8_whatever_the_terminal_says(
    tmp_path: Path, loaded: Tracker
) -> None:
    given = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}

    done = run(tmp_path, "export", "calls", url=loaded.url, **given)

    assert done.returncode == 0, done.stderr
    assert "https://www.eliktisad.com/" in done.stdout
