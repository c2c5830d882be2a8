"""The share card of each page, at /card and its path: /card/e/<id>.png."""

from flask import Blueprint, Response

from tracker.store.views.event import Event
from tracker.store.views.records import Standing
from tracker.web import caching, wording
from tracker.web.cards import Card, png
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
from tracker.web.pages.company_topic import CompanyTopic
from tracker.web.parts import Parts
from tracker.web.respond import Page


def blueprint(app: Parts) -> Blueprint:
    """The cards over these parts."""
    pages = Blueprint("cards", __name__)
    for path, make in (
        ("/card/e/<id_>.png", lambda **parts: of_event(events.event(app, **parts))),
        ("/card/c/<slug>.png", lambda **parts: of_page(companies.company(app, **parts))),
        (
            "/card/c/<slug>/<topic>.png",
            lambda **parts: of_position(company_topic.company_topic(app, **parts)),
        ),
        ("/card/t/<slug>.png", lambda **parts: of_page(topics.topic(app, **parts))),
        ("/card/calls/<id_>.png", lambda **parts: of_page(calls.call(app, **parts))),
        ("/card/o/<slug>.png", lambda **parts: of_page(groups.group(app, **parts))),
        ("/card/matrix.png", lambda: of_page(matrix.matrix(app))),
        ("/card/index.png", lambda: of_page(home.home(app))),
    ):

        def serve(make: object = make, **parts: str) -> Response:
            def draw() -> Response:
                assert callable(make)
                return Response(png(_footed(make(**parts), app)), content_type="image/png")

            return caching.keep(app, draw)

        pages.add_url_rule(path, path.strip("/").replace("/", "_").replace(".", "_"), serve)
    return pages


def of_event(page: Page) -> Card:
    """What happened, when, and the words before and after."""
    data = page.data
    assert isinstance(data, Event)
    stance = data.stance
    when = wording.day(stance.date, stance.precision)
    words = []
    for span in stance.spans[:2]:
        label = wording.position(span.word, span.topic, span.pledged)
        before = wording.position(span.before, span.topic, span.pledged_before)
        track = _("Says") if span.track == "says" else _("Does")
        moved = f"{track}: {before} › {label}" if span.before != span.word else f"{track}: {label}"
        words.append((span.word, moved))
    kicker = f"{stance.company.name} · {wording.topic(stance.topic)} · {when}"
    return Card(kicker, page.title, words)


def of_position(page: Page) -> Card:
    """Where a company stands on a topic."""
    data = page.data
    assert isinstance(data, CompanyTopic)
    own = next((one for one in data.standings if one.brand is None), None)
    words = _of_standing(own) if own else []
    return Card(data.facts.company.name, page.title, words)


def of_page(page: Page) -> Card:
    """The title of a page, with its sentence over it."""
    sentence = getattr(page.data, "sentence", None) or page.context.get("sentence", "")
    return Card(str(sentence), page.title)


def _of_standing(standing: Standing) -> list[tuple[str, str]]:
    words = []
    if standing.says is not None:
        said = wording.position(standing.says.word, standing.topic, standing.only_said)
        words.append((standing.says.word, f"{_('Says')}: {said}"))
    if standing.does is not None:
        done = wording.position(standing.does.word, standing.topic)
        words.append((standing.does.word, f"{_('Does')}: {done}"))
    return words


def _footed(card: Card, app: Parts) -> Card:
    host = app.settings.base_url.partition("://")[2]
    return Card(card.kicker, card.title, card.words, host)
