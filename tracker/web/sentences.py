"""Sentences made from the data. Each says only what can be counted in what it is given."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.codes import PositionWord
from tracker.store.views.calls import DECIDED, WAITING
from tracker.store.views.installation import Reading
from tracker.store.views.organisation import Group
from tracker.store.views.records import (
    STALE_YEARS,
    CallLine,
    CompanyRef,
    Move,
    Standing,
    TopicRef,
)
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.language import ngettext
from tracker.web.wording import capital, listed, number

MONTH, YEARS = timedelta(days=30), timedelta(days=730)


def of_home(recent: Sequence[Move], last: Move | None, day: Day) -> str:
    """How many positions moved in thirty days, or when the last one did."""
    moved = len(_each_pledge_once(move for move in recent if day - move.day < MONTH))
    if moved:
        return ngettext(
            "One position moved in the last 30 days.",
            "%(number)s positions moved in the last 30 days.",
            moved,
            number=capital(number(moved)),
        )
    if last is None:
        return _("No position is on record yet.")
    return _(
        "No position moved in the last 30 days. The last one that did: %(who)s, %(day)s.",
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


def of_company(name: str, standings: Sequence[Standing]) -> str:
    """On how many topics a company has a position, and where its words and deeds differ."""
    own = [one for one in standings if one.brand is None]
    if not own:
        return _("No stance on record sets a position of %(name)s.", name=name)
    newest = max(own, key=lambda one: one.since)
    parts = [
        ngettext(
            "%(name)s has a position on one topic.",
            "%(name)s has a position on %(number)s topics.",
            len(own),
            name=name,
            number=number(len(own)),
        ),
        _(
            "The latest: %(topic)s, “%(word)s” since %(day)s.",
            topic=wording.topic(newest.topic),
            word=wording.position(newest.newest.word, newest.topic),
            day=wording.day(newest.since, newest.newest.precision),
        ),
    ]
    split = [wording.topic(one.topic) for one in own if one.split]
    if split:
        parts.append(_("Words and deeds differ on %(topics)s.", topics=listed(split)))
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
    parts = []
    if own.says is not None:
        said = wording.position(own.says.word, topic)
        since = wording.day(own.says.since, own.says.precision)
        parts.append(_("In words: “%(word)s” since %(day)s.", word=said, day=since))
    if own.does is not None:
        done = wording.position(own.does.word, topic)
        since = wording.day(own.does.since, own.does.precision)
        parts.append(_("In deeds: “%(word)s” since %(day)s.", word=done, day=since))
    if own.stale(day):
        parts.append(_("The last evidence is of %(year)s.", year=own.last_evidence.year))
    return " ".join(parts)


def of_comparison(
    topic: TopicRef, companies: Sequence[CompanyRef], standings: Sequence[Standing]
) -> str:
    """Which of the companies say the same, and which of them nothing on record places."""
    by_company = {one.company.id: one for one in standings if one.brand is None and one.says}
    words: dict[str, list[str]] = {}
    for company in companies:
        standing = by_company.get(company.id)
        if standing is not None and standing.says is not None:
            words.setdefault(standing.says.word, []).append(company.name)
    parts = [
        _("“%(word)s”: %(names)s", word=wording.position(word.value, topic), names=listed(names))
        for word in PositionWord
        if (names := words.get(word.value))
    ]
    said = {name for names in words.values() for name in names}
    silent = [company.name for company in companies if company.name not in said]
    if silent:
        parts.append(_("no words on record: %(names)s", names=listed(silent)))
    return f"{capital('; '.join(parts))}."


def of_call(lines: Sequence[CallLine]) -> str:
    """How many of the addressees of one call answered in substance."""
    waiting = sum(1 for one in lines if one.status in WAITING)
    answered = sum(1 for one in lines if one.status in DECIDED)
    if answered == len(lines):
        return ngettext(
            "The one company that was asked has answered.",
            "Each of the %(number)s companies that were asked has answered.",
            len(lines),
            number=number(len(lines)),
        )
    if waiting == len(lines):
        return ngettext(
            "No answer in substance of the one company that was asked is on record.",
            "No answer in substance of the %(number)s companies that were asked is on record.",
            len(lines),
            number=number(len(lines)),
        )
    return _(
        "Of %(asked)s companies that were asked, an answer in substance is on record of"
        " %(answered)s.",
        asked=number(len(lines)),
        answered=number(answered),
    )


def of_group(group: Group) -> str:
    """What a group asked of how many companies, how many answered, and how fast."""
    if not group.calls:
        return _("No call of %(name)s is on record.", name=group.group.name)
    calls = len({one.call for one in group.calls})
    text = _(
        "%(calls)s to %(companies)s on record; answers in substance: %(answers)s.",
        calls=wording.counted(calls, "call"),
        companies=wording.counted(len({one.company.id for one in group.calls}), "company"),
        answers=wording.figure(len(group.answered)),
    )
    days = group.days_to_answer
    if not days:
        return text
    middle = _(
        "Half of the dated answers came within %(days)s.",
        days=wording.counted(days[(len(days) - 1) // 2], "day"),
    )
    return f"{text} {middle}"


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
    words = Counter(one.says.word for one in fresh if one.says)
    order = [word.value for word in PositionWord if words[word.value]]
    labels = [f"{number(words[w])} “{wording.position(w, topic)}”" for w in order]
    of_them = ngettext(
        "Of one company with evidence from the last %(years)s years",
        "Of %(number)s companies with evidence from the last %(years)s years",
        len(fresh),
        number=number(len(fresh)),
        years=number(STALE_YEARS),
    )
    by_deeds = sum(1 for one in fresh if one.says is None)
    known = _("%(number)s known by deeds alone", number=number(by_deeds))
    if not labels:
        return f"{of_them}, {known}."
    parts = [_("%(of_them)s, in words: %(labels)s", of_them=of_them, labels=listed(labels))]
    return "; ".join([*parts, *([known] if by_deeds else [])]) + "."


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
    differ = sum(1 for one in fresh if one.split)
    if not differ:
        return ""
    return ngettext(
        "For one company, words and deeds differ.",
        "For %(number)s companies, words and deeds differ.",
        differ,
        number=number(differ),
    )


def _recent(topic: TopicRef, moves: Sequence[Move], day: Day) -> str:
    moved = _each_pledge_once(move for move in moves if move.direction != "first")
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
        return f"{text}; {split}."
    ways = Counter(move.direction for move in moved)
    names = {
        "tightened": ngettext(
            "one tightened",
            "%(number)s tightened",
            ways["tightened"],
            number=number(ways["tightened"]),
        ),
        "loosened": ngettext(
            "one loosened", "%(number)s loosened", ways["loosened"], number=number(ways["loosened"])
        ),
        "mixed": ngettext(
            "one moved both ways",
            "%(number)s moved both ways",
            ways["mixed"],
            number=number(ways["mixed"]),
        ),
    }
    return f"{text}: {listed([names[way] for way in names if ways[way]])}."


def _each_pledge_once(moves: Iterable[Move]) -> list[Move]:
    """What several companies pledged together counts once (codebook section 9)."""
    told: set[tuple[str, str]] = set()
    counted = []
    for move in moves:
        pledge = (move.joint or "", move.direction)
        if move.joint is None or pledge not in told:
            counted.append(move)
        told.add(pledge)
    return counted


def _who(move: Move) -> str:
    name = f"{move.company.name} ({move.brand})" if move.brand else move.company.name
    return _("%(name)s on %(topic)s", name=name, topic=wording.topic_inside(move.topic))
