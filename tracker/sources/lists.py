"""Lists of sources as files: OPML, which every feed reader writes, and our own TOML.

OPML carries address, title and language; TOML (the shape of the starter data) carries all of it.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar
from xml.sax.saxutils import quoteattr

from tracker.domain.codes import SourceKind, Tier
from tracker.domain.errors import ParseError, UsageError
from tracker.domain.model import Source
from tracker.sources.characters import one_line
from tracker.sources.urls import request_url

LONGEST_LIST = 20_000_000
"""Bytes; the longest lists of feed readers hold some thousand feeds."""

TEXTS = ("organisation", "person", "publisher_kind", "language", "timezone", "licence", "note")
STORED = ("url", "title", "kind", "tier", *TEXTS)
FIELDS = (*STORED, "verified", "paused", "verification")
TOML_TABLE = "[[source]]"

CodeT = TypeVar("CodeT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list: a source, or why it is none; ``name`` is what the list calls it."""

    line: int
    name: str
    source: Source | None = None
    paused: bool = False
    refused: str | None = None


def read(content: bytes, file: str) -> list[Listed]:
    """Read an OPML or TOML list; every entry by itself, so that one bad line costs one line.

    A source without a tier is taken as reliable, for the operator chose it. Raises UsageError,
    naming ``file``, when the whole is neither.
    """
    if len(content) > LONGEST_LIST:
        raise UsageError(f"{file}: more than {LONGEST_LIST // 1_000_000} MB is no list of feeds")
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:2]
    is_xml = start.startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return list(_from_opml(content, file) if is_xml else _from_toml(content, file))


def opml(sources: Iterable[tuple[Source, bool]], title: str) -> Iterator[str]:
    """Write the lines of an OPML 2.0 file; the flag of a source says whether it is paused."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<opml version="2.0"><head><title>{_text(title)}</title></head><body>'
    for source, _paused in sources:
        fields = {"type": "rss", "text": source.title, "title": source.title, "xmlUrl": source.url}
        if source.language:
            fields["language"] = source.language
        written = " ".join(f"{key}={quoteattr(one_line(value))}" for key, value in fields.items())
        yield f"  <outline {written}/>"
    yield "</body></opml>"


def toml(sources: Iterable[tuple[Source, bool]], title: str) -> Iterator[str]:
    """Write the lines of a TOML file that `tracker sources import` reads back whole."""
    yield f"# {title}"
    for source, paused in sources:
        yield ""
        yield TOML_TABLE
        fields: dict[str, object] = {"url": source.url, "title": source.title}
        fields |= {"kind": source.kind.value, "tier": source.tier.value}
        fields |= {name: getattr(source, name) for name in TEXTS if getattr(source, name)}
        if paused:
            fields["paused"] = True
        for key, value in fields.items():
            yield f"{key} = {_toml_value(value)}"


# --- OPML ----------------------------------------------------------------------------------------


def _from_opml(content: bytes, file: str) -> Iterator[Listed]:
    for outline in _parse(content, file).iter("{*}outline"):
        fields = {key.lower(): value.strip() for key, value in outline.attrib.items()}
        line, url = outline.sourceline or 0, fields.get("xmlurl", "")
        title = one_line(fields.get("title") or fields.get("text") or "")
        if url:
            given = {"url": url, "title": title, "language": fields.get("language") or None}
            yield _listed(line, given)
        elif not len(outline):  # one with others inside is a folder
            yield Listed(line, title[:300] or "?", refused=_without_feed(fields))


def _without_feed(fields: Mapping[str, str]) -> str:
    page = fields.get("htmlurl") or fields.get("url")
    mend = f"; `tracker sources add {page[:300]}` looks for its feed" if page else ""
    return f"it has no xmlUrl, the address of a feed{mend}"


def _parse(content: bytes, file: str) -> Any:
    """No entities, no network, no DTD; lists written by hand are often a little broken."""
    from lxml import etree  # only who imports a list needs it

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    if b"<!ENTITY" in content.replace(b"\x00", b""):
        raise UsageError(f"{file}: it declares entities, which no list of feeds needs; remove them")
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UsageError(f"{file}: this is not OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise UsageError(f"{file}: this is not OPML: it must begin with <opml>")
    return root


def _text(text: str) -> str:
    return quoteattr(one_line(text))[1:-1]


# --- TOML ----------------------------------------------------------------------------------------


def _from_toml(content: bytes, file: str) -> Iterator[Listed]:
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text).get("source")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: this is neither OPML nor TOML: {error}") from error
    if not isinstance(tables, list):
        raise UsageError(f"{file}: it holds no {TOML_TABLE} table")
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == TOML_TABLE]
    for place, table in enumerate(tables):
        line = lines[place] if len(lines) == len(tables) else place + 1
        if isinstance(table, dict):
            yield _listed(line, table)
        else:
            yield Listed(line, str(table), refused=f"is no {TOML_TABLE} table")


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    kept = str(value).translate(_ESCAPES)
    return f'"{kept}"'


_ESCAPES = {number: f"\\u{number:04x}" for number in [*range(0x20), 0x7F]}
_ESCAPES |= {ord("\\"): "\\\\", ord('"'): '\\"'}


# --- one entry -----------------------------------------------------------------------------------


def _listed(line: int, given: Mapping[str, Any]) -> Listed:
    name = one_line(str(given.get("url") or given.get("title") or "?"))[:300]
    try:
        return Listed(line, name, source_of(given), paused=given.get("paused") is True)
    except (ParseError, UsageError) as error:
        return Listed(line, name, refused=str(error))


def source_of(given: Mapping[str, Any]) -> Source:
    """Make a source of its fields. Raises UsageError or ParseError that says what is wrong."""
    for field in given:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1)
            raise UsageError(f"unknown field {field!r}" + (f"; {near[0]!r}?" if near else ""))
    url = request_url(_text_of(given, "url") or "")
    texts = {name: _text_of(given, name) for name in TEXTS}
    return Source(
        url=url,
        title=_text_of(given, "title") or url,
        kind=_code(given, "kind", SourceKind) or SourceKind.FEED,
        tier=_code(given, "tier", Tier) or Tier.RELIABLE,
        verified=given.get("verified") is True,
        **texts,
    )


def _text_of(given: Mapping[str, Any], field: str) -> str | None:
    value = given.get(field)
    if value is None or isinstance(value, str):
        return one_line(value) if value else None
    raise UsageError(f"{field} is not a text")


def _code(given: Mapping[str, Any], field: str, codes: Callable[[str], CodeT]) -> CodeT | None:
    value = _text_of(given, field)
    try:
        return codes(value) if value else None
    except ValueError:
        known = ", ".join(code.value for code in codes)  # type: ignore[attr-defined]
        raise UsageError(f"{field} {value!r} is not one of {known}") from None
