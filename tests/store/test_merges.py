"""Merges and splits over any sequence of reports: nothing is lost, nobody is told twice.

The register holds two companies only, so that many sequences can be tried.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.flow.conftest import subscribe
from tests.flow.desk import Reader, editor, known, tell, waiting
from tests.parts.clock import Clock
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Act, OrganisationKind, Origin, Tier
from tracker.domain.model import AlertToSend, Organisation
from tracker.pipeline import review
from tracker.pipeline.merging import merge_stances, split_stance
from tracker.starter.reader import load_topics
from tracker.store import organisations, topics
from tracker.store.database import Database
from tracker.store.schema import (
    AlertRow,
    CallTargetStatusRow,
    DisputedFactRow,
    EvidenceRow,
    LinkRow,
    PositionSpanRow,
    ReactionRow,
    RelationRow,
    StanceRow,
)

SENTENCE = "Microsoft said on Tuesday that it will no longer sell face recognition to anybody."


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(sqlite_database: Database, reader: Reader, clock: Clock) -> App:
    company = OrganisationKind.COMPANY
    with sqlite_database.transaction() as session:
        topics.save(session, load_topics())
        both = [
            Organisation("microsoft", "Microsoft", company),
            Organisation("ibm", "IBM", company),
        ]
        organisations.save(session, both, Origin.EDITOR)
    app = App(Settings(), now=clock, database=sqlite_database, extract=reader, notify=_sent)
    subscribe(app, "ben@ngo.example", company="microsoft")
    return app


def _sent(alert: AlertToSend) -> str:
    return f"accepted {alert.message_id}"


def content(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All that a merge may touch."""
    tables: list[Any] = [
        StanceRow,
        EvidenceRow,
        LinkRow,
        ReactionRow,
        RelationRow,
        CallTargetStatusRow,
        DisputedFactRow,
        AlertRow,
    ]
    with database.reading() as session:
        found = {
            one.__tablename__: [
                dict(row._mapping)
                for row in session.execute(select(one.__table__).order_by(one.id))
            ]
            for one in tables
        }
        spans = session.execute(select(PositionSpanRow.__table__).order_by(PositionSpanRow.since))
        found["spans"] = sorted(
            ({k: v for k, v in row._mapping.items() if k != "id"} for row in spans), key=str
        )
    return found


_KINDS = st.fixed_dictionaries(
    {
        "act": st.sampled_from([Act.ENDS, Act.PAUSES, Act.RESTRICTS]),
        "date": st.dates(date(2020, 6, 8), date(2020, 6, 11)),
        "direction": st.sampled_from([1, 2, 3]),
    }
)
_TIERS = st.sampled_from([Tier.PRIMARY, Tier.RELIABLE, Tier.WEAK])


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_KINDS, _TIERS), min_size=2, max_size=3), st.booleans(), st.integers())
def test_a_merge_followed_by_its_split_changes_nothing(
    desk: App,
    reader: Reader,
    reports: list[tuple[dict[str, Any], Tier]],
    turned: bool,
    seed: int,
) -> None:
    for number, (told, tier) in enumerate(reports):
        url = f"https://paper{number}.example/{seed}-{len(known(desk))}"
        tell(desk, reader, url, f"Report {url}. {SENTENCE}", told, tier=tier)
    stances = known(desk)
    pair = [stances[0].id, stances[-1].id]
    if pair[0] == pair[1]:
        return
    old, new = reversed(pair) if turned else pair
    before = content(desk.database)
    merge_stances(desk.database, old, new, editor(desk))
    assert content(desk.database) != before
    split_stance(desk.database, old, editor(desk))
    assert content(desk.database) == before


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_KINDS, _TIERS, st.integers(0, 5)), min_size=1, max_size=3))
def test_no_sequence_of_records_tells_of_one_change_twice(
    desk: App, reader: Reader, reports: list[tuple[dict[str, Any], Tier, int]]
) -> None:
    """Reports come, waiting questions are answered, records are merged and split in any order."""
    for told, tier, choice in reports:
        url = f"https://paper{choice}.example/{len(known(desk))}"
        tell(desk, reader, url, f"Report {url}. {SENTENCE}", told, tier=tier)
        for _ in range(choice % 3):
            for asked in waiting(desk)[:1]:
                decide = review.accept if choice % 2 else review.reject
                decide(desk.database, asked.id, editor(desk))
        stances = known(desk)
        if choice > 3 and len(stances) > 1:
            merge_stances(desk.database, stances[0].id, stances[1].id, editor(desk))
            if choice > 4:
                split_stance(desk.database, stances[0].id, editor(desk))
        desk.deliver()
    with desk.database.reading() as session:
        owed = session.execute(select(AlertRow.subscriber_id, AlertRow.change_key)).all()
        of_stances = [
            (row.subscriber_id, row.stance_id)
            for row in session.execute(select(AlertRow.subscriber_id, AlertRow.stance_id))
        ]
    assert len(owed) == len(set(owed))
    assert len(of_stances) == len(set(of_stances))
