"""`tracker run` as a person starts it: one process tree that answers and stops cleanly."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Starts the main job in an empty folder."""
    made: list[subprocess.Popen[str]] = []
    environment = {name: text for name, text in os.environ.items() if "TRACKER_" not in name}
    environment |= {"TRACKER_WEB__PORT": str(port), "TRACKER_SCHEDULE__POLL_EVERY": "3600"}

    def begin() -> "subprocess.Popen[str]":
        made.append(
            subprocess.Popen(
                [sys.executable, "-m", "tracker", "run"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=tmp_path,
                env=environment,
            )
        )
        return made[-1]

    yield begin
    for process in made:
        process.kill()
        process.communicate()


def test_an_empty_folder_becomes_a_dashboard_with_history(start: Start, port: int) -> None:
    process = start()
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address == f"http://127.0.0.1:{port}"
    with urllib.request.urlopen(f"{address}/c/ibm") as page:
        assert "Facial recognition" in page.read().decode()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    with socket.create_server(("127.0.0.1", port)):
        pass  # nobody listens any more


def test_a_port_in_use_is_named(start: Start, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        process = start()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"127.0.0.1:{port} cannot be used" in said
    assert "set another web.port" in said
    assert "Traceback" not in said


def test_the_parts_end_with_their_parent(start: Start, port: int) -> None:
    process = start()
    assert process.stdout is not None
    assert process.stdout.readline()
    process.kill()
    assert process.stdout.read() == "", "the pipe closes when the last of the tree has ended"
    with socket.create_server(("127.0.0.1", port)):
        pass
