"""Groups, regulators, unions …: who asks and reacts, and what came of it."""

from flask import Blueprint, abort, redirect

from tracker.store.views import lookup, organisation
from tracker.store.views.organisation import Group, GroupLine
from tracker.store.views.records import CallLine
from tracker.web import answered, asked, feeds, rows
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add, known
from tracker.web.shown import to


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("groups", __name__)
    add(pages, app, "/o", listing, "json", "csv")
    add(pages, app, "/o/<slug>", group, "json", "csv", "atom")
    return pages


def listing(app: Parts) -> Page:
    """Everybody who asked something of a company or reacted to one, the most active first."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        found = organisation.listing(session, lens)
    context = {"groups": found, "lens": lens}
    return Page("groups.html", _("Who asks"), found, context, table=_table(found))


def group(app: Parts, slug: str) -> Page:
    """What a group asked, of whom, who answered and how fast; what it said of others."""
    lens = asked.lens(app)
    with app.database.reading() as session:
        data = organisation.read(session, slug, lens, app.now())
        if data is None and lookup.company_by_slug(session, slug):
            abort(redirect(to(f"/c/{slug}"), 301))
    data = known(data)
    name, sentence = data.group.name, answered.of_group(data)
    context = {
        "view": data,
        "sentence": sentence,
        "calls": _by_call(data),
        "few": answered.FEW,
        "lens": lens,
    }
    table, entries = rows.of_calls(data.calls), feeds.of_calls(data.calls)
    return Page("group.html", name, data, context, table, entries=entries, sentence=sentence)


def _by_call(data: Group) -> list[list[CallLine]]:
    """The addressees under their call, the latest call first."""
    found: dict[str, list[CallLine]] = {}
    for line in data.calls:
        found.setdefault(line.call, []).append(line)
    return list(reversed(found.values()))


def _table(found: list[GroupLine]) -> Table:
    columns = ("name", "slug", "kind", "calls", "reactions")
    return Table(
        columns,
        [(one.group.name, one.group.slug, one.kind, one.calls, one.reactions) for one in found],
    )
