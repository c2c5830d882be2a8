"""What the program says, line by line; and that saying nothing loads nothing."""

import json
import subprocess
import sys

import pytest

from tracker.log import log


def test_a_line_an_event_from_the_level_on_that_was_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.set_up("warning", json_lines=True)
    log.info("signed in", user="ada")
    log.warning("sending is held", by="ada")
    try:
        raise ValueError("no feed")
    except ValueError:
        log.exception("bug", step="poll")
    held, bug = map(json.loads, capsys.readouterr().err.splitlines())
    assert (held["level"], held["event"], held["by"]) == ("warning", "sending is held", "ada")
    assert (bug["level"], bug["step"]) == ("error", "poll")
    assert bug["exception"].endswith("ValueError: no feed")


def test_as_text_values_of_variables_stay_unsaid(capsys: pytest.CaptureFixture[str]) -> None:
    password = "hunter2"
    try:
        raise ValueError(len(password))
    except ValueError:
        log.exception("bug", step="poll")
    said = capsys.readouterr().err
    assert "[error    ] bug step=poll" in said
    assert "ValueError: 7" in said
    assert "hunter2" not in said


def test_who_says_nothing_loads_no_writer() -> None:
    program = """
import sys, tracker.app
from tracker.log import log
log.set_up("error", json_lines=False)
log.info("signed in")
print("structlog" in sys.modules, "rich" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False False\n"
