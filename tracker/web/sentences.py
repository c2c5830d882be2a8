"""Sentences made from the data. Each says only what can be counted in what it is given."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.codes import PositionWord
from tracker.store.views.installation import Reading
from tracker.store.views.records import (
    STALE_YEARS,
    Move,
    Standing,
    TopicRef,
)
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.language import ngettext
from tracker.web.wording import capital, listed, number

MONTH, YEARS = timedelta(days=30), timedelta(days=730)
NAMED = 3
"""Up to how many are told by name."""


def of_home(recent: Sequence[Move], last: Move | None, day: Day) -> str:
    """Which positions changed or were first taken in thirty days, or when the last one was."""
    moves = each_pledge_once(move for move in recent if day - move.day < MONTH)
    changed = [move for move in moves if move.direction != "first"]
    taken = [move for move in moves if move.direction == "first"]
    parts = []
    if changed:
        parts.append(
            ngettext(
                "one position changed%(who)s",
                "%(number)s positions changed%(who)s",
                len(changed),
                number=number(len(changed)),
                who=_in_brackets(changed, _who),
            )
        )
    if taken:
        parts.append(
            ngettext(
                "one came on record for the first time%(who)s",
                "%(number)s came on record for the first time%(who)s",
                len(taken),
                number=number(len(taken)),
                who=_in_brackets(taken, _who),
            )
            if changed
            else ngettext(
                "one position came on record for the first time%(who)s",
                "%(number)s positions came on record for the first time%(who)s",
                len(taken),
                number=number(len(taken)),
                who=_in_brackets(taken, _who),
            )
        )
    if parts:
        return _("In the last 30 days, %(what)s.", what=listed(parts))
    if last is None:
        return _("No position is on record yet.")
    return _(
        "No position changed in the last 30 days. The last one on record: %(who)s, %(day)s.",
        who=_who(last),
        day=wording.day(last.day, last.precision),
    )


def of_topic(
    topic: TopicRef, standings: Iterable[Standing], moves: Iterable[Move], day: Day
) -> str:
    """Where the companies stand, and which way positions went in two years."""
    own = [one for one in standings if one.brand is None]
    if not own:
        return _("No position on %(topic)s is on record.", topic=wording.topic_inside(topic))
    fresh = [one for one in own if not one.stale(day)]
    parts = [_by_words(topic, fresh), _older(len(own) - len(fresh), bool(fresh)), _split(fresh)]
    parts.append(_recent(topic, [move for move in moves if day - move.day < YEARS], day))
    return " ".join(part for part in parts if part)


def of_company(name: str, standings: Sequence[Standing], day: Day) -> str:
    """On how many topics a company has a position, and where its words and deeds differ."""
    own = [one for one in standings if one.brand is None]
    if not own:
        return _("No stance on record sets a position of %(name)s.", name=name)
    newest = max(own, key=lambda one: one.since)
    latest = _(
        "%(topic)s, %(word)s since %(day)s",
        topic=wording.topic_inside(newest.topic),
        word=label(newest.newest.word, newest.topic, newest.only_said),
        day=wording.day(newest.since, newest.newest.precision),
    )
    parts = [
        ngettext(
            "%(name)s has a position on one topic: %(latest)s.",
            "%(name)s has a position on %(number)s topics. The latest: %(latest)s.",
            len(own),
            name=name,
            number=number(len(own)),
            latest=latest,
        )
    ]
    split = [wording.topic_inside(one.topic) for one in own if one.split]
    if split:
        parts.append(_("Words and deeds differ on %(topics)s.", topics=listed(split)))
    stale = [wording.topic_inside(one.topic) for one in own if one.stale(day)]
    if stale:
        old = _("On %(topics)s the last evidence is more than %(years)s years old.",
                topics=listed(stale), years=number(STALE_YEARS))  # fmt: skip
        parts.append(old)
    return " ".join(parts)


def of_position(name: str, topic: TopicRef, standings: Sequence[Standing], day: Day) -> str:
    """Where one company stands on one topic, track by track, and since when."""
    own = next((one for one in standings if one.brand is None), None)
    if own is None:
        return _(
            "No stance on record sets a position of %(name)s on %(topic)s.",
            name=name,
            topic=wording.topic_inside(topic),
        )
    tracks = {
        span.track: _(
            "%(word)s since %(day)s",
            word=label(span.word, topic, span is own.says and own.only_said),
            day=wording.day(span.since, span.precision),
        )
        for span in own.spans
    }
    says, does = tracks.get("says"), tracks.get("does")
    if says == does:
        parts = [_("In words and in deeds: %(what)s.", what=says)]
    else:
        parts = [_("In words: %(what)s.", what=says)] if says else []
        parts += [_("In deeds: %(what)s.", what=does)] if does else []
    if own.stale(day):
        old = _("The last evidence is of %(year)s; whether it still holds is not on record.",
                year=own.last_evidence.year)  # fmt: skip
        parts.append(old)
    return " ".join(parts)


def of_reading(reading: Reading, now: datetime) -> str:
    """How fresh the reading of sources is; nothing is claimed of sources never read."""
    if reading.sources == 0:
        return _("no feed is set up")
    feeds = wording.counted(reading.sources, "feed")
    if reading.read == 0:
        return _("%(feeds)s set up, none read yet", feeds=feeds)
    return _(
        "%(read)s of %(feeds)s read, the last %(ago)s",
        read=wording.figure(reading.read),
        feeds=feeds,
        ago=wording.ago(reading.last_ok, now),
    )


def _by_words(topic: TopicRef, fresh: Sequence[Standing]) -> str:
    """How many say what, among those with evidence that is not too old."""
    if not fresh:
        return ""
    words = Counter(label(word, topic, alone) for word, alone in _said(fresh))
    if len(fresh) == 1:
        return _of_one(words)
    of_them = _(
        "Of %(number)s companies with evidence from the last %(years)s years",
        number=number(len(fresh)),
        years=number(STALE_YEARS),
    )
    by_deeds = sum(1 for one in fresh if one.says is None)
    if not words:
        return _("%(of_them)s, all are known by deeds alone.", of_them=of_them)
    known = ngettext(
        "one is known by deeds alone",
        "%(number)s are known by deeds alone",
        by_deeds,
        number=number(by_deeds),
    )
    told = _("%(of_them)s, %(labels)s", of_them=of_them, labels=_counted(words, len(fresh)))
    return "; ".join([told, *([known] if by_deeds else [])]) + "."


def _counted(words: Mapping[str, int], among: int) -> str:
    """How many stand at which word: all at the one, or the first told whole and the rest brief."""
    (word, times), *others = words.items()
    if times == among:
        return _("all stand at %(word)s in words", word=word)
    first = ngettext(
        "one stands at %(word)s in words",
        "%(number)s stand at %(word)s in words",
        times,
        number=number(times),
        word=word,
    )
    rest = [_("%(number)s at %(word)s", number=number(n), word=label) for label, n in others]
    return listed([first, *rest])


def _said(found: Iterable[Standing]) -> list[tuple[str, bool]]:
    """What each says, and whether that alone places it there: in the order of the words."""
    words = [(one.says.word, one.only_said) for one in found if one.says]
    order = {word.value: place for place, word in enumerate(PositionWord)}
    return sorted(words, key=lambda said: (order[said[0]], said[1]))


def _of_one(words: Mapping[str, int]) -> str:
    years = number(STALE_YEARS)
    if not words:
        return _(
            "There is evidence on one company from the last %(years)s years;"
            " it is known by deeds alone.",
            years=years,
        )
    return _(
        "There is evidence on one company from the last %(years)s years;"
        " it stands at %(word)s in words.",
        years=years,
        word=next(iter(words)),
    )


def _older(companies: int, beside_others: bool) -> str:
    if not companies:
        return ""
    years = number(STALE_YEARS)
    if beside_others:
        return ngettext(
            "For one more company the last evidence is more than %(years)s years old.",
            "For %(number)s more companies the last evidence is more than %(years)s years old.",
            companies,
            number=number(companies),
            years=years,
        )
    return ngettext(
        "For one company the last evidence is more than %(years)s years old.",
        "For %(number)s companies the last evidence is more than %(years)s years old.",
        companies,
        number=number(companies),
        years=years,
    )


def _split(fresh: Sequence[Standing]) -> str:
    differ = [one.company.name for one in fresh if one.split]
    if not differ:
        return ""
    if len(differ) <= NAMED:
        return _("Words and deeds differ at %(names)s.", names=listed(differ))
    return _("For %(number)s companies, words and deeds differ.", number=number(len(differ)))


def _recent(topic: TopicRef, moves: Sequence[Move], day: Day) -> str:
    moved = each_pledge_once(move for move in moves if move.direction != "first")
    if not moved:
        return _("No position has changed in the last two years.")
    since = wording.month(day - YEARS)
    text = ngettext(
        "One change of position since %(month)s",
        "%(number)s changes of position since %(month)s",
        len(moved),
        number=capital(number(len(moved))),
        month=since,
    )
    if topic.contested:
        split = _("civil society is split on this topic, so none is called tighter or looser")
        return f"{text}{_in_brackets(moved, _whose)}; {split}."
    return f"{text}: {listed(_ways(moved))}."


def _ways(moved: Sequence[Move]) -> list[str]:
    """How many changes went which way, and whose they were where they are few."""
    ways: dict[str, list[Move]] = {"tightened": [], "loosened": [], "mixed": []}
    for move in moved:
        ways[move.direction].append(move)
    says = {
        "tightened": lambda n: ngettext(
            "one tightened", "%(number)s tightened", n, number=number(n)
        ),
        "loosened": lambda n: ngettext("one loosened", "%(number)s loosened", n, number=number(n)),
        "mixed": lambda n: ngettext(
            "one moved both ways", "%(number)s moved both ways", n, number=number(n)
        ),
    }
    few = len(moved) <= NAMED
    return [
        says[way](len(own)) + (_in_brackets(own, _whose) if few else "")
        for way, own in ways.items()
        if own
    ]


def _in_brackets(moves: Sequence[Move], told: Callable[[Move], str]) -> str:
    """Whose moves these are, where they are few and none is a pledge of several companies."""
    if len(moves) > NAMED or any(move.joint for move in moves):
        return ""
    return f" ({listed(list(dict.fromkeys(told(move) for move in moves)))})"


def label(word: str, topic: TopicRef, only_said: bool = False) -> str:
    """The word of a position, marked as a word of ours."""
    return _("“%(word)s”", word=wording.position(word, topic, only_said))


def each_pledge_once(moves: Iterable[Move]) -> list[Move]:
    """What several companies pledged together counts once (codebook section 9)."""
    told: set[tuple[str, str]] = set()
    counted = []
    for move in moves:
        pledge = (move.joint or "", move.direction)
        if move.joint is None or pledge not in told:
            counted.append(move)
        told.add(pledge)
    return counted


def _whose(move: Move) -> str:
    return f"{move.company.name} ({move.brand})" if move.brand else move.company.name


def _who(move: Move) -> str:
    return _("%(name)s on %(topic)s", name=_whose(move), topic=wording.topic_inside(move.topic))
