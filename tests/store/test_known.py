"""The starter history on past days: the matrix and the export agree; what was known then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.parts.clock import Clock
from tests.web.ledger import Ledger
from tracker.domain.codes import Known, Level, Origin, RelationKind, ReviewState
from tracker.domain.model import Relation, StanceId
from tracker.pipeline import ledger
from tracker.pipeline.catalog import load_starter
from tracker.store import facts, history, organisations, positions, stances
from tracker.store.database import Database
from tracker.store.exports import ROWS, Cut
from tracker.store.schema import EvidenceRow, ReactionRow
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import event, matrix, reactions
from tracker.store.views import stances as lines
from tracker.store.views.records import Lens

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
IBM_DAY = date(2020, 6, 12)
OPENAI = StanceId("openai-2024-01-10-military-drop")


@pytest.fixture
def loaded(sqlite_database: Database) -> Database:
    load_starter(sqlite_database, NOW, with_history=True)
    return sqlite_database


def test_the_export_of_a_day_agrees_with_the_matrix(database: Database) -> None:
    load_starter(database, NOW, with_history=True)
    for known in Known:
        _agree(database, known)


def _agree(loaded: Database, known: Known) -> None:
    with loaded.reading() as session:
        exported = {
            (row["company_slug"], row["topic"]): (row["says"], row["does"], row["since"])
            for row in ROWS["positions"](session, Cut(NOW.date(), as_of=IBM_DAY, known=known))
            if row["brand"] is None
        }
        grid = matrix.read(session, Lens(IBM_DAY, known=known), rows=1000, columns=1000)
    shown = {
        (row.company.slug, topic.code): (
            cell.standing.says.word if cell.standing.says else None,
            cell.standing.does.word if cell.standing.does else None,
            cell.standing.since,
        )
        for row in grid.rows
        for topic, cell in zip(grid.topics, row.cells, strict=True)
        if cell.standing is not None
    }
    assert shown == exported
    assert exported["ibm", "facial_recognition"] == ("stopped", "stopped", date(2020, 6, 8))
    assert exported["amazon", "facial_recognition"] == ("paused", "paused", date(2020, 6, 10))


def openai_says(database: Database, day: date, known: Known) -> str | None:
    cut = Cut(NOW.date(), as_of=day, known=known)
    with database.reading() as session:
        for row in ROWS["positions"](session, cut):
            if (row["company_slug"], row["topic"]) == ("openai", "military_ai"):
                return str(row["says"])
    return None


def test_a_silent_edit_counts_from_its_report_when_asked_what_was_known_then(
    loaded: Database,
) -> None:
    """The page was edited on 10 January 2024; the first report is of 12 January."""
    eleventh, twelfth = date(2024, 1, 11), date(2024, 1, 12)
    assert openai_says(loaded, eleventh, Known.NOW) == "limited"
    assert openai_says(loaded, eleventh, Known.THEN) == "stopped"
    assert openai_says(loaded, twelfth, Known.THEN) == "limited"
    with loaded.reading() as session:
        found = lines.find(session, Lens(eleventh), lines.Wanted(ids=(OPENAI,)))
        assert [(one.known_on, one.known_exactly) for one in found] == [(twelfth, True)]
        assert (
            lines.find(session, Lens(eleventh, known=Known.THEN), lines.Wanted(ids=(OPENAI,))) == []
        )


def test_scope_and_term_are_those_of_the_day(loaded: Database) -> None:
    with loaded.reading() as session:
        rows = {
            day: next(
                row
                for row in ROWS["positions"](session, Cut(NOW.date(), as_of=day))
                if (row["company_slug"], row["topic"]) == ("amazon", "facial_recognition")
            )
            for day in (date(2020, 12, 1), date(2022, 1, 1))
        }
        twitter = lines.find(
            session, Lens(NOW.date()), lines.Wanted(ids=("x-2016-12-02-registry",))
        )
    assert [row["term"] for row in rows.values()] == ["until 2021-06-10", "open"]
    assert [len(row["rests_on"]) for row in rows.values()] == [1, 2]
    assert [one.named for one in twitter] == ["Twitter"]


def test_a_new_version_of_the_starter_data_keeps_what_was_learned(
    loaded: Database, clock: Clock
) -> None:
    raised, lost = StanceId("ibm-2020-06-08-fr-exit"), StanceId("ibm-2023-uk-biometrics")
    with loaded.transaction() as session:
        ids = organisations.ids_by_slug(session)
        known = {one.id: one for one in stances.every(session)}
        better = replace(known[raised], level=Level.CONFIRMED, first_reported=date(2020, 6, 9))
        stances.save(session, better, ids)
        rejected = replace(known[lost], review_state=ReviewState.REJECTED, published=False)
        stances.save(session, rejected, ids)
        (relation,) = stances.relations_among(session, [lost])
        stances.refuse(session, relation, NOW)
        facts.remember(session, "starter_data", "1+history")
    load_starter(loaded, clock(), with_history=True)
    with loaded.reading() as session:
        after = {one.id: one for one in stances.every(session)}
        steps = [step.action for step in history.of(session, RecordKind.STANCE, raised)]
        assert stances.relations_among(session, [lost]) == []
    assert (after[raised].level, after[raised].first_reported) == (
        Level.CONFIRMED,
        date(2020, 6, 9),
    )
    assert after[lost].review_state is ReviewState.REJECTED
    assert steps == ["loaded"]


def test_a_later_decision_is_not_known_before_it_was_made(loaded: Database) -> None:
    """A person decides today that IBM's contract of 2023 contradicts its word of 2020."""
    decided = Relation(
        RelationKind.CONTRADICTS,
        StanceId("ibm-2023-uk-biometrics"),
        StanceId("ibm-2020-06-08-fr-exit"),
    )
    with loaded.transaction() as session:
        stances.relate(session, [decided], Origin.EDITOR, NOW)
        row = stances.get(session, decided.stance)
        assert row is not None
        ledger.refresh_positions(session, ["ibm"], NOW)
    with loaded.reading() as session:
        spans = {span.change.value for span in positions.of_companies(session, ["ibm"])}
        lens = Lens(date(2025, 1, 1), True, Known.THEN)
        then = lines.find(session, lens, lines.Wanted(ids=(decided.stance,)))
        shown = {
            known: event.read(session, decided.to, replace(lens, known=known), NOW)
            for known in Known
        }
    assert "contradicted" in spans or row.level is Level.UNCONFIRMED
    found = {known: one and [line.kind for line in one.relations] for known, one in shown.items()}
    assert "contradicts" in (found[Known.NOW] or [])
    assert found[Known.THEN] == [kind for kind in found[Known.NOW] or [] if kind != "contradicts"]
    assert all("contradicted" not in {span.change for span in one.spans} for one in then)


