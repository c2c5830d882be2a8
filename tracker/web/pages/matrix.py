"""Where they stand: companies × topics as a table."""

from flask import Blueprint

from tracker.domain.codes import PositionWord, TopicKind
from tracker.store.views import matrix as grids
from tracker.store.views import positions
from tracker.web import asked, rows, wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add

ROWS, COLUMNS, MOST = 20, 7, 200


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("matrix", __name__)
    add(pages, app, "/matrix", matrix, "json", "csv")
    return pages


def matrix(app: Parts) -> Page:
    """The busiest companies and topics, or as many as the address asks for."""
    lens, wanted = asked.lens(app), asked.filters(app)
    companies = asked.number("rows", ROWS, largest=MOST)
    topics = asked.number("columns", COLUMNS, largest=MOST)
    with app.database.reading() as session:
        standings = grids.wanted(session, positions.standings(session, lens), wanted)
        grid = grids.of(session, lens, standings, rows=companies, columns=topics)
    words = [wording.position(word, TopicKind.PROTECTION) for word in PositionWord]
    context = {"grid": grid, "lens": lens, "most": MOST, "other_words": words[:-1]}
    table = rows.of_standings(standings)
    return Page("matrix.html", _("Where they stand"), grid, context, table=table)
