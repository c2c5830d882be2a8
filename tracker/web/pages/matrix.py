"""Where they stand: companies × topics as a table."""

from collections.abc import Iterator

from flask import Blueprint, abort

from tracker.domain.codes import PositionWord, TopicKind
from tracker.store.views import filtering
from tracker.store.views import matrix as grids
from tracker.store.views.matrix import Grid
from tracker.store.views.records import Standing
from tracker.web import asked, choosing, rows, wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, add

ROWS, COLUMNS, MOST = 20, 7, 200
FIELDS = ("country", "sector", "position", "track", "level")
"""What the table can be narrowed by."""


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
        if filtering.unknown(session, wanted):
            abort(404)
        grid = grids.read(session, lens, rows=companies, columns=topics, wanted=wanted)
        narrow = choosing.narrowing(session, lens, wanted, FIELDS)
    words = [wording.position(word, TopicKind.PROTECTION) for word in PositionWord]
    context = {
        "grid": grid,
        "lens": lens,
        "most": MOST,
        "narrow": narrow,
        "other_words": words[:-1],
    }
    table = rows.of_standings(_standings(grid))
    return Page("matrix.html", _("Where they stand"), grid, context, table=table)


def _standings(grid: Grid) -> Iterator[Standing]:
    """The positions in the cells, row by row; those of brands after those of their owner."""
    for row in grid.rows:
        for cell in row.cells:
            yield from (one for one in (cell.standing, *cell.brands) if one is not None)
