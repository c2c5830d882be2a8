"""Two to four companies beside each other, on one axis; the choice is in the address."""

from dataclasses import dataclass, replace
from datetime import date as Day

from flask import Blueprint, abort, request

from tracker.domain.filters import Filters
from tracker.store.database import Session
from tracker.store.views import lookup, matrix, positions, stances
from tracker.store.views.records import CompanyRef, Lens, SpanLine, StanceLine, TopicRef
from tracker.web import asked, compared, rows, timeline, wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add, known
from tracker.web.shown import address
from tracker.web.timeline import Chart, Line

MOST, TOPICS, OFFERED = 4, 12, 4


@dataclass(frozen=True, slots=True)
class Part:
    """One topic on which the companies are compared."""

    topic: TopicRef
    sentence: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Offer:
    """A comparison that a reader may begin with."""

    companies: tuple[CompanyRef, ...]
    topic: TopicRef | None

    @property
    def name(self) -> str:
        """What is compared, in words."""
        names = wording.listed([one.name for one in self.companies])
        if self.topic is None:
            return _("%(names)s on every topic", names=names)
        return _("%(name)s on %(topic)s", name=names, topic=wording.topic_inside(self.topic))

    @property
    def href(self) -> str:
        """The address of the comparison."""
        companies = tuple(one.slug for one in self.companies)
        topics = (self.topic.slug,) if self.topic else ()
        return address("/compare", Filters(company=companies, topic=topics))


@dataclass(frozen=True, slots=True)
class Said:
    """How the companies compare on one topic, in a sentence."""

    topic: TopicRef
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was chosen, and what is on record of it."""

    companies: tuple[CompanyRef, ...]
    topic: TopicRef | None
    spans: tuple[SpanLine, ...]
    stances: tuple[StanceLine, ...]
    sentences: tuple[Said, ...] = ()


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("compare", __name__)
    add(pages, app, "/compare", compare, "json", "csv", "atom", "svg", "ics")
    return pages


def compare(app: Parts) -> Page:
    """/compare?company=ibm&company=microsoft&topic=facial-recognition; fewer than two: the form."""
    lens = asked.lens(app)
    slugs = _chosen()
    topic = asked.word("topic")
    with app.database.reading() as session:
        companies = tuple(known(lookup.company_by_slug(session, slug)) for slug in slugs)
        about = known(lookup.topic_by_slug(session, topic)) if topic else None
        code = about.code if about else None
        spans: list[SpanLine] = []
        found: list[StanceLine] = []
        for one in companies if len(companies) > 1 else ():
            spans += positions.spans(session, lens, companies=[one.id], topic=code)
            found += stances.find(session, lens, stances.Wanted(company=one.id, topic=code))
        choices = {
            "companies": stances.companies(session, lens),
            "topics": list(lookup.topics(session).values()),
        }
        offered = _offered(session, lens, companies) if len(companies) < 2 else ()
    choices["offered"] = offered
    found.sort(key=lambda one: (one.date, one.id), reverse=True)
    data = Comparison(companies, about, tuple(spans), tuple(found))
    return _page(data, choices, lens)


def _chosen() -> list[str]:
    """The slugs of the address, each once, in their order; more than four are too many."""
    slugs = [slug.strip()[:200] for slug in request.args.getlist("company")]
    slugs = list(dict.fromkeys(slug for slug in slugs if slug))
    if len(slugs) > MOST:
        abort(400, _("Choose at most four companies."))
    return slugs


def _offered(session: Session, lens: Lens, chosen: tuple[CompanyRef, ...]) -> tuple[Offer, ...]:
    """Comparisons to begin with: the companies with the most positions, with the one chosen."""
    busiest = matrix.read(session, lens, rows=MOST, columns=OFFERED)
    others = (row.company for row in busiest.rows if row.company not in chosen)
    beside = (*chosen, *list(others)[: 3 - len(chosen)])
    if len(beside) < 2:
        return ()
    return (Offer(beside, None), *(Offer(beside, topic) for topic in busiest.topics))


def _page(data: Comparison, choices: dict[str, object], lens: Lens) -> Page:
    parts = _parts(data, lens)
    names = [one.name for one in data.companies]
    context = {
        "view": data,
        "parts": parts[:TOPICS],
        "alone": _alone(data, {part.topic.code for part in parts[:TOPICS]}),
        "choices": choices,
        "slugs": [one.slug for one in data.companies],
        "lens": lens,
    }
    title = _("Compare companies")
    if len(names) > 1:
        title = _("%(names)s compared", names=wording.listed(names))
        if data.topic:
            title += f": {wording.topic_inside(data.topic)}"
    table = rows.of_stances(data.stances)
    return Page(
        "compare.html",
        title,
        replace(data, sentences=tuple(Said(one.topic, one.sentence) for one in parts[:TOPICS])),
        context,
        table=table,
        stances=data.stances,
        chart=parts[0].chart if len(parts) == 1 else None,
    )


def _parts(data: Comparison, lens: Lens) -> list[Part]:
    """A chart per topic on which two of them have something on record, most of them first."""
    sharing = _sharing(data)
    if data.topic:
        topics = [data.topic] if sharing else []
    else:
        topics = [topic for topic, companies in sharing.values() if len(companies) > 1]
        topics.sort(key=lambda topic: -len(sharing[topic.code][1]))
    days = [one.date for one in data.stances] + [one.since for one in data.spans]
    return [_part(topic, data, lens, days) for topic in topics]


def _sharing(data: Comparison) -> dict[str, tuple[TopicRef, set[int]]]:
    """By topic: the companies with something on record."""
    found: dict[str, tuple[TopicRef, set[int]]] = {}
    records: tuple[SpanLine | StanceLine, ...] = (*data.spans, *data.stances)
    for one in records:
        found.setdefault(one.topic.code, (one.topic, set()))[1].add(one.company.id)
    return found


def _alone(data: Comparison, drawn: set[str]) -> list[tuple[TopicRef, list[CompanyRef]]]:
    """The topics without a chart, with the companies that have something on record there."""
    return [
        (topic, [company for company in data.companies if company.id in companies])
        for code, (topic, companies) in _sharing(data).items()
        if code not in drawn
    ]


def _part(topic: TopicRef, data: Comparison, lens: Lens, days: list[Day]) -> Part:
    own = [one for one in data.spans if one.topic.code == topic.code]
    lines = [
        Line(
            key=f"{topic.slug}-{company.slug}",
            name=company.name,
            href=f"/c/{company.slug}/{topic.slug}",
            topic=topic,
            spans=[one for one in own if one.company.id == company.id and one.brand is None],
            stances=[
                one
                for one in data.stances
                if one.company.id == company.id and one.topic.code == topic.code
            ],
        )
        for company in data.companies
    ]
    standings = positions.pair(one for one in own if one.until is None)
    said = compared.of_comparison(topic, data.companies, standings, lens.day)
    chart = timeline.chart(lines, lens.day, frozenset(), days=days, moments=len(lines) > 2)
    return Part(topic, said, chart)
