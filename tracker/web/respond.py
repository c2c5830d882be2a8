"""One page in its several forms: HTML for people, JSON, CSV and Atom with the same content."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from flask import Blueprint, Response, abort, render_template, request

from tracker.store.database import Session
from tracker.store.exports.forms import cell
from tracker.store.views import corrections
from tracker.store.views.records import StanceLine
from tracker.web import caching, calendars, feeds, timeline, wording
from tracker.web.colours import PAINTS
from tracker.web.feeds import Entry
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.timeline import Chart

LICENCE = "CC BY 4.0, quotes excepted: they belong to their publishers"
TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml",
    "ics": "text/calendar; charset=utf-8",
}
WORKED_OUT = ("name", "health", "independent", "compared", "source_only", "since", "split",
              "only_said", "last_evidence")  # fmt: skip
"""What pages say of a record besides its fields."""

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a page, for spreadsheets."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows. ``data`` is what ``.json`` says, ``stances`` what ``.atom`` and ``.ics``
    list, ``chart`` what ``.svg`` draws; ``entries`` is what ``.atom`` lists besides stances,
    ``sentence`` what the page says in words of data that are without, ``beside`` what else.
    """

    template: str
    title: str
    data: object
    context: Mapping[str, object] = field(default_factory=dict)
    table: Table | None = None
    stances: Sequence[StanceLine] | None = None
    chart: Chart | None = None
    entries: Sequence[Entry] | None = None
    sentence: str | None = None
    beside: Mapping[str, object] = field(default_factory=dict)


def add(
    blueprint: Blueprint, app: Parts, path: str, make: Callable[..., Page], *forms: str
) -> None:
    """Serve the page that ``make`` makes, and its other forms at its path with their endings."""
    name = make.__name__
    base = "/index" if path == "/" else path

    def serve(form: str = "html", **parts: str) -> Response:
        return caching.keep(app, lambda: answer(app, make(app, **parts), form))

    blueprint.add_url_rule(path, name, serve)
    if forms:
        ending = f"<any({','.join(forms)}):form>"
        blueprint.add_url_rule(f"{base}.{ending}", f"{name}_as", serve)


def known(found: Found | None) -> Found:
    """What an address names; 404 when there is no such thing."""
    if found is None:
        abort(404)
    return found


def still_shown(session: Session, found: Found | None, record: str) -> Found:
    """The record that an address names; 410, with day and reason, when it was taken back."""
    if found is None and (taken := corrections.withdrawal(session, record)):
        said = _("It was withdrawn on %(day)s.", day=wording.day(taken.at.date()))
        abort(410, f"{said} {taken.why or ''}".rstrip())
    return known(found)


def answer(app: Parts, page: Page, form: str) -> Response:
    """The page in the form that was asked for; 404 when it has no such form."""
    if form == "html":
        return Response(render_template(page.template, page=page, **page.context))
    if form == "json":
        said = {"sentence": page.sentence} if page.sentence else {}
        return as_json(page.title, page.data, **said, **page.beside)
    if form == "csv" and page.table is not None:
        return Response(as_csv(page.table), content_type=TYPES["csv"])
    if form == "svg" and page.chart is not None:
        drawn = timeline.linked(page.chart)
        text = render_template("chart.svg", page=page, drawn=drawn, paints=PAINTS)
        return Response(NOT_IN_XML.sub("", text), content_type=TYPES["svg"])
    if form == "ics" and page.stances is not None:
        text = calendars.calendar(page.title, page.stances, app.settings.base_url)
        return Response(text, content_type=TYPES["ics"])
    entries = page.entries
    if entries is None:
        entries = feeds.of_stances((page.stances or ())[: feeds.MOST])
    text = render_template("feed.xml", page=page, entries=entries[: feeds.MOST])
    return Response(NOT_IN_XML.sub("", text), content_type=TYPES["atom"])


def as_json(title: str, data: object, **said: object) -> Response:
    """What a page says, for programs; ``said`` is told beside the data."""
    content = {
        "title": title,
        "url": request.url,
        "as_of": request.args.get("as_of"),
        "licence": LICENCE,
        **{name: plain(one) for name, one in said.items()},
        "data": plain(data),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(text, content_type=TYPES["json"])


def plain(value: object) -> object:
    """Only what JSON knows: values by the names of their fields, days and times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.name != "id" or _is_public_id(value)]
        worked_out = [
            one for one in WORKED_OUT if isinstance(getattr(type(value), one, 0), property)
        ]
        return {name: plain(getattr(value, name)) for name in (*names, *worked_out)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _is_public_id(value: object) -> bool:
    """Row numbers of one database mean nothing elsewhere; text ids are stable."""
    return isinstance(getattr(value, "id", None), str)


def as_csv(table: Table) -> str:
    """The table as spreadsheets read it, its cells written as in every export."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([cell(plain(value)) for value in row])
    return out.getvalue()
