"""WebSub: a hub tells us when a feed has news (W3C Recommendation of 23 January 2018)."""

import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

WANTED_LEASE = timedelta(days=10)
SHORTEST_LEASE, LONGEST_LEASE = timedelta(hours=1), timedelta(days=30)
RENEW_AFTER = 0.8
"""A subscription is renewed after this share of its lease."""

ASK_AGAIN_AFTER = timedelta(days=1)
"""When a hub that did not verify, or could not be reached, is asked again."""

DENIED_FOR = timedelta(days=7)
METHODS = {"sha1", "sha256", "sha384", "sha512"}


def granted_lease(seconds: str) -> timedelta:
    """The lease that a hub names, within reason."""
    asked = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 9 else None
    return min(max(asked or WANTED_LEASE, SHORTEST_LEASE), LONGEST_LEASE)


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether ``X-Hub-Signature: method=hex`` belongs to this body and our secret."""
    method, _, digest = signature.strip().partition("=")
    if method not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode())


def can_be_called(base_url: str) -> bool:
    """Whether a hub elsewhere can reach the address of our dashboard."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))
