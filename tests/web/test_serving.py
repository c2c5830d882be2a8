"""The real server: what strangers do to its connections does not keep readers out."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest


@pytest.fixture
def port(sqlite_url: Callable[[], str], tmp_path: Path) -> Iterator[int]:
    """The port of a dashboard with two workers, over an empty database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    settings = {"TRACKER_DATABASE__URL": sqlite_url(), "TRACKER_WEB__PORT": str(port)}
    command = (sys.executable, "-m", "tracker", "web")
    root = str(Path(__file__).parents[2])
    environ = {**os.environ, **settings, "PYTHONPATH": root}
    with subprocess.Popen(command, cwd=tmp_path, env=environ) as server:
        _wait_for(port)
        yield port
        server.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while not _answers(port, within=2):
        assert time.monotonic() < deadline, "the dashboard does not answer"


def _answers(port: int, within: float) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=within) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_connections_that_say_nothing_keep_nobody_out(port: int) -> None:
    with ExitStack() as held:
        for _ in range(6):  # a browser opens some ahead of need
            held.enter_context(socket.create_connection(("127.0.0.1", port)))
        assert _answers(port, within=10)
