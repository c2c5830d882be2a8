"""The picture that shows when a page is shared: 1200 × 630 pixels, made on the server."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import Axis, FreeTypeFont

from tracker.web.colours import INK, MUTE, PAINTS, PAPER, RULE
from tracker.web.parts import HERE

SIZE = (1200, 630)
LEFT, RIGHT = 70, 1130
FONTS = HERE / "static" / "fonts"
TITLE_LINES = 5
TOLD_LINES = 2
LEADING = 1.26
SENTENCE_END = re.compile(r"(?<=[^\d][.!?]) (?=[A-ZÄÖÜ“„])")
BOTTOM = 532
"""Above the line of the foot."""

NAMES = 330
"""The widest that names before bands may become."""
NO_LETTER = "\U0010fffe"
WIDE = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "WenQuanYi Zen Hei.ttf",
    "wqy-zenhei.ttc",
    "arial.ttf",
    "Arial Unicode.ttf",
    "unifont.otf",
)
"""Fonts with letters that ours lack; each is looked for where the system keeps its fonts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A name and, beside it, words of positions with their codes; words alone have no code."""

    name: str
    words: Sequence[tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: a line over it, the title, a sentence of ours or somebody's own words under
    it, and where who stands.
    """

    kicker: str
    title: str
    told: str = ""
    rows: Sequence[Row] = ()
    foot: str = ""
    quote: str = ""


def png(card: Card) -> bytes:
    """The picture; the fonts are those of the pages (SIL Open Font License)."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    small = _font("inter", 30, 400)
    _write(draw, (LEFT, 78), _one_line(card.kicker, small), MUTE, small)
    top = _title(draw, card.title, (56, 48, 40) if card.rows else (66, 56, 48, 40))
    top = _told(draw, card.told, top + 10) if card.told else top
    if card.quote:
        top = _quoted(draw, card.quote, top + 10, len(card.rows) * _height(card.rows))
    _rows(draw, card.rows, top + 22)
    draw.line((LEFT, 540, RIGHT, 540), RULE, 2)
    draw.text((LEFT, 562), "Stance Tracker", INK, _font("inter", 26, 650))
    foot = _one_line(card.foot, _font("inter", 24, 400))
    draw.text((RIGHT, 564), foot, MUTE, _font("inter", 24, 400), anchor="ra")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _title(draw: ImageDraw.ImageDraw, title: str, sizes: Sequence[int]) -> float:
    """The title in the largest size that fits; where it ends."""
    for size in sizes:
        font = _font("source-serif", size, 600)
        lines = list(_wrapped(title, font))
        if len(lines) <= (3 if size > 48 else TITLE_LINES):
            break
    return _lines(draw, _first(lines, TITLE_LINES, font), 138, INK, font)


def _told(draw: ImageDraw.ImageDraw, told: str, top: float) -> float:
    """As many sentences as two lines hold, of one that is longer the beginning; where they end."""
    font = _font("source-serif", 32, 400)
    sentences = SENTENCE_END.split(told)
    while len(sentences) > 1 and len(list(_wrapped(" ".join(sentences), font))) > TOLD_LINES:
        sentences.pop()
    lines = list(_wrapped(" ".join(sentences), font))
    return _lines(draw, _first(lines, TOLD_LINES, font), top, MUTE, font)


def _quoted(draw: ImageDraw.ImageDraw, quote: str, top: float, below: int) -> float:
    """As many lines of a quote as leave room for what stands below; where they end."""
    font = _font("source-serif", 32, 400)
    most = int((BOTTOM - 22 - below - top) // round(32 * LEADING))
    lines = list(_wrapped(f"“{quote}”", font))
    if most < 1:
        return top
    shown = _first(lines, most, font)
    if not shown[-1].endswith("”"):  # it is cut
        shown[-1] += "”"
    return _lines(draw, shown, top, INK, font)


def _first(lines: list[str], most: int, font: FreeTypeFont) -> list[str]:
    """The first lines; that there are more shows at the end of the last."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _one_line(f"{lines[most - 1]} {lines[most]}", font)]


def _lines(
    draw: ImageDraw.ImageDraw, lines: list[str], top: float, colour: str, font: FreeTypeFont
) -> float:
    for line in lines:
        _write(draw, (LEFT, top), line, colour, font)
        top += round(font.size) * LEADING
    return top


def _height(rows: Sequence[Row]) -> int:
    """Of each row: one that is alone is higher."""
    return 58 if len(rows) == 1 else 46


