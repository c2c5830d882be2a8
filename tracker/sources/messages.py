"""HTTP/1.1 on a line: how a request is written and the answer to it read (RFC 9112)."""

import re
from collections.abc import Iterator, Mapping

from tracker.sources.wire import Line, Target

MOST_HEADERS = 200
BODILESS = frozenset({204, 304})
NOT_IN_A_HEADER = re.compile(r"[\r\0]")
"""What stands for a space where a server sends it all the same (RFC 9110, section 5.5)."""

VERSIONS = (b"HTTP/1.0", b"HTTP/1.1")


class Reply:
    """An answer whose head has come: its status, and its headers by lower-case name.

    A repeated header is joined by commas. ``is_whole`` tells whether the body was read to its
    end; ``keeps`` whether the line can then carry another request.
    """

    def __init__(
        self, status: int, headers: Mapping[str, str], line: Line, *, keeps: bool = False
    ) -> None:
        self.status = status
        self.headers = headers
        self.is_whole = status in BODILESS
        self.keeps = keeps
        self._line = line

    def seconds_left(self) -> float:
        """How long the rest may take; raises FetchError when the time is up."""
        return self._line.limits.seconds_left()

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes of the body as they come, still packed; ValueError if it breaks off."""
        if not self.is_whole:
            yield from self._body()
            self.is_whole = True

    def _body(self) -> Iterator[bytes]:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return _chunks(self._line)
        length = self.headers.get("content-length", "")
        if length.isascii() and length.isdigit():
            return _counted(self._line, int(length))
        self.keeps = False
        return iter(self._line.take, b"")


def write_request(
    method: str, target: Target, headers: Mapping[str, str], body: bytes | None = None
) -> bytes:
    """Spell a request; ValueError for what would be more than one header."""
    fields = {"Host": target.authority, **headers}
    if body is not None:
        fields["Content-Length"] = str(len(body))
    if any(sign in value for value in fields.values() for sign in "\r\n\0"):
        raise ValueError("a header would hold the end of a line")
    lines = [f"{method} {target.path} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + (body or b"")


def read_reply(line: Line) -> Reply:
    """Read the head of the answer, past those that say 'go on'. Raises ValueError."""
    while True:
        version, status = _status(line.take_line())
        headers = _headers(line)
        if status >= 200 or status == 101:
            kept = "close" not in headers.get("connection", "").lower()
            return Reply(status, headers, line, keeps=kept and version == b"HTTP/1.1")


def _status(line: bytes) -> tuple[bytes, int]:
    version, _, rest = line.rstrip().partition(b" ")
    status = rest[:3]
    if version not in VERSIONS or len(status) != 3 or not status.isdigit():
        raise ValueError(f"{line[:60]!r} begins no answer")
    return version, int(status)


def _headers(line: Line) -> dict[str, str]:
    headers: dict[str, str] = {}
    last = ""
    for _ in range(MOST_HEADERS):
        raw = line.take_line()
        text = NOT_IN_A_HEADER.sub(" ", raw.rstrip(b"\r\n").decode("latin-1"))
        if not text:
            if raw:
                return headers
            raise ValueError("the headers break off")
        if text[0] in " \t" and last:  # a header that goes on, as in older HTTP
            headers[last] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        last = name.strip().lower()
        value = value.strip(" \t")
        headers[last] = f"{headers[last]}, {value}" if last in headers else value
    raise ValueError(f"more than {MOST_HEADERS} headers")


def _counted(line: Line, length: int) -> Iterator[bytes]:
    """Give so many bytes of what comes."""
    while length > 0:
        some = line.take()
        if not some:
            raise ValueError(f"{length:,} bytes are missing")
        if len(some) > length:
            line.give_back(some[length:])
            some = some[:length]
        length -= len(some)
        yield some


def _chunks(line: Line) -> Iterator[bytes]:
    while size := _size(line.take_line()):
        yield from _counted(line, size)
        if line.take_line().strip():
            raise ValueError("a chunk is longer than it says")
    while line.take_line().strip():
        pass  # headers that follow the body


def _size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or digits.strip(b"0123456789abcdefABCDEF"):
        raise ValueError(f"{line[:40]!r} is no size of a chunk")
    return int(digits, 16)
