"""The form of a wish: what was chosen in it, and what that would have brought in a year.

It stands on the page to ask for alerts, and on the one where a reader changes a wish.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from zoneinfo import available_timezones

from werkzeug.datastructures import MultiDict

from tracker.domain import wishes
from tracker.domain.errors import UsageError
from tracker.domain.model import Topic
from tracker.domain.wish_words import in_words, occasion_words, pace_words
from tracker.pipeline import subscribing
from tracker.pipeline.subscribing import Wanted
from tracker.store import foretaste, topics, watch_lists
from tracker.store.database import Session
from tracker.store.looking_back import Foretaste
from tracker.store.wish_words import Names, names_of, require_known
from tracker.web.language import gettext as _
from tracker.web.parts import Parts

Pairs = Sequence[tuple[str, str]]

ZONES = tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))
NOTHING_CHOSEN = Wanted()
ASKED = (*wishes.NAMES, "search", "pace", "hour", "weekday", "zone")
"""What a form of ours may ask for; all of it may stand in an address."""

TYPED = ("q", "search", "days", "zone", "hour", "weekday")
"""What is written and not chosen, so that it may be wrong."""

LONGEST_SEARCH = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form shows for a choice; ``unknown`` says that there is no such thing.

    ``typed`` is then what was typed, and ``names`` are those behind slugs and keys.
    """

    companies: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, str]]
    topics: Sequence[Topic]
    wanted: Wanted = NOTHING_CHOSEN
    words: str = ""
    would_have_had: Sequence[Foretaste] = ()
    sample: Foretaste | None = None
    unknown: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=dict)


def read_choice(app: Parts, pairs: Pairs, otherwise: Pairs = ()) -> Choice:
    """What these parameters choose, and what it would have brought.

    Of what cannot be understood the rest is kept, or ``otherwise`` shown where nothing can be.
    """
    with app.database.reading() as session:
        topics_ = list(topics.by_code(session).values())
        lists = (foretaste.companies(session), foretaste.reactors(session), topics_)
        try:
            wanted = _known(session, pairs)
        except UsageError as error:
            typed = {name: value for name, value in pairs if name in TYPED}
            kept = _kept(session, pairs, otherwise)
            return Choice(*lists, kept, unknown=str(error), typed=typed)
        today = app.now().date()
        spelled_out = watch_lists.spell_out_wish(session, wanted.wish)
        would_have_had = foretaste.last_year(session, spelled_out, today)
        newest = foretaste.newest(session, spelled_out, today)
        names = names_of(session, [wanted.wish])
    words = in_words(wanted.wish, names, _)
    return Choice(*lists, wanted, words, would_have_had, newest, names=names)


def _known(session: Session, pairs: Pairs) -> Wanted:
    wanted = subscribing.wanted_from(pairs)
    require_known(session, wanted.wish)
    return wanted


def _kept(session: Session, pairs: Pairs, otherwise: Pairs) -> Wanted:
    for some in ([pair for pair in pairs if pair[0] not in TYPED], otherwise):
        with suppress(UsageError):
            return _known(session, some)
    return NOTHING_CHOSEN


def shown(choice: Choice) -> dict[str, Any]:
    """What the templates of the form need."""
    return {
        "choice": choice,
        "occasions": occasion_words(_),
        "paces": pace_words(_),
        "zones": ZONES,
    }


def chosen_in(form: MultiDict[str, str]) -> str:
    """What was chosen in the form, as a query string; what is typed of people stays out of it."""
    pairs = [(name, value) for name, value in form.items(multi=True) if value and name in ASKED]
    return urlencode([(name, value[: _longest(name)]) for name, value in pairs])


def _longest(name: str) -> int:
    return LONGEST_SEARCH if name == "search" else 200
