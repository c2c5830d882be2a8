"""What is heard of a mail after it left: it bounced, it is late, somebody called it spam."""

from dataclasses import dataclass, field
from enum import StrEnum

from tracker.domain.return_paths import Tag


class Heard(StrEnum):
    """What a report says (RFC 3464, RFC 5965)."""

    BOUNCED = "bounced"
    RETURNED = "returned"
    DELAYED = "delayed"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class MailReport:
    """One report on one mail.

    It is believed only with a proof that only the reader of that mail, or the servers on its way,
    can have: ``tag``, from the return path, or ``token``, from the mail's List-Unsubscribe;
    ``message_id`` then says which of the reader's mails it was. Both stay out of the repr.
    """

    heard: Heard
    said: str
    tag: Tag | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    message_id: str | None = None
