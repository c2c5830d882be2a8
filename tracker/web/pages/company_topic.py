"""The page of one company on one topic."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.store.views import calls, companies, outlines, positions, stance_lines, stances
from tracker.store.views.companies import CompanyFacts
from tracker.store.views.records import (
    CallLine,
    Lens,
    SpanLine,
    StanceLine,
    Standing,
    TopicRef,
)
from tracker.web import asked, rows, sentences, timeline, wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, known
from tracker.web.timeline import Line

MOST = 500
"""Events of one company on one topic that its page tells."""


@dataclass(frozen=True, slots=True)
class CompanyTopic:
    """What the page of a company on one topic shows."""

    facts: CompanyFacts
    topic: TopicRef
    sentence: str
    standings: tuple[Standing, ...]
    spans: tuple[SpanLine, ...]
    stances: tuple[StanceLine, ...]
    calls: tuple[CallLine, ...]
    needs_checking: int


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("company_topic", __name__)
    add(pages, app, "/c/<slug>/<topic>", company_topic, "json", "csv", "atom", "svg", "ics")
    return pages


def company_topic(app: Parts, slug: str, topic: str) -> Page:
    """Where a company stands on a topic, how it came there, who asked it to move."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        facts = known(companies.facts(session, slug, lens))
        about = asked.topic(session, topic)
        one, code = facts.company.id, about.code
        spans = positions.spans(session, lens, companies=[one], topic=code)
        standings = positions.pair(span for span in spans if span.until is None)
        wanted = stances.Wanted(company=one, topic=code)
        told = outlines.read(session, lens, wanted)
        found = stance_lines.lines(session, lens, told.ids[:MOST])
        asked_of = calls.targets(session, lens, app.now(), company=one, topic=code, waiting=False)
    data = CompanyTopic(
        facts=facts,
        topic=about,
        sentence=sentences.of_position(facts.company.name, about, standings, lens.day),
        standings=tuple(standings),
        spans=tuple(spans),
        stances=tuple(found),
        calls=tuple(asked_of),
        needs_checking=told.left_out,
    )
    return _page(data, lens)


def _page(data: CompanyTopic, lens: Lens) -> Page:
    company, topic = data.facts.company, data.topic
    lines = [
        Line(
            key=f"{company.slug}-{number}",
            name=brand or company.name,
            note=company.name if brand else None,
            href=f"/c/{company.slug}",
            topic=topic,
            spans=[span for span in data.spans if span.brand == brand],
            stances=[one for one in data.stances if brand is None or one.brand == brand],
        )
        for number, brand in enumerate(_brands(data.spans))
    ]
    drawn = timeline.chart(lines, lens.day, frozenset(stance.id for stance in data.stances))
    context = {"view": data, "drawn": drawn, "listed": rows.by_year(data.stances), "lens": lens}
    title = _("%(name)s on %(topic)s", name=company.name, topic=wording.topic_inside(topic))
    table = rows.of_stances(data.stances)
    return Page(
        "company_topic.html", title, data, context, table=table, stances=data.stances, chart=drawn
    )


def _brands(spans: tuple[SpanLine, ...]) -> list[str | None]:
    return [None, *sorted({span.brand for span in spans if span.brand})]
