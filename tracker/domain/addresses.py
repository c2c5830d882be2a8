"""What counts as an address that mail can be sent to: strict and simple (promise 25)."""

import re

from tracker.domain.errors import UsageError

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
LONGEST_DOMAIN = 253

LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def normalise(text: str) -> str:
    """The address with its domain in lower case and IDNA form; the local part stays as written.

    Raises UsageError when it is none: one @, no spaces or control characters, no quoting, no
    comments, no address of a machine in brackets.
    """
    address = text.strip()
    local_part, at, domain = address.rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local_part) or len(local_part) > LONGEST_LOCAL_PART:
        raise _refusal()
    domain = _ascii(domain)
    labels = domain.split(".")
    if len(domain) > LONGEST_DOMAIN or len(labels) < 2 or labels[-1].isdigit():
        raise _refusal()
    if not all(LABEL.fullmatch(label) for label in labels):
        raise _refusal()
    if len(local_part) + 1 + len(domain) > LONGEST_ADDRESS:
        raise _refusal()
    return f"{local_part}@{domain}"


def masked(address: str) -> str:
    """An address as logs may show it: r…@ngo.example."""
    local_part, _, domain = address.rpartition("@")
    return f"{local_part[:1]}…@{domain}"


def domain_of(address: str) -> str:
    """The right side of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _refusal() from None


def _refusal() -> UsageError:
    return UsageError("that is not an e-mail address; write one such as name@example.org")
