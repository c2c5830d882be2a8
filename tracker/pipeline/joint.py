"""A pledge that several companies make together: a record for each, told once (codebook 2)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.pipeline.record_stances import Told
from tracker.pipeline.report import Report, slugged
from tracker.store import stances


def tie_joint(report: Report, told: Sequence[Told]) -> list[Told]:
    """Give the stances that one sentence tells of several companies one joint id."""
    together: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for one in told:
        stance, span = one.stance, one.found.span
        key = (span.field, span.start, span.end, stance.act, stance.topic)
        together[key].append(one)
    joint = {
        one.stance.id: id_
        for group in together.values()
        if len({one.stance.company for one in group}) > 1
        for id_ in [_joint_id(group)]
        for one in group
    }
    return [_tied(report, one, joint.get(one.stance.id)) for one in told]


def _joint_id(group: Iterable[Told]) -> str:
    """That of a stance which is known as joint already, else a new one."""
    stances_ = [one.stance for one in group]
    known = sorted(stance.joint_id for stance in stances_ if stance.joint_id)
    first = min(stances_, key=lambda stance: (stance.date, stance.id))
    return known[0] if known else slugged("joint", first.date, first.act, first.topic)


def _tied(report: Report, one: Told, joint: str | None) -> Told:
    if joint is None or one.stance.joint_id is not None:
        return one
    stance = replace(one.stance, joint_id=joint)
    stances.save(report.session, stance, report.register.ids)
    return replace(one, stance=stance)
