"""A web server on loopback: a test says what each path answers, and reads what was asked."""

import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client asked: ``path`` with its query; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What a path answers; a 304 is made of it when the client holds the same validators."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """Serves what was put; everything else is 404. Use it as a context manager or close() it.

    ``url`` is the address without a closing slash; ``requests`` lists what was asked, in order.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.requests: list[Request] = []
        self._answers: dict[str, Callable[[Request], Answer | None]] = {}
        self._server = _Server((host, 0), _Handler)
        self._server.site = self
        self.host = host
        self.port = self._server.server_port
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def put(
        self,
        path: str,
        body: str | bytes = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Serve a body; the word SITE in text becomes the address. Returns the full address."""
        if isinstance(body, str):
            body = body.replace("SITE", self.url).encode()
        fields = {k: v.replace("SITE", self.url) for k, v in (headers or {}).items()}
        answer = Answer(body, status, fields)
        return self.answer(path, lambda _request: answer)

    def answer(self, path: str, function: Callable[[Request], Answer | None]) -> str:
        """Let a function answer; None drops the connection without a word."""
        self._answers[path] = function
        return self.url + path

    def remove(self, path: str) -> None:
        """Answer 404 from now on."""
        self._answers.pop(path, None)

    def asked(self, path: str) -> list[Request]:
        """The requests for one path, in order."""
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        """Stop serving; open connections are cut."""
        self._server.shutdown()
        self._server.cut_connections()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def respond(self, request: Request) -> Answer | None:
        """What the server sends for a request."""
        self.requests.append(request)
        function = self._answers.get(request.path)
        if function is None:
            return Answer(b"not found", 404, {"Content-Type": "text/plain"})
        answer = function(request)
        if answer is not None and answer.status == 200 and _unchanged(request, answer):
            return Answer(b"", 304, answer.headers)
        return answer


def _unchanged(request: Request, answer: Answer) -> bool:
    """RFC 9110 section 13.2.2: the tag decides where one was sent, else the date."""
    fields = {name.lower(): value for name, value in answer.headers.items()}
    asked_tag, asked_date = (
        request.headers.get("if-none-match"),
        request.headers.get("if-modified-since"),
    )
    if asked_tag is not None:
        return fields.get("etag") is not None and fields["etag"] in asked_tag.split(", ")
    if asked_date is None or "last-modified" not in fields:
        return False
    return parsedate_to_datetime(fields["last-modified"]) <= parsedate_to_datetime(asked_date)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128
    site: Site

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(*args)

    def server_bind(self) -> None:  # the base class looks up the host's full name, slowly
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._guard:
            for connection in self._open:
                _cut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may leave when it likes
            super().handle_error(request, client_address)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        answer = self.server.site.respond(request)
        if answer is None:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        names = {name.lower() for name in answer.headers}
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not names & {"content-length", "transfer-encoding"} and answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = _serve

    def log_message(self, *_words: object) -> None:
        """Say nothing: the test asks ``site.requests``."""
