"""The list of companies, and the page of one with all its timelines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort

from tracker.domain.filters import Filters
from tracker.store.database import Session
from tracker.store.views import (
    calls,
    companies,
    filtering,
    outlines,
    positions,
    reactions,
    stance_lines,
    stances,
)
from tracker.store.views.companies import CompanyFacts, CompanyLine
from tracker.store.views.event import REPLIES
from tracker.store.views.records import (
    CallLine,
    Lens,
    Marked,
    ReactionLine,
    SpanLine,
    StanceLine,
    Standing,
    TopicRef,
)
from tracker.store.views.stances import Wanted
from tracker.web import asked, choosing, rows, sentences, timeline, wording
from tracker.web.choosing import Narrowing
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add, known
from tracker.web.timeline import Line

LISTED, EVERY, CALLS, PRACTICES, REPLIED = 80, 500, 8, 10, 12
FIELDS = ("topic", "year", "track", "act", "level")
"""What a company's page can be narrowed by."""


@dataclass(frozen=True, slots=True)
class Company:
    """What the page of a company shows."""

    facts: CompanyFacts
    sentence: str
    standings: tuple[Standing, ...]
    stances: tuple[StanceLine, ...]
    calls: tuple[CallLine, ...]
    calls_in_all: int
    criticism: tuple[ReactionLine, ...]
    stances_in_all: int
    needs_checking: int


def blueprint(app: Parts) -> Blueprint:
    """The pages of companies over these parts."""
    pages = Blueprint("companies", __name__)
    add(pages, app, "/c", listing, "json", "csv")
    add(pages, app, "/c/<slug>", company, "json", "csv", "atom", "svg", "ics")
    return pages


def listing(app: Parts) -> Page:
    """Every company with an event on record."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        found = companies.listing(session, lens)
    context = {"companies": found, "lens": lens}
    return Page("companies.html", _("Companies"), found, context, table=_table(found))


def company(app: Parts, slug: str) -> Page:
    """One company: a lane per topic, its events, what is asked of it."""
    lens, wanted = asked.lens(app), asked.filters(app)
    with app.database.reading() as session:
        facts = known(companies.facts(session, slug, lens) or companies.brand(session, slug))
        which, every = _of(session, lens, facts, wanted)
        spans = filtering.spans(session, every, wanted)
        told = outlines.read(session, lens, which)
        of_company = every if which.company else []
        drawn, listed = _marked(session, lens, told.ids[:EVERY], of_company)
        standings = positions.pair(span for span in spans if span.until is None)
        waiting = [one.id for one in calls.waiting(session, lens, company=facts.company.id)]
        data = Company(
            facts=facts,
            sentence=sentences.of_company(facts.company.name, standings, lens.day),
            standings=tuple(companies.latest_first(standings)),
            stances=tuple(listed),
            calls=tuple(calls.of_targets(session, lens, app.now(), waiting[:CALLS])),
            calls_in_all=len(waiting),
            criticism=tuple(
                reactions.to_practices(session, lens, company=facts.company.id, limit=PRACTICES)
            ),
            stances_in_all=len(told.ids),
            needs_checking=told.left_out,
        )
        narrow = choosing.narrowing(
            session, lens, wanted, FIELDS, outlines.offered(session, lens, which, told, FIELDS)
        )
    return _page(data, drawn, spans, lens, narrow)


def _marked(
    session: Session, lens: Lens, ids: Sequence[str], known: Sequence[SpanLine]
) -> tuple[Sequence[Marked], list[StanceLine]]:
    """The stances to draw, and those to list."""
    if asked.draws():
        return stance_lines.marks_and_lines(session, lens, ids, ids[:LISTED], known)
    return [], stance_lines.lines(session, lens, ids)


def _of(
    session: Session, lens: Lens, facts: CompanyFacts, wanted: Filters
) -> tuple[Wanted, list[SpanLine]]:
    """Which stances a page tells, and its words; one that has none of its own may be a brand."""
    if filtering.unknown(session, wanted):
        abort(404)
    which = Wanted(company=facts.company.id)
    if facts.parents and not stances.count(session, lens, which):
        which = Wanted(brand=facts.company.name)
        spans = positions.of_brand(session, lens, facts.company.name)
    else:
        spans = positions.of_company(session, lens, facts.company.id)
    return replace(which, filters=wanted), spans


def _page(
    data: Company,
    marked: Sequence[Marked],
    spans: list[SpanLine],
    lens: Lens,
    narrow: Narrowing,
) -> Page:
    lines = _lines(data, marked, spans)
    on_page = frozenset(stance.id for stance in data.stances[:LISTED])
    drawn = timeline.chart(lines, lens.day, on_page, since=narrow.wanted.after)
    context = {
        "view": data,
        "drawn": drawn,
        "listed": rows.by_year(data.stances[:LISTED]),
        "replies": [one for one in marked if one.act in REPLIES][:REPLIED],
        "shown_events": min(LISTED, len(data.stances)),
        "earlier": choosing.earlier(data.stances[:LISTED]),
        "narrow": narrow,
        "lens": lens,
    }
    name = data.facts.company.name
    title = _("%(name)s: what it says, and what it does", name=name)
    table = rows.of_stances(data.stances)
    return Page(
        "company.html", title, data, context, table=table, stances=data.stances, chart=drawn
    )


def _lines(data: Company, marked: Sequence[Marked], spans: list[SpanLine]) -> list[Line]:
    """A lane per topic, the one with the latest stance first; brands under their owner."""
    owner = next((one.company.slug for one in marked), data.facts.company.slug)
    stances: dict[str, list[Marked]] = {}
    topics: dict[str, TopicRef] = {}
    for stance in marked:
        topics.setdefault(stance.topic.code, stance.topic)
        stances.setdefault(stance.topic.code, []).append(stance)
    own: dict[str, list[SpanLine]] = {}
    for span in spans:
        topics.setdefault(span.topic.code, span.topic)
        if span.brand is None:
            own.setdefault(span.topic.code, []).append(span)
    return [
        Line(
            key=topic.slug,
            name=wording.topic(topic),
            href=f"/c/{owner}/{topic.slug}",
            topic=topic,
            spans=own.get(code, []),
            stances=stances.get(code, []),
        )
        for code, topic in topics.items()
    ]


def _table(found: list[CompanyLine]) -> Table:
    columns = ("company", "slug", "country", "stances", "last", "positions")
    return Table(
        columns,
        [
            (
                line.company.name,
                line.company.slug,
                line.country,
                line.stances,
                line.last,
                len([one for one in line.standings if one.brand is None]),
            )
            for line in found
        ],
    )
