"""Parts of pages that are made once: the card of an event stands on many pages, and stays the same.

A part is kept under all that it shows, so it never grows old: a stance that gets a reaction is
another value, and makes another part.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from markupsafe import Markup

MOST = 4_000
"""Parts that a process keeps; the card of an event has about two kilobytes."""

_kept: OrderedDict[Hashable, Markup] = OrderedDict()


def made(macro: Any, around: Hashable, *shown: Hashable) -> Markup:
    """What a macro of a template makes of these values.

    ``around`` is what it uses besides: the language, and what links carry along.
    """
    key = (macro.name, around, shown)
    part = _kept.get(key)
    if part is None:
        part = _kept[key] = macro(*shown)
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return part
