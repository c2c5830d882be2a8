"""The values that tell where a record stands: its pages, and the sentence on one of them."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.codes import Tier


@dataclass(slots=True, unsafe_hash=True)
class SourceLink:
    """A page that carries a record, and how far its host is trusted.

    ``report`` is the same for copies of one text.
    """

    url: str
    host: str
    tier: Tier | None
    report: int | None = None
    title: str | None = None
    published: datetime | None = None


@dataclass(slots=True, unsafe_hash=True)
class Quote:
    """A verbatim sentence with at most one neighbour on either side (product.md)."""

    text: str
    before: str
    after: str
    link: SourceLink
    field: str
    state: str
    role: str
    sha256: str
    fetched_at: datetime
