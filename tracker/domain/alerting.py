"""What a change is called, which alerts share a mail, and when a mail is tried again.

The rules are those of ux.md ("Mail") and promises 11 to 13.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.codes import AlertKind, ChangeKind, PositionWord
from tracker.domain.model import AlertId, StanceId, TopicCode
from tracker.domain.subjects import NEW_STANCES

LONGEST_QUOTE = 300
"""Code points of a quote that may be shown (product.md, "What may be shown")."""

BUNDLE_FROM = 3
BUNDLE_WINDOW = timedelta(minutes=10)
BUNDLE_LIMIT = 20
STALE_AFTER = timedelta(hours=1)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 28
"""With the waits doubling up to six hours, the 28th try comes about five days after the first."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that subscribers may be owed word of; ``company`` is a slug.

    ``joint`` names the pledge that several companies made together: each of them changes, and
    nobody is told more than once.
    """

    key: str
    kind: ChangeKind
    stance: StanceId
    company: str
    topic: TopicCode
    happened_on: Day
    says: tuple[PositionWord, PositionWord] = (PositionWord.NO_STATEMENT,) * 2
    does: tuple[PositionWord, PositionWord] = (PositionWord.NO_STATEMENT,) * 2
    joint: str | None = None

    @property
    def told_as(self) -> str:
        """The key under which a subscriber is told of it, once."""
        return f"joint/{self.joint}" if self.joint else self.key

    @property
    def alert_kind(self) -> AlertKind:
        """Whether the mail tells of a new stance or of a position that changed."""
        new = self.joint is not None or self.kind in NEW_STANCES
        return AlertKind.STANCE if new else AlertKind.CHANGE


def change_key(stance: StanceId, kind: ChangeKind) -> str:
    """Names what happened, so that nobody is told of it twice."""
    return f"{stance}/{kind.value}"


def message_id(seed: str, domain: str) -> str:
    """The same seed always gives the same Message-ID (RFC 5322, 3.6.4)."""
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:40]}@{domain}>"


def bundles(owed: Iterable[tuple[AlertId, datetime]], now: datetime) -> list[list[AlertId]]:
    """Which alerts of one subscriber, given oldest first, go out as one mail.

    Three or more that became owed within ten minutes do; so do those that had to wait for more
    than an hour (promise 12).
    """
    groups: list[list[tuple[AlertId, datetime]]] = []
    for alert in owed:
        if groups and _belongs(alert, groups[-1], now):
            groups[-1].append(alert)
        else:
            groups.append([alert])
    return [[alert for alert, _ in group] for group in groups if len(group) >= BUNDLE_FROM]


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries; None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doublings: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def _belongs(
    alert: tuple[AlertId, datetime], group: Sequence[tuple[AlertId, datetime]], now: datetime
) -> bool:
    if len(group) >= BUNDLE_LIMIT:
        return False
    close = alert[1] - group[0][1] <= BUNDLE_WINDOW
    return close or now - alert[1] > STALE_AFTER
