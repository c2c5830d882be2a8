"""One connection to a checked address, with one deadline and one allowance of bytes for all of it.

The limits sit in the line: every read is given the seconds that are left and is counted, so
that neither slow headers, nor endless chunk sizes, nor a dripping body can pass them (promise 3).
"""

import contextlib
import errno
import select
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from tracker.domain.errors import Fault, FetchError

PORTS = {"http": 80, "https": 443}
PIECE = 64 * 1024
LONGEST_LINE = 64 * 1024
HEADER_ALLOWANCE = 256 * 1024
MOST_TRIED = 4
OUR_ERRNOS = {
    errno.ENETUNREACH,
    errno.ENETDOWN,
    errno.EADDRNOTAVAIL,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    errno.EPERM,
    errno.EACCES,
}
"""Failures to connect that no publisher can cause."""


_MAKING = threading.Lock()


class Target(NamedTuple):
    """Where a request goes: ``path`` with its query, ``authority`` as the Host header says it."""

    scheme: str
    host: str
    port: int
    path: str
    authority: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Take an address apart that `request_url` has spelled."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        usual = port == PORTS[parts.scheme]
        authority = parts.netloc.removesuffix(f":{port}") if usual else parts.netloc
        return cls(parts.scheme, host, port, path, authority)


class Limits:
    """What one fetch may use up: seconds for all of it, bytes for each answer."""

    def __init__(self, seconds: float, most_bytes: int, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._ends = monotonic() + seconds
        self._most = most_bytes
        self._left = most_bytes + HEADER_ALLOWANCE

    def seconds_left(self) -> float:
        """Give the seconds until the deadline; FetchError ``timeout`` when there are none."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise self.too_late()
        return left

    def too_late(self) -> FetchError:
        """Name the deadline that was missed."""
        return FetchError(f"no complete answer within {self._seconds:g} s", cause="timeout")

    def spend(self, count: int) -> None:
        """Count bytes that came; FetchError ``too_big`` when they are too many."""
        self._left -= count
        if self._left < 0:
            raise FetchError(f"more than {self._most:,} bytes: refused", cause="too_big")

    def next_answer(self) -> None:
        """Begin to count anew, for the next hop of a redirect."""
        self._left = self._most + HEADER_ALLOWANCE


class Line:
    """An open connection to a checked address; all that comes over it is counted and in time.

    ``limits`` are those of the fetch that uses it now; ``address`` is where it leads.
    """

    def __init__(self, sock: socket.socket, address: str, limits: Limits) -> None:
        self.address = address
        self.limits = limits
        self._sock = sock
        self._came = b""
        self._taken = 0

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._sock.settimeout(self.limits.seconds_left())
        self._sock.sendall(data)

    def take(self) -> bytes:
        """Take what has come, or wait for more; empty at the end."""
        if self._taken < len(self._came):
            some = self._came[self._taken :] if self._taken else self._came
            self._came, self._taken = b"", 0
            return some
        return self._receive()

    def take_line(self) -> bytes:
        """Take a line with its end, without one at the end of all; ValueError beyond 64 kB."""
        while (end := self._came.find(b"\n", self._taken)) < 0:
            if len(self._came) - self._taken > LONGEST_LINE:
                raise ValueError("a line of more than 64 kB")
            more = self._receive()
            self._came, self._taken = self._came[self._taken :] + more, 0
            if not more:
                return self.take() if self._came else b""
        line = self._came[self._taken : end + 1]
        if len(line) > LONGEST_LINE:
            raise ValueError("a line of more than 64 kB")
        self._taken = end + 1
        return line

    def give_back(self, data: bytes) -> None:
        """Put back what was taken too much."""
        self._came, self._taken = data + self._came[self._taken :], 0

    def is_idle(self) -> bool:
        """Whether the other side keeps it open and has said nothing more."""
        if self._taken < len(self._came):
            return False
        look = select.poll()
        look.register(self._sock, select.POLLIN)
        return not look.poll(0)

    def wake(self) -> None:
        """End what another thread waits for on this line."""
        with contextlib.suppress(OSError):  # it was closing by itself
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _receive(self) -> bytes:
        self._sock.settimeout(self.limits.seconds_left())
        data = self._sock.recv(PIECE)
        self.limits.spend(len(data))
        return data


def open_line(
    target: Target, addresses: Sequence[str], limits: Limits, tls: ssl.SSLContext | None = None
) -> Line:
    """Connect to one of these checked ``addresses``. Raises FetchError, OSError.

    OpenSSL checks the certificate for the name that was asked.
    """
    address, sock = connect(addresses, target.port, limits)
    if target.scheme != "https":
        return Line(sock, address, limits)
    try:
        secured = (tls or tls_context()).wrap_socket(sock, server_hostname=target.host)
    except BaseException:
        sock.close()
        raise
    return Line(secured, address, limits)


def tls_context() -> ssl.SSLContext:
    """Give the one TLS context of this process; making it takes tens of milliseconds."""
    with _MAKING:
        return _tls_context()


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def connect(addresses: Sequence[str], port: int, limits: Limits) -> tuple[str, socket.socket]:
    """Connect to the first address that answers; FetchError names what the last one did."""
    failure: OSError | None = None
    tried = list(addresses[:MOST_TRIED])
    for number, address in enumerate(tried):
        seconds = limits.seconds_left() / (len(tried) - number)
        try:
            return address, _connect_to(address, port, seconds)
        except OSError as error:
            failure = error if failure is None or failure.errno in OUR_ERRNOS else failure
    raise _connect_error(addresses, port, failure)


def _connect_to(address: str, port: int, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _connect_error(addresses: Sequence[str], port: int, error: OSError | None) -> FetchError:
    where = f"{addresses[0]} port {port}" if addresses else f"port {port}"
    if isinstance(error, TimeoutError):
        return FetchError(f"{where} does not answer in time", cause="timeout")
    if error is not None and error.errno in OUR_ERRNOS:
        return FetchError(
            f"this machine cannot reach {where} ({error.strerror}): check its network",
            cause="no_network",
            fault=Fault.OURS,
        )
    reason = error.strerror if error is not None else "no address"
    return FetchError(f"{where} takes no connection ({reason})", cause="refused")
