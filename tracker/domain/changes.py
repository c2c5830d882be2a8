"""When two reports tell of one event, and what a stance changed (codebook section 6, ledger R8)."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from enum import StrEnum

from tracker.domain.codes import (
    Act,
    Authority,
    ChangeKind,
    PositionWord,
    Precision,
    Track,
)
from tracker.domain.model import (
    Organisation,
    PositionSpan,
    Stance,
    StanceId,
    TopicCode,
)
from tracker.domain.position_table import NO_STATEMENT, sign_of
from tracker.domain.register import chain_on

# --- the same event, or another ------------------------------------------------------------------


class Sameness(StrEnum):
    """Whether two stances are one event: joined at once, asked of a person, or two events."""

    SAME = "same"
    PROPOSED = "proposed"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Shared:
    """What two reports have in common beside the event itself.

    ``url`` is a shared primary page, ``story`` membership of the same story. ``second_step``
    says that the sentence of only one of them marks a second step (``marks_second_step``).
    """

    quote: bool = False
    url: bool = False
    story: bool = False
    second_step: bool = False


NOTHING_SHARED = Shared()

ACT_FAMILIES: Mapping[str, frozenset[Act]] = {
    "retreat": frozenset({Act.ENDS, Act.PAUSES, Act.RESTRICTS, Act.DIVESTS, Act.COMPLIES}),
    "protection": frozenset({Act.SAFEGUARDS, Act.COMMITS, Act.CHANGES_POLICY}),
    "holding": frozenset({Act.UPHOLDS, Act.DEFENDS, Act.DENIES}),
    "advance": frozenset({Act.LAUNCHES, Act.WALKS_BACK, Act.CHANGES_POLICY}),
    "no answer": frozenset({Act.DECLINES_COMMENT, Act.SILENT}),
    "for a law": frozenset({Act.SUPPORTS_REGULATION}),
    "against a law": frozenset({Act.OPPOSES_REGULATION, Act.LITIGATES}),
    "disclosure": frozenset({Act.DISCLOSES}),
    "against critics": frozenset({Act.SANCTIONS_CRITICS}),
}
"""Acts that two readers may give to one event. Acts of opposite sign are never one event."""

DAYS_APART = 3
DAYS_APART_LEAKED = 7
DAYS_APART_FILED = 0

_SECOND_STEP = re.compile(
    r"\b(?:expand(?:s|ed|ing)?|exten(?:d|ds|ded|ding|sion)|widen(?:s|ed|ing)?|second time"
    r"|once (?:again|more)|a further|another)\b",
    re.IGNORECASE,
)


def same_event(
    one: Stance,
    other: Stance,
    organisations: Mapping[str, Organisation],
    shared: Shared = NOTHING_SHARED,
) -> Sameness:
    """Tell whether two stances are one event; ``organisations`` by slug give the owners."""
    alike = (
        _same_company(one, other, organisations)
        and _same_family(one.act, other.act)
        and not _opposite(one, other)
        and _topics_overlap(one, other)
        and not differ(one.matter, other.matter)
        and _close(one, other)
        and not shared.second_step
    )
    if not alike:
        return Sameness.DIFFERENT
    if shared.quote or shared.url or shared.story or _agree(one, other):
        return Sameness.SAME
    return Sameness.PROPOSED


def find_same(
    new: Stance,
    known: Iterable[tuple[Stance, Shared]],
    organisations: Mapping[str, Organisation],
) -> tuple[Stance, Sameness] | None:
    """Return the known stance that is most surely the same event, or None."""
    found = [
        (stance, sameness)
        for stance, shared in known
        if (sameness := same_event(new, stance, organisations, shared)) is not Sameness.DIFFERENT
    ]
    return min(found, key=lambda pair: _likeness(new, *pair), default=None)


def marks_second_step(text: str) -> bool:
    """Tell whether a sentence speaks of a further step: expanded, extended, a second time."""
    return _SECOND_STEP.search(text) is not None


def days_between(one: Stance, other: Stance) -> int:
    """Return the days between the dates; 0 where a coarse date covers the other."""
    first, last = range_of(one)
    other_first, other_last = range_of(other)
    return max(0, (other_first - last).days, (first - other_last).days)


def range_of(stance: Stance) -> tuple[Day, Day]:
    """Return the first and the last day on which the stance may have been taken."""
    return stance.date, last_day(stance.date, stance.precision)


_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}


def last_day(first: Day, precision: Precision) -> Day:
    """Return the last day of the month, quarter or year that a stored date stands for."""
    months = _MONTHS.get(precision)
    if months is None:
        return first
    last = -(-first.month // months) * months
    return first.replace(month=last, day=monthrange(first.year, last)[1])


def _same_company(one: Stance, other: Stance, organisations: Mapping[str, Organisation]) -> bool:
    day = min(one.date, other.date)
    related = other.company in chain_on(one.company, day, organisations) or one.company in chain_on(
        other.company, day, organisations
    )
    return related and not differ(one.brand, other.brand)


def _same_family(one: Act, other: Act) -> bool:
    return any({one, other} <= family for family in ACT_FAMILIES.values())


def _opposite(one: Stance, other: Stance) -> bool:
    signs = (sign_of(one.direction), sign_of(other.direction))
    return one.topic == other.topic and signs in ((1, -1), (-1, 1))


def _topics_overlap(one: Stance, other: Stance) -> bool:
    return bool({one.topic, *one.topics} & {other.topic, *other.topics})


def differ(one: str | None, other: str | None) -> bool:
    """Tell whether both texts are known and not the same, whatever the case."""
    return bool(one and other and one.casefold() != other.casefold())


def _close(one: Stance, other: Stance) -> bool:
    authorities = {one.authority, other.authority}
    allowed = DAYS_APART
    if authorities == {Authority.FILING}:
        allowed = DAYS_APART_FILED
    elif Authority.LEAK in authorities:
        allowed = DAYS_APART_LEAKED
    return days_between(one, other) <= allowed


def _agree(one: Stance, other: Stance) -> bool:
    """Act, primary topic and date agree; dates one day apart are the same until shown otherwise."""
    fine = {Precision.DAY, Precision.MONTH}
    return (
        one.act is other.act
        and one.topic == other.topic
        and {one.precision, other.precision} <= fine
        and days_between(one, other) <= 1
    )


def _likeness(new: Stance, known: Stance, sameness: Sameness) -> tuple[object, ...]:
    return (
        sameness is not Sameness.SAME,
        new.act is not known.act,
        new.topic != known.topic,
        days_between(new, known),
        known.id,
    )


# --- what a stance changed -----------------------------------------------------------------------

_WEIGHT = (
    ChangeKind.REVERSED,
    ChangeKind.CONTRADICTED,
    ChangeKind.WEAKENED,
    ChangeKind.TIGHTENED,
    ChangeKind.EXPIRED,
    ChangeKind.FIRST,
    ChangeKind.NARROWED,
    ChangeKind.STRENGTHENED,
    ChangeKind.CONFIRMED,
)


@dataclass(frozen=True, slots=True)
class PositionChange:
    """What the coming of a stance did to the position on its primary topic.

    ``says`` and ``does`` are the words before and after; ``moved`` tells whether a word of today
    differs from the one that was known before the stance came.
    """

    kind: ChangeKind
    company: str
    topic: TopicCode
    says: tuple[PositionWord, PositionWord]
    does: tuple[PositionWord, PositionWord]
    moved: bool


def change_of(
    before: Sequence[PositionSpan], after: Sequence[PositionSpan], stance: Stance
) -> PositionChange:
    """Return what a stance changed; the spans are those without and with it."""
    kinds: list[ChangeKind] = []
    words: dict[Track, tuple[PositionWord, PositionWord]] = {}
    for track in (Track.SAYS, Track.DOES):
        line = _line(after, stance, track)
        words[track] = _words_around(line, stance)
        kinds += _kinds(line, stance.id)
    return PositionChange(
        kind=min(kinds, key=_WEIGHT.index, default=ChangeKind.RECORDED),
        company=stance.company,
        topic=stance.topic,
        says=words[Track.SAYS],
        does=words[Track.DOES],
        moved=_words_now(before, stance) != _words_now(after, stance),
    )


def _line(spans: Sequence[PositionSpan], stance: Stance, track: Track) -> list[PositionSpan]:
    """The spans of the lane in which the stance folds."""
    brand = (stance.brand or "").casefold()
    lane = [s for s in spans if s.topic == stance.topic and s.track is track]
    own = [s for s in lane if s.company == stance.company and (s.brand or "").casefold() == brand]
    return own or [span for span in lane if _kinds([span], stance.id)]


def _words_around(
    line: Sequence[PositionSpan], stance: Stance
) -> tuple[PositionWord, PositionWord]:
    for span in line:
        if span.stance == stance.id:
            return span.before, span.word
    for span in line:
        if _kinds([span], stance.id):
            return span.word, span.word
    held = [s for s in line if s.since <= stance.date and (not s.until or stance.date < s.until)]
    word = held[0].word if held else NO_STATEMENT
    return word, word


def _kinds(line: Iterable[PositionSpan], stance: StanceId) -> list[ChangeKind]:
    return [step.change for span in line for step in span.steps if step.stance == stance]


def _words_now(spans: Sequence[PositionSpan], stance: Stance) -> set[tuple[Track, PositionWord]]:
    return {
        (span.track, span.word)
        for track in (Track.SAYS, Track.DOES)
        for span in _line(spans, stance, track)
        if span.until is None
    }
