"""The list of topics, and the page of one: a lane per company."""

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from flask import Blueprint

from tracker.store.views import calls, installation, lookup, positions, reactions, stances
from tracker.store.views.installation import Reading
from tracker.store.views.records import (
    CallLine,
    CompanyRef,
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

LANES, EVERY_LANE, LISTED = 12, 200, 120


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic in the list, with how much is on record."""

    topic: TopicRef
    stances: int
    companies: int
    last: Day | None


@dataclass(frozen=True, slots=True)
class Topic:
    """What the page of a topic shows."""

    topic: TopicRef
    sentence: str
    standings: tuple[Standing, ...]
    stances: tuple[StanceLine, ...]
    calls: tuple[CallLine, ...]
    reactions: tuple[ReactionLine, ...]
    reaction_count: int
    needs_checking: int
    reading: Reading


def blueprint(app: Parts) -> Blueprint:
    """The pages of topics over these parts."""
    pages = Blueprint("topics", __name__)
    add(pages, app, "/t", listing, "json", "csv")
    add(pages, app, "/t/<slug>", topic, "json", "csv", "atom", "svg", "ics")
    return pages


def listing(app: Parts) -> Page:
    """Every topic of the codebook, by group."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        numbers = stances.by_topic(session, lens)
        every = lookup.topics(session).values()
    found = [TopicLine(one, *numbers.get(one.code, (0, 0, None))) for one in every]
    groups: dict[str, list[TopicLine]] = {}
    for line in found:
        groups.setdefault(line.topic.group, []).append(line)
    columns = ("topic", "name", "group", "contested", "stances", "companies", "last")
    table = Table(
        columns,
        [
            (
                line.topic.code,
                line.topic.name,
                line.topic.group,
                line.topic.contested,
                line.stances,
                line.companies,
                line.last,
            )
            for line in found
        ],
    )
    return Page("topics.html", _("Topics"), found, {"groups": groups, "lens": lens}, table=table)


def topic(app: Parts, slug: str) -> Page:
    """One topic: where every company stands on it, and how it came there."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        about = known(lookup.topic_by_slug(session, slug))
        code = about.code
        spans = positions.spans(session, lens, topic=code)
        found = stances.find(session, lens, stances.Wanted(topic=code))
        standings = positions.pair(span for span in spans if span.until is None)
        moves = positions.moves_of(spans)
        practice = reactions.to_practices(session, lens, topic=code, limit=30)
        data = Topic(
            topic=about,
            sentence=sentences.of_topic(about, standings, moves, lens.day),
            standings=tuple(standings),
            stances=tuple(found),
            calls=tuple(calls.targets(session, lens, app.now(), topic=code, limit=60)),
            reactions=tuple(practice),
            reaction_count=len(practice) + sum(len(one.reactions) for one in found),
            needs_checking=stances.left_out(session, lens, stances.Wanted(topic=code)),
            reading=installation.reading(session),
        )
    return _page(data, spans, lens, app.now())


def _page(data: Topic, spans: list[SpanLine], lens: Lens, now: datetime) -> Page:
    lines = _lines(data, spans)
    only = asked.word("company")
    listed = [one for one in data.stances if only is None or one.company.slug == only][:LISTED]
    lanes = EVERY_LANE if asked.word("lanes") == "all" else LANES
    drawn = timeline.chart(
        lines[:lanes], lens.day, frozenset(one.id for one in listed), moments=True
    )
    context = {
        "view": data,
        "drawn": drawn,
        "listed": rows.by_year(listed),
        "only": only,
        "companies": [line for line in lines if line.stances][:14],
        "left_out": len(lines) - len(drawn.lanes),
        "last_change": max(spans, key=lambda span: span.since, default=None),
        "read": sentences.of_reading(data.reading, now),
        "lens": lens,
    }
    title = _title(data.topic, len(lines))
    table = rows.of_stances(data.stances)
    return Page("topic.html", title, data, context, table=table, stances=data.stances, chart=drawn)


def _title(topic: TopicRef, companies: int) -> str:
    if companies < 2:
        return _("%(topic)s: what companies say, and what they do", topic=wording.topic(topic))
    return _(
        "%(topic)s: what %(number)s companies say, and what they do",
        topic=wording.topic(topic),
        number=wording.number(companies),
    )


def _lines(data: Topic, spans: list[SpanLine]) -> list[Line]:
    """A lane per company, the one with the most events first; brands show under their owner."""
    companies: dict[int, CompanyRef] = {}
    found = [one.company for one in data.stances] + [span.company for span in spans]
    for company in found:
        companies.setdefault(company.id, company)
    lines = [_line(one, data, spans) for one in companies.values()]
    return sorted(lines, key=lambda line: (-len(line.stances), line.name))


def _line(company: CompanyRef, data: Topic, spans: list[SpanLine]) -> Line:
    own = [span for span in spans if span.company.id == company.id]
    brands = sorted({span.brand for span in own if span.brand})
    return Line(
        key=company.slug,
        name=company.name,
        note=_("with %(brands)s", brands=", ".join(brands)) if brands else None,
        href=f"/c/{company.slug}/{data.topic.slug}",
        topic=data.topic,
        spans=[span for span in own if span.brand is None],
        stances=[
            one
            for one in data.stances
            if one.company.id == company.id and one.topic.code == data.topic.code
        ],
    )
