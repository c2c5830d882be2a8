"""Where hubs call (WebSub): they ask whether we want their pushes, and push."""

from flask import Blueprint, Response, abort, request

from tracker.pipeline import pushing
from tracker.web.parts import Parts

LARGEST_PUSH = 10_000_000
"""Bytes; hubs send the whole feed with the news in it."""


def blueprint(app: Parts) -> Blueprint:
    """The address over these parts."""
    pages = Blueprint("pushed", __name__)

    @pages.get("/websub/<token>")
    def verify(token: str) -> Response:
        asked = request.args
        wanted = pushing.confirm(
            app.database,
            token,
            asked.get("hub.mode", ""),
            asked.get("hub.topic", ""),
            asked.get("hub.lease_seconds", ""),
            app.now(),
        )
        if not wanted:
            abort(404)
        return Response(asked.get("hub.challenge", "")[:1000], content_type="text/plain")

    @pages.post("/websub/<token>")
    def push(token: str) -> Response:
        request.max_content_length = LARGEST_PUSH
        signature = request.headers.get("X-Hub-Signature", "")
        pushing.receive(app.database, token, request.get_data(), signature, app.now())
        return Response(status=202)  # also for what is not signed: the hub need not know

    return pages
