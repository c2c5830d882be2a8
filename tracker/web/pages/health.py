"""For machines that watch this one: is it alive, can it answer, does the reading keep up."""

import json
from datetime import timedelta

from flask import Blueprint, Response

from tracker.domain.errors import StoreError
from tracker.store.views import installation
from tracker.web.parts import Parts

INTERVALS = 2
"""A source that waits longer than so many of the shortest intervals was forgotten (promise 18)."""


def blueprint(app: Parts) -> Blueprint:
    """The two addresses over these parts."""
    pages = Blueprint("health", __name__)

    @pages.get("/readyz")
    def readyz() -> Response:
        try:
            with app.database.reading() as session:
                installation.is_ready(session)
        except StoreError as error:
            return _say(503, ready=False, reason=str(error))
        return _say(200, ready=True)

    @pages.get("/healthz")
    def healthz() -> Response:
        try:
            with app.database.reading() as session:
                reading = installation.reading(session)
        except StoreError as error:
            return _say(503, healthy=False, reason=str(error))
        due = reading.next_due
        patience = INTERVALS * timedelta(seconds=app.settings.fetch.min_interval)
        late = due is not None and app.now() - due > patience
        return _say(
            503 if late else 200,
            healthy=not late,
            reason="the scheduler is late" if late else None,
            next_due=due.isoformat() if due else None,
            last_polled=reading.last_polled.isoformat() if reading.last_polled else None,
            sources=reading.sources,
            failing=reading.failing,
        )

    return pages


def _say(status: int, **facts: object) -> Response:
    return Response(json.dumps(facts), status=status, content_type="application/json")
