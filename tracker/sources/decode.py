"""From the bytes of a page to its characters."""

import codecs
import re

from tracker.domain.errors import ParseError
from tracker.domain.model import Response

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LARGEST_PAGE = 3_000_000
"""Characters of HTML; pages of articles have up to some hundred thousand."""

LOOK_AT = 4096
DECLARED = re.compile(
    rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]*encoding=[\"']([\w.:-]{2,40})", re.I
)
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
KNOWN = re.compile(
    r"utf-(8|16|16-le|16-be|32)|cp\d{3,5}|iso8859-\d+|koi8-[rtu]|gb2312|gbk|gb18030|hz|big5\w*|"
    r"euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+|ascii|johab|tis-620|ptcp154",
)
"""Names of Python's codecs for characters; others (zip, punycode, escapes) are no charsets."""

ALIASES = {"mac": "mac-roman", "csmacintosh": "mac-roman", "ms-cyrl": "cp1251"}
"""Registered names of charsets that Python knows by another name only."""

LATIN = {"ascii", "iso8859-1"}


def decode(response: Response) -> str:
    """Read a page's characters by its byte order mark, its bytes, its header, its meta element.

    What is valid UTF-8 is UTF-8 whatever else is said, since other texts practically never are;
    and Latin-1 is read as Windows-1252, as browsers do.
    """
    body = response.body
    for mark, name in BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    declared = _declared(response)
    if declared.startswith(("iso2022", "hz")):
        return body.decode(declared, "replace")
    for name in ("utf-8", declared):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    best = declared if declared != "utf-8" or _is_nearly_utf8(body) else "cp1252"
    return body.decode(best, "replace")


def refuse_huge(response: Response) -> None:
    """Raise ParseError for what no way of writing characters makes a page of."""
    if len(response.body) > LARGEST_PAGE * 4:
        raise ParseError(f"{response.url} is too large to be an article")


def known_charset(label: str) -> str | None:
    """Give Python's name of a charset; None when it is unknown or no charset for texts."""
    label = label.strip()
    try:
        name = codecs.lookup(ALIASES.get(label.lower(), label)).name
    except (LookupError, ValueError):
        return None
    return name if KNOWN.fullmatch(name) else None


def header_charset(response: Response) -> str | None:
    """Give the charset that the answer's Content-Type names, if it is a known one."""
    header = IN_HEADER.search(response.headers.get("content-type", ""))
    return known_charset(header[1]) if header else None


def _declared(response: Response) -> str:
    """Give the charset that header or page declare; Windows-1252 when there is none we know."""
    meta = DECLARED.search(response.body[:LOOK_AT])
    in_page = known_charset((meta[1] or meta[2]).decode("latin-1")) if meta else None
    name = header_charset(response) or in_page or "cp1252"
    return "cp1252" if name in LATIN else name


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether the few bytes that are not UTF-8 are accidents in a text that is."""
    wrong = body.decode("utf-8", "replace").count("\ufffd")
    return wrong * 20 < sum(byte > 127 for byte in body[:200_000])
