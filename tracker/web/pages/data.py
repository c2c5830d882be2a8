"""Where the data can be had, and under which licence."""

from flask import Blueprint

from tracker.store.views import installation
from tracker.web import asked
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import LICENCE, Page, add

FILES = (
    (
        N_("Positions"),
        "/matrix",
        ("csv", "json"),
        N_("where every company stands, by topic and track"),
    ),
    (
        N_("Events"),
        "/events",
        ("csv", "json", "atom"),
        N_("what companies did and said, forty a page"),
    ),
    (
        N_("Calls"),
        "/silent",
        ("csv", "json", "atom"),
        N_("who was asked what, by whom, and where it stands"),
    ),
    (
        N_("Promises"),
        "/commitments",
        ("csv", "json", "atom"),
        N_("what was promised until when, and where it stands"),
    ),
    (
        N_("Who asks"),
        "/o",
        ("csv", "json"),
        N_("groups, regulators and others with their calls and reactions"),
    ),
    (
        N_("Companies"),
        "/c",
        ("csv", "json"),
        N_("every company with an event on record"),
    ),
    (
        N_("Topics"),
        "/t",
        ("csv", "json"),
        N_("the topics, with how much is on record"),
    ),
    (
        N_("Sources"),
        "/sources",
        ("csv", "json", "atom"),
        N_("the feeds that are read, and how that goes"),
    ),
    (
        N_("Corrections"),
        "/corrections",
        ("csv", "json", "atom"),
        N_("what was shown and is no longer so, with the reason"),
    ),
    (
        N_("Method"),
        "/method",
        ("json",),
        N_("the words, the rules and the topics"),
    ),
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
    return Page("data.html", _("Data"), content, content)
