"""Characters that no reader sees, and characters that no database takes."""

import re
import unicodedata

INVISIBLE = re.compile(
    "["
    "\u00ad"  # soft hyphen
    "\u180e\u200b\u2060-\u2064\ufeff"  # no width
    "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"  # change of direction
    "\u206a-\u206f\ufff9-\ufffb"  # deprecated and interlinear marks
    "\U000e0000-\U000e0fff"  # tags and their variation selectors
    "]|[\u200c\u200d\ufe00-\ufe0f]{2,}"  # joiners and selectors are fine one at a time
)
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")
REFERENCE = re.compile(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));?")
UNUSUAL = re.compile(
    "[^\t\n\r -~\u00a0-\u00ac\u00ae-\u02ff\u2009\u2010-\u2027\u202f\u2030-\u205e\u20a0-\u20bf]"
)
"""All but Latin letters, usual spaces and punctuation, which are NFC and are kept as they are."""

USUAL_ASCII = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
USUAL_SPACES = "\t\n\r\u00a0\u2009\u202f"
SELECTORS = (b"\xef\xb8", b"\xf3\xa0")
"""How variation selectors begin in UTF-8: they count as printable."""


def mend_references(markup: str) -> str:
    """Replace references to what is no character (``&#0;``, 6,000 digits) by one to U+FFFD."""
    return REFERENCE.sub(_mended, markup) if "&#" in markup else markup


def tidy(text: str) -> str:
    """Drop what no reader sees and what is no text; NFC; spaces and line ends stay as they are."""
    if text.isascii():
        return text if text.isprintable() else NOT_TEXT.sub("", text)
    if _is_usual(text):
        return text
    if _is_tidy(text):
        return unicodedata.normalize("NFC", text)
    text = SURROGATE.sub("\ufffd", text)
    text = INVISIBLE.sub("", NOT_TEXT.sub("", text))
    return unicodedata.normalize("NFC", text)


def without_controls(text: str) -> str:
    """Drop what is no text; only controls and what lies beyond ASCII are looked at closely."""
    try:
        beyond = text.encode().translate(None, USUAL_ASCII).decode()
    except UnicodeEncodeError:  # half of a pair
        return NOT_TEXT.sub("", text)
    return NOT_TEXT.sub("", text) if NOT_TEXT.search(beyond) else text


def _is_usual(text: str) -> bool:
    """Whether no unusual character is in it; only those beyond ASCII are looked at one by one."""
    try:
        beyond = text.encode().translate(None, USUAL_ASCII).decode()
    except UnicodeEncodeError:  # half of a pair
        return False
    return not UNUSUAL.search(beyond)


def _is_tidy(text: str) -> bool:
    """Whether a plain look finds nothing to drop; most texts need no closer one."""
    if not text.isprintable():
        for space in USUAL_SPACES:
            text = text.replace(space, "")
        if not text.isprintable():
            return False
    data = text.encode()
    return SELECTORS[0] not in data and SELECTORS[1] not in data


def one_line(text: str) -> str:
    """Tidy a text and write every run of white space as one space."""
    return " ".join(tidy(text).split())


def _mended(found: re.Match[str]) -> str:
    digits, base = (found[1], 10) if found[1] else (found[2], 16)
    digits = digits.lstrip("0")
    if not 0 < len(digits) <= 7 or not _is_character(int(digits, base)):
        return "&#65533;"
    return found[0]


def _is_character(code: int) -> bool:
    """Whether XML allows a character: no controls, no surrogates, no noncharacters at the end."""
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code < 0x110000
