"""Make a damaged or hostile feed fit for a reader: what it must not hold, and how much it may."""

import codecs
import re

from tracker.domain.errors import ParseError
from tracker.sources.characters import mend_references
from tracker.sources.decode import known_charset

MOST_BYTES = 10_000_000
MOST_TAGS = 100_000
MOST_REFERENCES = 500_000
"""What is read of one feed; a reader needs up to 40 µs for a tag, 4 µs for a reference."""

DEEPEST = 200
"""Elements inside each other; feeds have ten, with XHTML inside some dozens."""

CONTROL = bytes(number for number in range(0x20) if number not in b"\t\n\r")
WIDE = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
"""How a feed begins whose bytes are no characters."""

DECLARED = re.compile(rb"^(\s*<\?xml[^>]*?)\sencoding\s*=\s*[\"']([^\"'>]*)[\"']", re.IGNORECASE)

END_OF_ENTRY = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
STEP = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)|<[?!][^>]*>|<(/?)([A-Za-z_][^\s<>/]*)[^<>]*?(/?)>",
    re.DOTALL,
)
NEVER_CLOSED = frozenset(b"br hr img p li input meta link area wbr".split())


def mend(body: bytes, most_entries: int, url: str) -> bytes:
    """Give a feed's bytes so that one bad character costs one character.

    What stands after ``most_entries`` entries, 10 MB or 100,000 tags is left out. Raises
    ParseError when not even one entry ends before that.
    """
    body = _narrow(body)
    declared = DECLARED.match(body[:1000])
    if declared and known_charset(declared[2].decode("latin-1")) is None:
        body = declared[1] + body[declared.end() :]
    body = body.translate(None, CONTROL)
    if b"&#" in body:
        body = mend_references(body.decode("latin-1")).encode("latin-1")
    return _cut(body, most_entries, url)


def _narrow(body: bytes) -> bytes:
    """Write UTF-16 and UTF-32 as UTF-8, with the mark that says so."""
    for beginning, name in WIDE:
        if body.startswith(beginning):
            data = body.decode(name, "replace").lstrip("\ufeff").encode("utf-8", "replace")
            return codecs.BOM_UTF8 + DECLARED.sub(rb"\1", data, count=1)
    return body


def _cut(body: bytes, most_entries: int, url: str) -> bytes:
    """Keep the first entries, and what closes the feed after the last one."""
    ends = [match.end() for match in END_OF_ENTRY.finditer(body)]
    if len(ends) <= most_entries and _Budget().has_room_for(body, 0, len(body)):
        return body
    budget, kept = _Budget(), 0
    for end in ends[:most_entries]:
        if not budget.has_room_for(body, kept, end):
            break
        kept = end
    if not kept:
        raise ParseError(f"{url} holds more markup than a feed can")
    return body[:kept] + _closing(body[ends[-1] :])


class _Budget:
    """What may still be read of a feed."""

    def __init__(self) -> None:
        self._bytes, self._tags, self._references = MOST_BYTES, MOST_TAGS, MOST_REFERENCES

    def has_room_for(self, body: bytes, start: int, end: int) -> bool:
        """Take the cost of a piece off the budget; False when it is used up."""
        self._bytes -= end - start
        self._tags -= body.count(b"<", start, end)
        self._references -= body.count(b"&", start, end)
        return min(self._bytes, self._tags, self._references) >= 0


def _closing(tail: bytes) -> bytes:
    return tail if tail.count(b"<") < 100 else b""


def is_too_deep(body: bytes) -> bool:
    """Whether elements nest without end, which only strict readers refuse by themselves."""
    return _may_be_too_deep(body) and _depth_exceeds(body, DEEPEST)


def _may_be_too_deep(body: bytes) -> bool:
    """Count what opens between two closing tags; quick, and never too low."""
    depth = 0
    for piece in body.split(b"</"):
        depth = max(depth - 1, 0) + piece.count(b"<") - piece.count(b"<!") - piece.count(b"<?")
        if depth > DEEPEST:
            return True
        depth = max(depth - piece.count(b"/>"), 0)
    return False


def _depth_exceeds(body: bytes, most: int) -> bool:
    """Follow every tag outside of comments and CDATA."""
    depth = 0
    for step in STEP.finditer(body):
        closing, name, empty = step.groups()
        if not name or empty or name.lower() in NEVER_CLOSED:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > most:
            return True
    return False
