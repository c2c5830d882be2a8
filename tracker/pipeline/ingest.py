"""Articles that a person hands in go the same way as those of feeds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tracker.domain.codes import Tier
from tracker.domain.errors import ParseError, UsageError
from tracker.domain.model import ArticleId, Page, Response
from tracker.pipeline.read import Reading, keep_page
from tracker.pipeline.watching import plain_address
from tracker.sources.dates import read_date
from tracker.sources.urls import host_of
from tracker.store import topics

HTML_SIGNS = ("<!doctype html", "<html", "<head", "<body", "<article", "<p>")


def ingest(
    reading: Reading, places: Sequence[str], published: str | None = None
) -> list[ArticleId]:
    """Store the articles at these addresses or in these files; return them.

    ``published`` dates those that carry no date of their own. A host that nobody rated counts as
    reliable, for the person who hands the article in vouches for it. Raises UsageError for a file
    or date that cannot be read, FetchError and ParseError for a page.
    """
    when = _read_published(published)
    pages = [_open(reading, place) for place in places]
    found = []
    for page, taken_from in pages:
        dated = page if page.published is not None else replace(page, published=when)
        with reading.database.transaction() as session:
            tier = topics.tier_of(session, host_of(page.url) or "") or Tier.RELIABLE
            article, _ = keep_page(
                session, dated, source=None, taken_from=taken_from, now=reading.now(), tier=tier
            )
        found.append(article)
    return found


def _read_published(text: str | None) -> datetime | None:
    if text is None:
        return None
    when = read_date(text)
    if when is None:
        raise UsageError(f"--published {text!r} is no date; write it as 2020-06-09")
    return when


def _open(reading: Reading, place: str) -> tuple[Page, str]:
    if place.startswith(("http://", "https://")):
        response = reading.fetch(plain_address(place))
        if response is None:
            raise UsageError(f"{place}: the server sent nothing")
        return reading.parse_page(response), "page"
    if "://" in place:
        raise UsageError(f"{place!r} is no web address: it must start with http:// or https://")
    return _read_file(reading, Path(place)), "file"


def _read_file(reading: Reading, file: Path) -> Page:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    digest = sha256(body).hexdigest()
    name = f"urn:sha256:{digest}"
    start = body[:2000].decode("utf-8", "replace").lower()
    if any(sign in start for sign in HTML_SIGNS):
        headers = {"content-type": "text/html; charset=utf-8"}
        nowhere = f"https://{digest[:16]}.invalid/"
        try:
            page = reading.parse_page(Response(nowhere, 200, body, headers))
        except ParseError as error:
            raise UsageError(str(error).replace(nowhere, str(file))) from error
        return replace(page, url=name) if page.url == nowhere else page
    title, _, text = _decoded(file, body).strip().partition("\n")
    if not text.strip():
        raise UsageError(f"{file}: a text file holds the title in its first line, then the text")
    return Page(name, title.strip(), text.strip())


def _decoded(file: Path, body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: this is neither HTML nor text in UTF-8") from error
    return text.replace("\0", "")
