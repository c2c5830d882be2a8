"""The nightly sweep: owed and sent must add up, else the operator is told, once a day."""

import pytest

from tests.mail.conftest import World
from tracker.domain.errors import DeliveryError
from tracker.notifiers.email import EmailNotify
from tracker.pipeline.alert import send_due
from tracker.pipeline.sweeping import sweep_outbox
from tracker.store.schema import AlertRow


@pytest.fixture
def told(world: World, notify: EmailNotify) -> World:
    for name in ("ana", "bea"):
        world.follow(f"{name}@ngo.example")
    world.owe()
    send_due(world.database, notify, world.clock)
    return world


def test_what_adds_up_is_no_news(told: World) -> None:
    notes: list[tuple[str, str]] = []
    assert sweep_outbox(told.database, lambda *note: notes.append(note), told.clock()) == []
    assert sweep_outbox(told.database, None, told.clock()) is None
    assert notes == []


def test_what_does_not_add_up_reaches_the_operator_once_a_day(told: World) -> None:
    told.owe("ibm-2")
    with told.database.transaction() as session:
        first, second = session.query(AlertRow).order_by(AlertRow.id).limit(2)
        first.state = "owed"
        second.state, second.last_error = "failed", None
    told.clock.advance(hours=25)
    notes: list[tuple[str, str]] = []
    found = sweep_outbox(told.database, lambda *note: notes.append(note), told.clock())
    assert found == [
        "3 owed and due for more than a day",
        "1 accepted by a server, but still owed",
        "1 failed without a reason",
    ]
    assert sweep_outbox(told.database, lambda *note: notes.append(note), told.clock()) is None
    [(subject, text)] = notes
    assert "need a look" in subject
    assert "1 failed without a reason" in text


def test_a_sent_alert_that_no_server_took_is_found(told: World) -> None:
    told.owe("ibm-2")
    with told.database.transaction() as session:
        session.query(AlertRow).order_by(AlertRow.id.desc()).limit(1).one().state = "sent"
    found = sweep_outbox(told.database, None, told.clock())
    assert found == ["1 marked as sent, but no server accepted them"]


def test_a_note_that_cannot_be_sent_is_sent_with_the_next_try(told: World) -> None:
    with told.database.transaction() as session:
        session.query(AlertRow).order_by(AlertRow.id).limit(1).one().state = "owed"

    def fail(_subject: str, _text: str) -> None:
        raise DeliveryError("no server", outage=True)

    with pytest.raises(DeliveryError):
        sweep_outbox(told.database, fail, told.clock())
    assert sweep_outbox(told.database, None, told.clock()) is not None
