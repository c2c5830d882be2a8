"""Sentences made from the data. Each says only what can be counted in what it is given."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date as Day
from datetime import datetime, timedelta

from tracker.domain.codes import PositionWord
from tracker.store.views.installation import Reading
from tracker.store.views.records import STALE_YEARS, Move, Standing, TopicRef
from tracker.web import wording

MONTH, YEARS = timedelta(days=30), timedelta(days=730)


def of_home(recent: Sequence[Move], last: Move | None, day: Day) -> str:
    """How many positions moved in thirty days, or when the last one did."""
    moved = [move for move in recent if day - move.day < MONTH]
    if moved:
        verb = "position moved" if len(moved) == 1 else "positions moved"
        return f"{_capital(wording.number(len(moved)))} {verb} in the last 30 days."
    if last is None:
        return "No position is on record yet."
    when = wording.day(last.day, last.precision)
    return f"No position moved in the last 30 days. The last one that did: {_who(last)}, {when}."


def of_topic(
    topic: TopicRef, standings: Iterable[Standing], moves: Iterable[Move], day: Day
) -> str:
    """Where the companies stand, and which way positions went in two years."""
    own = [one for one in standings if one.brand is None]
    if not own:
        return f"No position on {topic.name.lower()} is on record."
    fresh = [one for one in own if not one.stale(day)]
    parts = [_by_words(topic, fresh), _older(len(own) - len(fresh), bool(fresh)), _split(fresh)]
    parts.append(_recent(topic, [move for move in moves if day - move.day < YEARS], day))
    return " ".join(part for part in parts if part)


def of_company(name: str, standings: Sequence[Standing]) -> str:
    """On how many topics a company has a position, and where its words and deeds differ."""
    own = [one for one in standings if one.brand is None]
    if not own:
        return f"No stance on record sets a position of {name}."
    topics = wording.plural(len(own), "topic")
    text = f"{name} has a position on {topics}."
    newest = max(own, key=lambda one: one.since)
    label = wording.position(newest.newest.word, newest.topic)
    since = wording.day(newest.since, newest.newest.precision)
    text += f" The latest: {newest.topic.name}, “{label}” since {since}."
    split = [one.topic.name for one in own if one.split]
    if split:
        text += f" Words and deeds differ on {_list(split)}."
    return text


def of_position(name: str, topic: TopicRef, standings: Sequence[Standing], day: Day) -> str:
    """Where one company stands on one topic, track by track, and since when."""
    own = next((one for one in standings if one.brand is None), None)
    if own is None:
        return f"No stance on record sets a position of {name} on {topic.name.lower()}."
    parts = []
    for track, span in (("In words", own.says), ("In deeds", own.does)):
        if span is not None:
            label = wording.position(span.word, topic)
            parts.append(f"{track}: “{label}” since {wording.day(span.since, span.precision)}.")
    if own.stale(day):
        parts.append(f"The last evidence is of {own.last_evidence.year}.")
    return " ".join(parts)


def of_reading(reading: Reading, now: datetime) -> str:
    """How fresh the reading of sources is; nothing is claimed of sources never read."""
    if reading.sources == 0:
        return "no feed is set up"
    if reading.read == 0:
        return f"{wording.plural(reading.sources, 'feed')} set up, none read yet"
    last = wording.ago(reading.last_ok, now)
    return f"{reading.read} of {wording.plural(reading.sources, 'feed')} read, the last {last}"


def _by_words(topic: TopicRef, fresh: Sequence[Standing]) -> str:
    """How many say what, among those with evidence that is not too old."""
    if not fresh:
        return ""
    words = Counter(one.says.word for one in fresh if one.says)
    order = [word.value for word in PositionWord if words[word.value]]
    labels = [f"{wording.number(words[w])} “{wording.position(w, topic)}”" for w in order]
    years = wording.number(STALE_YEARS)
    text = f"Of {_companies(len(fresh))} with evidence from the last {years} years"
    by_deeds = sum(1 for one in fresh if one.says is None)
    if not labels:
        return f"{text}, {wording.number(by_deeds)} known by deeds alone."
    parts = [f"{text}, in words: {_list(labels)}"]
    if by_deeds:
        parts.append(f"{wording.number(by_deeds)} known by deeds alone")
    return "; ".join(parts) + "."


def _older(number: int, beside_others: bool) -> str:
    if not number:
        return ""
    more = " more" if beside_others else ""
    which = "company" if number == 1 else "companies"
    return (
        f"For {wording.number(number)}{more} {which} the last evidence"
        f" is more than {wording.number(STALE_YEARS)} years old."
    )


def _split(fresh: Sequence[Standing]) -> str:
    differ = sum(1 for one in fresh if one.split)
    return f"For {_companies(differ)}, words and deeds differ." if differ else ""


def _recent(topic: TopicRef, moves: Sequence[Move], day: Day) -> str:
    moved = [move for move in moves if move.direction != "first"]
    since = f"{day - YEARS:%B %Y}"
    if not moved:
        return f"No position has changed since {since}."
    verb = "change" if len(moved) == 1 else "changes"
    text = f"{_capital(wording.number(len(moved)))} {verb} of position since {since}"
    if topic.contested:
        return f"{text}; civil society is split on this topic, so none is called tighter or looser."
    ways = Counter(move.direction for move in moved)
    names = {"tightened": "tightened", "loosened": "loosened", "mixed": "moved both ways"}
    counted = [f"{wording.number(ways[way])} {names[way]}" for way in names if ways[way]]
    return f"{text}: {_list(counted)}."


def _companies(number: int) -> str:
    return f"{wording.number(number)} {'company' if number == 1 else 'companies'}"


def _who(move: Move) -> str:
    brand = f" ({move.brand})" if move.brand else ""
    return f"{move.company.name}{brand} on {move.topic.name.lower()}"


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
