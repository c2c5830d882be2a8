"""Facts on which reports of one event differ: both values are kept (codebook section 6)."""

from datetime import date as Day

from tracker.domain.codes import Precision
from tracker.domain.model import DisputedFact, Stance


def disputed_by(known: Stance, told: Stance, url: str | None = None) -> tuple[DisputedFact, ...]:
    """Return what another report tells differently; what it leaves open is not disputed.

    Days one apart are the same until shown otherwise; ``url`` is the page that tells it.
    """
    found = []
    if told.act is not known.act:
        found.append(DisputedFact("act", told.act.value, url))
    if _days_differ(known, told):
        found.append(DisputedFact("date", told.date.isoformat(), url))
    if _differ(known.effective_date, told.effective_date):
        found.append(DisputedFact("effective_date", str(told.effective_date), url))
    return tuple(found)


def _days_differ(known: Stance, told: Stance) -> bool:
    exact = known.precision is told.precision is Precision.DAY
    return exact and abs((known.date - told.date).days) > 1


def _differ(known: Day | None, told: Day | None) -> bool:
    return known is not None and told is not None and known != told
