"""The starter data as domain values. A person reads the files in ``data``; code reads these."""

from dataclasses import dataclass
from datetime import date as Day
from functools import lru_cache
from urllib.parse import urlsplit

from tracker.domain.codes import (
    Act,
    Authority,
    CallStatus,
    Disposition,
    Extent,
    Level,
    Origin,
    Precision,
    ReactionKind,
    RelationKind,
    ReviewState,
    Tier,
    Track,
    Trigger,
)
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Demand,
    DisputedFact,
    Link,
    Organisation,
    Reaction,
    ReactionId,
    Relation,
    Stance,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import DemandKind
from tracker.domain.register import name_on
from tracker.starter.register import load_hosts, load_registry, load_sources, load_topics
from tracker.starter.rows import Row, each_once, json_rows
from tracker.starter.version import STARTER_VERSION

__all__ = [
    "STARTER_VERSION",
    "StarterCall",
    "StarterReaction",
    "StarterStance",
    "load_calls",
    "load_hosts",
    "load_reactions",
    "load_registry",
    "load_sources",
    "load_stances",
    "load_topics",
]


@dataclass(frozen=True, slots=True)
class StarterStance:
    """A stance known from linked pages only, with its relations to others.

    ``reason`` says which fields were completed and why; ``date_basis`` is ``source`` or
    ``memory_or_inferred``; ``disputed`` holds what other reports say instead.
    """

    stance: Stance
    links: tuple[Link, ...]
    relations: tuple[Relation, ...]
    date_basis: str
    reason: str | None = None
    disputed: tuple[DisputedFact, ...] = ()


