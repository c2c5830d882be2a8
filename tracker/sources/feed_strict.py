"""Read well-formed RSS, RDF and Atom quickly, and leave every doubt to the patient reader.

What it gives is what feedparser gives of the same feed: benchmarks/conformance.py and
tests/sources/test_feed_strict.py compare the two. Whatever could be read in two ways (markup where
text belongs, a base of its own, an element that means something elsewhere) raises Doubtful.
"""

import re
from collections.abc import Callable

from lxml import etree

from tracker.sources.dates import read_date
from tracker.sources.feed_items import FoundFeed, FoundItem, asked_wait, join, skipped
from tracker.sources.feed_names import (
    ATOM,
    BESIDE_RDF,
    HARMLESS,
    RDF,
    RSS10,
    TELLING,
    TELLING_PREFIXES,
)
from tracker.sources.feed_texts import (
    HTML,
    TEXT,
    Doubtful,
    Element,
    attributes_of,
    name_of,
    plain,
    refuse_attributes,
    typed,
)

LINKED_TYPES = {HTML, "application/xhtml+xml", "html", "xhtml"}
SPLIT_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)


def read_strict(body: bytes, url: str, most: int) -> FoundFeed | None:
    """Read a feed in UTF-8 that is in every way as it should be; None for any other."""
    declared = DECLARED.match(body[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        return None
    if b"<!DOCTYPE" in body or b"xml:base" in body:
        return None
    try:
        root = etree.fromstring(body, _parser())
        return _read_root(root, url, most)
    except (etree.XMLSyntaxError, ValueError, Doubtful):
        return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _read_root(root: Element, url: str, most: int) -> FoundFeed:
    kind = etree.QName(root)
    if kind.localname == "rss" and not kind.namespace:
        channel = _only(root, "channel")
        items, is_atom = channel.findall("item"), False
    elif kind.localname == "RDF" and kind.namespace == RDF:
        if ATOM in root.nsmap.values() or RSS10 not in root.nsmap.values():
            raise Doubtful
        if any(child.tag not in BESIDE_RDF for child in root):
            raise Doubtful
        channel = _only(root, f"{{{RSS10}}}channel")
        items, is_atom = root.findall(f"{{{RSS10}}}item"), False
    elif kind.localname == "feed" and kind.namespace == ATOM:
        channel, is_atom = root, True
        items = root.findall(f"{{{ATOM}}}entry")
    else:
        raise Doubtful
    _require_all_found(root, len(items))
    found = _read_channel(channel, url, is_atom)
    found.items = [_read_item(item, url, is_atom) for item in items[:most]]
    return found


def _only(root: Element, name: str) -> Element:
    if root.attrib.keys() not in ([], ["version"]):
        raise Doubtful
    channels = root.findall(name)
    if len(channels) != 1:
        raise Doubtful
    return channels[0]


def _require_all_found(root: Element, count: int) -> None:
    """An item that stands where none belongs would be missed."""
    everywhere = sum(1 for _ in root.iter("{*}item", "{*}entry", "{*}Item", "{*}Entry"))
    if everywhere != count:
        raise Doubtful


# --- the feed itself -----------------------------------------------------------------------------


def _read_channel(channel: Element, url: str, is_atom: bool) -> FoundFeed:
    refuse_attributes(channel)
    title, titles = ("", False), 0
    texts: dict[str, str] = {}
    links: dict[str, str] = {}
    for child in channel:
        name = name_of(child)
        if name in ("title", "dc:title", "media:title"):
            titles += 1
            title = typed(child, TEXT, is_atom)
        elif name in ("ttl", "sy:updateperiod", "sy:updatefrequency") and not child.attrib:
            texts[name] = plain(child)
        elif name == "link" and (href := child.get("href")):
            links.setdefault((child.get("rel") or "alternate").lower(), join(url, href))
        elif name in ("skiphours", "skipdays"):
            texts.setdefault(name, " ".join(plain(part) for part in child))
    if titles > 1:
        raise Doubtful
    found = FoundFeed(title=title[0], title_is_html=title[1], items=[], base=url, links=links)
    found.wait = asked_wait(
        texts.get("ttl", ""), texts.get("sy:updateperiod", ""), texts.get("sy:updatefrequency", "")
    )
    found.skipped = skipped(texts.get("skiphours", ""), texts.get("skipdays", ""))
    return found


# --- an item -------------------------------------------------------------------------------------


class _Reading:
    """An item while its elements are read one after another."""

    def __init__(self, url: str, is_atom: bool) -> None:
        self.item = FoundItem()
        self.url, self.is_atom = url, is_atom
        self.texts = {"published": "", "updated": "", "created": ""}
        self.guid_link: str | None = None
        self.link: str | None = None
        self.has_content = self.has_summary = self.has_media_title = self.has_source = False

    def take_title(self, child: Element) -> None:
        """The first title that is not empty counts; readers differ on a further one."""
        text, is_html = typed(child, TEXT, self.is_atom)
        if self.item.title:
            raise Doubtful
        self.item.title, self.item.title_is_html = text, is_html

    def take_link(self, child: Element) -> None:
        """The last link to a page counts, as attribute (Atom) or as text (RSS)."""
        fields = attributes_of(child)
        href = fields.get("href")
        text = plain(child)
        if ("url" in fields or "uri" in fields) and not text.startswith(("http://", "https://")):
            raise Doubtful
        if href is None:
            text = join(self.url, text) if text else ""
            self.link = SPLIT_REFERENCE.sub(r"&\1", text.replace("&amp;", "&"))
            return
        rel = fields.get("rel", "alternate").lower()
        usual = "application/atom+xml" if rel == "self" else HTML
        if rel == "alternate" and fields.get("type", usual).lower() in LINKED_TYPES:
            self.link = join(self.url, href)

    def take_id(self, child: Element) -> None:
        """An id is a link as well, unless it says that it is none."""
        fields = attributes_of(child)
        text = plain(child)
        if fields.get("ispermalink", "true") == "true":
            text = join(self.url, text) if text else ""
            if self.guid_link is None and self.link is None:
                self.guid_link = text
        self.item.guid = text

    def take_description(self, child: Element) -> None:
        """What describes an item; a second description could be its content."""
        if self.has_summary and not self.has_content:
            raise Doubtful
        self._take_summary(child, HTML)

    def take_summary(self, child: Element) -> None:
        """The same as Atom has it."""
        if self.has_summary and not self.has_content:
            raise Doubtful
        self._take_summary(child, TEXT)

    def _take_summary(self, child: Element, usual: str) -> None:
        self.item.summary, self.item.summary_is_html = typed(child, usual, self.is_atom)
        self.has_summary = True

    def take_encoded(self, child: Element) -> None:
        """The whole text, as RSS has it."""
        self._take_content(*typed(child, HTML, self.is_atom))

    def take_content(self, child: Element) -> None:
        """The whole text, as Atom has it."""
        if child.get("src"):
            raise Doubtful
        self._take_content(*typed(child, TEXT, self.is_atom))

    def _take_content(self, text: str, is_html: bool) -> None:
        if not self.has_content or len(text) > len(self.item.content):
            self.item.content, self.item.content_is_html = text, is_html
        self.has_content = self.has_summary = True

    def take_author(self, child: Element) -> None:
        """Who wrote it: as text, or as an Atom person."""
        if not len(child):
            self.item.author = plain(child)
            return
        person = {name_of(part): plain(part) for part in child}
        if set(person) - {"name", "email", "uri"} or not person.get("name"):
            raise Doubtful
        name, email = person["name"], person.get("email")
        self.item.author = f"{name} ({email})" if email else name

    def take_media_title(self, child: Element) -> None:
        """A picture's title, which only counts where there is no other."""
        plain(child)
        self.has_media_title = True

    def pass_over(self, child: Element) -> None:
        """An element that tells us nothing, unless something stands in it."""
        name = name_of(child)
        self.has_source = self.has_source or name == "source"
        if not len(child):
            return
        inside = {name_of(part) for part in child.iter(etree.Element) if part is not child}
        if name == "contributor" and inside <= {"name", "email", "uri"}:
            return
        if name in ("media:content", "media:group") and "media:title" in inside:
            self.has_media_title = True
            inside.discard("media:title")
        if any(part.rpartition(":")[2] in TELLING for part in inside):
            raise Doubtful

    def finish(self) -> FoundItem:
        """Put the item together."""
        item = self.item
        if self.has_media_title and (self.has_source or not item.title):
            raise Doubtful
        item.link = self.link if self.link is not None else (self.guid_link or "")
        item.dates = list(self.texts.values())
        if any(item.dates) and not any(read_date(date) for date in item.dates):
            raise Doubtful
        return item


Take = Callable[[_Reading, Element], None]


def _take_date(field: str) -> Take:
    def take(reading: _Reading, child: Element) -> None:
        reading.texts[field] = plain(child)

    return take


TAKE: dict[str, Take] = {
    "title": _Reading.take_title,
    "dc:title": _Reading.take_title,
    "media:title": _Reading.take_media_title,
    "link": _Reading.take_link,
    "guid": _Reading.take_id,
    "id": _Reading.take_id,
    "description": _Reading.take_description,
    "dc:description": _Reading.take_description,
    "summary": _Reading.take_summary,
    "content:encoded": _Reading.take_encoded,
    "content": _Reading.take_content,
    "author": _Reading.take_author,
    "dc:creator": _Reading.take_author,
    "dc:author": _Reading.take_author,
    "created": _take_date("created"),
    "dcterms:created": _take_date("created"),
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), _take_date("published")),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc:date", "dcterms:modified"),
        _take_date("updated"),
    ),
    **dict.fromkeys(HARMLESS, _Reading.pass_over),
}


def _read_item(element: Element, url: str, is_atom: bool) -> FoundItem:
    refuse_attributes(element)
    reading = _Reading(url, is_atom)
    reading.item.guid = element.get(f"{{{RDF}}}about") or ""
    for child in element:
        name = name_of(child)
        take = TAKE.get(name)
        if take is None:
            prefix = name.rpartition(":")[0]
            if prefix in TELLING_PREFIXES:
                raise Doubtful
            take = _Reading.pass_over
        take(reading, child)
    return reading.finish()
