"""The words people read in place of codes, and days and numbers, in the language of the page."""

from collections.abc import Sequence
from datetime import date as Day
from datetime import datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from tracker.domain.codes import COMPELLED, PositionWord, TopicKind
from tracker.domain.position_table import word_label
from tracker.store.views.records import Marked, SpanLine, TopicRef
from tracker.web import caching, language
from tracker.web import vocabulary as tables
from tracker.web.language import gettext as _
from tracker.web.language import ngettext

UNNAMED = "unspecified"
"""The actor of the codebook that stands for collectives without a name."""

REACTION_MARKS = tables.REACTION_MARKS
UNSAID = frozenset({"first", "recorded"})
"""Changes that the chips themselves tell."""

GRADED = frozenset({"tightened", "weakened", "strengthened", "narrowed"})
"""Changes that are measured against the reference side of a topic."""


def position(word: str, topic: TopicRef | str, only_said: bool = False) -> str:
    """What people read for a position on this topic, or this kind of topic (ledger.md A.1).

    ``only_said``: no deed of the company bears it out.
    """
    kind = TopicKind(topic) if isinstance(topic, str) else topic.kind
    return _(word_label(PositionWord(word), kind, only_said=only_said))


def position_inside(word: str, topic: TopicRef | str, only_said: bool = False) -> str:
    """The word of a position within a line: small where the language writes it so."""
    return small(position(word, topic, only_said))


def topic(one: TopicRef) -> str:
    """The name of a topic."""
    return _(one.name)


def topic_inside(one: TopicRef) -> str:
    """The name of a topic within a sentence: small where the language writes it so."""
    return small(topic(one))


def about(text: str) -> str:
    """What the codebook says of a topic: its group, its practice, its reference side."""
    return _(text) if text else ""


def act(code: str) -> str:
    """The act as a verb."""
    return _said(tables.ACTS, code)


def reaction(code: str) -> str:
    """What an actor does to a stance."""
    return _said(tables.REACTIONS, code)


def actor_type(code: str) -> str:
    """What kind of actor this is."""
    return _said(tables.ACTOR_TYPES, code)


def actor(name: str) -> str:
    """Who reacted or asked; collectives without a name have none to show (codebook section 3)."""
    return _("unnamed") if name == UNNAMED else name


def status(code: str) -> str:
    """Where a call stands."""
    return _said(tables.STATUSES, code)


def commitment_state(code: str) -> str:
    """Where a promise stands."""
    return _said(tables.COMMITMENT_STATES, code)


def level(code: str) -> str:
    """How sure a record is."""
    return _said(tables.LEVELS, code)


def tier(code: str | None) -> str:
    """How far a host is trusted, as a heading."""
    return _(tables.TIERS[code])


def publisher(code: str) -> str:
    """What kind of publisher, or of address, a source is."""
    return _said(tables.PUBLISHERS, code)


def trust(code: str) -> str:
    """How far a source is trusted, in one word."""
    return _said(tables.TRUST, code)


def trigger(code: str) -> str:
    """What set an act off."""
    return _said(tables.TRIGGERS, code)


def step(action: str) -> str:
    """What was done to a record, for its history."""
    return _said(tables.STEPS, action)


def health(code: str) -> str:
    """How the reading of a source goes."""
    return _said(tables.HEALTH, code)


def incident(code: str) -> str:
    """What is wrong with a source."""
    return _said(tables.INCIDENTS, code)


def relation(code: str, *, outgoing: bool) -> str:
    """How two stances stand to each other, seen from the one that is shown."""
    return _(tables.RELATIONS[code][0 if outgoing else 1])


def correction(code: str) -> str:
    """How something that was shown ceased to be so."""
    return _said(tables.CORRECTIONS, code)


def record(code: str) -> str:
    """What kind of record this is."""
    return _said(tables.RECORDS, code)


def channel(code: str) -> str:
    """By which way a call reached its addressees."""
    return _said(tables.CHANNELS, code)


def check(decision: str, on: datetime) -> str:
    """What a person decided about a record, and when."""
    return _(tables.CHECKS[decision], day=day(on))


def change(span: SpanLine) -> str | None:
    """How a word came after the one before; tighter and looser only where civil society agrees."""
    if span.change in UNSAID or (span.topic.contested and span.change in GRADED):
        return None
    if span.change == "reversed" and span.before == "no_statement":
        return _("withdraws an earlier protection not in this ledger")
    return _said(tables.CHANGES, span.change)


def change_name(code: str) -> str:
    """The name of a kind of change."""
    return _said(tables.CHANGES, code)


def country(code: str) -> str:
    """The name of a country, by its ISO 3166 code; EU and the like as CLDR has them."""
    return str(Locale.parse(language.chosen()).territories.get(code.replace("UK", "GB"), code))


def sector(code: str) -> str:
    """The name of a trade; one that an editor has made up is shown as it is written."""
    return _(tables.SECTORS[code]) if code in tables.SECTORS else code.replace("-", " ")


def kind(stance: Marked) -> str:
    """``imposed`` (order, settlement, request of a state), ``says`` or ``does``: its mark."""
    if stance.trigger in COMPELLED:
        return "imposed"
    if stance.track in ("says", "does", "both"):
        return "says" if stance.track == "says" else "does"
    return "says" if stance.act in tables.SAID_ACTS else "does"


