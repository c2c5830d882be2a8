"""Found calls become calls, with one open status per named target."""

from dataclasses import dataclass
from datetime import timedelta

from tracker.domain.codes import CallStatus, Novelty, Origin, Precision
from tracker.domain.model import Call, CallId, CallTarget, FoundCall, TargetStatus
from tracker.pipeline.report import Report, ask_who, attach, keep, located, note, slugged
from tracker.pipeline.target_classes import with_class
from tracker.store import calls
from tracker.store.schema.ledger import RecordKind
from tracker.store.schema.world import FindingOutcome

KIND = RecordKind.CALL
SAME_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Called:
    """A call that the report tells of, and whether it was known before."""

    call: Call
    found: FoundCall
    known: bool


def record_call(report: Report, found: FoundCall) -> Called | None:
    """Join a call to the one it repeats, or record a new one, not yet shown."""
    spans = located(report, found)
    if not spans:
        keep(report, KIND, found, FindingOutcome.UNLOCATED)
        return None
    if not found.target_class and not any(name in report.register.slugs for name in found.targets):
        ask_who(report, KIND, found, ", ".join(found.targets) or "nobody named")
        return None
    call = with_class(report.session, report.register, _as_call(report, found))
    known = _find_known(report, call)
    if known is not None:
        if attach(report, KIND, known.id, spans, found.novelty):
            note(report, KIND, known.id, "evidence added")
        keep(report, KIND, found, FindingOutcome.JOINED, known.id)
        return Called(known, found, known=True)
    if found.novelty is Novelty.BACKGROUND:
        keep(report, KIND, found, FindingOutcome.SET_ASIDE)
        return None
    calls.save(report.session, call, report.register.ids, report.register.slugs)
    attach(report, KIND, call.id, spans, found.novelty)
    keep(report, KIND, found, FindingOutcome.RECORDED, call.id)
    note(report, KIND, call.id, "recorded")
    report.tally.count("calls")
    return Called(call, found, known=False)


def _as_call(report: Report, found: FoundCall) -> Call:
    day = found.date or report.day
    opened = TargetStatus(CallStatus.OPEN, day)
    targets = tuple(
        CallTarget(report.register.slugs[name], name, opened)
        for name in dict.fromkeys(found.targets)
        if name in report.register.slugs
    )
    unknown = [name for name in found.targets if name not in report.register.slugs]
    wanted = slugged(found.caller, day, "asks", *(t.company for t in targets[:2]), found.topic)
    return Call(
        id=CallId(calls.free_id(report.session, wanted)),
        callers=(found.caller,),
        caller_type=found.caller_type,
        asked=found.asked,
        date=day,
        targets=targets,
        precision=Precision.DAY if found.date else Precision.RANGE,
        topic=found.topic,
        topics=(found.topic,) if found.topic else (),
        target_class=found.target_class,
        deadline=found.deadline,
        public_url=report.snapshot.url,
        disposition=found.disposition,
        confidence=found.confidence,
        origin=Origin.EXTRACTED,
        extractor=report.extractor,
        note=f"also named, not in the register: {', '.join(unknown)}" if unknown else None,
    )


def _find_known(report: Report, new: Call) -> Call | None:
    for known in calls.by_callers(report.session, new.callers):
        close = abs(known.date - new.date) <= SAME_WITHIN
        if close and _topics_overlap(known, new) and _targets_overlap(known, new):
            return known
    return None


def _topics_overlap(one: Call, other: Call) -> bool:
    return not one.topics or not other.topics or bool(set(one.topics) & set(other.topics))


def _targets_overlap(one: Call, other: Call) -> bool:
    named = {t.company for t in one.targets} & {t.company for t in other.targets}
    return bool(named) or (one.target_class is not None and one.target_class == other.target_class)
