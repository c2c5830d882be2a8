"""The band of a lane: stretches of time in which neither word changes."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day

from tracker.domain.tracks import only_said
from tracker.store.views.records import SpanLine, TopicRef
from tracker.web import wording
from tracker.web.axis import NARROW, WIDE, Axis
from tracker.web.language import gettext as _

LETTER, ROOM = 7.4, 26
"""Pixels of a letter of a band's label, and of the space around it."""


@dataclass(slots=True, unsafe_hash=True)
class Segment:
    """A stretch of the band in which neither word changes; two halves when they differ.

    ``alone``: no deed bears the word out.
    """

    x: float
    width: float
    since: Day
    precision: str
    until: Day | None
    word: str
    label: str
    other: str | None
    other_label: str | None
    alone: bool
    title: str
    wide: bool
    narrow: bool


def segments(spans: Sequence[SpanLine], topic: TopicRef, scale: Axis) -> tuple[Segment, ...]:
    """The stretches of a lane in order, with labels where they have room."""
    edges = {scale.first, *(max(span.since, scale.first) for span in spans)}
    edges |= {span.until for span in spans if span.until is not None and span.until > scale.first}
    days = sorted(edges)
    tracks = Tracks(spans)
    found: list[Segment] = []
    for day, after in zip(days, [*days[1:], None], strict=True):
        found.append(_segment(tracks, topic, scale, day, after))
    return tuple(_joined(found, scale))


class Tracks:
    """The words of a lane by track: those of one track follow each other."""

    def __init__(self, spans: Iterable[SpanLine]) -> None:
        self._spans: dict[str, list[SpanLine]] = {}
        self._exactly: dict[Day, str] = {}
        for span in sorted(spans, key=lambda span: span.since):
            self._spans.setdefault(span.track, []).append(span)
            self._exactly.setdefault(span.since, span.precision)

    def on_day(self, track: str, day: Day) -> SpanLine | None:
        """The word of a track that held on a day."""
        spans = self._spans.get(track, [])
        begun = bisect_right(spans, day, key=lambda span: span.since)
        last = spans[begun - 1] if begun else None
        return last if last and (last.until is None or day < last.until) else None

    def precision(self, day: Day) -> str:
        """How exactly the day is known on which a stretch begins."""
        return self._exactly.get(day, "day")


def _segment(tracks: Tracks, topic: TopicRef, scale: Axis, day: Day, after: Day | None) -> Segment:
    says, does = tracks.on_day("says", day), tracks.on_day("does", day)
    main = says or does
    word = main.word if main else "no_statement"
    alone = main is says and only_said("says", word, does.word if does else None)
    label = wording.position(word, topic, alone)
    other = does.word if says and does and says.word != does.word else None
    other_label = wording.position(other, topic) if other else None
    scope = main.scope if main and main.scope else None
    return Segment(
        x=scale.x(day),
        width=round(scale.x(after or scale.last) - scale.x(day), 3),
        since=day,
        precision=tracks.precision(day),
        until=after,
        word=word,
        label=_labelled(label, says, does),
        other=other,
        other_label=other_label,
        alone=alone,
        title=_titled(label, other_label, says, does, scope),
        wide=False,
        narrow=False,
    )


def _labelled(label: str, says: SpanLine | None, does: SpanLine | None) -> str:
    if says and not does:
        return _("%(word)s (says)", word=label)
    return _("%(word)s (does)", word=label) if does and not says else label


def _titled(
    label: str,
    other: str | None,
    says: SpanLine | None,
    does: SpanLine | None,
    scope: str | None,
) -> str:
    text = (
        _("%(said)s (says), %(done)s (does)", said=label, done=other)
        if other
        else _labelled(label, says, does)
    )
    return f"{text}: {scope}" if scope else text


def _joined(parts: Iterable[Segment], scale: Axis) -> Iterable[Segment]:
    """Stretches that show the same become one; then their labels are measured."""
    kept: list[Segment] = []
    for part in parts:
        if kept and (kept[-1].word, kept[-1].other, kept[-1].label) == (
            part.word,
            part.other,
            part.label,
        ):
            kept[-1] = _measured(kept[-1], part.until, scale)
        else:
            kept.append(_measured(part, part.until, scale))
    return kept


def _measured(part: Segment, until: Day | None, scale: Axis) -> Segment:
    width = round(scale.x(until or scale.last) - part.x, 3)
    text = _("Says: %(word)s", word=part.label) if part.other else part.label
    needed = len(text) * LETTER + ROOM
    return Segment(
        part.x,
        width,
        part.since,
        part.precision,
        until,
        part.word,
        part.label,
        part.other,
        part.other_label,
        part.alone,
        part.title,
        wide=width * WIDE / 100 >= needed,
        narrow=width * NARROW / 100 >= needed,
    )
