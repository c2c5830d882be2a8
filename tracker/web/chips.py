"""The smallest parts of pages, of which a large one has thousands: glyphs, chips, halves of cells.

Made once and kept, because the same few hundred stand everywhere.
"""

import re
from datetime import date as Day
from functools import lru_cache

from markupsafe import Markup, escape

from tracker.store.views.matrix import Cell
from tracker.store.views.records import TopicRef
from tracker.web import language, wording
from tracker.web.language import gettext as _

GLYPH = Markup(
    '<svg class="g{}" aria-hidden="true" viewBox="-8 -8 16 16"><use href="#g-{}"/></svg>'
)
CHIP = Markup('<span class="chip p-{} sm">{}{}</span>')
HALF = Markup('<span class="half p-{}">{}<span>{}</span>{}</span>')
OLD = Markup(' <span class="old">{}</span>')
SPLIT = Markup('<span class="vh">{} </span>{}<span class="vh"> {} </span>{}')
WAY = Markup(
    ' <span class="way"><span aria-hidden="true">{}</span> <span class="vh">{}</span></span>'
)


DAY = re.compile(r"((?:\b\d{1,2}\.? )?\b[^\W\d_]{3,9}\.? \d{4}\b)")
"""A day or a month as pages write it: 10 Jun 2020, 10. Juni 2020, Jun 2020."""

WHOLE = Markup('<span class="day">{}</span>')


def unbroken(text: str) -> Markup:
    """A line of text, without tags, whose days stay on one line each."""
    pieces = DAY.split(escape(text).unescape())
    return Markup("").join(
        WHOLE.format(piece) if place % 2 else piece for place, piece in enumerate(pieces)
    )


@lru_cache(maxsize=500)
def glyph(name: str, more: str = "") -> Markup:
    """The sign of a position, a kind of stance or a reaction; ``more`` is a further class."""
    return GLYPH.format(f" {more}" if more else "", name)


def chip(word: str, topic: TopicRef | str, only_said: bool = False) -> Markup:
    """A position as sign and word, in the words of its topic."""
    return _chip(word, wording.position(word, topic, only_said))


def half(word: str, topic: TopicRef, way: str | None = None, only_said: bool = False) -> Markup:
    """A position in a cell of the matrix, and which way it went in the last two years."""
    moved = ""
    if way == "tightened":
        moved = WAY.format("↗", _("tightened in the last two years"))
    elif way == "loosened":
        moved = WAY.format("↘", _("loosened in the last two years"))
    return _half(word, wording.position(word, topic, only_said), moved)


def cell(one: Cell, topic: TopicRef, day: Day) -> Markup:
    """What a cell of the matrix holds: its halves, how old they are."""
    standing = one.standing
    if standing is None:
        return _empty(one, day)
    first = half(standing.spans[0].word, topic, one.way, standing.only_said)
    if standing.split and standing.does is not None:
        return _split(first, half(standing.does.word, topic), language.chosen())
    parts = [wording.age(standing.since, day)]
    if standing.does is None:
        parts.append(_("in words"))
    elif standing.says is None:
        parts.append(_("in deeds"))
    return _whole(first, ", ".join(parts))


def look(one: Cell) -> str:
    """The classes of a cell: split, stale, the word in force."""
    if one.standing is None:
        return "cell p-no_statement"
    split = " split" if one.standing.split else ""
    stale = " stale" if one.stale else ""
    return f"cell{split}{stale} p-{one.standing.spans[0].word}"


def _empty(one: Cell, day: Day) -> Markup:
    if one.brands:
        names = ", ".join(str(brand.brand) for brand in one.brands)
        return HALF.format("no_statement", glyph("none"), _("%(brands)s only", brands=names), "")
    asked = _("asked %(days)s ago", days=wording.age(one.asked, day)) if one.asked else ""
    half = HALF.format("no_statement", glyph("no_statement"), _("No statement"), "")
    return half + (OLD.format(asked) if asked else "")


@lru_cache(maxsize=5_000)
def _whole(half: Markup, age: str) -> Markup:
    return half + OLD.format(age)


@lru_cache(maxsize=5_000)
def _split(says: Markup, does: Markup, _language: str) -> Markup:
    return SPLIT.format(_("Says"), says, _("Does"), does)


@lru_cache(maxsize=1_000)
def _chip(word: str, label: str) -> Markup:
    return CHIP.format(word, glyph(word), label)


@lru_cache(maxsize=1_000)
def _half(word: str, label: str, moved: str) -> Markup:
    return HALF.format(word, glyph(word), label, moved)
