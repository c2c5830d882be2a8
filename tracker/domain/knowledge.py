"""What was known on a day: by the first report of a stance, not by the day it tells of.

A stance without a first report (most rows of the starter history) counts as known from the last
day that its date covers; that is approximate, and pages say so (ledger R1).
"""

from collections.abc import Iterable
from datetime import date as Day

from tracker.domain.changes import last_day
from tracker.domain.codes import Origin, Precision
from tracker.domain.model import Relation, Stance


def known_on(stance: Stance) -> Day:
    """Return the day from which a stance counts as known."""
    return stance.first_reported or last_day(stance.date, stance.precision)


def known_by(day: Day, date: Day | None, precision: str, origin: str, reported: Day | None) -> bool:
    """Tell whether a reaction or call was known by the end of a day.

    One that we found was known from its first report; any other, from the last day that its date
    covers, if no report of it is older. One without date and report counts as known.
    """
    covered = last_day(date, Precision(precision)) if date else None
    if origin == Origin.EXTRACTED and reported is not None:
        return reported <= day
    first = min((one for one in (covered, reported) if one is not None), default=None)
    return first is None or first <= day


def known_then(stances: Iterable[Stance], day: Day) -> list[Stance]:
    """Return the stances that had been reported by the end of a day."""
    return [stance for stance in stances if known_on(stance) <= day]


def decided_then(relations: Iterable[Relation], day: Day) -> list[Relation]:
    """Return the decided relations that no later decision of a person is among."""
    return [
        relation
        for relation in relations
        if relation.decided and (relation.decided_on is None or relation.decided_on <= day)
    ]
