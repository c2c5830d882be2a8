"""The picture that shows when a page is shared: 1200 × 630 pixels, made on the server."""

import io
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
TITLE_LINES = 4
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
class Card:
    """What a card says: a line over it, the title, and words of positions with their codes."""

    kicker: str
    title: str
    words: Sequence[tuple[str, str]] = ()
    foot: str = ""


def png(card: Card) -> bytes:
    """The picture; the fonts are those of the pages (SIL Open Font License)."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    small = _font("inter", 30, 400)
    _write(draw, (LEFT, 78), _one_line(card.kicker, small), MUTE, small)
    bottom = _title(draw, card.title)
    _words(draw, card.words, min(bottom + 34, 440))
    draw.line((LEFT, 540, RIGHT, 540), RULE, 2)
    draw.text((LEFT, 562), "Stance Tracker", INK, _font("inter", 26, 650))
    foot = _one_line(card.foot, _font("inter", 24, 400))
    draw.text((RIGHT, 564), foot, MUTE, _font("inter", 24, 400), anchor="ra")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _title(draw: ImageDraw.ImageDraw, title: str) -> float:
    """The title in the largest size that fits; where it ends."""
    for size in (66, 56, 48, 40):
        font = _font("source-serif", size, 600)
        lines = list(_wrapped(title, font))
        if len(lines) <= (3 if size > 48 else TITLE_LINES):
            break
    lines = lines[:TITLE_LINES]
    top = 138.0
    for line in lines:
        _write(draw, (LEFT, top), line, INK, font)
        top += size * 1.24
    return top


def _words(draw: ImageDraw.ImageDraw, words: Sequence[tuple[str, str]], top: float) -> None:
    """A band per word: its colour, its outline, and the word itself."""
    font = _font("inter", 28, 550)
    height = 58 if len(words) == 1 else 46
    for code, label in words[:2]:
        paint = PAINTS.get(code, PAINTS["none"])
        box = (LEFT, top, RIGHT, top + height - 4)
        draw.rounded_rectangle(box, 6, paint.fill, paint.line, 2)
        middle = top + (height - 4 - sum(font.getmetrics())) / 2
        _write(draw, (LEFT + 22, middle), _one_line(label, font), paint.text, font)
        top += height


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


def _one_line(text: str, font: FreeTypeFont) -> str:
    """The text, cut where it would leave the card."""
    if _length(text, font) <= RIGHT - LEFT:
        return text
    while text and _length(f"{text}…", font) > RIGHT - LEFT:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=16)
def _font(name: str, size: int, weight: int) -> FreeTypeFont:
    font = ImageFont.truetype(str(FONTS / f"{name}.woff2"), size)
    font.set_variation_by_axes([_place(axis, weight) for axis in font.get_variation_axes()])
    return font


def _place(axis: Axis, weight: int) -> float:
    """The weight on its own axis; the others stay where the font puts them."""
    return weight if axis["name"] == b"Weight" else axis["default"] or 0
