"""Who wants what, and what is owed to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.domain.codes import AlertKind, Pace
from tracker.domain.model.identifiers import AlertId, StanceId


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mail is owed: a wish in words, and the token that ends it.

    ``in_tongue`` says the wish in a language, given what translates a text into it.
    """

    wish: str
    token: str
    in_tongue: Callable[[Callable[[str], str]], str] | None = field(
        default=None, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class AlertToSend:
    """A leased row of the outbox, ready to be composed; ``payload`` is what was known then.

    ``token`` opens the subscriber's own page; ``also`` are the alerts that go out in this mail.
    ``replies_to`` is the Message-ID of the mail that a correction corrects. ``language`` and
    ``zone`` are the reader's. Address and token are left out of its repr, which may stand in a log.
    """

    id: AlertId
    kind: AlertKind
    address: str = field(repr=False)
    change: str
    payload: Mapping[str, Any] = field(repr=False)
    attempts: int
    created: datetime
    token: str = field(repr=False)
    message_id: str
    pace: Pace = Pace.AT_ONCE
    replies_to: str | None = None
    language: str = "en"
    zone: str = "UTC"
    stance: StanceId | None = None
    leased_until: datetime | None = None
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    also: tuple["AlertToSend", ...] = field(default=(), repr=False)
