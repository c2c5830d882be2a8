"""What a refusal or a report of failure says about an address (promise 13).

Codes are those of RFC 3463: class.subject.detail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NOT_THE_ADDRESS = ("5.2.2", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")
"""Enhanced codes of refusals that say nothing against the address: a full mailbox, the system,
the network, the protocol, the content, a policy."""

SOFT_DAYS = 5
SOFT_WINDOW = timedelta(days=7)
"""Refused softly on so many days of this window, an address is suspended (promise 13)."""

EVERYBODY = 5
"""So many addresses refused for good in a row, and none accepted: it is the server's doing."""


class Verdict(StrEnum):
    """How a try to reach an address ended, as far as it concerns the address."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach a reader; a mail that was accepted and came back later was not."""

    reader: int
    at: datetime
    verdict: Verdict


def against_the_address(code: int, answer: str) -> bool:
    """Whether a reply to a recipient is one for good, and about the address itself."""
    status = answer.partition(" ")[2].lstrip()
    return 500 <= code < 600 and not status.startswith(NOT_THE_ADDRESS)


def status_is_for_good(status: str) -> bool:
    """Whether a status code of a report (RFC 3464) speaks against the address for good."""
    return status.startswith("5.") and not status.startswith(NOT_THE_ADDRESS)


def refused_by_all_means(tries: Iterable[Try]) -> frozenset[int]:
    """The readers refused for good since anybody was accepted (``tries`` newest first), if they
    are so many that the server must refuse everybody; else none.
    """
    readers: set[int] = set()
    for one in tries:
        if one.verdict is Verdict.ACCEPTED:
            break
        if one.verdict is Verdict.REJECTED:
            readers.add(one.reader)
    return frozenset(readers) if len(readers) >= EVERYBODY else frozenset()


def softly_refused_too_often(tries: Iterable[Try], now: datetime) -> bool:
    """Whether one reader's soft refusals since the last acceptance (``tries`` oldest first) fell
    on five days of the last seven (promise 13).
    """
    days: set[object] = set()
    for one in tries:
        if one.verdict is Verdict.ACCEPTED:
            days.clear()
        elif now - one.at <= SOFT_WINDOW:
            days.add(one.at.date())
    return len(days) >= SOFT_DAYS
