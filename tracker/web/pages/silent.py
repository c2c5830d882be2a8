"""Open calls: who was asked what, by whom, and what is on record since."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint

from tracker.store.views import calls, lookup
from tracker.store.views.calls import Addressee
from tracker.store.views.records import CallLine
from tracker.web import asked, feeds, rows, shown
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, known

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Silence:
    """A page of the calls, and how many there are: each names one company or more."""

    calls: tuple[CallLine, ...]
    calls_in_all: int
    companies: int
    page: int
    pages: int


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
    number = asked.number("page", 1, largest=10_000)
    find = calls.addressees if everything else calls.waiting
    with app.database.reading() as session:
        of = known(lookup.company_by_slug(session, company)) if company else None
        on = known(lookup.topic_by_slug(session, topic)) if topic else None
        found = find(session, lens, company=of.id if of else None, topic=on.code if on else None)
        listed = calls.of_targets(session, lens, app.now(), _listed(found, number))
    data = Silence(
        calls=tuple(listed),
        calls_in_all=len({one.call for one in found}),
        companies=len({one.company for one in found}),
        page=number,
        pages=shown.pages(len(found), PER_PAGE, number),
    )
    same = {"company": company, "topic": topic, "show": asked.word("show")}
    context = {
        "view": data,
        "of": of,
        "on": on,
        "everything": everything,
        "lens": lens,
        "at": lambda page: shown.to("/silent", **same, page=page),
    }
    table, entries = rows.of_calls(listed), feeds.of_calls(listed)
    return Page("silent.html", _("Who has not answered"), data, context, table, entries=entries)


def _listed(found: Sequence[Addressee], page: int) -> list[int]:
    """Those of a page; of a feed, where something changed last."""
    if asked.form() == "atom":
        newest = sorted(found, key=lambda one: one.changed, reverse=True)
        return [one.id for one in newest[: feeds.MOST]]
    return [one.id for one in found[(page - 1) * PER_PAGE : page * PER_PAGE]]
