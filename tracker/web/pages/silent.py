"""Open calls: who was asked what, by whom, and what is on record since."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.store.views import calls, lookup
from tracker.store.views.records import CallLine
from tracker.web import asked, feeds, rows
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, known


@dataclass(frozen=True, slots=True)
class Silence:
    """The calls, and what they were narrowed to."""

    calls: tuple[CallLine, ...]
    companies: int


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("silent", __name__)
    add(pages, app, "/silent", silent, "json", "csv", "atom")
    return pages


def silent(app: Parts) -> Page:
    """A row per company and dated call, longest asked first; ``show=all`` adds answered ones."""
    lens = asked.lens(app)
    company, topic = asked.word("company"), asked.word("topic")
    everything = asked.word("show") == "all"
    with app.database.reading() as session:
        of = known(lookup.company_by_slug(session, company)) if company else None
        on = known(lookup.topic_by_slug(session, topic)) if topic else None
        found = calls.targets(
            session,
            lens,
            app.now(),
            company=of.id if of else None,
            topic=on.code if on else None,
            waiting=not everything,
        )
    data = Silence(tuple(found), len({one.company.id for one in found}))
    context = {"view": data, "of": of, "on": on, "everything": everything, "lens": lens}
    table = rows.of_calls(found)
    title = _("Who has not answered")
    entries = feeds.of_calls(found)
    return Page("silent.html", title, data, context, table=table, entries=entries)
