"""What is known of a record when something happens to it, to be held against wishes."""

from collections.abc import Iterable, Mapping
from datetime import date as Day

from tracker.domain.codes import ChangeKind, Level, Track
from tracker.domain.filters import Facts, Kind
from tracker.domain.model import Call, Organisation, Reaction, Stance, Topic, TopicCode
from tracker.domain.register import chain_on, countries_of
from tracker.domain.wishes import Happening, Occasion

Organisations = Mapping[str, Organisation]
Topics = Mapping[TopicCode, Topic]

BOTH = frozenset({Track.SAYS.value, Track.DOES.value})


def facts_of_stance(
    stance: Stance,
    organisations: Organisations,
    topics: Topics,
    *,
    change: ChangeKind | None = None,
    tracks: Iterable[Track] = (),
    quote: str | None = None,
) -> Facts:
    """Facts of a stance; ``tracks`` are those that it moved, else those that it speaks to."""
    moved = frozenset(track.value for track in tracks)
    spoken = BOTH if stance.track in (None, Track.BOTH) else frozenset({str(stance.track)})
    companies = _with_owners([stance.company], stance.date, organisations)
    return Facts(
        kind=Kind.STANCE,
        day=stance.date,
        company=companies | _brand(stance, organisations),
        topic=_slugs((stance.topic, *stance.topics), topics),
        act=frozenset({stance.act.value}),
        change=frozenset({change.value} if change else ()),
        track=moved or spoken,
        country=_countries(companies, organisations),
        level=stance.level,
        text=_text(stance.company_name, stance.brand, stance.scope, stance.summary, quote),
    )


def facts_of_reaction(
    reaction: Reaction, organisations: Organisations, topics: Topics, quote: str | None = None
) -> Facts:
    """Facts of a reaction; ``by`` is who reacted."""
    companies = _with_owners(reaction.about, reaction.date, organisations)
    return Facts(
        kind=Kind.REACTION,
        day=reaction.date,
        company=companies,
        topic=_slugs([reaction.topic] if reaction.topic else [], topics),
        country=_countries(companies, organisations),
        by=frozenset({reaction.actor} if reaction.actor else ()),
        level=reaction.level,
        text=_text(reaction.actor_name, reaction.speaker, reaction.summary, quote),
    )


def facts_of_call(
    call: Call,
    organisations: Organisations,
    topics: Topics,
    slugs: Mapping[str, str],
    targets: Iterable[str] | None = None,
    quote: str | None = None,
) -> Facts:
    """Facts of a call on all its targets, or on these; ``by`` is who called.

    ``slugs`` are those of organisations by canonical name.
    """
    asked = [target.company for target in call.targets] if targets is None else targets
    companies = _with_owners(asked, call.date, organisations)
    codes = (*call.topics, *([call.topic] if call.topic else []))
    return Facts(
        kind=Kind.CALL,
        day=call.date,
        company=companies,
        topic=_slugs(codes, topics),
        country=_countries(companies, organisations),
        by=frozenset(slugs[name] for name in call.callers if name in slugs),
        level=call.level,
        text=_text(*call.callers, call.asked, quote),
    )


def as_proposed(facts: Facts) -> Happening:
    """Something the machine found that nobody has checked: its level says nothing yet."""
    return Happening(frozenset({Occasion.AWAITING}), facts)


def confirmed_late(before: Level, after: Level) -> bool:
    """Whether a record that was told as reported is now confirmed."""
    return after is Level.CONFIRMED and before is not Level.CONFIRMED


def _with_owners(
    slugs: Iterable[str], day: Day | None, organisations: Organisations
) -> frozenset[str]:
    if day is None:
        return frozenset(slugs)
    return frozenset(link for slug in slugs for link in chain_on(slug, day, organisations))


def _brand(stance: Stance, organisations: Organisations) -> frozenset[str]:
    """A brand that is an organisation of its own can be followed by itself."""
    wanted = (stance.brand or "").casefold()
    if not wanted:
        return frozenset()
    found = (one.slug for one in organisations.values() if one.name.casefold() == wanted)
    return frozenset(found)


def _slugs(codes: Iterable[TopicCode], topics: Topics) -> frozenset[str]:
    return frozenset(topics[code].slug for code in codes if code in topics)


def _countries(companies: Iterable[str], organisations: Organisations) -> frozenset[str]:
    known = (organisations[slug].country for slug in companies if slug in organisations)
    return frozenset(country for place in known for country in countries_of(place))


def _text(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
