"""The same content for programs at lasting addresses, and its description (OpenAPI 3.1)."""

import json
import re
from collections.abc import Callable

from flask import Blueprint, Response

from tracker import __version__
from tracker.domain.filter_fields import CHOICES, SINGLE
from tracker.web import caching
from tracker.web.pages import (
    calls,
    commitments,
    companies,
    company_topic,
    compare,
    corrections,
    events,
    groups,
    matrix,
    search,
    silent,
    sources,
    topics,
)
from tracker.web.parts import Parts
from tracker.web.respond import LICENCE, Page, answer

BASE = "/api/v1"
FILTERED = ("q", *CHOICES, *SINGLE, "page")
SEEN = ("as_of", "known", "level")
ROUTES: tuple[tuple[str, Callable[..., Page], str, tuple[str, ...]], ...] = (
    ("/stances", events.listing, "Stances that fit the filters, newest first", FILTERED),
    ("/stances/<id_>", events.event, "A stance with proof, reactions, relations, history", ()),
    ("/companies", companies.listing, "Every company with a stance", SEEN),
    ("/companies/<slug>", companies.company, "A company: positions, stances, calls", SEEN),
    ("/companies/<slug>/<topic>", company_topic.company_topic, "A company on a topic", SEEN),
    ("/topics", topics.listing, "Every topic", SEEN),
    ("/topics/<slug>", topics.topic, "A topic: where every company stands", SEEN),
    ("/positions", matrix.matrix, "Companies × topics", (*SEEN, *CHOICES, "rows", "columns")),
    ("/calls", silent.silent, "Calls, and where each addressee stands", (*SEEN, "show")),
    ("/calls/<id_>", calls.call, "A call: who asked whom, how each one answered", SEEN),
    ("/organisations", groups.listing, "Who asks and reacts", SEEN),
    ("/organisations/<slug>", groups.group, "What one asked, and who answered", SEEN),
    (
        "/commitments",
        commitments.promises,
        "Promises that can be tested",
        (*SEEN, "company", "topic", "state"),
    ),
    ("/comparison", compare.compare, "Two to four companies", (*SEEN, "company", "topic")),
    ("/corrections", corrections.corrections, "What was shown and is no longer so", ("page",)),
    ("/sources", sources.sources, "The feeds that are read", ("health",)),
    ("/search", search.search, "Records, organisations and articles", (*FILTERED, "sort")),
)


def blueprint(app: Parts) -> Blueprint:
    """The addresses over these parts."""
    pages = Blueprint("api", __name__)
    for path, make, _summary, _asked in ROUTES:

        def serve(make: Callable[..., Page] = make, **parts: str) -> Response:
            return caching.keep(app, lambda: answer(app, make(app, **parts), "json"))

        pages.add_url_rule(BASE + path, path.replace("/", "_"), serve)

    @pages.get(f"{BASE}/")
    def index() -> Response:
        text = json.dumps(contents(app.settings.base_url), ensure_ascii=False, indent=1)
        return Response(text, content_type="application/json")

    @pages.get("/api/openapi.json")
    def openapi() -> Response:
        text = json.dumps(describe(app.settings.base_url), ensure_ascii=False, indent=1)
        return Response(text, content_type="application/json")

    return pages


def contents(base_url: str) -> dict[str, object]:
    """What there is, for whoever begins at the top."""
    return {
        "title": "Stance Tracker",
        "licence": LICENCE,
        "description": f"{base_url}/api/openapi.json",
        "data": [
            {"url": base_url + BASE + path, "what": summary, "parameters": list(asked)}
            for path, _make, summary, asked in ROUTES
        ],
    }


def describe(base_url: str) -> dict[str, object]:
    """The description of every address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stance Tracker",
            "version": __version__,
            "description": f"Every page as JSON. Licence: {LICENCE}.",
        },
        "servers": [{"url": base_url + BASE}],
        "paths": {
            re.sub("<(.*?)>", r"{\1}", path): {"get": _operation(path, summary, asked)}
            for path, _make, summary, asked in ROUTES
        },
    }


def _operation(path: str, summary: str, asked: tuple[str, ...]) -> dict[str, object]:
    named = [_parameter(name, "path") for name in re.findall("<(.*?)>", path)]
    named += [_parameter(name, "query") for name in dict.fromkeys(asked)]
    content = {"application/json": {"schema": {"type": "object", "required": ["title", "data"]}}}
    answers = {
        "200": {"description": "The content of the page", "content": content},
        "304": {"description": "It has not changed"},
        "400": {"description": "A parameter cannot be understood"},
        "404": {"description": "There is no such thing"},
    }
    return {"summary": summary, "parameters": named, "responses": answers}


def _parameter(name: str, place: str) -> dict[str, object]:
    """One parameter; those that take several values may be repeated."""
    text: dict[str, object] = {"type": "string"}
    several = place == "query" and name in CHOICES
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": {"type": "array", "items": text} if several else text,
    }