def kind_name(code: str) -> str:
    """The name of a kind: statement, action, what was imposed."""
    return _(tables.KINDS[code])


def kind_of(stance: Marked) -> str:
    """The kind of a stance as a word; a missing answer is no statement."""
    return capital(act(stance.act)) if stance.act == "silent" else kind_name(kind(stance))


def headline(stance: Marked) -> str:
    """What happened in one line: our paraphrase, else the act with the company's own scope."""
    if stance.summary:
        return stance.summary
    who = f"{stance.named} ({stance.brand})" if stance.brand else stance.named
    what = stance.scope or topic_inside(stance.topic)
    form = tables.HEADLINES.get(stance.act)
    return _(form, who=who, what=what) if form else f"{who} {act(stance.act)}: {what}"


def day(value: Day | datetime | None, precision: str = "day") -> str:
    """A date as exactly as it is known: 8 Jun 2020, Jun 2020, Q2 2020, 2020."""
    if value is None:
        return _("date unknown")
    if precision == "year":
        return str(value.year)
    if precision == "quarter":
        return f"Q{(value.month - 1) // 3 + 1} {value.year}"
    if precision == "month":
        return _dated(value, "MMM y")
    text = _dated(value, _("d MMM y"))
    return _("from %(day)s", day=text) if precision == "range" else text


def between(first: Day, last: Day) -> str:
    """The days from one to another: 8–11 June 2020."""
    if first == last:
        return _dated(first, _("d MMMM y"))
    if (first.year, first.month) == (last.year, last.month):
        return _dated(first, _("d")) + "–" + _dated(last, _("d MMMM y"))
    return _dated(first, _("d MMM")) + " – " + _dated(last, _("d MMM y"))


def month(value: Day) -> str:
    """A month by its full name: March 2023."""
    return _dated(value, "MMMM y")


def moment(value: datetime, *, with_year: bool = True) -> str:
    """A moment in UTC, to the minute."""
    pattern = _("d MMM y, HH:mm") if with_year else _("d MMM, HH:mm")
    return f"{format_datetime(value, pattern, locale=language.chosen())} UTC"


def age(since: Day, until: Day) -> str:
    """How long ago, roughly: 3 days, 8 mo, 1 yr 6 mo, 5 yr."""
    days = (until - since).days
    if days < 60:
        return ngettext("%(number)s day", "%(number)s days", days)
    months = (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
    years, rest = divmod(months, 12)
    if years == 0:
        return _("%(months)s mo", months=months)
    if rest and years < 2:
        return _("%(years)s yr %(months)s mo", years=years, months=rest)
    return _("%(years)s yr", years=years)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago something happened: 6 minutes ago, 3 hours ago, 5 days ago."""
    caching.by_the_minute()
    if moment is None:
        return _("never")
    minutes = max(0, int((now - moment).total_seconds())) // 60
    if minutes >= 1440:
        return ngettext("%(number)s day ago", "%(number)s days ago", minutes // 1440)
    if minutes >= 60:
        return ngettext("%(number)s hour ago", "%(number)s hours ago", minutes // 60)
    if minutes:
        return ngettext("%(number)s minute ago", "%(number)s minutes ago", minutes)
    return _("just now")


def number(value: int) -> str:
    """Small numbers in letters, larger ones in digits with separators."""
    return _(tables.NUMBERS[value]) if 0 <= value < len(tables.NUMBERS) else figure(value)


def figure(value: float) -> str:
    """A number in digits, with the separators of the language."""
    return _in_digits(value, locale=language.chosen())


def counted(value: int, noun: str) -> str:
    """A number with its noun: 1 source, 3 sources."""
    return ngettext(*tables.NOUNS[noun], value, number=figure(value))


def left_out(value: int) -> str:
    """How many events do not show because they need checking."""
    return ngettext(
        "One more event needs checking: it is left out here and sets no position.",
        "%(number)s more events need checking: they are left out here and set no position.",
        value,
        number=capital(number(value)),
    )


def listed(parts: Sequence[str]) -> str:
    """Several things in one line: A, B and C."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def capital(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def term(span: SpanLine) -> str | None:
    """How long a word holds, where it does not hold for good."""
    if span.term is None:
        return None
    if span.term == "open":
        return _("until further notice")
    try:
        last = Day.fromisoformat(span.term.removeprefix("until "))
    except ValueError:
        return span.term  # until something happens
    return _("until %(day)s", day=day(last))


def outside(url: str | None) -> str | None:
    """An address that may stand in a link: http or https only."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def bare(url: str) -> str:
    """An address as people write it: without its scheme, www and the last stroke."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def _said(table: tables.Table, code: str) -> str:
    """The words of a code; one that a later version brings is shown as it is written."""
    return _(table[code]) if code in table else code.replace("_", " ")


def small(text: str) -> str:
    """A name within a sentence: German nouns keep their capital, and so do names such as AI."""
    if language.chosen() != language.ENGLISH or text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


_in_digits, _formatted = (lru_cache(4096)(make) for make in (format_decimal, format_date))


def _dated(value: Day | datetime, pattern: str) -> str:
    only = value.date() if isinstance(value, datetime) else value
    return _formatted(only, pattern, locale=language.chosen())
