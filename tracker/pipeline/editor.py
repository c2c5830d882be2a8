"""The person who decides."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Editor:
    """Who decides, when, and why; ``mail_domain`` is for the mails that may follow."""

    name: str
    now: datetime
    mail_domain: str
    why: str | None = None