@dataclass(frozen=True, slots=True)
class StarterReaction:
    """A reaction with its links; ``members`` are the known ones of a collective (slugs)."""

    reaction: Reaction
    links: tuple[Link, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StarterCall:
    """A call with its links."""

    call: Call
    links: tuple[Link, ...]


def load_stances() -> tuple[StarterStance, ...]:
    """Return the starter history; every row has links and no stored quote."""
    stances = tuple(_stance(row) for row in json_rows("stances.jsonl"))
    each_once("stances.jsonl", stances, lambda found: found.stance.id)
    return stances


def load_reactions() -> tuple[StarterReaction, ...]:
    """Return who answered the stances and practices of the starter history."""
    reactions = tuple(_reaction(row) for row in json_rows("reactions.jsonl"))
    each_once("reactions.jsonl", reactions, lambda found: found.reaction.id)
    return reactions


def load_calls() -> tuple[StarterCall, ...]:
    """Return the calls of the starter history, with one status per named company."""
    calls = tuple(_call(row) for row in json_rows("calls.jsonl"))
    each_once("calls.jsonl", calls, lambda found: found.call.id)
    return calls


def _stance(row: Row) -> StarterStance:
    stance_id = StanceId(row.text("id"))
    date, precision = _stated_date(row)
    level = row.code("level", Level)
    company = _company(row, row.text("company"))
    row.text("confidence")
    stance = Stance(
        id=stance_id,
        company=company.slug,
        company_name=name_on(company, date),
        topic=_topic_code(row, row.text("topic")),
        act=row.code("act", Act),
        date=date,
        precision=precision,
        brand=row.maybe("brand"),
        topics=tuple(_topic_code(row, code) for code in row.texts("topics")),
        direction=row.number("direction"),
        effective_date=row.maybe_day("effective_date"),
        first_reported=row.maybe_day("first_reported"),
        scope=row.maybe("scope"),
        summary=row.text("summary"),
        speaker=row.maybe("speaker"),
        speaker_role=row.maybe("speaker_role"),
        authority=row.maybe_code("authority", Authority),
        trigger=row.maybe_code("trigger", Trigger) or Trigger.VOLUNTARY,
        extent=row.maybe_code("extent", Extent),
        term=row.maybe("term"),
        track=row.maybe_code("track", Track),
        matter=row.maybe("matter"),
        joint_id=row.maybe("joint_id"),
        disposition=_disposition(level),
        level=level,
        review_state=_review_state(level),
        origin=Origin.STARTER,
        published=True,
        note=row.maybe("note"),
    )
    seen = row.maybe_flag("links_seen")
    links = tuple(_link(url, seen) for url in row.texts("links"))
    relations = tuple(_relation(stance_id, inner) for inner in row.rows("relations", "to"))
    basis = row.text("date_basis")
    disputed = tuple(_disputed(inner) for inner in row.rows("disputed", "field"))
    reason = row.maybe("reason")
    return row.finish(StarterStance(stance, links, relations, basis, reason, disputed))


def _disputed(row: Row) -> DisputedFact:
    return row.finish(DisputedFact(row.text("field"), row.text("value"), row.maybe("url")))


def _relation(stance: StanceId, row: Row) -> Relation:
    decided = row.maybe_flag("decided")
    return row.finish(
        Relation(
            kind=row.code("kind", RelationKind),
            stance=stance,
            to=StanceId(row.text("to")),
            decided=decided is None or decided,
        )
    )


def _reaction(row: Row) -> StarterReaction:
    date, precision = _stated_date(row)
    level = row.code("level", Level)
    row.maybe("speaker_role")
    row.maybe("host")
    stance, topic, call = row.maybe("stance"), row.maybe("topic"), row.maybe("call")
    reaction = Reaction(
        id=ReactionId(row.text("id")),
        actor_name=row.text("actor_name"),
        actor_type=row.text("actor_type"),
        reaction=row.code("reaction", ReactionKind),
        about=tuple(_company(row, slug).slug for slug in row.texts("about")),
        actor=row.maybe("actor"),
        affiliate=row.maybe("affiliate"),
        speaker=row.maybe("speaker"),
        stance=StanceId(stance) if stance else None,
        practice=row.maybe("practice"),
        topic=_topic_code(row, topic) if topic else None,
        summary=row.text("summary"),
        date=date,
        precision=precision,
        call=CallId(call) if call else None,
        target_class=row.maybe("target_class"),
        disposition=_disposition(level),
        level=level,
        review_state=_review_state(level),
        origin=Origin.STARTER,
        published=True,
        note=row.maybe("note"),
    )
    links = _one_link(row.maybe("link"), row.maybe_flag("link_seen"))
    return row.finish(StarterReaction(reaction, links, row.texts("members")))


def _call(row: Row) -> StarterCall:
    date, precision = _stated_date(row)
    level = row.code("level", Level)
    row.maybe("reason")
    topic, reaction = row.maybe("topic"), row.maybe("reaction")
    link = row.maybe("link")
    call = Call(
        id=CallId(row.text("id")),
        callers=row.texts("callers"),
        caller_type=row.text("caller_type"),
        asked=row.text("asked"),
        demands=tuple(_demand(inner) for inner in row.rows("demands", "asked")),
        date=date,
        targets=tuple(_target(inner, date) for inner in row.rows("targets", "company")),
        precision=precision,
        asked_act=row.maybe_code("asked_act", Act),
        topic=_topic_code(row, topic) if topic else None,
        topics=tuple(_topic_code(row, code) for code in row.texts("topics")),
        target_class=row.maybe("target_class"),
        deadline=row.maybe_day("deadline"),
        channel=row.maybe("channel"),
        delivery_proof=row.maybe("delivery_proof"),
        public_url=link if link and _tier(link) in (Tier.ADVOCACY, Tier.PRIMARY) else None,
        reaction=ReactionId(reaction) if reaction else None,
        disposition=_disposition(level),
        level=level,
        review_state=_review_state(level),
        origin=Origin.STARTER,
        published=True,
        note=row.maybe("note"),
    )
    return row.finish(StarterCall(call, _one_link(link, None)))


def _demand(row: Row) -> Demand:
    topic = _topic_code(row, row.text("topic"))
    return row.finish(Demand(row.code("kind", DemandKind), row.text("asked"), topic))


def _target(row: Row, asked: Day) -> CallTarget:
    company = _company(row, row.text("company"))
    history = tuple(inner.finish(_status(inner)) for inner in row.rows("history", "status"))
    return row.finish(CallTarget(company.slug, name_on(company, asked), _status(row), history))


def _status(row: Row) -> TargetStatus:
    date, precision = row.dated("date") if row.has("date") else (None, Precision.DAY)
    return TargetStatus(
        status=row.code("status", CallStatus),
        date=date,
        precision=precision,
        answered_by=tuple(StanceId(stance) for stance in row.texts("answered_by")),
        met=row.numbers("met"),
    )


def _stated_date(row: Row) -> tuple[Day, Precision]:
    date, precision = row.dated("date")
    if row.code("precision", Precision) != precision:
        raise row.error("date and precision differ")
    return date, precision


def _disposition(level: Level) -> Disposition:
    return Disposition.REVIEW if level is Level.UNCONFIRMED else Disposition.PUBLISH


def _review_state(level: Level) -> ReviewState:
    return ReviewState.PROPOSED if level is Level.UNCONFIRMED else ReviewState.ACCEPTED


def _one_link(url: str | None, seen: bool | None) -> tuple[Link, ...]:
    return (_link(url, seen),) if url else ()


def _link(url: str, seen: bool | None) -> Link:
    return Link(url, _host_of(url), _tier(url), seen)


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _tier(url: str) -> Tier | None:
    return _tiers().get(_host_of(url))


@lru_cache(maxsize=1)
def _tiers() -> dict[str, Tier]:
    return {host.host: host.tier for host in load_hosts()}


@lru_cache(maxsize=1)
def _organisations() -> dict[str, Organisation]:
    return {organisation.slug: organisation for organisation in load_registry().organisations}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(topic.code for topic in load_topics())


def _company(row: Row, slug: str) -> Organisation:
    if slug not in _organisations():
        raise row.error(f"company {slug} is not in organisations.toml")
    return _organisations()[slug]


def _topic_code(row: Row, code: str) -> TopicCode:
    if code not in _codes():
        raise row.error(f"topic {code} is not in topics.toml")
    return TopicCode(code)
