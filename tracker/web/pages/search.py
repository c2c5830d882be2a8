"""Search by words and fields, with facets; everything that is chosen is in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day

from flask import Blueprint

from tracker.domain import filters
from tracker.domain.filters import Filters
from tracker.store import search as index
from tracker.store import suggestions
from tracker.store.search import Facet, Hit, Results
from tracker.store.suggestions import Suggestion
from tracker.store.views import stances
from tracker.store.views.records import Lens, StanceLine
from tracker.web import asked, choosing, feeds, shown, vocabulary, wording
from tracker.web.feeds import Entry
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add

PER_PAGE = 20
KINDS = {
    "stance": N_("Events"),
    "reaction": N_("Reactions"),
    "call": N_("Calls"),
    "organisation": N_("Organisations"),
    "article": N_("Articles"),
}
ONE = {
    "stance": N_("Event"),
    "reaction": N_("Reaction"),
    "call": N_("Call"),
    "organisation": N_("Organisation"),
    "article": N_("Article"),
}
FIELDS = {
    "kind": N_("Kind"),
    "company": N_("Company"),
    "topic": N_("Topic"),
    "position": N_("Position"),
    "by": N_("By whom"),
    "year": N_("Year"),
    "source": N_("Source"),
    "act": N_("Act"),
    "track": N_("Says or does"),
    "country": N_("Country"),
    "sector": N_("Sector"),
}
OPEN = ("kind", "company", "topic", "year")
"""The facets that are always in sight; the others unfold."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked (in words, and with its fields), what was found, where in it the reader is."""

    question: str
    asked: str
    results: Results
    page: int
    pages: int
    suggestions: tuple[Suggestion, ...]


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("search", __name__)
    add(pages, app, "/search", search, "json", "csv", "atom", "ics")
    return pages