def test_an_answer_by_a_stance_that_was_reported_later_was_not_known_then(
    loaded: Database,
) -> None:
    day, pause = date(2020, 6, 12), StanceId("amazon-2020-06-10-rekognition-pause")
    with loaded.transaction() as session:
        row = stances.get(session, pause)
        assert row is not None
        late = replace(row, first_reported=date(2020, 6, 20))
        stances.save(session, late, organisations.ids_by_slug(session))

    def answered(known: Known) -> set[str]:
        cut = Cut(NOW.date(), as_of=day, known=known)
        with loaded.reading() as session:
            return {
                str(row["id"])
                for row in ROWS["calls"](session, cut)
                for target in row["targets"]
                if any(pause in step["answered_by"] for step in target["history"])
            }

    def shown(what: str, known: Known) -> set[object]:
        cut = Cut(NOW.date(), as_of=day, known=known)
        with loaded.reading() as session:
            return {row["id"] for row in ROWS[what](session, cut)}

    assert answered(Known.NOW)
    assert answered(Known.THEN) == set()
    for what in ("stances", "reactions", "calls", "commitments"):
        assert shown(what, Known.THEN) <= shown(what, Known.NOW)
    assert pause in shown("stances", Known.NOW) - shown("stances", Known.THEN)


def test_charts_and_lists_know_of_the_same_reactions(database: Database) -> None:
    """One that was reported on 9 June only was not known in May, though it was made then."""
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        ledger.stance("s1", ledger.organisation("Acme"), date(2020, 5, 1))
        ledger.reaction("told-later", "Rights Now", "welcomes", stance="s1", day=date(2020, 5, 2))
        ledger.quote("s1")
        session.get_one(ReactionRow, "told-later").origin = Origin.EXTRACTED
        proof = session.query(EvidenceRow).one()
        proof.stance_id, proof.reaction_id = None, "told-later"
    for known in Known:
        with database.reading() as session:
            lens = Lens(date(2020, 5, 10), known=known)
            listed = reactions.to_stances(session, lens, ["s1"])
            marked = reactions.marks(session, lens, ["s1"])
            number = reactions.count(session, lens, "facial_recognition")
        assert number == (known is Known.NOW)
        assert bool(listed) is bool(marked) is (known is Known.NOW)
