"""What every template can use: the words, the banners, the links that keep day and levels."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, g, request
from markupsafe import Markup

from tracker.domain import filters
from tracker.domain.errors import StoreError
from tracker.domain.filters import Filters
from tracker.store import outbox
from tracker.store.database import Session
from tracker.store.views import installation, remembered
from tracker.store.views.companies import slug_of
from tracker.store.views.installation import Reading
from tracker.web import caching, chips, fragments, language, sharing, wording
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts, static_version

NAVIGATION = (
    ("/c", N_("Companies")),
    ("/t", N_("Topics")),
    ("/matrix", N_("Matrix")),
    ("/silent", N_("Open calls")),
    ("/commitments", N_("Promises")),
    ("/events", N_("Events")),
)
KEPT = ("as_of", "known", "level", "lang")
"""What a link inside the dashboard carries along, so that what was once chosen stays chosen."""

POSITIONS = ("stopped", "paused", "limited", "unclear", "continues", "expands", "no_statement")


def prepare(web: Flask, app: Parts) -> None:
    """Hand the words, the state and the time to the templates."""
    version = static_version()

    @web.context_processor
    def every_page() -> dict[str, object]:
        now = app.now()
        return {
            "now": now,
            "today": now.date(),
            "banners": _banners(app),
            "navigation": [(path, _(name)) for path, name in NAVIGATION],
            "words": wording,
            "glyph": chips.glyph,
            "chip": chips.chip,
            "cell": chips.cell,
            "look": chips.look,
            "made": _made,
            "by_the_minute": caching.by_the_minute,
            "position_words": POSITIONS,
            "asset": lambda name: f"/static/{name}?v={version}",
            "to": to,
            "in_words": lambda wish: wish.in_words(_),
            "in_words_at": lambda wish, moment: wish.in_words_at(moment, _),
            "kept": kept,
            "address": address,
            "slug_of": slug_of,
            "also_as": also_as,
            "in_language": in_language,
            "base_url": app.settings.base_url,
            **sharing.functions(app),
        }

    web.jinja_env.filters["day"] = wording.day
    web.jinja_env.filters["atom"] = lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    web.jinja_env.filters["counted"] = wording.counted
    web.jinja_env.filters["figure"] = wording.figure
    web.jinja_env.filters["capital"] = wording.capital
    web.jinja_env.filters["joined"] = wording.listed
    web.jinja_env.filters["outside"] = wording.outside
    web.jinja_env.filters["bare"] = wording.bare
    web.jinja_env.filters["unbroken"] = chips.unbroken


def to(path: str, **more: object) -> str:
    """An address of ours, with the chosen day and levels carried along."""
    if not more:
        return path + _carried()
    asked = kept() | {name: str(value) for name, value in more.items() if value is not None}
    asked = {name: value for name, value in asked.items() if value != ""}
    return f"{path}?{urlencode(asked)}" if asked else path


def _made(macro: Any, *values: Hashable) -> Markup:
    """A part of a page that is made once (``fragments``)."""
    return fragments.made(macro, (language.chosen(), _carried()), *values)


def _carried() -> str:
    """What every link carries along, once a request: a large page has thousands of them."""
    if "carried" not in g:
        asked = kept()
        g.carried = f"?{urlencode(asked)}" if asked else ""
    return str(g.carried)


def kept(*left_out: str) -> dict[str, str]:
    """What links and forms carry along of the present address."""
    names = [name for name in KEPT if name not in left_out]
    return {name: request.args[name] for name in names if request.args.get(name)}


def address(path: str, wanted: Filters, **more: object) -> str:
    """A page of ours with these filters; day and language are carried along."""
    pairs = [*filters.to_pairs(wanted), *kept("level").items()]
    pairs += [(name, str(value)) for name, value in more.items() if value is not None]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def in_language(code: str) -> str:
    """The address of the present page in another language."""
    asked = {**request.args, "lang": code}
    return f"{request.path}?{urlencode(asked)}"


def also_as(form: str) -> str:
    """The address of the present page in another form, with all that it asks for."""
    path = request.path.rstrip("/") or "/index"
    query = request.query_string.decode("ascii", "replace")
    return f"{path}.{form}?{query}" if query else f"{path}.{form}"


def _banners(app: Parts) -> list[str]:
    """What a reader must know of this installation, in plain words."""
    found = []
    reading, held = _state(app)
    if app.settings.alerts.pause or held:
        found.append(_("Mails are paused by the operator. Nothing that is owed is lost."))
    if not app.settings.mail.smtp_host:
        found.append(
            _(
                "No mail server is set up: mails are written to the folder “%(folder)s”"
                " and reach nobody.",
                folder=app.settings.mail.outbox_folder,
            )
        )
    if reading is not None and reading.nothing_read:
        caching.by_the_minute()
        found.append(_nothing_read(reading))
    return found


def _nothing_read(reading: Reading) -> str:
    if reading.network_down:
        return _(
            "The network of this machine could not be reached, so no source has been read yet."
            " What you see is the history that was shipped."
        )
    return _("No source has been read yet. What you see is the history that was shipped.")


def _state(app: Parts) -> tuple[Reading | None, bool]:
    """How the reading of sources goes where none was read yet; whether all mail is held."""
    try:
        with app.database.reading() as session:
            return remembered.once(session, "state", _read_state)
    except StoreError:
        return None, False


def _read_state(session: Session) -> tuple[Reading | None, bool]:
    reading = None if installation.has_read(session) else installation.reading(session)
    return reading, outbox.held(session) is not None


def pages(found: int, each: int, asked: int) -> int:
    """How many pages so many take with so many on each, one at least; 404 beyond the last."""
    number = max(1, -(-found // each))
    if asked > number:
        abort(404)
    return number
