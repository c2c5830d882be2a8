"""The list of companies, and the page of one with all its timelines."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.store.views import calls, companies, positions, reactions, stances
from tracker.store.views.companies import CompanyFacts, CompanyLine
from tracker.store.views.event import REPLIES
from tracker.store.views.records import (
    CallLine,
    Lens,
    ReactionLine,
    SpanLine,
    StanceLine,
    Standing,
    TopicRef,
)
from tracker.web import asked, rows, sentences, timeline, wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add, known
from tracker.web.timeline import Line

LISTED = 80


@dataclass(frozen=True, slots=True)
class Company:
    """What the page of a company shows."""

    facts: CompanyFacts
    sentence: str
    standings: tuple[Standing, ...]
    stances: tuple[StanceLine, ...]
    calls: tuple[CallLine, ...]
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
    lens = asked.lens(app)
    with app.database.reading() as session:
        facts = known(companies.facts(session, slug, lens))
        one = facts.company.id
        wanted = stances.Wanted(company=one)
        spans = positions.spans(session, lens, company=one)
        if not stances.count(session, lens, wanted) and facts.parents:
            wanted = stances.Wanted(brand=facts.company.name)
            spans = positions.of_brand(session, lens, facts.company.name)
        standings = positions.pair(span for span in spans if span.until is None)
        data = Company(
            facts=facts,
            sentence=sentences.of_company(facts.company.name, standings),
            standings=tuple(_latest_first(standings)),
            stances=tuple(stances.find(session, lens, wanted)),
            calls=tuple(calls.targets(session, lens, app.now(), company=one, limit=60)),
            criticism=tuple(reactions.to_practices(session, lens, company=one, limit=40)),
            stances_in_all=stances.count(session, lens, wanted),
            needs_checking=stances.left_out(session, lens, wanted),
        )
    return _page(data, spans, lens)


def _page(data: Company, spans: list[SpanLine], lens: Lens) -> Page:
    listed = data.stances[:LISTED]
    drawn = timeline.chart(_lines(data, spans), lens.day, frozenset(stance.id for stance in listed))
    replies = tuple(stance for stance in data.stances if stance.act in REPLIES)[:12]
    context = {
        "view": data,
        "drawn": drawn,
        "listed": rows.by_year(listed),
        "replies": replies,
        "shown_events": len(listed),
        "lens": lens,
    }
    name = data.facts.company.name
    title = _("%(name)s: what it says, and what it does", name=name)
    table = rows.of_stances(data.stances)
    return Page(
        "company.html", title, data, context, table=table, stances=data.stances, chart=drawn
    )


def _lines(data: Company, spans: list[SpanLine]) -> list[Line]:
    """A lane per topic, the one with the latest stance first; brands under their owner."""
    company = data.facts.company
    owner = next((one.company.slug for one in data.stances), company.slug)
    topics: dict[str, TopicRef] = {}
    for stance in data.stances:
        for topic in stance.topics[:1]:
            topics.setdefault(topic.code, topic)
    for span in spans:
        topics.setdefault(span.topic.code, span.topic)
    return [
        Line(
            key=topic.slug,
            name=wording.topic(topic),
            href=f"/c/{owner}/{topic.slug}",
            topic=topic,
            spans=[s for s in spans if s.topic.code == topic.code and s.brand is None],
            stances=[s for s in data.stances if s.topic.code == topic.code],
        )
        for topic in topics.values()
    ]


def _latest_first(standings: list[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda one: (one.since, one.topic.code), reverse=True)


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
