"""Another version of the extractor is compared with what was kept; nobody is told of it."""

from collections.abc import Callable

import pytest

from tests.flow.conftest import subscribe
from tests.flow.test_recording import Planned, announcement, read_in
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Act, Disposition
from tracker.pipeline.reextract import differences
from tracker.store import reviews, stances
from tracker.store.schema import FindingRow


@pytest.fixture
def app(make_app: Callable[..., App]) -> App:
    planned = Planned()
    planned.claim(announcement())
    app = make_app(extract=planned)
    subscribe(app, "ben@ngo.example", company="microsoft")
    read_in(app)
    return app


def newer(*found):
    planned = Planned(version="planned 2")
    planned.claim(*found)
    return planned


def signs(app: App, extract: Planned) -> list[tuple[str, str]]:
    found = differences(app.database, extract)
    return sorted((each.sign, (each.now or each.before)["act"]) for each in found)


def test_the_same_claims_are_no_difference(app: App) -> None:
    assert signs(app, newer(announcement())) == []


def test_what_comes_goes_and_changes_is_told_apart(app: App) -> None:
    assert signs(app, newer(announcement(act=Act.ENDS))) == [("+", "ends"), ("-", "restricts")]
    doubted = announcement(disposition=Disposition.REVIEW)
    assert signs(app, newer(doubted)) == [("~", "restricts")]


def test_texts_of_the_same_version_are_not_read_again(app: App) -> None:
    same = Planned()
    assert signs(app, same) == []
    assert same.asked == []


def test_nothing_is_written_and_nobody_is_told(app: App, mailbox: Mailbox) -> None:
    def state() -> tuple[object, ...]:
        with app.database.reading() as session:
            return (
                stances.every(session),
                reviews.waiting(session, 50),
                session.query(FindingRow).count(),
            )

    before, told = state(), len(mailbox.messages)
    assert signs(app, newer(announcement(act=Act.ENDS)))
    app.analyse(100)
    app.deliver()
    assert (state(), len(mailbox.messages)) == (before, told)
