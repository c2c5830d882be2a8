"""The whole files of the data, as ``pipeline.downloads`` keeps them: never read into memory.

Each holds until its content changes: its tag is its sum (SHA-256), so whoever has it is told so,
and one that broke off goes on where it stopped (RFC 9110, 13 and 14).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, request

from tracker.pipeline.downloads import PACKAGE, TYPES, Downloads, File, kept
from tracker.web.parts import Parts
from tracker.web.respond import known

ALIVE = "tracker.alive"
"""Where a server leaves what is to be called while an answer takes long."""

PART = 64 * 1024
"""Bytes that are handed over at a time."""

FORMS = ",".join(TYPES)


def blueprint(app: Parts) -> Blueprint:
    """The files over these parts."""
    pages = Blueprint("downloads", __name__)

    def made() -> Downloads:
        return known(kept(app.settings.web.downloads_folder))

    @pages.get(f"/data/<what>.<any({FORMS}):form>")
    def whole(what: str, form: str) -> Response:
        now = made()
        files = {(file.what, file.form): file for file in now.files}
        return _answer(app, known(files.get((what, form))), now)

    @pages.get(f"/data/{PACKAGE}")
    def package() -> Response:
        path = app.settings.web.downloads_folder / PACKAGE
        return _text(path.read_text("utf-8"), "application/json", made())

    @pages.get("/data/SHA256SUMS")
    def sums() -> Response:
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in made().files)
        return _text(lines, "text/plain; charset=utf-8", made())

    return pages


def _text(text: str, kind: str, made: Downloads) -> Response:
    response = Response(text, content_type=kind)
    response.add_etag()
    response.last_modified = made.made
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response


def _answer(app: Parts, file: File, made: Downloads) -> Response:
    """The file, compressed where that helps; a part of it is never compressed."""
    path = app.settings.web.downloads_folder / file.kept_as
    shrunk = request.accept_encodings["gzip"] > 0 and "Range" not in request.headers
    path = path.with_name(f"{path.name}.gz") if shrunk else path
    try:
        size = path.stat().st_size
    except OSError:
        abort(404)
    alive = request.environ.get(ALIVE, _nothing)
    response = Response(_parts(path, alive), content_type=f"{TYPES[file.form]}; charset=utf-8")
    response.content_length = size
    response.set_etag(file.sha256 + ("-gzip" if shrunk else ""))
    response.last_modified = made.made
    response.headers["Cache-Control"] = "public, no-cache, no-transform"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="stance-tracker-{file.what}-{made.made:%Y-%m-%d}.{file.form}"'
    )
    response.vary.add("Accept-Encoding")
    if shrunk:
        response.content_encoding = "gzip"
    response.make_conditional(
        request, accept_ranges=not shrunk, complete_length=None if shrunk else size
    )
    return response


def _parts(path: Path, alive: Callable[[], object]) -> Iterator[bytes]:
    """What a slow line takes long to carry, telling the server that it goes on."""
    with path.open("rb") as content:
        while part := content.read(PART):
            alive()
            yield part


def _nothing() -> None:
    """No server needs to be told."""
