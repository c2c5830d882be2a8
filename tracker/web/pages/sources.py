"""The sources and how their reading goes, open to everyone."""

from collections import Counter

from flask import Blueprint

from tracker.store.views import installation
from tracker.store.views.installation import SourceLine
from tracker.web import asked, feeds, sentences
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add
from tracker.web.vocabulary import HEALTH

COLUMNS = (
    "id",
    "title",
    "url",
    "kind",
    "tier",
    "status",
    "health",
    "last_ok",
    "last_new",
    "last_error",
    "next_due",
    "licence",
)


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("sources", __name__)
    add(pages, app, "/sources", sources, "json", "csv", "atom")
    return pages


def sources(app: Parts) -> Page:
    """Every source with its last good reading, its next one, its faults and its twelve weeks."""
    now = app.now()
    health = asked.word("health")
    with app.database.reading() as session:
        every = installation.sources(session, now.date())
        reading = installation.reading(session)
    numbers = Counter(line.health for line in every)
    found = [line for line in every if health is None or line.health == health]
    context = {
        "sources": found,
        "numbers": numbers,
        "health": health,
        "healths": tuple(HEALTH),
        "reading": reading,
        "read": sentences.of_reading(reading, now),
        "tallest": max((max(line.weeks) for line in found), default=0) or 1,
    }
    entries = feeds.of_sources(found, now)
    table, beside = _table(found), {"by_state": numbers}
    return Page("sources.html", _("Sources"), found, context, table, entries=entries, beside=beside)


def _table(found: list[SourceLine]) -> Table:
    rows = [
        [getattr(line, name) for name in COLUMNS] + [" ".join(kind for kind, _ in line.incidents)]
        for line in found
    ]
    return Table((*COLUMNS, "incidents"), rows)
