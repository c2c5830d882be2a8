"""What may be chosen on a page, and what is chosen: fields of filters with their names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import timedelta
from types import MappingProxyType

from tracker.domain import filters
from tracker.domain.codes import Act, PositionWord
from tracker.domain.filters import Attested, Filters
from tracker.store.database import Session
from tracker.store.views import lookup, offers, remembered, stances
from tracker.store.views.records import Lens, StanceLine
from tracker.web import language, wording
from tracker.web.language import N_
from tracker.web.language import gettext as _

FIELDS = {
    "company": N_("Company"),
    "topic": N_("Topic"),
    "act": N_("Act"),
    "year": N_("Year"),
    "position": N_("Position"),
    "track": N_("Says or does"),
    "country": N_("Country"),
    "sector": N_("Sector"),
    "kind": N_("What came of it"),
    "by": N_("Who answered or asked"),
    "level": N_("How sure"),
}
SURE = {
    "": N_("reported and confirmed"),
    Attested.CONFIRMED: N_("confirmed only"),
    Attested.ALL: N_("also what needs checking"),
}
IN_WORDS = frozenset({"country", "sector"})
"""Fields of which the values are offered by name: those on a page are all that has to be known."""

ONE_DAY = timedelta(days=1)
CAME = {"reaction": N_("somebody reacted"), "call": N_("it answers a call")}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its values with their names, and the one that is chosen."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a page was narrowed to, in words too, and what else may be chosen.

    ``kept`` are the parameters that a form of these fields carries along.
    """

    wanted: Filters
    in_words: str
    fields: tuple[Field, ...]
    kept: tuple[tuple[str, str], ...]


def narrowing(
    session: Session,
    lens: Lens,
    wanted: Filters,
    fields: tuple[str, ...],
    here: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Narrowing:
    """The form of these fields, as a request has filled it in.

    ``here`` are values that occur on the page before it is narrowed: only those are offered.
    """
    pairs = filters.to_pairs(wanted)
    return Narrowing(
        wanted,
        _in_words(session, wanted),
        tuple(_field(session, lens, name, _chosen(wanted, name), here) for name in fields),
        tuple(pair for pair in pairs if pair[0] not in fields),
    )


def _field(
    session: Session, lens: Lens, name: str, chosen: str, here: Mapping[str, frozenset[str]]
) -> Field:
    if name in IN_WORDS and name in here and chosen in {"", *here[name]}:
        values = tuple(_by_name(name, sorted(here[name])))
    else:
        values = _values(session, lens, name)
    if name in here:
        values = tuple(pair for pair in values if pair[0] in {*here[name], chosen})
    if chosen and chosen not in dict(values):
        values = (*values, (chosen, name_of(name, chosen)))
    worth = len(values) > 1 or chosen
    return Field(name, _(FIELDS[name]), values if worth else (), chosen)


def _values(session: Session, lens: Lens, name: str) -> tuple[tuple[str, str], ...]:
    what = ("choices", name, lens, language.chosen())
    return remembered.once(session, what, lambda reader: tuple(_VALUES[name](reader, lens)))


def earlier(listed: Sequence[StanceLine]) -> Day | None:
    """The day before which the events come that follow these; their last day shows once more."""
    if not listed:
        return None
    first, last = listed[0].date, listed[-1].date
    return last + ONE_DAY if last < first else last


def name_of(field: str, value: str) -> str:
    """What people read for a value of a field."""
    return _NAMES.get(field, str)(value)


def _chosen(wanted: Filters, field: str) -> str:
    if field == "year":
        return str(wanted.year or "")
    if field == "level":
        return "" if wanted.level is Attested.REPORTED else wanted.level.value
    return next(iter(getattr(wanted, field)), "")


def _in_words(session: Session, wanted: Filters) -> str:
    """What is chosen, for readers: “Germany, says, 2024”."""
    parts = [f"“{wanted.words}”"] if wanted.words else []
    named = (
        lookup.by_slugs(session, (*wanted.company, *wanted.by))
        if wanted.company or wanted.by
        else {}
    )
    parts += [named[slug].name if slug in named else slug for slug in (*wanted.company, *wanted.by)]
    topics = (lookup.topic_by_slug(session, slug) for slug in wanted.topic)
    parts += [wording.topic(one) for one in topics if one]
    for field in ("kind", "act", "change", "position", "track", "country", "sector", "source"):
        parts += [name_of(field, value) for value in getattr(wanted, field)]
    return ", ".join([*parts, *_period(wanted), *_sure(wanted)])


def _period(wanted: Filters) -> list[str]:
    if wanted.year:
        return [str(wanted.year)]
    after = [_("from %(day)s", day=wording.day(wanted.after))] if wanted.after else []
    before = [_("before %(day)s", day=wording.day(wanted.before))] if wanted.before else []
    return after + before


def _sure(wanted: Filters) -> list[str]:
    return [_(SURE[wanted.level])] if wanted.level is Attested.CONFIRMED else []


def _track(value: str) -> str:
    return _("Says") if value == "says" else _("Does")


_NAMES: dict[str, Callable[[str], str]] = {
    "kind": lambda value: _(CAME.get(value, value)),
    "act": wording.act,
    "change": wording.change_name,
    "position": lambda value: wording.position(value, "practice"),
    "track": _track,
    "country": wording.country,
    "sector": wording.sector,
}

Values = list[tuple[str, str]]


def _by_name(field: str, codes: list[str]) -> Values:
    return sorted(((code, name_of(field, code)) for code in codes), key=lambda one: one[1])


_VALUES: dict[str, Callable[[Session, Lens], Values]] = {
    "company": lambda session, lens: [
        (one.slug, one.name) for one in stances.companies(session, lens)
    ],
    "topic": lambda session, _lens: [
        (one.slug, wording.topic(one)) for one in lookup.topics(session).values()
    ],
    "act": lambda _session, _lens: [(act.value, wording.act(act)) for act in Act],
    "year": lambda session, lens: [(str(one), str(one)) for one in stances.years(session, lens)],
    "position": lambda _session, _lens: [
        (one.value, name_of("position", one)) for one in PositionWord
    ],
    "track": lambda _session, _lens: [(one, _track(one)) for one in ("says", "does")],
    "country": lambda session, lens: _by_name("country", offers.countries(session, lens)),
    "sector": lambda session, lens: _by_name("sector", offers.sectors(session, lens)),
    "kind": lambda _session, _lens: [(code, _(name)) for code, name in CAME.items()],
    "by": lambda session, _lens: [(one.slug, one.name) for one in offers.answering(session)],
    "level": lambda _session, _lens: [
        (code, _(SURE[code])) for code in (Attested.CONFIRMED, Attested.ALL)
    ],
}
