"""Where the data can be had, what they mean, and under which licence."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.pipeline.downloads import PACKAGE, Downloads, File, kept
from tracker.store import grounds
from tracker.store.exports.columns import PUBLIC, Column
from tracker.store.views import installation
from tracker.web import asked, caching, citing
from tracker.web.citing import Citation
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import LICENCE, Page, add

FILES = (
    (
        N_("Positions"),
        "/matrix",
        ("csv", "json"),
        N_("where companies stand, by topic and track, as much as the page shows"),
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

NAMES = {
    "stances": N_("Stances"),
    "reactions": N_("Reactions"),
    "calls": N_("Calls"),
    "commitments": N_("Promises"),
    "positions": N_("Positions"),
    "sources": N_("Sources"),
}
"""What the whole files hold, as people say it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One kind of record in whole files, and what its columns mean."""

    what: str
    name: str
    files: tuple[File, ...]
    columns: tuple[Column, ...]


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("data", __name__)
    add(pages, app, "/data", data, "json")
    return pages


def data(app: Parts) -> Page:
    """The whole files with their sums, the lists, the licence, and how much there is."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        totals = installation.totals(session, lens)
    folder = app.settings.web.downloads_folder
    made = kept(folder)
    grounds.rest_on(lambda _session: kept(folder), made)
    caching.by_the_minute()  # the files are made some time after the data changed
    whole = [Whole(what, name, _files(made, what), PUBLIC[what]) for what, name in NAMES.items()]
    content = {"files": FILES, "licence": LICENCE, "totals": totals}
    more = {"whole": whole, "version": made.version if made else None}
    about = {"made": made, "cited": _cited(app, made), "schema": f"/data/{PACKAGE}"}
    content |= more | {"made": made.made if made else None}
    return Page("data.html", _("Data"), content, {**content, **about})


def _files(made: Downloads | None, what: str) -> tuple[File, ...]:
    return tuple(file for file in made.files if file.what == what) if made else ()


def _cited(app: Parts, made: Downloads | None) -> Citation | None:
    """How to cite the data of that version; of none, there is nothing to cite."""
    if made is None:
        return None
    title = f"Data, version {made.version} of {made.made:%Y-%m-%d %H:%M} UTC"
    return citing.cite(title, f"{app.settings.base_url}/data", app.now().date(), made.made.date())
