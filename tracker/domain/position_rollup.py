"""Brands fold by themselves first; their owners show the lowest deed (ledger R7)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day

from tracker.domain.codes import ChangeKind, PositionWord, Track
from tracker.domain.model import Organisation, PositionSpan, Registry, Stance
from tracker.domain.position_table import NO_STATEMENT, RANK


@dataclass(frozen=True, slots=True)
class Owner:
    """Under which company, and which brand, a lane shows from a day until another."""

    company: str
    brand: str | None = None
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """What folds together: a company's own stances, or those of one brand, and its owners."""

    key: str
    owners: tuple[Owner, ...]


def lanes_of(
    stances: Iterable[Stance], registry: Registry | None = None
) -> dict[Lane, list[Stance]]:
    """Return the stances by the lane in which they fold."""
    subsidiaries = _subsidiaries(registry)
    by_name: dict[tuple[str, str | None], list[Stance]] = defaultdict(list)
    for stance in stances:
        by_name[stance.company, stance.brand].append(stance)
    found: dict[Lane, list[Stance]] = defaultdict(list)
    for (company, brand), group in by_name.items():
        found[_lane(company, brand, subsidiaries)] += group
    return dict(found)


def show(lane: Lane, spans: Sequence[PositionSpan]) -> list[PositionSpan]:
    """Return the spans of a lane under each owner, cut to the time of the ownership."""
    shown = (_cut(span, owner) for owner in lane.owners for span in spans)
    return [span for span in shown if span is not None]


def roll_up(spans: Iterable[PositionSpan]) -> list[PositionSpan]:
    """Return the spans with the deeds of brands rolled up into the company's own line.

    The company's deed is the lowest-ranking of its own and its brands'; its words are its own.
    """
    by_topic: dict[tuple[str, str], list[PositionSpan]] = defaultdict(list)
    for span in spans:
        by_topic[(span.company, span.topic)].append(span)
    rolled: list[PositionSpan] = []
    for group in by_topic.values():
        deeds = [span for span in group if span.track is Track.DOES]
        branded = any(span.brand for span in deeds)
        rolled += [span for span in group if not branded or not _is_own_deed(span)]
        rolled += _lowest(deeds) if branded else []
    return rolled


def _subsidiaries(registry: Registry | None) -> dict[str, Organisation]:
    """Organisations that are brands of an owner, by slug and by name."""
    if registry is None:
        return {}
    found = [org for org in registry.organisations if org.parents and not org.standalone]
    return {key: org for org in found for key in (org.slug, org.name.casefold())}


def _lane(company: str, brand: str | None, subsidiaries: dict[str, Organisation]) -> Lane:
    organisation = subsidiaries.get(brand.casefold() if brand else company)
    if organisation is not None:
        return Lane(organisation.slug, _owners(organisation))
    return Lane(f"{company}/{(brand or '').casefold()}", (Owner(company, brand),))


def _owners(organisation: Organisation) -> tuple[Owner, ...]:
    """The owners by date; between them the brand stands under its own name."""
    owners: list[Owner] = []
    free_since: Day | None = None
    begun = False
    for parent in sorted(organisation.parents, key=lambda found: found.since or Day.min):
        if parent.since is not None and (not begun or (free_since or Day.min) < parent.since):
            owners.append(Owner(organisation.slug, None, free_since, parent.since))
        owners.append(Owner(parent.slug, organisation.name, parent.since, parent.until))
        free_since, begun = parent.until, True
    if free_since is not None:
        owners.append(Owner(organisation.slug, None, free_since))
    return tuple(owners)


def _cut(span: PositionSpan, owner: Owner) -> PositionSpan | None:
    since = max(span.since, owner.since or Day.min)
    until = min(span.until or Day.max, owner.until or Day.max)
    if since >= until:
        return None
    whole = (since, until) == (span.since, span.until or Day.max)
    if whole and (span.company, span.brand) == (owner.company, owner.brand):
        return span
    return replace(
        span,
        company=owner.company,
        brand=owner.brand,
        since=since,
        until=None if until == Day.max else until,
    )


def _is_own_deed(span: PositionSpan) -> bool:
    return span.track is Track.DOES and span.brand is None


def _lowest(deeds: Sequence[PositionSpan]) -> list[PositionSpan]:
    days = sorted({span.since for span in deeds} | {span.until for span in deeds if span.until})
    rolled: list[PositionSpan] = []
    for place, day in enumerate(days):
        until = days[place + 1] if place + 1 < len(days) else None
        held = [span for span in deeds if _holds(span, day)]
        if not held:
            continue
        lowest = min(held, key=lambda span: (RANK[span.word], span.since, span.brand or ""))
        rolled.append(_piece(lowest, day, until, rolled[-1] if rolled else None))
        if len(rolled) > 1 and _goes_on(rolled[-2], rolled[-1]):
            rolled[-2:] = [_joined(rolled[-2], rolled[-1])]
    return rolled


def _holds(span: PositionSpan, day: Day) -> bool:
    in_time = span.since <= day and (span.until is None or day < span.until)
    return in_time and span.word is not NO_STATEMENT


def _piece(
    lowest: PositionSpan, day: Day, until: Day | None, last: PositionSpan | None
) -> PositionSpan:
    before = last.word if last is not None and last.until == day else NO_STATEMENT
    change = lowest.change if _same_move(lowest, day, before) else _by_rank(before, lowest.word)
    return replace(lowest, brand=None, since=day, until=until, before=before, change=change)


def _same_move(lowest: PositionSpan, day: Day, before: PositionWord) -> bool:
    return lowest.since == day and lowest.before is before


def _by_rank(before: PositionWord, word: PositionWord) -> ChangeKind:
    if before is NO_STATEMENT:
        return ChangeKind.FIRST
    return ChangeKind.TIGHTENED if RANK[word] > RANK[before] else ChangeKind.WEAKENED


def _goes_on(earlier: PositionSpan, later: PositionSpan) -> bool:
    return earlier.until == later.since and earlier.word is later.word


def _joined(earlier: PositionSpan, later: PositionSpan) -> PositionSpan:
    return replace(
        later,
        since=earlier.since,
        before=earlier.before,
        change=earlier.change,
        stance=earlier.stance,
        precision=earlier.precision,
        steps=earlier.steps if earlier.steps == later.steps else (*earlier.steps, *later.steps),
    )
