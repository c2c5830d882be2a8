"""Timelines as values: bands, marks, reactions and shared moments, ready to be drawn."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day
from textwrap import shorten

from tracker.domain.codes import ChangeKind
from tracker.store.views.records import STALE_YEARS, Marked, SpanLine, Standing, TopicRef
from tracker.web import language, wording
from tracker.web.axis import NARROW, WIDE, Axis, axis, bin_of, crowded, shifts
from tracker.web.bands import Segment, Tracks, segments
from tracker.web.language import gettext as _
from tracker.web.language import ngettext
from tracker.web.moments import Moment, shared_moments


@dataclass(slots=True, unsafe_hash=True)
class Mark:
    """A stance over the band. The two shifts are pixels, for a wide and a narrow chart."""

    x: float
    wide: int
    narrow: int
    href: str
    word: str
    shape: str
    flag: bool
    label: str
    more: int


@dataclass(slots=True, unsafe_hash=True)
class Answer:
    """A reaction under the band."""

    x: float
    shift: float
    mark: str
    title: str


@dataclass(frozen=True, slots=True)
class Expiry:
    """A word that ended because its stated time was over, not because of an act."""

    x: float
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One line of the chart. The same line drawn again is the very same lane (``_lane``)."""

    key: str
    name: str
    note: str | None
    href: str
    topic: TopicRef
    standing: Standing | None
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    answers: tuple[Answer, ...]
    expiries: tuple[Expiry, ...]
    label: str
    because: str | None
    aged: float | None
    """From where on the last evidence is too old to count (ledger R10)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lanes over one axis."""

    axis: Axis
    lanes: tuple[Lane, ...]
    moments: tuple[Moment, ...]
    mixed_kinds: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What one lane is to show."""

    key: str
    name: str
    href: str
    topic: TopicRef
    spans: Sequence[SpanLine]
    stances: Sequence[Marked]
    note: str | None = None


def chart(
    lines: Sequence[Line],
    last: Day,
    on_page: frozenset[str],
    *,
    moments: bool = False,
    whole: bool = True,
    days: Sequence[Day] | None = None,
    since: Day | None = None,
) -> Chart:
    """Draw the lines up to a day. ``on_page`` are the stances that the page lists itself.

    ``whole`` is false where more companies have a line than are drawn.

    The axis begins with the first of ``days``, which several charts may share; without them, with
    the first of these lines; or with ``since``, where only what came after that day is wanted.
    """
    if since is not None:
        days = [since]
    if days is None:
        days = [stance.date for line in lines for stance in line.stances]
        days += [span.since for line in lines for span in line.spans]
    scale = axis(days, last)
    kinds = {line.topic.kind for line in lines}
    every = [stance for line in lines for stance in line.stances]
    return Chart(
        axis=scale,
        lanes=tuple(_lane(line, scale, on_page) for line in lines),
        moments=shared_moments(every, scale, every=whole) if moments else (),
        mixed_kinds=len(kinds) > 1,
    )


def linked(drawn: Chart) -> Chart:
    """The same chart with every mark leading to the page of its event, for other places."""
    return replace(drawn, lanes=tuple(_linked(lane) for lane in drawn.lanes))


def _linked(lane: Lane) -> Lane:
    marks = (replace(mark, href=mark.href.replace("#", "/e/", 1)) for mark in lane.marks)
    return replace(lane, marks=tuple(marks))


MOST_LANES = 500
"""Lanes that a process keeps; one of a company with many stances takes some ten kilobytes."""

_lanes: OrderedDict[Hashable, tuple[Line, Lane]] = OrderedDict()


def _lane(line: Line, scale: Axis, on_page: frozenset[str]) -> Lane:
    """The lane of a line, made once for the very same words and stances.

    They are known by where they lie in memory, which is quicker than to compare them; as long as
    they are kept nothing else can lie there.
    """
    about = (line.key, line.name, line.href, line.topic, line.note, scale, language.chosen())
    listed = tuple([stance.id in on_page for stance in line.stances])
    key = (about, listed, tuple(map(id, line.spans)), tuple(map(id, line.stances)))
    known = _lanes.get(key)
    if known is None:
        known = _lanes[key] = (line, _drawn(line, scale, on_page))
        if len(_lanes) > MOST_LANES:
            _lanes.popitem(last=False)
    return known[1]


def _drawn(line: Line, scale: Axis, on_page: frozenset[str]) -> Lane:
    parts = segments(line.spans, line.topic, scale)
    standing = _standing(line.spans)
    return Lane(
        key=line.key,
        name=line.name,
        note=line.note,
        href=line.href,
        topic=line.topic,
        standing=standing,
        segments=parts,
        marks=_marks(line, scale, on_page),
        answers=_answers(line.stances, scale),
        expiries=_expiries(line, scale),
        label=_in_words(line.name, parts),
        because=_because(line),
        aged=_aged(standing, scale) if standing else None,
    )


def _aged(standing: Standing, scale: Axis) -> float | None:
    if not standing.stale(scale.last):
        return None
    last = standing.last_evidence
    too_old = last.replace(year=last.year + STALE_YEARS, day=min(last.day, 28))
    return scale.x(max(too_old, scale.first))


def _because(line: Line) -> str | None:
    """What began the newest word, in short."""
    standing = _standing(line.spans)
    by_id = {stance.id: stance for stance in line.stances}
    stance = by_id.get(standing.newest.stance or "") if standing else None
    return shorten(wording.headline(stance), 95, placeholder=" …") if stance else None


def _standing(spans: Sequence[SpanLine]) -> Standing | None:
    tracks = {span.track: span for span in spans if span.until is None}
    if not tracks:
        return None
    one = next(iter(tracks.values()))
    return Standing(one.company, one.brand, one.topic, tracks.get("says"), tracks.get("does"))


def _marks(line: Line, scale: Axis, on_page: frozenset[str]) -> tuple[Mark, ...]:
    stances = sorted(line.stances, key=lambda stance: (stance.date, stance.id))
    piles = _piles(stances, scale)
    places = [scale.x(pile[-1].date) for pile in piles]
    wide, narrow = shifts(places, WIDE), shifts(places, NARROW)
    held = Tracks(line.spans)
    return tuple(
        _mark(pile, line, held, places[n], wide[n], narrow[n], on_page)
        for n, pile in enumerate(piles)
    )


def _piles(stances: Sequence[Marked], scale: Axis) -> list[list[Marked]]:
    """The stances under one mark each: one, or in a crowd those of its bin."""
    if not crowded([scale.x(stance.date) for stance in stances]):
        return [[stance] for stance in stances]
    bins: dict[int, list[Marked]] = {}
    for stance in stances:
        bins.setdefault(bin_of(scale.x(stance.date)), []).append(stance)
    return [bins[place] for place in sorted(bins)]


def _mark(
    pile: Sequence[Marked],
    line: Line,
    held: Tracks,
    x: float,
    wide: int,
    narrow: int,
    on_page: frozenset[str],
) -> Mark:
    stance = pile[-1]
    href = f"#{stance.id}" if stance.id in on_page else f"/e/{stance.id}"
    flag = any(one.breaks_promise for one in pile)
    return Mark(
        x=x,
        wide=wide,
        narrow=narrow,
        href=href,
        word=word_after(stance, held, line.topic.code),
        shape=wording.kind(stance),
        flag=flag,
        label=_told(stance, flag) + _more_before(len(pile) - 1),
        more=len(pile) - 1,
    )


def _told(stance: Marked, flag: bool) -> str:
    """All that the sign of a stance shows, for those who do not see it."""
    when = wording.day(stance.date, stance.precision)
    kind = wording.small(wording.kind_of(stance))
    broken = f" {_('Breaks an earlier promise')}." if flag else ""
    return f"{when}, {stance.company.name} ({kind}): {wording.headline(stance)}{broken}"


def _more_before(number: int) -> str:
    return (
        ngettext(" (and one more before it)", " (and %(number)s more before it)", number)
        if number
        else ""
    )


def word_after(stance: Marked, tracks: Tracks, topic: str) -> str:
    """The word that stood after a stance; ``none`` when it speaks of no position here."""
    own = [span for span in stance.spans if span.topic.code == topic]
    if own:
        return next((span.word for span in own if span.track == "does"), own[0].word)
    if stance.topic.code != topic:
        return "none"
    track = "says" if wording.kind(stance) == "says" else "does"
    held = tracks.on_day(track, stance.date)
    return held.word if held else "none"


def _answers(stances: Sequence[Marked], scale: Axis) -> tuple[Answer, ...]:
    found: list[tuple[float, str, str]] = []
    for stance in stances:
        for one in stance.reactions:
            mark = wording.REACTION_MARKS.get(one.kind)
            if mark:
                text = _(
                    "%(who)s %(did)s",
                    who=wording.actor(one.actor),
                    did=wording.reaction(one.kind),
                )
                title = f"{text}, {wording.day(one.date, one.precision)}"
                found.append((scale.x(one.date or stance.date), mark, title))
    found.sort()
    moved = shifts([x for x, *__ in found], NARROW, gap=12)
    return tuple(
        Answer(x, shift, mark, title) for (x, mark, title), shift in zip(found, moved, strict=True)
    )


def _expiries(line: Line, scale: Axis) -> tuple[Expiry, ...]:
    ended = {span.since: span for span in line.spans if span.change == ChangeKind.EXPIRED}
    return tuple(
        Expiry(
            scale.x(day),
            _(
                "%(day)s: the stated time of “%(word)s” was over",
                day=wording.day(day, span.precision),
                word=wording.position(span.before, line.topic, span.pledged_before),
            ),
        )
        for day, span in sorted(ended.items())
    )


def _in_words(name: str, segments: Sequence[Segment]) -> str:
    parts = []
    for part in segments:
        since = wording.day(part.since, part.precision)
        if part.other_label:
            parts.append(
                _(
                    "from %(day)s %(said)s in words, %(done)s in practice",
                    day=since,
                    said=part.label,
                    done=part.other_label,
                )
            )
        else:
            parts.append(_("from %(day)s %(word)s", day=since, word=part.label))
    return f"{name}: {'; '.join(parts)}"
