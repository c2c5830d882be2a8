"""Timelines and the matrix for pages of others: the only pages that may stand in a frame."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request

from tracker.web import caching, security, timeline
from tracker.web.pages import companies, company_topic, matrix, topics
from tracker.web.parts import Parts
from tracker.web.respond import Page


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("embed", __name__)
    made: tuple[tuple[str, Callable[..., Page]], ...] = (
        ("/embed/t/<slug>", topics.topic),
        ("/embed/c/<slug>", companies.company),
        ("/embed/c/<slug>/<topic>", company_topic.company_topic),
        ("/embed/matrix", matrix.matrix),
    )
    for path, make in made:

        def serve(make: Callable[..., Page] = make, **parts: str) -> Response:
            return caching.keep(app, lambda: _framed(make(app, **parts)))

        pages.add_url_rule(path, make.__name__, serve)
    return pages


def _framed(page: Page) -> Response:
    context = dict(page.context)
    if page.chart is not None:
        context["drawn"] = timeline.linked(page.chart)
    elif "grid" not in context:
        abort(404)
    source = request.full_path.removeprefix("/embed").rstrip("?")
    text = render_template("embed.html", page=page, source=source, **context)
    response = Response(text)
    response.headers["Content-Security-Policy"] = security.FRAMED_POLICY
    return response
