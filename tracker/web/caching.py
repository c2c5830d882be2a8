"""Which answers may be given again, and for how long; the others are compressed at least.

A page that says how long ago something was holds for a minute, another one for the day. Either
ends when the data that it tells change: what it rests on is noted while it is made, and asked again
when the data have another version. ``front`` keeps them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from flask import Flask, Response, current_app, g, has_request_context, request

from tracker.store import grounds
from tracker.web.front import (
    ENCODERS,
    KEPT,
    LAST,
    SHRINKS,
    SMALLEST,
    STILL,
    Front,
    Held,
    Kept,
    encoding,
)
from tracker.web.parts import Parts


def prepare(web: Flask, app: Parts, good_for: float) -> None:
    """Put the front before the application; answers that are not kept shrink here.

    A version of the data that was read less than ``good_for`` seconds ago is not asked for again.
    """
    web.extensions["front"] = Front(web.wsgi_app, app, good_for)
    web.wsgi_app = web.extensions["front"]  # type: ignore[method-assign]

    @web.after_request
    def shrink(response: Response) -> Response:
        if KEPT in request.environ or not _may_shrink(response):
            return response
        how = encoding(request.headers.get("Accept-Encoding", ""))
        if how:
            response.direct_passthrough = False  # files of ours are small
            response.set_data(ENCODERS[how](response.get_data()))
            response.headers["Content-Encoding"] = how
        response.vary.add("Accept-Encoding")
        return response


def keep(app: Parts, make: Callable[[], Response]) -> Response:
    """The answer that ``make`` makes, which may be given again while it holds."""
    front: Front = current_app.extensions["front"]
    now, version = app.now(), front.version()
    last: Kept | None = request.environ.get(LAST)
    if last is not None and front.in_time(last.held) and _still(app, last.held):
        request.environ[KEPT] = replace(last.held, version=version)
        request.environ[STILL] = True
        return Response()
    with grounds.noted() as found:
        response = make()
    if response.status_code != 200 or response.is_streamed or request.cookies.get("session"):
        return response
    tag = blake2b(response.get_data(), digest_size=12).hexdigest()
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Accept-Encoding", "Cookie"))
    if request.method == "GET":
        until = _until(now, response)
        request.environ[KEPT] = Held(app.database.url, version, now, until, tuple(found))
    return response


def _still(app: Parts, held: Held) -> bool:
    """Whether an answer of an older version is what would be made now."""
    if not held.grounds:
        return False
    with app.database.reading() as session:
        return grounds.hold(session, held.grounds)


def by_the_minute() -> None:
    """Say that the page which is being made tells how long ago something was."""
    if has_request_context():
        g.by_the_minute = True


def _until(now: datetime, response: Response) -> datetime:
    """The other forms of a page tell moments of readings too: they hold for a minute."""
    if response.mimetype == "text/html" and not g.get("by_the_minute"):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1)
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _may_shrink(response: Response) -> bool:
    """Answers of text that are big enough and not yet compressed."""
    return (
        response.status_code == 200
        and not response.cache_control.no_transform
        and "Content-Encoding" not in response.headers
        and (response.content_type or "").startswith(SHRINKS)
        and (response.content_length or 0) >= SMALLEST
    )
