"""Search by text, with facets; everything that is chosen is in the address."""

from dataclasses import dataclass
from datetime import date as Day

from flask import Blueprint

from tracker.store import search as index
from tracker.store.search import Filters, Hit, Results
from tracker.store.views import lookup
from tracker.web import asked
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add

PER_PAGE = 20
KINDS = {
    "stance": N_("Events"),
    "organisation": N_("Organisations"),
    "article": N_("Articles"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked, what was found, and where in it the reader is."""

    question: str
    results: Results
    page: int
    pages: int


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("search", __name__)
    add(pages, app, "/search", search, "json", "csv")
    return pages


def search(app: Parts) -> Page:
    """What holds every word of the question, newest first, or by how well it fits."""
    question = asked.word("q") or ""
    number = asked.number("page", 1, largest=500)
    chosen = {name: asked.word(name) for name in ("kind", "company", "topic")}
    year = asked.number("year", 0, largest=9999) or None
    by_rank = asked.word("sort") == "fit"
    with app.database.reading() as session:
        company = lookup.company_by_slug(session, chosen["company"] or "")
        topic = lookup.topic_by_slug(session, chosen["topic"] or "")
        filters = Filters(
            kind=chosen["kind"],
            company=company.id if company else None,
            topic=topic.code if topic else None,
            year=year,
            every_level=asked.word("level") == "all",
        )
        skip = (number - 1) * PER_PAGE
        results = index.find(session, question, filters, limit=PER_PAGE, skip=skip, by_rank=by_rank)
    pages = max(1, -(-results.total // PER_PAGE))
    data = Found(question, results, number, pages)
    kept = {name: value for name, value in chosen.items() if value}
    kept |= {"q": question} | ({"sort": "fit"} if by_rank else {})
    context = {"view": data, "chosen": chosen, "chosen_here": kept, "kinds": KINDS, "year": year}
    return Page("search.html", _("Search"), data, context, table=_table(results))


def _table(results: Results) -> Table:
    columns = ("kind", "id", "title", "date", "company", "topic", "url")
    return Table(columns, [_row(hit) for hit in results.hits])


def _row(hit: Hit) -> tuple[str | Day | None, ...]:
    return (hit.kind, hit.record, hit.title, hit.day, hit.company, hit.topic, hit.url)
