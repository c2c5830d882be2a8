"""One connection to a checked address, with one deadline and one allowance of bytes for all of it.

The limits sit in the sockets: every read is given the seconds that are left and is counted, so
that neither slow headers, nor endless chunk sizes, nor a dripping body can pass them (promise 3).
"""

import errno
import socket
import ssl
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection

from tracker.domain.errors import Fault, FetchError

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


class LimitedSocket(socket.socket):
    """A plain socket that keeps to Limits."""

    limits: Limits

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read within the limits."""
        self.settimeout(self.limits.seconds_left())
        count = super().recv_into(*args, **kwargs)
        self.limits.spend(count)
        return count


class LimitedTlsSocket(ssl.SSLSocket):
    """A TLS socket that keeps to Limits."""

    limits: Limits

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read within the limits."""
        self.settimeout(self.limits.seconds_left())
        count = super().recv_into(*args, **kwargs)
        self.limits.spend(count)
        return count


class _PlainConnection(HTTPConnection):
    """HTTP to a checked address."""

    addresses: Sequence[str]
    limits: Limits

    def _new_conn(self) -> socket.socket:
        return connect(self.addresses, self.port, self.limits)


class _TlsConnection(HTTPSConnection):
    """HTTPS to a checked address; OpenSSL checks the certificate for the name that was asked."""

    addresses: Sequence[str]
    limits: Limits

    def _new_conn(self) -> socket.socket:
        return connect(self.addresses, self.port, self.limits)

    def connect(self) -> None:
        super().connect()
        cast(LimitedTlsSocket, self.sock).limits = self.limits


def open_connection(
    scheme: str, host: str, port: int, addresses: Sequence[str], limits: Limits, tls: ssl.SSLContext
) -> HTTPConnection:
    """Prepare a connection to one of ``addresses``; nothing is sent yet."""
    connection: _PlainConnection | _TlsConnection
    if scheme == "https":
        connection = _TlsConnection(host, port, ssl_context=tls, server_hostname=host)
    else:
        connection = _PlainConnection(host, port)
    connection.addresses = addresses
    connection.limits = limits
    return connection


@cache
def tls_context() -> ssl.SSLContext:
    """Make the one TLS context of this process; it takes tens of milliseconds."""
    return limit_reads(ssl.create_default_context())


def limit_reads(context: ssl.SSLContext) -> ssl.SSLContext:
    """Let the sockets of a TLS context keep to Limits."""
    context.sslsocket_class = LimitedTlsSocket
    return context


def connect(addresses: Sequence[str], port: int, limits: Limits) -> socket.socket:
    """Connect to the first address that answers; FetchError names what the last one did."""
    failure: OSError | None = None
    tried = list(addresses[:MOST_TRIED])
    for number, address in enumerate(tried):
        seconds = limits.seconds_left() / (len(tried) - number)
        try:
            return _connect_to(address, port, seconds, limits)
        except OSError as error:
            failure = error if failure is None or failure.errno in OUR_ERRNOS else failure
    raise _connect_error(addresses, port, failure)


def _connect_to(address: str, port: int, seconds: float, limits: Limits) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = LimitedSocket(family, socket.SOCK_STREAM)
    try:
        sock.limits = limits
        sock.settimeout(seconds)
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(limits.seconds_left())
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
