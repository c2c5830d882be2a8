"""The list of topics, and the page of one: a lane per company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime

from flask import Blueprint, abort

from tracker.store.database import Session
from tracker.store.views import (
    by_company,
    calls,
    filtering,
    installation,
    lookup,
    outlines,
    positions,
    reactions,
    stance_lines,
    stances,
)
from tracker.store.views.installation import Reading
from tracker.store.views.outlines import Outline
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
from tracker.web.respond import Page, Table, add
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
    with app.database.reading() as session:
        about = asked.topic(session, slug)
        if filtering.unknown(session, wanted):
            abort(404)
        code = about.code
        which = Wanted(topic=code, filters=wanted)
        told = outlines.read(session, lens, which)
        held = filtering.spans(session, positions.in_force(session, lens, topic=code), wanted)
        begun = positions.changed(session, lens, lens.day - sentences.YEARS, topic=code)
        begun = filtering.spans(session, begun, wanted)
        order = _by_events(session, told, held)
        lanes = _lanes(order) if asked.draws() else []
        drawn, found = _drawn(session, lens, which, told, lanes)
        standings = positions.pair(held)
        practice = reactions.to_practices(session, lens, topic=code, limit=PRACTICES)
        waiting = [one.id for one in calls.waiting(session, lens, topic=code)]
        data = Topic(
            topic=about,
            sentence=sentences.of_topic(
                about, standings, positions.moves_of(session, begun), lens.day
            ),
            standings=tuple(standings),
            stances=tuple(found),
            stances_in_all=len(told.ids),
            calls=tuple(calls.of_targets(session, lens, app.now(), waiting[:CALLS])),
            calls_in_all=len(waiting),
            reactions=tuple(practice),
            reaction_count=reactions.count(session, lens, code),
            needs_checking=told.left_out,
            reading=installation.reading(session),
        )
        here = outlines.offered(session, lens, which, told, FIELDS)
        narrow = choosing.narrowing(session, lens, wanted, FIELDS, here)
    last = max((*held, *begun), key=lambda span: span.since, default=None)
    return _page(data, drawn, order, last, lens, app.now(), narrow)


def _by_events(
    session: Session, told: Outline, held: Sequence[SpanLine]
) -> list[tuple[CompanyRef, int]]:
    """Every company with an event or a position and how many events; the one with most first."""
    names = by_company.named(session, {*told.by_company, *(span.company.id for span in held)})
    found = [(one, len(told.by_company.get(id_, ()))) for id_, one in names.items()]
    return sorted(found, key=lambda one: (-one[1], one[0].name))


def _lanes(order: Sequence[tuple[CompanyRef, int]]) -> list[CompanyRef]:
    """The companies that have a lane."""
    number = EVERY_LANE if asked.word("lanes") == "all" else LANES
    return [one for one, _number in order[:number]]


def _drawn(
    session: Session, lens: Lens, which: Wanted, told: Outline, companies: Sequence[CompanyRef]
) -> tuple[list[Line], list[StanceLine]]:
    """A lane for each of these companies, brands under their owner; and the events to list."""
    if not asked.draws():
        return [], stance_lines.lines(session, lens, told.ids[:EVERY])
    about, ids = lookup.topics(session)[which.topic or ""], [one.id for one in companies]
    spans = positions.on_topic(session, lens, about.code, ids)
    if which.filters:
        spans = filtering.spans(session, spans, which.filters)
    marked, listed = stance_lines.marks_and_lines(
        session, lens, told.of_companies(ids, EVERY), told.ids[:LISTED]
    )
    return _lines(about, companies, marked, spans), listed


def _page(
    data: Topic,
    lines: list[Line],
    order: Sequence[tuple[CompanyRef, int]],
    last_change: SpanLine | None,
    lens: Lens,
    now: datetime,
    narrow: Narrowing,
) -> Page:
    listed = data.stances[:LISTED]
    drawn = timeline.chart(
        lines,
        lens.day,
        frozenset(one.id for one in listed),
        moments=True,
        whole=len(lines) >= len(order),
        since=narrow.wanted.after,
    )
    context = {
        "view": data,
        "drawn": drawn,
        "listed": rows.by_year(listed),
        "shown_events": len(listed),
        "earlier": choosing.earlier(listed),
        "narrow": narrow,
        "companies": [company for company, number in order if number][:14],
        "left_out": len(order) - len(lines),
        "last_change": last_change,
        "read": sentences.of_reading(data.reading, now),
        "lens": lens,
    }
    title = _title(data.topic, len(order))
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


def _lines(
    topic: TopicRef,
    companies: Sequence[CompanyRef],
    marked: Sequence[Marked],
    spans: Sequence[SpanLine],
) -> list[Line]:
    own: dict[int, list[Marked]] = {}
    for stance in marked:
        if stance.topic.code == topic.code:
            own.setdefault(stance.company.id, []).append(stance)
    words: dict[int, list[SpanLine]] = {}
    for span in spans:
        words.setdefault(span.company.id, []).append(span)
    return [_line(topic, one, own.get(one.id, []), words.get(one.id, [])) for one in companies]


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
