"""Two records of one event are merged and split; ids stay alive, and nobody is told twice."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from tests.flow.conftest import subscribe
from tests.flow.desk import Reader, editor, known, tell, waiting
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Act, Extent, Level, Question
from tracker.domain.errors import UsageError
from tracker.domain.model import StanceId
from tracker.domain.wishes import Occasion, Wish
from tracker.pipeline import review
from tracker.pipeline.committing import Terms, add_commitment
from tracker.pipeline.merging import merge_stances, split_stance
from tracker.pipeline.parting import part_report
from tracker.store import commitments, disputes, foretaste, merges
from tracker.store.exports import ROWS, Cut, Wanted
from tracker.store.schema import EvidenceRow, FindingRow, PositionSpanRow
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


def test_a_promise_goes_with_its_stance_and_comes_back(twice: App) -> None:
    """Else nobody would be told of its day, and no event's page would name it."""
    first, second = known(twice)
    due = Terms("no sales by autumn", date(2020, 9, 30))
    promise = add_commitment(twice.database, second.id, due, "ada", twice.now())

    def owner() -> StanceId | None:
        with twice.database.reading() as session:
            found = commitments.get(session, promise)
            assert found is not None
            wish = Wish(occasions=frozenset({Occasion.DEADLINE}))
            told = foretaste.last_year(session, wish, date(2020, 10, 30))
        assert [one.path for one in told] == [f"/e/{found.stance}"]
        return found.stance

    merge_stances(twice.database, second.id, first.id, editor(twice))
    assert owner() == first.id
    split_stance(twice.database, second.id, editor(twice))
    with twice.database.reading() as session:
        back = commitments.get(session, promise)
    assert back is not None
    assert back.stance == second.id


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


THIRD = "Microsoft stopped selling face recognition to prisons on Tuesday, a third paper wrote."


@pytest.fixture
def joined(desk: App, reader: Reader, clock: Clock) -> App:
    """A report of prisons was joined to the event of the police: same company, act and day."""
    clock.advance(days=1)
    tell(desk, reader, "https://wire.example/a", FIRST, {"speaker": "Ada Lund"})
    tell(
        desk, reader, "https://third.example/c", THIRD, {"scope": "prisons", "extent": Extent.PART}
    )
    return desk


def owned(app: App) -> set[tuple[object, ...]]:
    """What belongs to which stance, and what each stance is."""
    with app.database.reading() as session:
        quotes = session.execute(select(EvidenceRow.stance_id, EvidenceRow.quote)).all()
        claims = session.execute(select(FindingRow.record_id, FindingRow.claim)).all()
        spans = session.execute(
            select(PositionSpanRow.stance_id, PositionSpanRow.word, PositionSpanRow.since)
        ).all()
    stances = {
        (one.id, one.act, one.level, one.published, one.first_reported) for one in known(app)
    }
    return {*map(tuple, quotes), *((i, c["scope"]) for i, c in claims if "scope" in c)} | {
        *map(tuple, spans),
        *stances,
    }


def test_a_report_that_was_joined_wrongly_goes_to_an_event_of_its_own(
    joined: App, reader: Reader
) -> None:
    [stance] = known(joined)
    before = owned(joined)
    part = partial(part_report, joined.database, editor=editor(joined, "prisons"))
    other = part(stance.id, "https://third.example/c")
    old, new = sorted(known(joined), key=lambda one: one.id != stance.id)
    assert (new.id, new.scope, new.extent, new.published) == (other, "prisons", "part", False)
    assert (old.id, old.published, old.level) == (stance.id, True, Level.REPORTED)
    assert [(one.record, one.question) for one in waiting(joined)] == [(other, Question.RECORD)]
    steps = {step.action: step.why for _, step in review.history_of(joined.database, other)}
    assert steps["report parted"] == "prisons"

    merge_stances(joined.database, other, stance.id, editor(joined))
    assert owned(joined) == before
    split_stance(joined.database, other, editor(joined))
    review.accept(joined.database, waiting(joined)[0].id, editor(joined))
    assert {one.id for one in known(joined) if one.published} == {stance.id, other}

    copied = "https://fourth.example/d"
    tell(joined, reader, copied, f"{FIRST} A fourth paper has it.", {})
    assert part(stance.id, copied, to=other) == other
    assert part(other, copied, to=stance.id) == stance.id
    for record, url, to, edits, message in (
        (stance.id, "https://nobody.example/", None, {}, "These pages do: https://wire.example/a"),
        (other, "https://third.example/c", None, {}, "on that report alone"),
        (stance.id, copied, stance.id, {}, "has that report already"),
        (stance.id, copied, other, {"act": "ends"}, "for a new event only"),
        (stance.id, copied, None, {"topic": "chess"}, "is no topic"),
    ):
        with pytest.raises(UsageError, match=message):
            part(record, url, to=to, edits=edits)
