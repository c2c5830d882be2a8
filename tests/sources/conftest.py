"""Servers that say anything at all, and a Fetch that may talk to them."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.parts.clock import Clock
from tracker.domain.errors import FetchError
from tracker.domain.model import Response
from tracker.sources.http import HttpFetch

Talk = Callable[[socket.socket, threading.Event], None]
AGENT = "StanceTracker/0.1 (+mailto:desk@rights.example)"


class RawServer:
    """Runs ``talk`` for each connection after the request's head has come; ends with the test.

    ``stopping`` is set when the test is over, so a dripping server waits on it and never sleeps.
    """

    def __init__(self, talk: Talk) -> None:
        self.heads: list[bytes] = []
        self.stopping = threading.Event()
        self._talk = talk
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.heads.append(_read_head(connection))
                self._talk(connection, self.stopping)
            except OSError:
                return  # the client had enough, which is what most of these tests want

    def close(self) -> None:
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(4096)
        if not data:
            break
        head += data
    return head


@pytest.fixture
def raw() -> Iterator[Callable[[Talk | bytes], RawServer]]:
    """Makes servers that send some bytes, or run a function of the connection."""
    servers: list[RawServer] = []

    def serve(talk: Talk | bytes) -> RawServer:
        if isinstance(talk, bytes):
            answer = talk

            def send(connection: socket.socket, _stopping: threading.Event) -> None:
                connection.sendall(answer)

            servers.append(RawServer(send))
        else:
            servers.append(RawServer(talk))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


@pytest.fixture
def build_fetch(clock: Clock) -> Iterator[Callable[..., HttpFetch]]:
    """Makes a Fetch that may talk to loopback, does not wait between requests, and has 5 s."""
    made: list[HttpFetch] = []

    def build(**settings: object) -> HttpFetch:
        given: dict[str, object] = {
            "user_agent": AGENT,
            "clock": clock,
            "timeout": 5.0,
            "host_gap": 0.0,
            "allow_networks": ["127.0.0.0/8"],
        }
        made.append(HttpFetch(**{**given, **settings}))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for fetch in made:
        fetch.close()


@pytest.fixture
def fetch(build_fetch: Callable[..., HttpFetch]) -> HttpFetch:
    return build_fetch()


@pytest.fixture
def failure() -> Callable[..., FetchError]:
    """Calls a Fetch that must fail; gives the error."""

    def call(fetch: HttpFetch, url: str) -> FetchError:
        with pytest.raises(FetchError) as caught:
            fetch(url)
        return caught.value

    return call


@pytest.fixture
def answered() -> Callable[..., Response]:
    """Makes an answer as a Fetch gives it."""

    def make(
        body: str | bytes, url: str = "https://news.example/feed.xml", **headers: str
    ) -> Response:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(url=url, status=200, body=data, headers=named)

    return make


@pytest.fixture
def certificate() -> Path:
    """A key and its certificate for feeds.example, made for these tests and signed by itself."""
    return Path(__file__).with_name("feeds.example.pem")
