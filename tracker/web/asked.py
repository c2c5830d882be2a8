"""What a request asks for: the day, the levels, the filters, all of them in its address."""

from datetime import date as Day

from flask import abort, redirect, request

from tracker.domain import filters as domain_filters
from tracker.domain.codes import Known
from tracker.domain.filters import FilterError, Filters
from tracker.store import watch_lists
from tracker.store.database import Session
from tracker.store.views import lookup
from tracker.store.views.records import Lens, TopicRef
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts

EARLIEST = Day(1990, 1, 1)
"""No record is older (promises.md, design facts)."""


def lens(app: Parts) -> Lens:
    """The day and the levels that the address asks for; answers 400 to a day that is none."""
    today = app.now().date()
    text = request.args.get("as_of", "").strip()
    day = _day(text, today) if text else today
    return Lens(day, every_level=request.args.get("level") == "all", known=_known())


def filters(app: Parts) -> Filters:
    """The filters that the address asks for, a watch-list spelled out; answers 400, and says why,
    to what is none, and 404 to a list that is gone.
    """
    try:
        wanted = domain_filters.from_pairs(request.args.items(multi=True))
    except FilterError as error:
        said = _(error.text, **error.values)
        abort(400, f"{wording.capital(said)}.")
    if wanted.watchlist:
        with app.database.reading() as session:
            wanted = watch_lists.spell_out(session, wanted)
        if wanted.watchlist:
            abort(404)
    return wanted


def topic(session: Session, slug: str) -> TopicRef:
    """The topic of an address; 404 where there is none. Its code leads to its lasting address."""
    found = lookup.topic_by_slug(session, slug)
    coded = lookup.topics(session).get(slug)
    if coded is not None and found is None:
        before, _code, after = request.full_path.rstrip("?").rpartition(slug)
        abort(redirect(f"{before}{coded.slug}{after}", 301))
    if found is None:
        abort(404)
    return found


def word(name: str) -> str | None:
    """A filter of the address; empty ones count as not given."""
    return request.args.get(name, "").strip()[:200] or None


def form() -> str:
    """The form that a page is asked for in: what the others need more is read only for them."""
    return str((request.view_args or {}).get("form", "html"))


def draws() -> bool:
    """Whether timelines are drawn."""
    return form() in ("html", "svg")


def number(name: str, default: int, *, largest: int) -> int:
    """A whole number of the address between 1 and the largest; anything else is the default."""
    text = request.args.get(name, "")
    return min(max(int(text), 1), largest) if text.isdecimal() and len(text) < 9 else default


def _known() -> Known:
    text = request.args.get("known", "").strip() or Known.NOW
    if text not in set(Known):
        abort(400, _("“%(text)s” is neither now nor then.", text=text[:40]))
    return Known(text)


def _day(text: str, today: Day) -> Day:
    try:
        day = Day.fromisoformat(text)
    except ValueError:
        abort(
            400,
            _(
                "“%(text)s” is no day. Write it as year-month-day, such as 2020-06-09.",
                text=text[:40],
            ),
        )
    if not EARLIEST <= day <= today:
        first, last = EARLIEST.isoformat(), today.isoformat()
        abort(400, _("Choose a day from %(first)s to %(last)s.", first=first, last=last))
    return day
