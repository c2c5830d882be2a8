"""Promises that can be tested: who promised what until when, and where it stands."""

from dataclasses import dataclass

from flask import Blueprint

from tracker.domain.outcomes import CommitmentState
from tracker.store.views import commitments, lookup
from tracker.store.views.commitments import CommitmentLine
from tracker.web import asked, feeds
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import Page, Table, add, known

COLUMNS = (
    "id",
    "company",
    "brand",
    "topic",
    "promised",
    "date",
    "due",
    "condition",
    "state",
    "since",
    "days_left",
    "stance",
)


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises, and how many there are of each state."""

    commitments: tuple[CommitmentLine, ...]
    states: tuple[tuple[str, int], ...]


def blueprint(app: Parts) -> Blueprint:
    """The page over these parts."""
    pages = Blueprint("commitments", __name__)
    add(pages, app, "/commitments", promises, "json", "csv", "atom")
    return pages


def promises(app: Parts) -> Page:
    """A row per promise, the next due first; of one company, topic or state."""
    lens = asked.lens(app)
    company, topic, state = asked.word("company"), asked.word("topic"), asked.word("state")
    with app.database.reading() as session:
        of = known(lookup.company_by_slug(session, company)) if company else None
        on = known(lookup.topic_by_slug(session, topic)) if topic else None
        found = commitments.find(
            session, lens, company=of.id if of else None, topic=on.code if on else None
        )
    listed = tuple(one for one in found if state in (None, one.state))
    data = Promises(listed, _counts(found))
    context = {"view": data, "of": of, "on": on, "state": state, "lens": lens}
    title, entries = _("What companies promised"), feeds.of_commitments(listed)
    return Page("commitments.html", title, data, context, _table(listed), entries=entries)


def _counts(found: list[CommitmentLine]) -> tuple[tuple[str, int], ...]:
    numbers = [(state.value, sum(one.state == state for one in found)) for state in CommitmentState]
    return tuple((state, number) for state, number in numbers if number)


def _table(listed: tuple[CommitmentLine, ...]) -> Table:
    return Table(
        COLUMNS,
        [
            (
                one.id,
                one.company.name,
                one.brand,
                one.topic.code,
                one.promised,
                one.date,
                one.due,
                one.condition,
                one.state,
                one.since,
                one.days_left,
                one.stance,
            )
            for one in listed
        ],
    )
