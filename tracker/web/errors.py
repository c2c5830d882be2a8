"""Pages for when something is not there or went wrong: what happened, and where to go on."""

import json
import logging
from collections.abc import Sequence
from types import TracebackType

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from tracker.domain.errors import StoreError
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.suggesting import Near, nearest

ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]

LOG = logging.getLogger(__name__)

HINTS = {
    400: N_("This request cannot be answered as it is"),
    403: N_("This is not for you to see or do"),
    404: N_("There is no such page"),
    410: N_("This is no longer on record"),
    405: N_("This page does not take that kind of request"),
    413: N_("That is more than a form here may send"),
    429: N_("That was too often in a short time"),
    500: N_("Something broke on our side"),
    503: N_("The database cannot be read right now"),
}


def prepare(web: Flask, app: Parts) -> None:
    """Answer every fault with a page (or JSON) that helps."""
    web.log_exception = _log  # type: ignore[method-assign,assignment]

    @web.errorhandler(SecurityError)
    def stranger(__: SecurityError) -> Response:
        return Response(
            "This dashboard does not answer to that name. Its operator can add the name to the"
            " setting web.trusted_hosts.\n",
            status=400,
            content_type="text/plain",
        )

    @web.errorhandler(HTTPException)
    def expected(error: HTTPException) -> Response:
        code = error.code or 500
        if error.response is not None or code in range(300, 400):
            return error.get_response()  # type: ignore[return-value]
        said = (error.description or "") if code in (400, 403, 410, 429) else ""
        near = nearest(app, request.path) if code == 404 else []
        response = _page(code, said, near)
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response

    @web.errorhandler(StoreError)
    def unreadable(error: StoreError) -> Response:
        LOG.error("the database cannot be read: %s", error)
        return _page(503, "")

    @web.errorhandler(500)
    def broken(__: Exception) -> Response:
        return _page(500, "")


def _log(what: ExcInfo) -> None:
    """Name the kind of page only: a path may hold a token that opens somebody's page."""
    LOG.error("a %s of %s broke", request.method, request.url_rule, exc_info=what)


def _page(code: int, said: str, near: Sequence[Near] = ()) -> Response:
    title = _(HINTS.get(code, N_("This did not work")))
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        told = json.dumps({"error": code, "title": title, "said": said}, ensure_ascii=False)
        return Response(told, status=code, content_type="application/json")
    text = render_template("error.html", code=code, title=title, said=said, near=near)
    return Response(text, status=code)
