"""The share card of each page, at /card and its path: /card/e/<id>.png."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date as Day

from flask import Blueprint, Response

from tracker.store.views.event import Event
from tracker.store.views.matrix import Cell, Grid
from tracker.store.views.records import Lens, SpanLine, Standing
from tracker.web import caching, wording
from tracker.web.cards import Card, Row, png
from tracker.web.language import gettext as _
from tracker.web.pages import (
    calls,
    companies,
    company_topic,
    events,
    groups,
    home,
    matrix,
    topics,
)
from tracker.web.pages.companies import Company
from tracker.web.pages.company_topic import CompanyTopic
from tracker.web.pages.home import Home
from tracker.web.pages.topics import Topic
from tracker.web.parts import Parts
from tracker.web.respond import Page

COLUMNS = 4
"""Topics for which a card has room."""


def blueprint(app: Parts) -> Blueprint:
    """The cards over these parts."""
    pages = Blueprint("cards", __name__)
    for path, make in (
        ("/card/e/<id_>.png", lambda **parts: of_event(events.event(app, **parts))),
        ("/card/c/<slug>.png", lambda **parts: of_company(companies.company(app, **parts))),
        (
            "/card/c/<slug>/<topic>.png",
            lambda **parts: of_position(company_topic.company_topic(app, **parts)),
        ),
        ("/card/t/<slug>.png", lambda **parts: of_topic(topics.topic(app, **parts))),
        ("/card/calls/<id_>.png", lambda **parts: of_page(calls.call(app, **parts))),
        ("/card/o/<slug>.png", lambda **parts: of_page(groups.group(app, **parts))),
        ("/card/matrix.png", lambda: of_matrix(matrix.matrix(app))),
        ("/card/index.png", lambda: of_home(home.home(app))),
    ):

        def serve(make: object = make, **parts: str) -> Response:
            def draw() -> Response:
                assert callable(make)
                return Response(png(_footed(make(**parts), app)), content_type="image/png")

            return caching.keep(app, draw)

        pages.add_url_rule(path, path.strip("/").replace("/", "_").replace(".", "_"), serve)
    return pages


def of_event(page: Page) -> Card:
    """What happened, when, the sentence that shows it, and the words before and after."""
    data = page.data
    assert isinstance(data, Event)
    stance = data.stance
    when = wording.day(stance.date, stance.precision)
    moved = {span.track: _moved(span) for span in stance.spans[:2]}
    kicker = f"{stance.company.name} · {wording.topic(stance.topic)} · {when}"
    quote = stance.quote.text if stance.quote else ""
    return Card(kicker, page.title, quote=quote, rows=_by_track(moved))


def of_position(page: Page) -> Card:
    """Where a company stands on a topic."""
    data = page.data
    assert isinstance(data, CompanyTopic)
    own = next((one for one in data.standings if one.brand is None), None)
    rows = _by_track(_of_standing(own, _day(page))) if own else []
    return Card(_as_of(page), page.title, data.sentence, rows)


def of_company(page: Page) -> Card:
    """Where a company stands on the topics of its latest words."""
    data = page.data
    assert isinstance(data, Company)
    own = [one for one in data.standings if one.brand is None]
    rows = [_row(wording.topic(one.topic), one, _day(page)) for one in own]
    return Card(_as_of(page), page.title, data.sentence, rows)


def of_topic(page: Page) -> Card:
    """Where the companies of the first lanes stand on a topic."""
    data = page.data
    assert isinstance(data, Topic)
    lanes = page.chart.lanes if page.chart else ()
    rows = [_row(one.name, one.standing, _day(page)) for one in lanes if one.standing]
    return Card(_as_of(page), page.title, data.sentence, rows)


def of_home(page: Page) -> Card:
    """What moved last, and a corner of the matrix."""
    data = page.data
    assert isinstance(data, Home)
    title = _("What technology companies say on ethics, and what they do")
    return Card(_as_of(page), title, data.sentence, _corner(data.matrix, _day(page)))


def of_matrix(page: Page) -> Card:
    """A corner of the matrix."""
    grid = page.context["grid"]
    assert isinstance(grid, Grid)
    return Card(_as_of(page), page.title, rows=_corner(grid, _day(page)))


def of_page(page: Page) -> Card:
    """The title of a page, with its sentence under it."""
    sentence = getattr(page.data, "sentence", None) or page.context.get("sentence", "")
    return Card(_as_of(page), page.title, str(sentence))


def _as_of(page: Page) -> str:
    """The day of which a card speaks: pictures are passed on for a long time."""
    return _("As of %(day)s", day=wording.day(_day(page)))


def _day(page: Page) -> Day:
    lens = page.context["lens"]
    assert isinstance(lens, Lens)
    return lens.day


def _corner(grid: Grid, day: Day) -> list[Row]:
    """The first topics and companies."""
    topics = grid.topics[:COLUMNS]
    head = Row("", [(None, wording.topic(one)) for one in topics])
    return [
        head,
        *(
            Row(row.company.name, [_cell(one, day) for one in row.cells[:COLUMNS]])
            for row in grid.rows
        ),
    ]


def _cell(one: Cell, day: Day) -> tuple[str, str]:
    """One band; where words and deeds differ it names both and has the colour of the deed."""
    if one.standing is None:
        return "no_statement", _("No statement")
    words = list(dict.fromkeys(_of_standing(one.standing, day).values()))
    return words[-1][0], " / ".join(label for _code, label in words)


def _row(name: str, standing: Standing, day: Day) -> Row:
    found = _of_standing(standing, day)
    return Row(name, [one for row in _by_track(found) for one in row.words])


def _moved(span: SpanLine) -> tuple[str, str]:
    label = wording.position(span.word, span.topic, span.pledged)
    before = wording.position(span.before, span.topic, span.pledged_before)
    return span.word, f"{before} › {label}" if span.before != span.word else label


def _of_standing(standing: Standing, day: Day) -> dict[str, tuple[str, str]]:
    """The word of each track, with its code; one that rests on old evidence has no colour."""
    words = {}
    stale = standing.stale(day)
    if standing.says is not None:
        said = wording.position(standing.says.word, standing.topic, standing.only_said)
        words["says"] = ("none" if stale else standing.says.word, said)
    if standing.does is not None:
        done = wording.position(standing.does.word, standing.topic)
        words["does"] = ("none" if stale else standing.does.word, done)
    return words


def _by_track(words: Mapping[str, tuple[str, str]]) -> list[Row]:
    """A band for each track; one for both where they agree."""
    if len(words) > 1 and len(set(words.values())) == 1:
        return [Row("", [next(iter(words.values()))])]
    names = {"says": _("Says"), "does": _("Does")}
    return [Row("", [(code, f"{names[track]}: {label}")]) for track, (code, label) in words.items()]


def _footed(card: Card, app: Parts) -> Card:
    return replace(card, foot=app.settings.base_url.partition("://")[2])
