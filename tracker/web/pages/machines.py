"""For programs that visit: where the pages are, where not to go, and the figures of this one."""

from collections.abc import Iterable, Iterator
from datetime import date as Day

from flask import Blueprint, Response
from markupsafe import escape

from tracker.store.views import figures, installation
from tracker.store.views.figures import Figure
from tracker.web import caching
from tracker.web.parts import Parts

CLOSED = ("/s/", "/u/", "/admin", "/login", "/search", "/subscribe", "/embed/", "/correct")
STEADY = ("/", "/events", "/c", "/t", "/o", "/matrix", "/silent", "/commitments",
          "/method", "/sources", "/corrections", "/data")  # fmt: skip
MOST = 50_000
"""Addresses of one sitemap (sitemaps.org)."""


def blueprint(app: Parts) -> Blueprint:
    """The three addresses over these parts."""
    pages = Blueprint("machines", __name__)

    @pages.get("/robots.txt")
    def robots() -> Response:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
        lines += ["Allow: /", f"Sitemap: {app.settings.base_url}/sitemap.xml", ""]
        return Response("\n".join(lines), content_type="text/plain; charset=utf-8")

    @pages.get("/sitemap.xml")
    def sitemap() -> Response:
        return caching.keep(app, lambda: _sitemap(app))

    @pages.get("/metrics")
    def metrics() -> Response:
        with app.database.reading() as session:
            found = figures.read(session, app.now())
        text = "".join(_exposed(found))
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    return pages


def _sitemap(app: Parts) -> Response:
    with app.database.reading() as session:
        own = installation.addresses(session, limit=MOST - len(STEADY))
    base = app.settings.base_url
    every: list[tuple[str, Day | None]] = [*((path, None) for path in STEADY), *own]
    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for path, day in every:
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        lines.append(f"<url><loc>{escape(base + path)}</loc>{changed}</url>")
    lines.append("</urlset>\n")
    return Response("\n".join(lines), content_type="application/xml; charset=utf-8")


def _exposed(found: Iterable[Figure]) -> Iterator[str]:
    """The text format of Prometheus, version 0.0.4."""
    named = ""
    for figure in found:
        if figure.name != named:
            named = figure.name
            yield f"# HELP tracker_{named} {figure.help}\n# TYPE tracker_{named} gauge\n"
        labels = ",".join(f'{key}="{value}"' for key, value in figure.labels)
        yield (
            f"tracker_{named}{{{labels}}} {figure.value:g}\n"
            if labels
            else (f"tracker_{named} {figure.value:g}\n")
        )
