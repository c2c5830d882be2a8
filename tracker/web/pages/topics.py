"""The list of topics, and the page of one: a lane per company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from flask import Blueprint, abort

from tracker.store.views import (
    calls,
    filtering,
    installation,
    lookup,
    positions,
    reactions,
    stances,
)
from tracker.store.views.installation import Reading
from tracker.store.views.records import (
    CallLine,
    CompanyRef,
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

LANES, EVERY_LANE, LISTED, EVERY, CALLS, PRACTICES = 12, 200, 80, 500, 6, 10
FIELDS = ("country", "sector", "year", "track", "act", "level")
"""What a topic's page can be narrowed by, besides its companies."""


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
    stances_in_all: int
    calls: tuple[CallLine, ...]
    calls_in_all: int
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
    lens, wanted = asked.lens(app), asked.filters(app)
    limit = EVERY if asked.takes_all() else LISTED
    with app.database.reading() as session:
        about = known(lookup.topic_by_slug(session, slug))
        if filtering.unknown(session, wanted):
            abort(404)
        code = about.code
        which = Wanted(topic=code, filters=wanted)
        spans = filtering.spans(session, positions.spans(session, lens, topic=code), wanted)
        found = stances.find(session, lens, which, limit=limit)
        marked = stances.marks(session, lens, which) if asked.draws() else []
        standings = positions.pair(span for span in spans if span.until is None)
        moves = positions.jointly(session, positions.moves_of(spans))
        practice = reactions.to_practices(session, lens, topic=code, limit=PRACTICES)
        waiting = [one.id for one in calls.waiting(session, lens, topic=code)]
        data = Topic(
            topic=about,
            sentence=sentences.of_topic(about, standings, moves, lens.day),
            standings=tuple(standings),
            stances=tuple(found),
            stances_in_all=stances.count(session, lens, which),
            calls=tuple(calls.of_targets(session, lens, app.now(), waiting[:CALLS])),
            calls_in_all=len(waiting),
            reactions=tuple(practice),
            reaction_count=reactions.count(session, lens, code),
            needs_checking=stances.left_out(session, lens, which),
            reading=installation.reading(session),
        )
        narrow = choosing.narrowing(session, lens, wanted, FIELDS, Wanted(topic=code))
    return _page(data, marked, spans, lens, app.now(), narrow)


def _page(
    data: Topic,
    marked: Sequence[Marked],
    spans: list[SpanLine],
    lens: Lens,
    now: datetime,
    narrow: Narrowing,
) -> Page:
    lines = _lines(data.topic, marked, spans)
    listed = data.stances[:LISTED]
    lanes = EVERY_LANE if asked.word("lanes") == "all" else LANES
    drawn = timeline.chart(
        lines[:lanes],
        lens.day,
        frozenset(one.id for one in listed),
        moments=True,
        since=narrow.wanted.after,
    )
    context = {
        "view": data,
        "drawn": drawn,
        "listed": rows.by_year(listed),
        "shown_events": len(listed),
        "narrow": narrow,
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


def _lines(topic: TopicRef, marked: Sequence[Marked], spans: list[SpanLine]) -> list[Line]:
    """A lane per company, the one with the most events first; brands show under their owner."""
    companies: dict[int, CompanyRef] = {}
    stances: dict[int, list[Marked]] = {}
    for stance in marked:
        companies.setdefault(stance.company.id, stance.company)
        if stance.topic.code == topic.code:
            stances.setdefault(stance.company.id, []).append(stance)
    own: dict[int, list[SpanLine]] = {}
    for span in spans:
        companies.setdefault(span.company.id, span.company)
        own.setdefault(span.company.id, []).append(span)
    lines = [
        _line(topic, company, stances.get(id_, []), own.get(id_, []))
        for id_, company in companies.items()
    ]
    return sorted(lines, key=lambda line: (-len(line.stances), line.name))


def _line(
    topic: TopicRef, company: CompanyRef, stances: list[Marked], spans: list[SpanLine]
) -> Line:
    brands = sorted({span.brand for span in spans if span.brand})
    return Line(
        key=company.slug,
        name=company.name,
        note=_("with %(brands)s", brands=", ".join(brands)) if brands else None,
        href=f"/c/{company.slug}/{topic.slug}",
        topic=topic,
        spans=[span for span in spans if span.brand is None],
        stances=stances,
    )
