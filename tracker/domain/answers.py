"""What an act is as an answer, and what it makes of a demand: the table of ledger D."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.codes import Act, CallStatus, Extent
from tracker.domain.model import Call, Demand, Stance, TopicCode
from tracker.domain.outcomes import DemandKind
from tracker.domain.position_table import extent_of, is_compelled, sign_of


class Reply(StrEnum):
    """The columns of the table: what a stance is as an answer."""

    ENDS_ALL = "ends, divests in full"
    ENDS_PART = "ends in part, pauses, restricts, safeguards"
    RULES_ALL = "promise or rule in full, dated or in force"
    PROMISES = "promise in part or undated, denial"
    UPHOLDS = "upholds"
    DISCLOSES = "discloses"
    GOES_ON = "defends, launches, walks back, litigates against"
    PUTS_OFF = "declines to comment"
    BACKS_LAW = "supports regulation"
    OPPOSES_LAW = "opposes regulation"


OPEN, ACKNOWLEDGED = CallStatus.OPEN, CallStatus.ACKNOWLEDGED
PARTLY, ANSWERED = CallStatus.PARTIALLY_ANSWERED, CallStatus.ANSWERED
REJECTED, SUPERSEDED = CallStatus.REJECTED, CallStatus.SUPERSEDED

_FIRM: Mapping[Reply, CallStatus] = {
    Reply.UPHOLDS: ANSWERED,
    Reply.GOES_ON: REJECTED,
    Reply.PUTS_OFF: ACKNOWLEDGED,
}
_LESS: Mapping[Reply, CallStatus] = {
    **_FIRM,
    Reply.ENDS_ALL: ANSWERED,
    Reply.ENDS_PART: PARTLY,
    Reply.RULES_ALL: PARTLY,
    Reply.PROMISES: ACKNOWLEDGED,
}

ANSWERS: Mapping[DemandKind, Mapping[Reply, CallStatus]] = {
    DemandKind.STOP: _LESS,
    DemandKind.PAUSE: _LESS,
    DemandKind.LIMIT: _LESS,
    DemandKind.ADOPT: {**_LESS, Reply.RULES_ALL: ANSWERED, Reply.PROMISES: PARTLY},
    DemandKind.DISCLOSE: {
        Reply.RULES_ALL: PARTLY,
        Reply.PROMISES: ACKNOWLEDGED,
        Reply.DISCLOSES: PARTLY,
        Reply.GOES_ON: REJECTED,
        Reply.PUTS_OFF: ACKNOWLEDGED,
    },
    DemandKind.ANSWER: {**dict.fromkeys(Reply, ANSWERED), Reply.PUTS_OFF: ACKNOWLEDGED},
    DemandKind.KEEP: {**_FIRM, Reply.ENDS_ALL: REJECTED, Reply.ENDS_PART: REJECTED},
    DemandKind.BACK_LAW: {Reply.BACKS_LAW: ANSWERED, Reply.OPPOSES_LAW: REJECTED},
    DemandKind.MEET: {Reply.GOES_ON: REJECTED, Reply.PUTS_OFF: ACKNOWLEDGED},
}
"""What a reply makes of a demand. Where a person must compare the scope, the lesser word."""

_KIND_OF_ACT: Mapping[Act, DemandKind] = {
    Act.ENDS: DemandKind.STOP,
    Act.DIVESTS: DemandKind.STOP,
    Act.PAUSES: DemandKind.PAUSE,
    Act.RESTRICTS: DemandKind.LIMIT,
    Act.SAFEGUARDS: DemandKind.ADOPT,
    Act.COMMITS: DemandKind.ADOPT,
    Act.CHANGES_POLICY: DemandKind.ADOPT,
    Act.DISCLOSES: DemandKind.DISCLOSE,
    Act.UPHOLDS: DemandKind.KEEP,
    Act.SUPPORTS_REGULATION: DemandKind.BACK_LAW,
}
_VERBS: Mapping[DemandKind, str] = {
    DemandKind.STOP: "stop end drop cancel abandon ban halt quit cease remove withdraw scrap",
    DemandKind.PAUSE: "pause suspend delay freeze",
    DemandKind.LIMIT: "limit restrict curb reduce",
    DemandKind.ADOPT: "adopt commit pledge promise create introduce protect require",
    DemandKind.DISCLOSE: "disclose publish release reveal report",
    DemandKind.ANSWER: "answer explain say clarify respond",
    DemandKind.KEEP: "keep maintain uphold preserve",
    DemandKind.BACK_LAW: "support back endorse",
    DemandKind.MEET: "meet",
}
_KIND_OF_VERB = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}
_REPLY_OF_ACT: Mapping[Act, Reply] = {
    Act.PAUSES: Reply.ENDS_PART,
    Act.RESTRICTS: Reply.ENDS_PART,
    Act.SAFEGUARDS: Reply.ENDS_PART,
    Act.DENIES: Reply.PROMISES,
    Act.UPHOLDS: Reply.UPHOLDS,
    Act.DISCLOSES: Reply.DISCLOSES,
    Act.DEFENDS: Reply.GOES_ON,
    Act.LAUNCHES: Reply.GOES_ON,
    Act.WALKS_BACK: Reply.GOES_ON,
    Act.DECLINES_COMMENT: Reply.PUTS_OFF,
    Act.SUPPORTS_REGULATION: Reply.BACKS_LAW,
    Act.OPPOSES_REGULATION: Reply.OPPOSES_LAW,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status that a stance would give a target, and the places of the demands then met."""

    status: CallStatus
    met: tuple[int, ...] = ()


