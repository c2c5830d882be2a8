"""Where the data can be had, and under which licence."""

from flask import Blueprint

from tracker.store.views import installation
from tracker.web import asked
from tracker.web.parts import Parts
from tracker.web.respond import LICENCE, Page, add

FILES = (
    ("Positions", "/matrix", ("csv", "json"), "where every company stands, by topic and track"),
    ("Events", "/events", ("csv", "json", "atom"), "what companies did and said, forty a page"),
    ("Calls", "/silent", ("csv", "json"), "who was asked what, by whom, and where it stands"),
    ("Companies", "/c", ("csv", "json"), "every company with an event on record"),
    ("Topics", "/t", ("csv", "json"), "the topics, with how much is on record"),
    ("Sources", "/sources", ("csv", "json"), "the feeds that are read, and how that goes"),
    ("Method", "/method", ("json",), "the words, the rules and the topics"),
)


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("data", __name__)
    add(pages, app, "/data", data, "json")
    return pages


def data(app: Parts) -> Page:
    """The files, the licence, and how much there is."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        totals = installation.totals(session, lens)
    content = {"files": FILES, "licence": LICENCE, "totals": totals}
    return Page("data.html", "Data", content, content)
