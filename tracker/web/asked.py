"""What a request asks for: the day, the levels, the filters, all of them in its address."""

from datetime import date as Day

from flask import abort, request

from tracker.store.views.records import Lens
from tracker.web.parts import Parts

EARLIEST = Day(1990, 1, 1)
"""No record is older (promises.md, design facts)."""


def lens(app: Parts) -> Lens:
    """The day and the levels that the address asks for; answers 400 to a day that is none."""
    today = app.now().date()
    text = request.args.get("as_of", "").strip()
    day = _day(text, today) if text else today
    return Lens(day, every_level=request.args.get("level") == "all")


def word(name: str) -> str | None:
    """A filter of the address; empty ones count as not given."""
    return request.args.get(name, "").strip()[:200] or None


def number(name: str, default: int, *, largest: int) -> int:
    """A whole number of the address between 1 and the largest; anything else is the default."""
    text = request.args.get(name, "")
    return min(max(int(text), 1), largest) if text.isdecimal() and len(text) < 9 else default


def _day(text: str, today: Day) -> Day:
    try:
        day = Day.fromisoformat(text)
    except ValueError:
        abort(400, f"“{text[:40]}” is no day. Write it as year-month-day, such as 2020-06-09.")
    if not EARLIEST <= day <= today:
        abort(400, f"Choose a day from {EARLIEST.isoformat()} to {today.isoformat()}.")
    return day
