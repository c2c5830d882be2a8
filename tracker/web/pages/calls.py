"""The page of one call: who asked whom for what, and how each addressee answered."""

from dataclasses import replace

from flask import Blueprint

from tracker.store.views import call as calls_view
from tracker.web import answered, asked, feeds, rows
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, still_shown


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("calls", __name__)
    add(pages, app, "/calls/<id_>", call, "json", "csv", "atom")
    return pages


def call(app: Parts, id_: str) -> Page:
    """A dated demand with every addressee; like an event it has its page whatever its level."""
    lens = replace(asked.lens(app), every_level=True)
    with app.database.reading() as session:
        data = still_shown(session, calls_view.read(session, id_, lens, app.now()), id_)
    callers = ", ".join(one.name for one in data.callers)
    title = _("%(callers)s: %(asked)s", callers=callers, asked=data.line.asked)
    lines = [one.line for one in data.addressees]
    sentence = answered.of_call(lines)
    context = {
        "view": data,
        "sentence": sentence,
        "lens": replace(lens, every_level=False),
    }
    table, entries = rows.of_calls(lines), feeds.of_calls(lines)
    return Page("call.html", title, data, context, table, entries=entries, sentence=sentence)