def _rows(draw: ImageDraw.ImageDraw, rows: Sequence[Row], top: float) -> None:
    """As many rows as there is room for, their names in one column."""
    height = _height(rows)
    columns = max((len(row.words) for row in rows), default=0)
    font = _font("inter", 20 if columns > 2 else 28 if len(rows) == 1 else 24, 550)
    room = int((BOTTOM - top) // height)
    shown = rows[: max(room, 1)]
    names = [_one_line(row.name, font, NAMES) for row in shown]
    widest = max((_length(name, font) for name in names), default=0)
    first = LEFT + (widest + 24 if widest else 0)
    for row, name in zip(shown, names, strict=True):
        _write(draw, (LEFT, _middle(top, height, font)), name, INK, font)
        step = (RIGHT - first + 6) / max(len(row.words), 1)
        for place, (code, label) in enumerate(row.words):
            left = first + place * step
            _band(draw, (left, top, left + step - 6, top + height - 6), code, label, font)
        top += height


def _band(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    code: str | None,
    label: str,
    font: FreeTypeFont,
) -> None:
    """A word on its colour, with its outline; without a code the word alone."""
    left, top, right, bottom = box
    inside = 16
    colour = MUTE
    if code is not None:
        paint = PAINTS.get(code, PAINTS["none"])
        draw.rounded_rectangle(box, 6, paint.fill, paint.line, 2)
        colour = paint.text
    text = _one_line(label, font, right - left - 2 * inside)
    _write(draw, (left + inside, _middle(top, bottom - top + 6, font)), text, colour, font)


def _middle(top: float, height: float, font: FreeTypeFont) -> float:
    return top + (height - 6 - sum(font.getmetrics())) / 2


# --- letters that our fonts lack ------------------------------------------------------------------


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str, font: FreeTypeFont
) -> None:
    """The text on one baseline, each run of letters in a font that has them."""
    x, base = at[0], at[1] + font.getmetrics()[0]
    for run, own in _runs(text, font):
        draw.text((x, base), run, colour, own, anchor="ls")
        x += own.getlength(run)


def _length(text: str, font: FreeTypeFont) -> float:
    return sum(own.getlength(run) for run, own in _runs(text, font))


def _runs(text: str, font: FreeTypeFont) -> list[tuple[str, FreeTypeFont]]:
    """The text in pieces of one font; a letter that no font has is left out: never a box."""
    found: list[tuple[str, FreeTypeFont]] = []
    for letter in text:
        own = _with_letter(letter, font)
        if own is None:
            continue
        if found and (found[-1][1] is own or letter.isspace()):
            found[-1] = (found[-1][0] + letter, found[-1][1])
        else:
            found.append((letter, own))
    return found


@lru_cache(maxsize=10_000)
def _with_letter(letter: str, font: FreeTypeFont) -> FreeTypeFont | None:
    every = (font, *_others(round(font.size)))
    return next((one for one in every if letter.isspace() or _has(one, letter)), None)


def _has(font: FreeTypeFont, letter: str) -> bool:
    """What a font lacks it draws as the same sign as a letter that does not exist."""
    return bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER)) or letter == NO_LETTER


@lru_cache(maxsize=16)
def _others(size: int) -> tuple[FreeTypeFont, ...]:
    """The fonts of this machine with many scripts, as far as they are there."""
    found = []
    for name in WIDE:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(found)


def _wrapped(text: str, font: FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, font) > RIGHT - LEFT:
            yield line
            line = word
        else:
            line = longer
    yield _one_line(line, font)


def _one_line(text: str, font: FreeTypeFont, width: float = RIGHT - LEFT) -> str:
    """The text, cut where it would be wider: between words where there are some."""
    if _length(text, font) <= width:
        return text
    while text and _length(f"{text}…", font) > width:
        text = text[:-1]
    whole = text.rpartition(" ")[0]
    kept = whole if len(whole) > len(text) / 2 else text
    return f"{kept.rstrip(' ,;:')}…"


@lru_cache(maxsize=16)
def _font(name: str, size: int, weight: int) -> FreeTypeFont:
    font = ImageFont.truetype(str(FONTS / f"{name}.woff2"), size)
    font.set_variation_by_axes([_place(axis, weight) for axis in font.get_variation_axes()])
    return font


def _place(axis: Axis, weight: int) -> float:
    """The weight on its own axis; the others stay where the font puts them."""
    return weight if axis["name"] == b"Weight" else axis["default"] or 0
