"""The smallest parts of pages, of which a large one has thousands: glyphs, chips, halves of cells.

Made once and kept, because the same few hundred stand everywhere.
"""

from functools import lru_cache

from markupsafe import Markup

from tracker.store.views.records import TopicRef
from tracker.web import wording
from tracker.web.language import gettext as _

GLYPH = Markup(
    '<svg class="g{}" aria-hidden="true" viewBox="-8 -8 16 16"><use href="#g-{}"/></svg>'
)
CHIP = Markup('<span class="chip p-{}{}">{}{}</span>')
HALF = Markup('<span class="half p-{}">{}<span>{}</span>{}</span>')
WAY = Markup(
    ' <span class="way"><span aria-hidden="true">{}</span> <span class="vh">{}</span></span>'
)


@lru_cache(maxsize=500)
def glyph(name: str, more: str = "") -> Markup:
    """The sign of a position, a kind of stance or a reaction; ``more`` is a further class."""
    return GLYPH.format(f" {more}" if more else "", name)


def chip(word: str, topic: TopicRef | str, small: bool = True) -> Markup:
    """A position as sign and word, in the words of its topic."""
    return _chip(word, wording.position(word, topic), small)


def half(word: str, topic: TopicRef, way: str | None = None) -> Markup:
    """A position in a cell of the matrix, and which way it went in the last two years."""
    moved = ""
    if way == "tightened":
        moved = WAY.format("↗", _("tightened in the last two years"))
    elif way == "loosened":
        moved = WAY.format("↘", _("loosened in the last two years"))
    return _half(word, wording.position(word, topic), moved)


@lru_cache(maxsize=1_000)
def _chip(word: str, label: str, small: bool) -> Markup:
    return CHIP.format(word, " sm" if small else "", glyph(word), label)


@lru_cache(maxsize=1_000)
def _half(word: str, label: str, moved: str) -> Markup:
    return HALF.format(word, glyph(word), label, moved)
