"""The real server: what strangers do to its connections does not keep readers out."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from lxml import html

from tracker.domain.codes import UserRole
from tracker.pipeline import staff
from tracker.store.database import Database


@pytest.fixture
def port(sqlite_url: Callable[[], str], tmp_path: Path) -> Iterator[int]:
    """The port of a dashboard with two workers, over an empty database."""
    with served(sqlite_url(), tmp_path) as port:
        yield port


@contextmanager
def served(url: str, folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    settings = {"TRACKER_DATABASE__URL": url, "TRACKER_WEB__PORT": str(port)}
    command = (sys.executable, "-m", "tracker", "web")
    root = str(Path(__file__).parents[2])
    environ = {**os.environ, **settings, "PYTHONPATH": root}
    with subprocess.Popen(command, cwd=folder, env=environ) as server:
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


class Browser:
    """Keeps cookies; every request goes over a connection, and so to a worker, of its own."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        sent = urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(f"{self._base}{path}", sent, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, ""

    def sign_in(self, password: str) -> int:
        page = html.fromstring(self.open("/login")[1])
        [token] = page.xpath("//input[@name='token']/@value")
        return self.open("/login", {"name": "ana", "password": password, "token": token})[0]


@pytest.mark.postgresql
def test_workers_share_sign_ins_and_limits(
    postgresql_url: Callable[[], str], tmp_path: Path
) -> None:
    url = postgresql_url()
    database = Database(url)
    staff.add(database, "ana", UserRole.OPERATOR, "seven grey herons", datetime.now(UTC))
    database.close()
    with served(url, tmp_path) as port:
        browser = Browser(port)
        assert browser.sign_in("seven grey herons") == 200
        for _ in range(6):
            assert "Outbox" in browser.open("/admin/outbox")[1], "whichever worker answers"
        codes = [Browser(port).sign_in("seven grey geese!") for _ in range(10)]
        assert codes == [400] * staff.TRIES_EACH + [429] * (10 - staff.TRIES_EACH)
