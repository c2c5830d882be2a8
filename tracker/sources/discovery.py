"""Where the feeds of a site are: what its page may point at, and where they usually lie."""

from dataclasses import dataclass
from urllib.parse import urljoin

from tracker.domain.model import Response

COMMON_PATHS = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/rss", "/index.xml", "/feed.json")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address where a feed may be, with the title that the page gives it."""

    url: str
    title: str = ""

    @property
    def is_for_comments(self) -> bool:
        """Whether it carries what readers say in place of what the site says."""
        return "comment" in f"{self.url} {self.title}".lower()


def is_page(response: Response) -> bool:
    """Whether an answer is HTML: by what the server says, or by how it begins."""
    start = response.body[:2000].lstrip().lower()
    said = response.headers.get("content-type", "").lower()
    return "html" in said or start.startswith((b"<!doctype html", b"<html"))


def common_places(address: str) -> list[FeedLink]:
    """Where the feed of a site usually lies."""
    return [FeedLink(urljoin(address, path)) for path in COMMON_PATHS]
