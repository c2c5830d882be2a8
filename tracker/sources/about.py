"""What a page says about itself: title, date, language, address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from tracker.domain.errors import ParseError
from tracker.sources.characters import one_line
from tracker.sources.dates import read_date
from tracker.sources.urls import canonical_url, is_front_page, resolve, same_site

LONGEST_TITLE = 500
LONGEST_JSON = 500_000
DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "publish-date",
    "publication_date",
    "pubdate",
    "date",
)
"""Names of meta elements that hold the date of publication, best first."""

RELATED = etree.XPath("//*[contains(@rel, 'canonical') or contains(@rel, 'license')]")
SITE_TAIL = re.compile(r"^(.*\S)\s+[|–—·»•-]\s+([^|–—·»•]{1,60})$")
LANGUAGE = re.compile(r"^[a-zA-Z]{2,3}(?=$|[-_])")


@dataclass(frozen=True, slots=True)
class About:
    """What the head of a page says; ``free`` is False when the page says that it costs money.

    ``licence`` is the address of the licence that the page names (rel="license"), ``original`` the
    page of another site that it calls its original (rel="canonical").
    """

    title: str
    site: str
    published: datetime | None
    language: str | None
    url: str
    free: bool
    licence: str | None = None
    original: str | None = None


def read_about(tree: HtmlElement, address: str) -> About:
    """Read the head of a page and its structured data; before anything is taken out of the page."""
    metas = _metas(tree)
    data = list(_structured(tree))
    site = metas.get("og:site_name", "")
    return About(
        title=metas.get("og:title", "") or _without_site(_title_element(tree), site),
        site=site,
        published=_published(tree, metas, data),
        language=_language(tree, metas),
        url=_address(tree, metas, address),
        free=not any(_is_false(item.get("isAccessibleForFree")) for item in data),
        licence=_licence(tree, address),
        original=_original(tree, address),
    )


def read_title(tree: HtmlElement, about: About) -> str:
    """Give the headline that a reader sees, else that of the head; hidden text is out before."""
    headings = tree.xpath("//article//h1 | //main//h1") or tree.xpath("//h1")
    texts = list(dict.fromkeys(one_line(heading.text_content()) for heading in headings))
    texts = [text for text in texts if text and text.lower() != about.site.lower()]
    return (texts[0] if len(texts) == 1 or (not about.title and texts) else about.title)[
        :LONGEST_TITLE
    ]


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Give the meta elements by lower-case name or property; the first of each counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = one_line(meta.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _title_element(tree: HtmlElement) -> str:
    titles = tree.xpath("//head/title") or tree.xpath("//title")
    return one_line(titles[0].text_content()) if titles else ""


def _without_site(title: str, site: str) -> str:
    """Cut ' | Name of the site' off a title."""
    match = SITE_TAIL.match(title)
    if not match:
        return title
    if site:
        return match[1] if match[2].lower() == site.lower() else title
    return match[1] if len(match[2].split()) <= 4 < len(match[1].split()) else title


def _structured(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Give the objects of JSON-LD that describe an article."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        text = (script.text or "")[:LONGEST_JSON]
        try:
            yield from _articles(json.loads(text, strict=False), 0)
        except (ValueError, RecursionError):
            continue


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _articles(item, depth + 1)
    elif isinstance(value, dict):
        if "datePublished" in value or "isAccessibleForFree" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(value.get(name), depth + 1)


def _published(
    tree: HtmlElement, metas: dict[str, str], data: list[dict[str, Any]]
) -> datetime | None:
    """Read the first date that can be read, in the publisher's own offset."""
    written = [metas[name] for name in DATE_NAMES if name in metas]
    written[1:1] = [str(item.get("datePublished") or "") for item in data]
    times = "//time[@pubdate or @itemprop='datePublished'] | //article//time | //main//time"
    written += [time.get("datetime") or "" for time in tree.xpath(times)[:5]]
    return next((date for date in map(read_date, written) if date), None)


def _language(tree: HtmlElement, metas: dict[str, str]) -> str | None:
    for tag in (tree.get("lang"), metas.get("content-language"), metas.get("og:locale")):
        match = LANGUAGE.match((tag or "").strip())
        if match:
            return match[0].lower()
    return None


def _licence(tree: HtmlElement, address: str) -> str | None:
    links = _related(tree, "license", "link", "a")
    return resolve(address, links[0]) if links else None


def _address(tree: HtmlElement, metas: dict[str, str], address: str) -> str:
    """Give the page's own canonical address when it is of the same site.

    That it points to the front page, as is a common mistake, is not believed of another page.
    """
    for link in [*_canonical(tree), metas.get("og:url", "")]:
        own = resolve(address, link) if link else None
        if own and same_site(own, address) and (not is_front_page(own) or is_front_page(address)):
            return canonical_url(own)
    try:
        return canonical_url(address)
    except ParseError:
        return address


def _canonical(tree: HtmlElement) -> list[str]:
    return _related(tree, "canonical", "link")[:1]


def _related(tree: HtmlElement, how: str, *tags: str) -> list[str]:
    """The addresses of links of these tags whose ``rel`` holds a word."""
    related = cast("list[HtmlElement]", RELATED(tree))
    found = (
        link for link in related if link.tag in tags and how in (link.get("rel") or "").split()
    )
    return [address for link in found if (address := link.get("href")) is not None]


def _original(tree: HtmlElement, address: str) -> str | None:
    """Give the article of another site that this page is a copy of, by its own word.

    It keeps its own address all the same: nobody may speak in the name of another site.
    """
    for link in _canonical(tree):
        own = resolve(address, link)
        if own and not same_site(own, address) and own.rstrip("/").count("/") >= 3:
            return canonical_url(own)
    return None


def _is_false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")