def search(app: Parts) -> Page:
    """What fits the question, newest first, or by how well it fits."""
    wanted = asked.filters(app)
    number = asked.number("page", 1, largest=index.MOST // PER_PAGE)
    by_rank = asked.word("sort") == "fit"
    with app.database.reading() as session:
        skip = (number - 1) * PER_PAGE
        results = index.find(session, wanted, limit=PER_PAGE, skip=skip, by_rank=by_rank)
        other = suggestions.suggest(session, wanted) if wanted and not results.total else ()
        ids = tuple(hit.record for hit in results.hits if hit.kind == "stance")
        lens = Lens(app.now().date(), every_level=True)
        events = stances.find(session, lens, stances.Wanted(ids=ids)) if ids else []
    pages = shown.pages(results.total, PER_PAGE, number)
    question = filters.to_question(wanted)
    data = Found(wanted.words, question, results, number, pages, other)
    context = {
        "view": data,
        "wanted": wanted,
        "facets": _by_field(results, wanted),
        "by_rank": by_rank,
        "kinds": ONE,
        "fields": FIELDS,
        "open": OPEN,
        "href": href,
        "in_words": filters.to_question,
        "here": here(by_rank),
        "alert": shown.address("/subscribe", wanted),
    }
    title = f"“{question}”" if question else _("Search")
    table, entries = _table(results), _entries(results, events)
    return Page("search.html", title, data, context, table, stances=events, entries=entries)


@dataclass(frozen=True, slots=True)
class Offer:
    """One value of a facet: what people read, how often, and the filters that choose or drop it."""

    name: str
    count: int
    chosen: bool
    filters: Filters


def _by_field(results: Results, wanted: Filters) -> Mapping[str, list[Offer]]:
    """The facets, those that choose among several values or are chosen already."""
    found: dict[str, list[Offer]] = {field: [] for field in FIELDS}
    for facet in results.facets:
        chosen = _chosen(facet.field, wanted)
        if not chosen or facet.value in chosen:  # another one would lead away from what is counted
            found[facet.field].append(_offer(facet, wanted))
    for field, offers in found.items():
        known = {offer.name for offer in offers}
        for value in _chosen(field, wanted):
            name = name_of(field, value)
            if not any(offer.chosen for offer in offers) and name not in known:
                offers.append(Offer(name, 0, True, _without(field, value, wanted)))
    found["year"].sort(key=lambda offer: offer.name, reverse=True)
    return {
        field: offers
        for field, offers in found.items()
        if len(offers) > 1 or any(offer.chosen for offer in offers)
    }


def _offer(facet: Facet, wanted: Filters) -> Offer:
    chosen = facet.value in _chosen(facet.field, wanted)
    change = _without if chosen else _with
    name = facet.name or name_of(facet.field, facet.value)
    if facet.field == "topic":
        name = _(name)
    return Offer(name, facet.count, chosen, change(facet.field, facet.value, wanted))


def _chosen(field: str, wanted: Filters) -> tuple[str, ...]:
    if field == "year":
        return (str(wanted.year),) if wanted.year else ()
    return tuple(getattr(wanted, field))


def _with(field: str, value: str, wanted: Filters) -> Filters:
    if field == "year":
        after, before = Day(int(value), 1, 1), Day(int(value) + 1, 1, 1)
        return wanted.having(after=after, before=before)
    return wanted.having(**{field: (value,)})


def _without(field: str, value: str, wanted: Filters) -> Filters:
    if field == "year":
        return wanted.having(after=None, before=None)
    rest = tuple(one for one in getattr(wanted, field) if one != value)
    return wanted.having(**{field: rest})


def name_of(field: str, value: str) -> str:
    """What people read for a code."""
    if field == "kind":
        return _(KINDS[value])
    if field == "act" and value in vocabulary.REACTIONS:
        return wording.reaction(value)
    return choosing.name_of(field, value)


def href(hit: Hit) -> str | None:
    """Where a result is told in full."""
    if hit.kind == "stance":
        return shown.to(f"/e/{hit.record}")
    if hit.kind == "reaction":
        return shown.to(f"/e/{hit.stance}") + "#reactions" if hit.stance else _of_practice(hit)
    if hit.kind == "call":
        return shown.to(f"/calls/{hit.record}")
    if hit.kind == "organisation":
        is_company = hit.organisation_kind == "company"
        return shown.to(f"/{'c' if is_company else 'o'}/{hit.record}")
    return wording.outside(hit.url)


def _of_practice(hit: Hit) -> str | None:
    if hit.topic:
        return shown.to(f"/t/{hit.topic}")
    return shown.to(f"/c/{hit.company}") if hit.company else None


def here(by_rank: bool) -> Callable[..., str]:
    """Addresses of this page with other filters, in the order that was chosen."""

    def address(wanted: Filters, page: int | None = None, fit: bool = by_rank) -> str:
        more = {"sort": "fit" if fit else None, "page": page}
        return shown.address("/search", wanted, **more)

    return address


def _entries(results: Results, events: Sequence[StanceLine]) -> list[Entry]:
    """An entry for each result, in their order: events as in every feed, others as found."""
    told = {entry.id: entry for entry in feeds.of_stances(events)}
    return [told.get(f"/e/{hit.record}") or _entry(hit) for hit in results.hits]


def _entry(hit: Hit) -> Entry:
    return Entry(
        id=f"/search#{hit.kind}-{hit.record}",
        link=href(hit) or shown.to("/search"),
        title=f"{_(ONE[hit.kind])}: {hit.title}",
        summary="".join(piece.text for piece in hit.pieces),
        updated=feeds.midnight(hit.day or asked.EARLIEST),
    )


def _table(results: Results) -> Table:
    columns = ("kind", "id", "title", "date", "company", "topic", "url", "text")
    return Table(columns, [_row(hit) for hit in results.hits])


def _row(hit: Hit) -> tuple[str | Day | None, ...]:
    text = "".join(piece.text for piece in hit.pieces)
    return (hit.kind, hit.record, hit.title, hit.day, hit.company, hit.topic, hit.url, text)
