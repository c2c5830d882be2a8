"""What a reader finds in a feed, before anything is cleaned: the seam between readers and parse."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class FoundItem:
    """One item as it stands in the feed; ``base`` is what its relative links are meant against.

    ``dates`` are the dates as written, best first; ``when`` is what the reader itself made of one.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    title_is_html: bool = False
    summary: str = ""
    summary_is_html: bool = True
    content: str = ""
    content_is_html: bool = True
    author: str = ""
    dates: list[str] = field(default_factory=list)
    when: datetime | None = None
    base: str = ""


@dataclass(slots=True)
class FoundFeed:
    """A feed as it stands; ``wait`` is asked of us, ``damaged`` says what is wrong."""

    title: str
    items: list[FoundItem]
    base: str
    title_is_html: bool = False
    wait: timedelta | None = None
    damaged: str | None = None
