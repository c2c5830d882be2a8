"""Which stances match, in narrow rows: pages count, sort and cut them before reading any whole."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from tracker.store.schema import OrganisationRow, StanceRow, StanceTopicRow, TopicRow
from tracker.store.views import stances
from tracker.store.views.records import Lens
from tracker.store.views.stances import Wanted

_ROW, _COMPANY = StanceRow.__table__.c, OrganisationRow.__table__.c


@dataclass(frozen=True, slots=True)
class Outline:
    """The stances that match, newest first: their ids, and those of each company.

    A company's are those of which the topic is the first. ``left_out`` need checking: they are
    only counted.
    """

    ids: tuple[str, ...]
    by_company: dict[int, tuple[str, ...]]
    left_out: int

    def of_companies(self, companies: Iterable[int], limit: int) -> tuple[str, ...]:
        """The newest ones of these companies."""
        wanted = {id_ for company in companies for id_ in self.by_company.get(company, ())}
        return tuple(islice((id_ for id_ in self.ids if id_ in wanted), limit))


def read(session: Session, lens: Lens, wanted: Wanted) -> Outline:
    """Which stances match: read once, so that pages count, sort and cut without asking again."""
    every = replace(lens, every_level=True)
    place = StanceTopicRow.__table__.c
    of_topic = place.topic == wanted.topic if wanted.topic is not None else place.place == 0
    query = (
        select(_ROW.id, _ROW.company_id, _ROW.level, place.place)
        .join_from(StanceRow.__table__, StanceTopicRow.__table__, place.stance_id == _ROW.id)
        .where(of_topic, *stances.conditions(every, replace(wanted, topic=None)))
        .where(*stances.filtered(session, wanted))
        .order_by(*stances.NEWEST)
    )
    ids: list[str] = []
    own: dict[int, list[str]] = {}
    rows = session.execute(query).all()
    for id_, company, level, nth in rows:
        if level in lens.levels:
            ids.append(id_)
            if nth == 0:
                own.setdefault(company, []).append(id_)
    by_company = {company: tuple(found) for company, found in own.items()}
    return Outline(tuple(ids), by_company, len(rows) - len(ids))


def occurring(session: Session, lens: Lens, wanted: Wanted) -> dict[str, frozenset[str]]:
    """By field of filters: the values that occur among the stances that match."""
    shown = stances.conditions(lens, wanted)
    of_them = select(_ROW.company_id, _ROW.act, extract("year", _ROW.date)).where(*shown)
    found = session.execute(of_them.distinct()).all()
    trades = select(_COMPANY.country, _COMPANY.sector)
    trades = trades.where(_COMPANY.id.in_({row[0] for row in found}))
    companies = session.execute(trades.distinct()).all()
    topics = (
        select(TopicRow.slug)
        .join(StanceTopicRow, StanceTopicRow.topic == TopicRow.code)
        .where(StanceTopicRow.stance_id.in_(select(_ROW.id).where(*shown)))
    )
    return {
        "act": frozenset(row[1] for row in found),
        "year": frozenset(str(row[2]) for row in found),
        "country": frozenset(row[0] for row in companies if row[0]),
        "sector": frozenset(row[1] for row in companies if row[1]),
        "topic": frozenset(session.scalars(topics.distinct()) if wanted.topic is None else ()),
    }
