"""The envelope address that names the mail it came with (VERP): a report of failure comes back
to it, whatever is left of the mail itself.

``bounces@example.org`` becomes ``bounces+12-9f…@example.org``: alert 12, and a mark that only
who got that mail could know, so that nobody can report the mail of another as failed.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from tracker.domain.model import AlertId

MARK_LENGTH = 20
TAGGED = re.compile(rf"\+(\d{{1,18}})-([0-9a-f]{{{MARK_LENGTH}}})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a return path says: the alert whose mail it was, and the mark that proves it."""

    alert: AlertId
    mark: str


def tagged(address: str, alert: AlertId, token: str) -> str:
    """The return path of one mail; ``token`` is the reader's own."""
    local_part, _, domain = address.rpartition("@")
    return f"{local_part}+{alert}-{_mark(alert, token)}@{domain}"


def read(address: str) -> Tag | None:
    """The tag in an address, if there is one; whether it is true is another question."""
    found = TAGGED.search(address)
    return Tag(AlertId(int(found[1])), found[2].lower()) if found else None


def proves(tag: Tag, token: str) -> bool:
    """Whether a tag was made for the reader with this token."""
    return hmac.compare_digest(tag.mark, _mark(tag.alert, token))


def _mark(alert: AlertId, token: str) -> str:
    return hmac.new(token.encode(), f"return/{alert}".encode(), hashlib.sha256).hexdigest()[
        :MARK_LENGTH
    ]
