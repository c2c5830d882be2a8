"""The files of /data: everything that is public, whole, with a schema and checksums.

They are made beside the dashboard, so that no reader waits for them, and kept in a folder under
names that come from their content: a file that is being read stays as it is, and one that did not
change is not written again. ``datapackage.json`` (Frictionless Data Package) is put in place last;
it says which files hold, with their SHA-256, and what their columns mean.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from tracker.domain.errors import StoreError
from tracker.domain.ports import Clock
from tracker.store import facts
from tracker.store.database import Database, Session
from tracker.store.exports import ROWS, Cut, Wanted, forms
from tracker.store.exports.columns import PUBLIC, Column

PACKAGE = "datapackage.json"
TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
SOONEST = timedelta(minutes=1)
REST = 20
"""Making takes at most one part of so many of the time."""

LEFT_FOR = timedelta(hours=1)
"""For how long a file is left that no longer holds: somebody may still be reading it."""

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0; quotes excepted: they belong to their publishers",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
ABOUT = (
    "What companies announce on matters of technology and ethics, who reacted and who asked. "
    "In CSV a cell with several values has a semicolon between them or is JSON; a cell that a "
    "spreadsheet would run as a formula begins with an apostrophe. Days are calendar days where "
    "the publisher is, moments are in UTC."
)


@dataclass(frozen=True, slots=True)
class File:
    """One file in the folder, with what its reader checks it by."""

    what: str
    form: str
    rows: int
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The name under which readers get it."""
        return f"{self.what}.{self.form}"

    @property
    def kept_as(self) -> str:
        """The name in the folder; with ``.gz`` behind it, the same compressed."""
        return f"{self.what}-{self.sha256[:20]}.{self.form}"


@dataclass(frozen=True, slots=True)
class Downloads:
    """The files that hold, of which version of the data they are, and when they were made."""

    version: str
    made: datetime
    took: float
    files: tuple[File, ...]


def kept(folder: Path) -> Downloads | None:
    """What is in the folder now; None where nothing was made yet."""
    try:
        package = json.loads((folder / PACKAGE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Downloads(
        version=package["version"],
        made=datetime.fromisoformat(package["created"]),
        took=package["took_seconds"],
        files=tuple(_file(one) for one in package["resources"]),
    )


def make_when_due(database: Database, folder: Path, homepage: str, now: Clock) -> bool:
    """Make the files anew where the data changed and the last making is long enough ago."""
    last = kept(folder)
    if last is not None:
        with database.reading() as session:
            if (facts.fact(session, "data_version") or "0") == last.version:
                return False
        if now() < last.made + max(SOONEST, timedelta(seconds=last.took * REST)):
            return False
    make(database, folder, homepage, now)
    return True


def make(database: Database, folder: Path, homepage: str, now: Clock) -> Downloads:
    """Write every public file and say which hold. Raises StoreError when the folder cannot be used.

    All of them are read from one state of the data.
    """
    start = now()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with database.reading_one_state() as session:
            version = facts.fact(session, "data_version") or "0"
            files = tuple(_files(session, folder, start))
        made = Downloads(version, start, (now() - start).total_seconds(), files)
        _put_package(folder, made, homepage)
        _drop_old(folder, made)
    except OSError as error:
        raise StoreError(
            f"web.downloads_folder: {folder}: {error.strerror}; make the folder writable, "
            "or free some space"
        ) from error
    return made


def _files(session: Session, folder: Path, now: datetime) -> Iterator[File]:
    cut = Cut(now.date(), Wanted.PUBLIC)
    for what, columns in PUBLIC.items():
        names = [column.name for column in columns]
        with TemporaryDirectory(dir=folder) as corner:
            plain = {form: Path(corner) / form for form in TYPES}
            number = _write(plain, ROWS[what](session, cut), names)
            for form, path in plain.items():
                yield _keep(folder, path, what, form, number)


def _write(paths: dict[str, Path], rows: Iterable[forms.Row], names: list[str]) -> int:
    """Write both forms in one go, for there may be more rows than fit into memory."""
    with (
        paths["csv"].open("w", encoding="utf-8", newline="") as table,
        paths["jsonl"].open("w", encoding="utf-8", newline="") as lines,
    ):
        return forms.write_csv(table, forms.written_as_json(lines, rows, names), names)


def _keep(folder: Path, path: Path, what: str, form: str, rows: int) -> File:
    """Move a file to the name that its content gives it, and a compressed copy beside it."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    file = File(what, form, rows, path.stat().st_size, digest)
    shrunk = path.with_name(f"{path.name}.gz")
    if not (folder / f"{file.kept_as}.gz").exists():
        with path.open("rb") as plain, shrunk.open("wb") as out, _gzip(out) as small:
            shutil.copyfileobj(plain, small)
        shrunk.replace(folder / f"{file.kept_as}.gz")
    path.replace(folder / file.kept_as)
    return file


def _gzip(out: Any) -> gzip.GzipFile:
    """Without name and time: the same content gives the same bytes."""
    return gzip.GzipFile("", "wb", 6, out, mtime=0)


def _put_package(folder: Path, made: Downloads, homepage: str) -> None:
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "stance-tracker",
        "title": "Stance Tracker",
        "homepage": homepage,
        "description": ABOUT,
        "version": made.version,
        "created": made.made.isoformat(),
        "took_seconds": made.took,
        "licenses": [LICENCE],
        "resources": [_resource(file) for file in made.files],
    }
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as out:
        json.dump(package, out, ensure_ascii=False, indent=1)
    Path(out.name).chmod(0o644)
    Path(out.name).replace(folder / PACKAGE)


def _resource(file: File) -> dict[str, object]:
    keys = {"primaryKey": ["id"]} if any(one.name == "id" for one in PUBLIC[file.what]) else {}
    return {
        "name": f"{file.what}-{file.form}",
        "path": file.name,
        "format": file.form,
        "mediatype": TYPES[file.form],
        "encoding": "utf-8",
        "bytes": file.size,
        "rows": file.rows,
        "hash": f"sha256:{file.sha256}",
        "schema": {"fields": [_field(column) for column in PUBLIC[file.what]], **keys},
    }


def _field(column: Column) -> dict[str, object]:
    told = {"unit": column.unit, "zone": column.zone}
    more = {name: value for name, value in told.items() if value}
    return {"name": column.name, "type": column.kind, "description": column.meaning, **more}


def _file(resource: dict[str, Any]) -> File:
    return File(
        what=resource["name"].rpartition("-")[0],
        form=resource["format"],
        rows=resource["rows"],
        size=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
    )


def _drop_old(folder: Path, made: Downloads) -> None:
    """Remove files of ours that do not hold any more and that nobody can still be reading."""
    holds = {file.kept_as for file in made.files}
    before = (made.made - LEFT_FOR).timestamp()
    for what in PUBLIC:
        for path in folder.glob(f"{what}-*"):
            if path.name.removesuffix(".gz") not in holds and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
