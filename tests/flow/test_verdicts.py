"""What people accept, edit and reject becomes answers for the trained heads."""

from collections.abc import Callable

import pytest

from tests.flow.test_recording import SECOND, Planned, announcement, editor, read_in
from tracker.app import App
from tracker.domain.codes import Act, Disposition
from tracker.pipeline import review
from tracker.pipeline.verdicts import answered


@pytest.fixture
def app(make_app: Callable[..., App]) -> App:
    planned = Planned()
    planned.claim(
        announcement(disposition=Disposition.REVIEW),
        announcement(SECOND, act=Act.DISCLOSES, disposition=Disposition.REVIEW),
    )
    app = make_app(extract=planned)
    read_in(app)
    return app


def answers(app: App) -> dict[str, dict[str, str]]:
    return {each.quote: dict(each.answers) for each in answered(app.database)[0]}


def test_what_waits_teaches_nothing(app: App) -> None:
    assert answers(app) == {}


def test_accepted_edited_and_rejected_claims_teach(app: App) -> None:
    one, two = sorted(item.id for item in review.list_waiting(app.database, 9))
    review.accept(app.database, one, editor(app), {"act": "ends"})
    review.reject(app.database, two, editor(app))
    found = answers(app)
    assert found[SECOND] == {"stance": "none"}
    assert [each["act"] for each in found.values() if "act" in each] == ["ends"]
