"""Every correction, dated: what was shown and is no longer so."""

from flask import Blueprint, abort

from tracker.store.views import corrections as view
from tracker.store.views.corrections import Correction
from tracker.web import asked, feeds
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add

PER_PAGE = 50


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("corrections", __name__)
    add(pages, app, "/corrections", corrections, "json", "csv", "atom")
    return pages


def corrections(app: Parts) -> Page:
    """The corrections, newest first, fifty a page."""
    lens = asked.lens(app)
    number = asked.number("page", 1, largest=1000)
    with app.database.reading() as session:
        skip = (number - 1) * PER_PAGE
        found = view.read(session, lens, limit=PER_PAGE + 1, skip=skip)
    shown = found[:PER_PAGE]
    if number > 1 and not shown:
        abort(404)
    paging = {"page": number, "older": len(found) > PER_PAGE}
    return Page(
        "corrections.html",
        _("Corrections"),
        shown,
        {"corrections": shown, "page_number": number, "older": paging["older"]},
        _table(shown),
        entries=feeds.of_corrections(shown),
        beside=paging,
    )


def _table(found: list[Correction]) -> Table:
    columns = ("at", "kind", "record_kind", "record", "was", "now", "why")
    return Table(columns, [[getattr(one, name) for name in columns] for one in found])
