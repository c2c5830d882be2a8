"""What makes two things the same thing."""

import hashlib


def entry_key(guid: str | None, link: str | None, *content: str) -> str:
    """Identify an entry within its source: by its id, else its link, else its words (promise 10).

    ``link`` is the address as published (resolved, nothing dropped), so that a later change of
    the rules for canonical addresses doubles no entry. ``content`` is whatever else is known, such
    as title, date and text. Returns 64 hexadecimal digits.
    """
    if guid and guid.strip():
        return _digest("id", guid.strip())
    if link and link.strip():
        return _digest("link", link.strip())
    return _digest("content", *content)


def _digest(kind: str, *parts: str) -> str:
    joined = "\x1f".join((kind, *parts))
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()
