"""Which network addresses may be connected to (promise 2).

A name is resolved once, every address that it has is checked, and the connection goes to a
checked address: nothing resolves the name a second time, so a changed answer changes nothing.
"""

import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from tracker.domain.errors import Fault, FetchError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Give the addresses of a host, as text. Raises socket.gaierror as getaddrinfo does."""

MOST_ADDRESSES = 16
UNKNOWN_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
NUMERIC_HOST = re.compile(r"^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*$", re.IGNORECASE)

NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; one cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # one cloud's metadata, though it looks public
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; one cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
"""What the IANA registry of special IPv4 addresses calls not globally reachable."""

PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo and protocol assignments
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


class AddressGuard:
    """Finds the addresses of a host and refuses the host if one of them is not public.

    ``allow_networks`` lists what an operator opened, such as ``127.0.0.0/8``.
    """

    def __init__(self, allow_networks: Sequence[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = tuple(ip_network(network, strict=False) for network in allow_networks)
        self._resolve = resolve or system_resolve

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """Give the checked addresses of ``host`` in the resolver's order.

        Raises FetchError: ``dns`` (theirs when the name does not exist, else ours) or
        ``blocked_address`` (theirs).
        """
        literal = _literal(host)
        found = [literal] if literal else self._look_up(host, port, seconds)
        for address in found:
            if not self.may_connect(address):
                raise FetchError(
                    f"{host} leads to {address}, which is no public address; an operator can "
                    "open it with fetch.allow_networks",
                    cause="blocked_address",
                )
        return [str(address) for address in found]

    def may_connect(self, address: Address) -> bool:
        """Whether an address is public, or opened by the operator."""
        inner = _embedded(address)
        if any(a.version == n.version and a in n for a in (address, inner) for n in self._allowed):
            return True
        return is_public(inner)

    def _look_up(self, host: str, port: int, seconds: float) -> list[Address]:
        texts = _within(seconds, host, lambda: self._resolve(host, port))
        try:
            found = list(dict.fromkeys(ip_address(text) for text in texts))
        except ValueError as error:
            raise FetchError(f"{host} has a scoped address", cause="blocked_address") from error
        if not found:
            raise FetchError(f"the host {host} has no address", cause="dns")
        return found[:MOST_ADDRESSES] if all(map(self.may_connect, found)) else found


def is_public(address: Address) -> bool:
    """Whether an address can be somebody's public web server."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver; see Resolve."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(answer[4][0]) for answer in answers]


def _embedded(address: Address) -> Address:
    """Give the IPv4 address that an IPv6 form carries (mapped, 6to4, NAT64), else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _literal(host: str) -> Address | None:
    """Read a host that is an address itself, in every spelling that the system's C library reads.

    ``2130706433``, ``0x7f.1`` and ``0177.0.0.1`` are all 127.0.0.1.
    """
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        pass
    if not NUMERIC_HOST.match(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise FetchError(f"{host} is no host", cause="bad_url") from error


def _within(seconds: float, host: str, look_up: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Run a look-up that cannot be told to hurry, and stop waiting for it in time."""
    answer: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer.put(look_up())
        except (OSError, UnicodeError) as error:
            answer.put(error)

    threading.Thread(target=work, daemon=True, name="resolve").start()
    try:
        result = answer.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise FetchError(
            f"the resolver gave no answer for {host} in time", cause="dns", fault=Fault.OURS
        ) from None
    if isinstance(result, Exception):
        raise _dns_error(host, result) from result
    return result


def _dns_error(host: str, error: Exception) -> FetchError:
    unknown = isinstance(error, socket.gaierror) and error.errno in UNKNOWN_NAME
    if unknown or isinstance(error, UnicodeError):
        return FetchError(f"the host {host} does not exist", cause="dns")
    return FetchError(
        f"the resolver failed for {host} ({error}): check this machine's network and DNS",
        cause="dns",
        fault=Fault.OURS,
    )
