"""The list of events with its filters, and the page of one."""

from dataclasses import dataclass, replace
from datetime import date as Day

from flask import Blueprint, abort, redirect, request

from tracker.domain.filters import Attested
from tracker.domain.model import DisputedFact
from tracker.store.views import event as events_view
from tracker.store.views import filtering, positions, stances
from tracker.store.views.event import Event
from tracker.store.views.proofs import SourceLink
from tracker.store.views.records import StanceLine
from tracker.web import asked, choosing, rows, shown, wording
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, still_shown

PER_PAGE = 40
FIELDS = ("company", "topic", "act", "year", "track", "country", "sector", "by", "kind", "level")
"""What the list can be narrowed by."""

AGAINST = ("criticises", "sues", "sanctions", "drops_supplier", "resigns_protests", "divests_from")
URGING = ("demands", "welcomes_insufficient")


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the list, how many there are, and what may be chosen."""

    stances: tuple[StanceLine, ...]
    total: int
    page: int
    pages: int


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("events", __name__)
    add(pages, app, "/events", listing, "json", "csv", "atom", "ics")
    add(pages, app, "/e/<id_>", event, "json")
    return pages


def listing(app: Parts) -> Page:
    """Events by all that an address can ask for, newest first."""
    lens = asked.lens(app)
    wanted = asked.filters(app)
    moved = asked.word("moved")
    number = asked.number("page", 1, largest=10_000)
    with app.database.reading() as session:
        if filtering.unknown(session, wanted):
            abort(404)
        which = stances.Wanted(filters=wanted, moved=moved is not None)
        total = stances.count(session, lens, which)
        found = stances.find(session, lens, which, limit=PER_PAGE, skip=(number - 1) * PER_PAGE)
        narrow = choosing.narrowing(session, lens, wanted, FIELDS)
    pages = shown.pages(total, PER_PAGE, number)
    data = Events(tuple(found), total, number, pages)
    context = {
        "view": data,
        "listed": rows.by_year(found),
        "narrow": narrow,
        "moved": moved,
        "lens": lens,
        "alert": shown.address("/subscribe", wanted),
        "at": lambda page: shown.address("/events", wanted, page=page, moved=moved),
        "every_level": shown.address("/events", wanted.having(level=Attested.ALL), moved=moved),
    }
    title = _title(wanted.year) if moved else _("Events")
    table = rows.of_stances(found)
    return Page("events.html", title, data, context, table=table, stances=found)


def _title(year: int | None) -> str:
    return _("What changed in %(year)s", year=year) if year else _("What changed")


def event(app: Parts, id_: str) -> Page:
    """One event with its proof, its reactions, its relations and its history."""
    now = app.now()
    lens = replace(asked.lens(app), every_level=True)
    with app.database.reading() as session:
        heir = events_view.stands_for(session, id_)
        if heir is not None:
            abort(redirect(request.path.replace(id_, heir, 1), 301))
        data = still_shown(session, events_view.read(session, id_, lens, now), id_)
    reactions = data.stance.reactions
    against = [one for one in reactions if one.kind in (*AGAINST, *URGING)]
    others = [one for one in reactions if one.kind not in (*AGAINST, *URGING)]
    context = {
        "view": data,
        "stance": data.stance,
        "held": next(iter(positions.pair(data.before)), None),
        "tiers": _by_tier(data),
        "against": against,
        "welcoming": others,
        "disputed": [_disputed(fact) for fact in data.disputed],
        "lens": replace(lens, every_level=False),
    }
    title = wording.headline(data.stance)
    return Page("event.html", title, data, context)


FACTS = {
    "act": N_("What was done"),
    "date": N_("When"),
    "effective_date": N_("From when on it holds"),
    "scope": N_("How far it goes"),
    "who": N_("Who did it"),
}


def _disputed(fact: DisputedFact) -> DisputedFact:
    """What another report says, with field and value in words."""
    value = fact.value
    if fact.field == "act":
        value = wording.act(value)
    elif fact.field in ("date", "effective_date"):
        value = wording.day(Day.fromisoformat(value))
    return DisputedFact(_(FACTS.get(fact.field, fact.field)), value, fact.url)


def _by_tier(data: Event) -> dict[str, list[SourceLink]]:
    found: dict[str, list[SourceLink]] = {}
    for link in data.sources:
        found.setdefault(wording.tier(link.tier), []).append(link)
    return found
