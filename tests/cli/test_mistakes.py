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


WRONG = (
    (2, "pages changes --source 99999", "there is no source 99999"),
    (2, "pages changes --limit -5", "'-5' is no whole number from 1 to"),
    (2, "stories show 99999999999999999999", "'99999999999999999999' is no whole number"),
    (2, "review list --limit 0", "'0' is no whole number from 1 to"),
    (2, "outbox show ²", "'²' is no whole number"),
    (2, "outbox retry 99", "none of these alerts had failed"),
    (2, "hooks retry 99", "there is no hook 99"),
    (2, "hooks add https://example.org/x --search compny=ibm", "“compny” is no part of a search"),
    (2, "subscribe a@example.org --search compny=ibm", "“compny” is no part of a search"),
    (2, "subscribe a@example.org --everything --company ibm", "--everything goes with no limit"),
    (2, "subscribe a@example.org --everything --language fr", "'fr' is not one of 'en', 'de'"),
    (2, "sources backfill 1 --since 2020-06-10", "--since 2020-06-10 is not in the past"),
    (2, "organisations add Acme --kind company --slug Acme!", "'Acme!' is no slug"),
    (2, "organisations add Acme --kind company --country Utopia", "'Utopia' is no country"),
    (2, "proposals list --company nobody", "no organisation 'nobody'"),
    (2, "commitments list --company nobody", "no organisation 'nobody'"),
    (2, "worker", 'there is no queue: set schedule.engine = "queue"'),
    (2, "export stances --known then", "--known then needs a day"),
    (2, "import list.json", "list.json: this is one JSON list"),
    (2, "ingest noise.bin", "noise.bin: this is neither HTML nor text in UTF-8"),
    (2, "ingest empty.html", "empty.html has no article"),
    (2, "ingest ftp://example.org/x", "'ftp://example.org/x' is no web address"),
    (2, "ingest http://", "'http://' is no web address"),
    (1, "extract deep.json", "deep.json: not a JSON object: too many brackets"),
    (1, "extract two.jsonl", "two.jsonl, line 2: not JSON"),
    (2, "extract noise.bin", "noise.bin: this is not UTF-8 text"),
    (2, "backup {file} --force", "is the database itself"),
    (2, "restore {file} --force", "is the database itself"),
)
"""Exit code, what was typed, and what is said; ``{file}`` is the database."""


def test_what_was_typed_wrongly_is_named_with_the_mend(loaded: Tracker) -> None:
    (loaded.folder / "list.json").write_text("[1, 2]\n")
    (loaded.folder / "noise.bin").write_bytes(bytes(range(256)))
    (loaded.folder / "empty.html").write_text("<html></html>")
    (loaded.folder / "deep.json").write_text("[" * 100_000)
    (loaded.folder / "two.jsonl").write_text('{"id": "a", "text": "Nothing here."}\n{"id"}\n')
    file = loaded.url.removeprefix("sqlite:///")
    before = Path(file).read_bytes()

    for code, typed, said in WRONG:
        done = loaded(*typed.format(file=file).split(), code=code)
        assert said in done.stderr, typed
    call = ("calls", "add", "--caller", "ACLU", "--target", "amazon", "--topic", "encryption")
    empty = loaded(*call, "--asked", " ", "--date", "2020-06-08", code=2)
    ahead = loaded(*call, "--asked", "stop", "--date", "2020-06-12", code=2)

    assert "say what the call asks for" in empty.stderr
    assert "2020-06-12 has not come yet" in ahead.stderr
    assert Path(file).read_bytes() == before


def test_text_from_a_pipe_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "extract"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=b'\n{"id": "\xff"}\n',
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard input, line 2: this is not UTF-8 text" in done.stderr
    assert b"Traceback" not in done.stderr


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
