"""Exported rows as records again. Their origin is ``imported``, and no quote comes with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day

from tracker.domain.codes import (
    Act,
    ActorType,
    Authority,
    CallStatus,
    Disposition,
    Extent,
    Level,
    Modality,
    Novelty,
    Origin,
    Precision,
    ReactionKind,
    RelationKind,
    ReviewState,
    Track,
    Trigger,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Call,
    CallId,
    CallTarget,
    Commitment,
    CommitmentId,
    CommitmentStep,
    Demand,
    DisputedFact,
    Reaction,
    ReactionId,
    Relation,
    Stance,
    StanceId,
    TargetStatus,
    TopicCode,
)
from tracker.domain.outcomes import CommitmentState, DemandKind
from tracker.pipeline.fields import Fields


@dataclass
class Known:
    """What a row may refer to: organisations, topics, and records stored or in the same file."""

    slugs: Mapping[str, int]
    slugs_by_name: Mapping[str, str]
    topics: frozenset[str]
    stances: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def slug(self, fields: Fields, name: str) -> str:
        """The organisation in ``name`` or ``name_slug``: a slug or a canonical name."""
        given = fields.maybe(f"{name}_slug") or fields.text(name)
        return self._slug(given)

    def all_slugs(self, names: Iterable[str]) -> tuple[str, ...]:
        """The organisations of a list of slugs or canonical names."""
        return tuple(self._slug(name) for name in names)

    def _slug(self, given: str) -> str:
        slug = given if given in self.slugs else self.slugs_by_name.get(given)
        if slug is None:
            raise UsageError(f"there is no organisation {given!r} here")
        return slug

    def topic(self, code: str) -> TopicCode:
        """A topic of the codebook."""
        if code not in self.topics:
            raise UsageError(f"there is no topic {code!r} here")
        return TopicCode(code)

    def maybe_topic(self, code: str | None) -> TopicCode | None:
        """A topic of the codebook, or None."""
        return self.topic(code) if code else None

    def stance(self, id_: str) -> StanceId:
        """A stance that is stored, or in the same file."""
        if id_ not in self.stances:
            raise UsageError(f"there is no stance {id_!r} here or in the file")
        return StanceId(id_)

    def call(self, id_: str) -> CallId:
        """A call that is stored, or in the same file."""
        if id_ not in self.calls:
            raise UsageError(f"there is no call {id_!r} here or in the file")
        return CallId(id_)


def stance_of(fields: Fields, known: Known) -> Stance:
    """Make a stance of a row. Raises UsageError that says what is wrong."""
    date, precision = _date(fields)
    company = known.slug(fields, "company")
    level = fields.code("level", Level, Level.REPORTED)
    topic = known.topic(fields.text("topic"))
    return Stance(
        id=StanceId(fields.id()),
        company=company,
        company_name=company,
        topic=topic,
        topics=tuple(known.topic(code) for code in fields.texts("topics")),
        directions={known.topic(code): n for code, n in fields.numbers("directions").items()},
        act=fields.code("act", Act),
        direction=fields.whole("direction", -3, 3),
        date=date,
        precision=precision,
        brand=fields.maybe("brand"),
        effective_date=fields.day("effective_date"),
        first_reported=fields.day("first_reported"),
        first_seen=fields.moment("first_seen"),
        scope=fields.maybe("scope"),
        summary=fields.maybe("summary"),
        speaker=fields.maybe("speaker"),
        speaker_role=fields.maybe("speaker_role"),
        authority=fields.maybe_code("authority", Authority),
        trigger=fields.code("trigger", Trigger, Trigger.VOLUNTARY),
        extent=fields.maybe_code("extent", Extent),
        term=fields.maybe("term"),
        track=fields.maybe_code("track", Track),
        matter=fields.maybe("matter"),
        joint_id=fields.maybe("joint_id"),
        novelty=fields.code("status", Novelty, Novelty.NEW),
        modality=fields.code("modality", Modality, Modality.ASSERTED),
        disposition=_disposition(fields, level),
        confidence=fields.number("confidence", 0, 1),
        level=level,
        review_state=_review_state(fields, level),
        origin=Origin.IMPORTED,
        published=fields.flag("published", True),
        extractor=fields.maybe("extractor"),
        note=fields.maybe("note"),
    )


def relations_of(fields: Fields, known: Known) -> list[Relation]:
    """The relations of a stance to others that are known."""
    return [
        Relation(
            kind=inner.code("kind", RelationKind),
            stance=StanceId(fields.id()),
            to=known.stance(inner.text("to")),
            decided=inner.flag("decided", False),
        )
        for inner in fields.tables("relations")
    ]


def disputed_of(fields: Fields) -> list[DisputedFact]:
    """What other reports say of facts of a stance."""
    return [
        DisputedFact(inner.text("field"), inner.text("value"), inner.maybe("url"))
        for inner in fields.tables("disputed")
    ]


def reaction_of(fields: Fields, known: Known) -> Reaction:
    """Make a reaction of a row. Raises UsageError that says what is wrong."""
    dated = fields.dated()
    level = fields.code("level", Level, Level.REPORTED)
    stance, call = fields.maybe("stance"), fields.maybe("call")
    actor = fields.maybe("actor_slug")
    return Reaction(
        id=ReactionId(fields.id()),
        actor_name=fields.maybe("actor_name") or fields.text("actor"),
        actor_type=fields.code("actor_type", ActorType),
        reaction=fields.code("reaction", ReactionKind),
        about=known.all_slugs(fields.texts("about_slugs") or fields.texts("about")),
        actor=known.all_slugs([actor])[0] if actor else None,
        affiliate=fields.maybe("affiliate"),
        speaker=fields.maybe("speaker"),
        stance=known.stance(stance) if stance else None,
        practice=fields.maybe("practice"),
        topic=known.maybe_topic(fields.maybe("topic")),
        summary=fields.maybe("summary"),
        date=dated[0] if dated else None,
        precision=dated[1] if dated else Precision.DAY,
        call=known.call(call) if call else None,
        target_class=fields.maybe("target_class"),
        novelty=fields.code("status", Novelty, Novelty.NEW),
        disposition=_disposition(fields, level),
        confidence=fields.number("confidence", 0, 1),
        level=level,
        review_state=_review_state(fields, level),
        origin=Origin.IMPORTED,
        published=fields.flag("published", True),
        extractor=fields.maybe("extractor"),
        note=fields.maybe("note"),
    )


def call_of(fields: Fields, known: Known) -> Call:
    """Make a call of a row, with every status of every target. Raises UsageError."""
    date, precision = _date(fields)
    level = fields.code("level", Level, Level.REPORTED)
    callers = fields.texts("callers")
    if not callers:
        raise UsageError("callers is missing")
    return Call(
        id=CallId(fields.id()),
        callers=callers,
        caller_type=fields.code("caller_type", ActorType),
        asked=fields.text("asked"),
        date=date,
        targets=tuple(_target(inner, known) for inner in fields.tables("targets")),
        precision=precision,
        asked_act=fields.maybe_code("asked_act", Act),
        topic=known.maybe_topic(fields.maybe("topic")),
        topics=tuple(known.topic(code) for code in fields.texts("topics")),
        target_class=fields.maybe("target_class"),
        deadline=fields.day("deadline"),
        channel=fields.maybe("channel"),
        delivered_on=fields.day("delivered_on"),
        delivery_proof=fields.maybe("delivery_proof"),
        public_url=next(iter(fields.urls("public_url")), None),
        withdrawn_on=fields.day("withdrawn_on"),
        demands=tuple(_demand(inner, known) for inner in fields.tables("demands")),
        disposition=_disposition(fields, level),
        confidence=fields.number("confidence", 0, 1),
        level=level,
        review_state=_review_state(fields, level),
        origin=Origin.IMPORTED,
        published=fields.flag("published", True),
        extractor=fields.maybe("extractor"),
        note=fields.maybe("note"),
    )


def _target(fields: Fields, known: Known) -> CallTarget:
    company = known.slug(fields, "company")
    steps = [_status(inner, known) for inner in fields.tables("history")]
    *earlier, now = steps or [_status(fields, known)]
    return CallTarget(company, company, now, tuple(earlier), fields.maybe("of_class"))


def _demand(fields: Fields, known: Known) -> Demand:
    topic = known.maybe_topic(fields.maybe("topic"))
    return Demand(fields.code("kind", DemandKind), fields.text("asked"), topic)


def _status(fields: Fields, known: Known) -> TargetStatus:
    dated = fields.dated()
    return TargetStatus(
        status=fields.code("status", CallStatus),
        date=dated[0] if dated else None,
        precision=dated[1] if dated else Precision.DAY,
        answered_by=tuple(known.stance(id_) for id_ in fields.texts("answered_by")),
        met=fields.places("met"),
        corrects=fields.flag("corrects", False),
        why=fields.maybe("why"),
    )


def commitment_of(fields: Fields, known: Known) -> Commitment:
    """Make a promise of a row, with every step. Raises UsageError."""
    date, precision = _date(fields)
    company = known.slug(fields, "company")
    steps = tuple(_step(inner, known) for inner in fields.tables("steps"))
    if not steps:
        raise UsageError("steps is missing")
    return Commitment(
        id=CommitmentId(fields.id()),
        company=company,
        company_name=company,
        topic=known.topic(fields.text("topic")),
        stance=known.stance(fields.text("stance")),
        promised=fields.text("promised"),
        date=date,
        steps=steps,
        brand=fields.maybe("brand"),
        precision=precision,
        scope=fields.maybe("scope"),
        due=fields.day("due"),
        due_precision=fields.code("due_precision", Precision, Precision.DAY),
        condition=fields.maybe("condition"),
        review_state=fields.code("review_state", ReviewState, ReviewState.ACCEPTED),
        origin=Origin.IMPORTED,
        note=fields.maybe("note"),
    )


def _step(fields: Fields, known: Known) -> CommitmentStep:
    date, precision = _date(fields)
    stance = fields.maybe("stance")
    return CommitmentStep(
        state=fields.code("state", CommitmentState),
        date=date,
        precision=precision,
        why=fields.maybe("why"),
        stance=known.stance(stance) if stance else None,
        url=fields.maybe("url"),
        corrects=fields.flag("corrects", False),
    )


def _date(fields: Fields) -> tuple[Day, Precision]:
    dated = fields.dated()
    if dated is None:
        raise UsageError("date is missing")
    return dated


def _disposition(fields: Fields, level: Level) -> Disposition:
    usual = Disposition.REVIEW if level is Level.UNCONFIRMED else Disposition.PUBLISH
    return fields.code("disposition", Disposition, usual)


def _review_state(fields: Fields, level: Level) -> ReviewState:
    usual = ReviewState.PROPOSED if level is Level.UNCONFIRMED else ReviewState.ACCEPTED
    return fields.code("review_state", ReviewState, usual)
