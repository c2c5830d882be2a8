"""kill -9 at every boundary between transactions: nothing is lost, nothing is doubled."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.flow.conftest import reading_here, run
from tests.parts.clock import Clock
from tests.parts.dying import DyingDatabase, Moment, survives
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.store import calls, evidence, reactions, stances
from tracker.store.database import Database
from tracker.store.schema import AlertRow, EntryRow, HistoryRow

MOST_TRANSACTIONS = 40
Shape = tuple[list[str], list[str], list[str], int, int, int]


def shape(app: App) -> Shape:
    """What the database holds, in a form that can be compared."""
    with app.database.reading() as session:
        return (
            [s.id for s in stances.every(session)],
            [r.id for r in reactions.every(session)],
            [c.id for c in calls.every(session)],
            len(list(evidence.check_all(session))),
            session.query(EntryRow).count(),
            session.query(AlertRow).count(),
        )


@pytest.mark.parametrize("after_commit", [False, True], ids=["before commit", "after commit"])
def test_a_kill_at_any_boundary_loses_and_doubles_nothing(
    watching: App,
    make_app: Callable[..., App],
    copy_of: Callable[[Database], str],
    clock: Clock,
    mailbox: Mailbox,
    after_commit: bool,
) -> None:
    watching.extract  # noqa: B018  # loaded once, before the forks
    watching.database.close()
    killed = 0
    for number in count():
        assert number < MOST_TRANSACTIONS, "the run never ends by itself"
        url = copy_of(watching.database)
        mailbox.messages.clear()
        moment = Moment(number, after_commit)
        dying = reading_here(make_app(database=DyingDatabase(url, moment)))
        lived = survives(lambda: run(dying))  # noqa: B023
        clock.advance(minutes=20)  # leases run out, failures are tried again
        again = make_app(database=Database(url))
        run(again)
        check_whole(again, mailbox)
        again.close()
        if lived:
            break
        killed += 1
    assert killed >= 7


def check_whole(app: App, mailbox: Mailbox) -> None:
    """Exactly what one undisturbed run leaves, and every mail once in effect."""
    found = shape(app)
    assert len(found[0]) == len(set(found[0])) == 2
    assert (len(found[1]), len(found[2]), found[4], found[5]) == (1, 1, 1, 2)
    mails = mailbox.to("ana@ngo.example")
    assert len({str(mail["Message-ID"]) for mail in mails}) == 2
    with app.database.reading() as session:
        recorded = session.query(HistoryRow).filter_by(action="recorded").count()
    assert recorded == 4