def demands_of(call: Call) -> tuple[Demand, ...]:
    """Return what a call asks for; one that lists no demands asks for one thing.

    A question by the press wants an answer.
    """
    if call.demands:
        return call.demands
    if call.channel == "press_question":
        return (Demand(DemandKind.ANSWER, call.asked),)
    kind = kind_of_act(call.asked_act) if call.asked_act else kind_in(call.asked)
    return (Demand(kind, call.asked),)


def kind_of_act(act: Act) -> DemandKind:
    """Return the verb family of the act that a call asks for."""
    return _KIND_OF_ACT.get(act, DemandKind.ANSWER)


def kind_in(asked: str) -> DemandKind:
    """Return the verb family of the first verb in what is asked; the strictest where none is."""
    for word in re.findall(r"[a-z]+", asked.casefold()):
        kind = _KIND_OF_VERB.get(word)
        if kind is not None:
            return kind
    return DemandKind.STOP


def is_question(call: Call) -> bool:
    """Tell whether a call asks for nothing but an answer."""
    return all(demand.kind is DemandKind.ANSWER for demand in demands_of(call))


def reply_of(stance: Stance) -> Reply | None:
    """Return what a stance is as an answer, or None."""
    sign = sign_of(stance.direction)
    full = extent_of(stance, stance.direction) is Extent.FULL
    if stance.act in (Act.ENDS, Act.DIVESTS):
        return Reply.ENDS_ALL if full and sign == 1 else Reply.ENDS_PART
    if stance.act in (Act.COMMITS, Act.CHANGES_POLICY):
        return _reply_of_promise(stance, sign, full)
    if stance.act is Act.LITIGATES:
        return Reply.GOES_ON if sign == -1 else None
    return _REPLY_OF_ACT.get(stance.act)


def outcome_for(call: Call, stance: Stance, met: Collection[int] = ()) -> Outcome | None:
    """Return what a stance would make of a target that has ``met`` these demands, by the table.

    Compelled acts supersede. Of several demands each must be met for the call to be answered.
    """
    if is_compelled(stance):
        return Outcome(SUPERSEDED, tuple(sorted(met)))
    replies = {
        place: status
        for place, demand in enumerate(demands_of(call), 1)
        if _speaks_to(stance, demand.topic) and (status := _reply_to(demand.kind, stance))
    }
    if not replies:
        return None
    now_met = {place for place, status in replies.items() if status is ANSWERED} | set(met)
    status = _status_of(replies.values(), len(now_met), len(demands_of(call)))
    return Outcome(status, tuple(sorted(now_met)))


def _status_of(replies: Collection[CallStatus], met: int, asked: int) -> CallStatus:
    if met == asked:
        return ANSWERED
    if met or PARTLY in replies:
        return PARTLY
    refused = len(replies) == asked and all(status is REJECTED for status in replies)
    return REJECTED if refused else ACKNOWLEDGED


def _reply_to(kind: DemandKind, stance: Stance) -> CallStatus | None:
    reply = reply_of(stance)
    if reply is None:
        return None
    whole = extent_of(stance, stance.direction) is Extent.FULL
    if kind in (DemandKind.PAUSE, DemandKind.LIMIT) and reply is Reply.ENDS_PART and whole:
        return ANSWERED
    return ANSWERS[kind].get(reply)


def _speaks_to(stance: Stance, topic: TopicCode | None) -> bool:
    return topic is None or topic in _topics(stance)


def _topics(stance: Stance) -> Iterable[TopicCode]:
    return (stance.topic, *stance.topics)


def _reply_of_promise(stance: Stance, sign: int | None, full: bool) -> Reply | None:
    if sign == -1:
        return Reply.GOES_ON
    dated = stance.effective_date is not None or stance.act is Act.CHANGES_POLICY
    return Reply.RULES_ALL if full and dated and sign == 1 else Reply.PROMISES
