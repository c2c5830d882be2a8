"""A wish as people read it: on their page, in the mail it brought, in the link that stops it."""

from collections.abc import Iterable, Iterator, Mapping

from tracker.domain.codes import Pace
from tracker.domain.filter_fields import Attested
from tracker.domain.filters import Filters
from tracker.domain.subjects import Say, act_words, as_written, inside
from tracker.domain.wishes import USUAL, Occasion, Wish

MOST_NAMED = 4
"""Names that are written out; of more the rest is counted."""


def occasion_words(_: Say = as_written) -> dict[Occasion, str]:
    """What each occasion is called where somebody chooses it."""
    return {
        Occasion.STANCE: _("new stances"),
        Occasion.CHANGE: _("changes of position"),
        Occasion.REVERSAL: _("reversals"),
        Occasion.REACTION: _("reactions"),
        Occasion.CALL: _("calls"),
        Occasion.ANSWER: _("answers to calls"),
        Occasion.DEADLINE: _("deadlines and expiries coming up"),
        Occasion.SILENCE: _("silence"),
        Occasion.OVERDUE: _("overdue promises"),
        Occasion.AWAITING: _("findings on contested topics that await a check"),
        Occasion.CORRECTION: _("corrections"),
    }


def pace_words(_: Say = as_written) -> dict[Pace, str]:
    """What each pace is called."""
    return {
        Pace.AT_ONCE: _("at once"),
        Pace.DAILY: _("once a day"),
        Pace.WEEKLY: _("once a week"),
    }


def in_words(wish: Wish, names: Mapping[str, str], _: Say = as_written) -> str:
    """What a wish is for; ``names`` are those behind its slugs (``topic:SLUG`` for topics)."""
    asked = wish.filters
    companies = _some([names.get(slug, slug) for slug in asked.company], _)
    named = [names.get(f"topic:{slug}", slug) for slug in asked.topic]
    topics = _some([_(name) for name in named], _)
    if companies and topics:
        within = _some([inside(name, _) for name in named], _)
        about = _("{who} on {topic}").format(who=companies, topic=within)
    else:
        about = companies or topics or ("" if asked.watchlist else _("everything"))
    lists = [_list(names.get(f"watchlist:{key}"), _) for key in asked.watchlist]
    about = ", ".join(filter(None, (*lists, about)))
    return "; ".join((about, *_limits(asked, names, _), *_occasions(wish, _)))


def _list(name: str | None, _: Say) -> str:
    return _("list “{name}”").format(name=name) if name else _("a list that is gone")


def _limits(asked: Filters, names: Mapping[str, str], _: Say) -> Iterator[str]:
    if asked.words:
        yield f"“{asked.words}”"
    for codes in (asked.act, asked.change, asked.position, asked.track):
        if codes:
            yield _some([_(act_words(code)) for code in codes], _)
    if asked.by:
        yield _("by {who}").format(who=_some([names.get(slug, slug) for slug in asked.by], _))
    yield from (
        _some(others, _) for others in (asked.sector, asked.country, asked.source) if others
    )
    yield from _period(asked, _)


def _period(asked: Filters, _: Say) -> Iterator[str]:
    if asked.after:
        yield _("from {day} on").format(day=asked.after)
    if asked.before:
        yield _("before {day}").format(day=asked.before)
    if asked.level is Attested.CONFIRMED:
        yield _("only what is confirmed")


def _occasions(wish: Wish, _: Say) -> Iterator[str]:
    if wish.occasions == USUAL:
        return
    words = occasion_words(_)
    words[Occasion.SILENCE] = _("silence of {days} days").format(days=wish.days)
    yield _some([words[one] for one in Occasion if one in wish.occasions], _, most=len(Occasion))


def _some(names: Iterable[str], _: Say, most: int = MOST_NAMED) -> str:
    listed = list(names)
    if len(listed) <= most:
        return ", ".join(listed)
    more = _("{n} more").format(n=len(listed) - most + 1)
    return ", ".join((*listed[: most - 1], more))
