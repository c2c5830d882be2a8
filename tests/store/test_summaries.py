"""What the database sums up is what there is, whoever writes; what is kept of it is never old."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, event, text, update
from sqlalchemy.orm import Session

from tests.web.ledger import Ledger
from tracker.store import calls as store_calls
from tracker.store import facts
from tracker.store.database import Database
from tracker.store.schema import (
    CallRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionRow,
    StanceRow,
)
from tracker.store.views import by_company, calls, installation, matrix, positions, stances
from tracker.store.views.matrix import Grid
from tracker.store.views.records import Lens, SpanLine

NOW = datetime(2020, 7, 15, 12, tzinfo=UTC)
TODAY = Lens(NOW.date())
MONTHS = "SELECT record, month, level, number FROM month_counts WHERE number <> 0"
COUNTED = """
SELECT '{0}', {1}, level, count(*) FROM {0}s WHERE published GROUP BY 2, level
"""


def test_months_count_what_is_published(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        company = ledger.organisation("Acme")
        for n in range(6):
            ledger.stance(f"s{n}", company, date(2020, n + 1, 8))
            ledger.reaction(f"r{n}", "Watchers", "welcomes", stance=f"s{n}")
    assert _totals(database) == (6, 1, 6)
    for change in (
        update(StanceRow).where(StanceRow.id == "s0").values(level="retracted"),
        update(StanceRow).where(StanceRow.id == "s1").values(published=False),
        update(StanceRow).where(StanceRow.id == "s2").values(date=date(2021, 1, 1)),
        update(ReactionRow).where(ReactionRow.id == "r3").values(date=None),
        delete(ReactionRow).where(ReactionRow.id == "r4"),
    ):
        with database.transaction() as session:
            session.execute(change)
            facts.touch(session, NOW)
        _check(database)
    assert _totals(database) == (3, 1, 5)
    with database.reading() as session:
        assert stances.years(session, TODAY) == [2020]
        assert stances.years(session, Lens(date(2021, 6, 1))) == [2021, 2020]
        assert installation.totals(session, Lens(date(2020, 5, 8))).stances == 2
        assert installation.totals(session, Lens(date(2020, 5, 7))).stances == 1


def _totals(database: Database) -> tuple[int, int, int]:
    with database.reading() as session:
        found = installation.totals(session, TODAY)
    return found.stances, found.companies, found.reactions


def _check(database: Database) -> None:
    """The counts by month are those that a count of all records gives."""
    month = (
        "coalesce(substr(date, 1, 8) || '01', '0001-01-01')"
        if database.is_sqlite
        else "coalesce(date_trunc('month', date)::date, DATE '0001-01-01')"
    )
    with database.reading() as session:
        kept = {tuple(map(str, row)) for row in session.execute(text(MONTHS))}
        counted = {
            tuple(map(str, row))
            for record in ("stance", "reaction")
            for row in session.execute(text(COUNTED.format(record, month)))
        }
    assert kept == counted


def test_positions_written_by_anybody_show_at_the_next_version(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        topic = ledger.topic()
        for name in ("Acme", "Bolt"):
            company = ledger.organisation(name)
            ledger.stance(name, company, date(2020, 6, 8))
            ledger.span(company, "stopped", date(2020, 6, 8), stance=name)
        facts.touch(session, NOW)
    assert _words(database) == {"Acme": "stopped", "Bolt": "stopped"}
    with database.transaction() as session:
        span = PositionSpanRow
        session.execute(update(span).where(span.stance_id == "Bolt").values(word="paused"))
        facts.touch(session, NOW)
    assert _words(database) == {"Acme": "stopped", "Bolt": "paused"}
    with database.transaction() as session:
        session.execute(update(OrganisationRow).values(name=OrganisationRow.name + " Ltd"))
        session.execute(delete(PositionSpanRow).where(PositionSpanRow.stance_id == "Acme"))
        facts.touch(session, NOW)
    assert _words(database) == {"Bolt Ltd": "paused"}
    with database.reading() as session:
        before = Lens(TODAY.day - timedelta(days=60))
        assert not matrix.read(session, before, rows=9, columns=9).rows
        assert len(positions.in_force(session, TODAY, topic=topic)) == 1


def _words(database: Database) -> dict[str, str]:
    """The word of each company in the matrix, and in the list of what moved."""
    with database.reading() as session:
        grid = matrix.read(session, TODAY, rows=9, columns=9)
        moved = {one.company.name for one in positions.moves(session, TODAY, date(2020, 6, 1))}
    assert moved == {row.company.name for row in grid.rows}
    return _of(grid)


def _of(grid: Grid) -> dict[str, str]:
    return {
        row.company.name: cell.standing.spans[0].word
        for row in grid.rows
        for cell in row.cells
        if cell.standing
    }


def test_who_reads_older_data_gives_its_words_to_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        acme, bolt = ledger.organisation("Acme"), ledger.organisation("Bolt")
        for company in (acme, bolt):
            ledger.span(company, "stopped", date(2020, 6, 8))
        facts.touch(session, NOW)
    with database.reading_one_state() as before, database.reading() as after:
        assert positions.of_company(before, TODAY, bolt)[0].word == "stopped"
        with database.transaction() as session:
            session.execute(update(PositionSpanRow).values(word="paused"))
            facts.touch(session, NOW)
        assert positions.of_company(after, TODAY, acme)[0].word == "paused"

        def find(_wanted: frozenset[int] | None) -> dict[int, list[SpanLine]]:
            assert positions.of_company(before, TODAY, acme)[0].word == "stopped"
            return {}

        found = by_company.read(after, TODAY, "spans", [acme, bolt], find)
        assert {line.word for line in found[acme]} == {"paused"}


def test_what_follows_is_kept_of_as_many_topics_as_there_are(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        ledger = Ledger(session)
        topics = [ledger.topic(f"topic_{n}", name=f"T{n}", place=n) for n in range(60)]
        company = ledger.organisation("Acme")
        ledger.span(company, "stopped", date(2020, 6, 8), topic=topics[0])

    def look(session: Session) -> None:
        for topic in topics:
            positions.on_topic(session, TODAY, topic, [company])
            positions.in_force(session, TODAY, topic=topic)
            positions.changed(session, TODAY, date(2018, 7, 15), topic=topic)

    asked: list[str] = []
    with sqlite_database.reading() as session:
        look(session)

        @event.listens_for(sqlite_database.engine, "before_cursor_execute")
        def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        look(session)
    assert asked == []


def test_calls_are_ordered_by_the_day_by_which_they_had_been_asked(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        company = ledger.organisation("Acme")
        for n, (id_, precision) in enumerate(
            (("year", "year"), ("month", "month"), ("quarter", "quarter"), ("day", "day"))
        ):
            ledger.call(id_, "Watchers", {company: "open"}, date(2020, 4, n + 1))
            changed = update(CallRow).where(CallRow.id == id_).values(precision=precision)
            session.execute(changed)
        wanted = calls.waiting(session, TODAY)
        assert [one.call for one in wanted] == ["year", "month", "quarter", "day"]
        records = store_calls.every(session)
        slugs = {row.slug: row.id for row in session.query(OrganisationRow)}
        store_calls.save_all(session, records, slugs, {})
    with database.reading() as session:
        for limit in (None, 9):
            waiting = calls.waiting(session, TODAY, limit=limit)
            assert [one.call for one in waiting] == ["day", "month", "quarter", "year"]
