"""Two records of one event are merged and split; ids stay alive, and nobody is told twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.flow.conftest import subscribe
from tests.flow.desk import Reader, editor, known, tell, waiting
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Act, Level, Question, Tier
from tracker.domain.errors import UsageError
from tracker.domain.model import StanceId
from tracker.pipeline import review
from tracker.pipeline.merging import merge_stances, split_stance
from tracker.store import disputes, merges
from tracker.store.database import Database
from tracker.store.exports import ROWS, Cut, Wanted
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
from tracker.web import create_app

FIRST = "Microsoft said on Tuesday that it will no longer sell face recognition to anybody."
SECOND = "Microsoft is pausing its sales of face recognition, the company wrote on Friday."
PAUSE: dict[str, Any] = {"act": Act.PAUSES, "date": date(2020, 6, 12), "direction": 2}


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(make_app: Callable[..., App], reader: Reader) -> App:
    app = make_app(extract=reader)
    subscribe(app, "ben@ngo.example", company="microsoft")
    return app


@pytest.fixture
def twice(desk: App, reader: Reader, clock: Clock) -> App:
    """Two outlets tell of one event, with another act and another day."""
    clock.advance(days=4)
    tell(desk, reader, "https://wire.example/a", FIRST, {"speaker": "Ada Lund"})
    tell(desk, reader, "https://other.example/b", SECOND, PAUSE)
    return desk


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


def test_a_likely_copy_waits_and_is_merged_by_a_person(twice: App, mailbox: Mailbox) -> None:
    first, second = known(twice)
    asked = {one.question: one for one in waiting(twice)}
    likeness = asked[Question.RELATION]
    assert likeness.proposed == {"kind": "duplicate_of", "to": first.id}
    assert not second.published
    review.accept(twice.database, likeness.id, editor(twice, "one letter"))
    [stance] = known(twice)
    assert (stance.id, stance.level) == (first.id, Level.CONFIRMED)
    with twice.database.reading() as session:
        facts = disputes.of(session, [first.id])[first.id]
        assert {fact.field: fact.value for fact in facts} == {"act": "pauses", "date": "2020-06-12"}
        assert merges.former_ids(session, [first.id]) == {first.id: [second.id]}
        [row] = ROWS["stances"](session, Cut(twice.now().date(), Wanted.RECORDED))
    assert row["former_ids"] == [second.id]
    assert len(row["evidence"]) == 2
    assert [one.question for one in waiting(twice)] == []
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_the_old_address_leads_to_the_new_one(twice: App) -> None:
    first, second = known(twice)
    merge_stances(twice.database, second.id, first.id, editor(twice))
    client = create_app(twice).test_client()
    answer = client.get(f"/e/{second.id}")
    assert (answer.status_code, answer.location) == (301, f"/e/{first.id}")
    assert client.get(f"/e/{second.id}.json").location == f"/e/{first.id}.json"
    page = client.get(f"/e/{first.id}").get_data(as_text=True)
    assert "pauses" in page
    assert "12 Jun 2020" in page
    steps = [step.action for _, step in review.history_of(twice.database, first.id)]
    assert steps.count("merged") == 2
    assert steps.count("recorded") == 2


def test_a_merge_that_cannot_be_is_refused(twice: App) -> None:
    first, second = known(twice)
    for old, new, message in (
        (first.id, first.id, "into itself"),
        (StanceId("nobody"), first.id, "there is no stance nobody"),
        (first.id, StanceId("nobody"), "there is no stance nobody"),
    ):
        with pytest.raises(UsageError, match=message):
            merge_stances(twice.database, old, new, editor(twice))
    with pytest.raises(UsageError, match="is not merged"):
        split_stance(twice.database, second.id, editor(twice))
    merge_stances(twice.database, second.id, first.id, editor(twice))
    with pytest.raises(UsageError, match="is merged into"):
        merge_stances(twice.database, second.id, first.id, editor(twice))


def test_two_companies_never_become_one_event(desk: App, reader: Reader) -> None:
    tell(desk, reader, "https://wire.example/a", FIRST, {}, {"company": "IBM"})
    one, other = known(desk)
    with pytest.raises(UsageError, match="two events"):
        merge_stances(desk.database, one.id, other.id, editor(desk))


def test_what_comes_in_after_a_merge_stays_with_the_event(twice: App, reader: Reader) -> None:
    first, second = known(twice)
    merge_stances(twice.database, second.id, first.id, editor(twice))
    tell(twice, reader, "https://third.example/c", f"{FIRST} A third paper has it.", {})
    split_stance(twice.database, second.id, editor(twice))
    with twice.database.reading() as session:
        rows = session.execute(select(EvidenceRow.stance_id, EvidenceRow.snapshot_id)).all()
    assert sorted(rows) == [(first.id, 1), (first.id, 3), (second.id, 2)]


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
        tell(desk, reader, url, f"Report {url}. {FIRST}", told, tier=tier)
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
@given(st.lists(st.tuples(_KINDS, _TIERS, st.integers(0, 5)), min_size=1, max_size=4))
def test_no_sequence_of_records_tells_of_one_change_twice(
    desk: App, reader: Reader, mailbox: Mailbox, reports: list[tuple[dict[str, Any], Tier, int]]
) -> None:
    """Reports come, waiting questions are answered, records are merged and split in any order."""
    for told, tier, choice in reports:
        url = f"https://paper{choice}.example/{len(mailbox.messages)}-{len(known(desk))}"
        tell(desk, reader, url, f"Report {url}. {FIRST}", told, tier=tier)
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
