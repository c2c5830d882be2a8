"""What a reader does on their own page beside stopping: pace, pause, times, move, see, erase.

Like the pages to ask for alerts these work without JavaScript, are never cached, and change
something only by POST.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from tracker.domain.addresses import masked
from tracker.domain.errors import LimitError, UsageError
from tracker.domain.rhythms import read_pace, read_rhythm
from tracker.pipeline import own_data
from tracker.web.language import ENGLISH, LANGUAGES
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.shown import to
from tracker.web.subscribing import LARGEST_ID, keep_private, unknown_link

Value = TypeVar("Value")
Shown = Answer | str | tuple[str, int]


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("own_page", __name__)
    rules: tuple[tuple[str, str, Callable[..., Shown]], ...] = (
        ("POST", f"/s/<token>/pace/<int(max={LARGEST_ID}):wish>", set_pace),
        ("POST", "/s/<token>/pause", pause),
        ("POST", "/s/<token>/times", set_times),
        ("POST", "/s/<token>/move", ask_to_move),
        ("GET", "/s/move/<token>", see_move),
        ("POST", "/s/move/<token>", agree_to_move),
        ("GET", "/s/<token>/data.json", see_data),
        ("GET", "/s/<token>/erase", ask_to_erase),
        ("POST", "/s/<token>/erase", erase),
    )
    for method, path, view in rules:
        pages.add_url_rule(path, view.__name__, partial(view, app), methods=[method])
    pages.after_request(keep_private)
    return pages


def set_pace(app: Parts, token: str, wish: int) -> Shown:
    """Have word of one wish at once, once a day or once a week."""
    pace = _read(lambda: read_pace(request.form.get("pace", "")))
    return _back(token, own_data.set_pace(app.database, token, wish, pace))


def pause(app: Parts, token: str) -> Shown:
    """Hold mail back for some days, or end that."""
    days = request.form.get("days", 0, type=int)
    known = _read(lambda: own_data.pause(app.database, token, days, app.now()))
    return _back(token, known)


def set_times(app: Parts, token: str) -> Shown:
    """Choose hour, weekday, time zone and language of mail."""
    form = request.form
    rhythm = _read(
        lambda: read_rhythm(form.get("zone", ""), form.get("hour", ""), form.get("weekday", ""))
    )
    named = form.get("language", "")
    language = named if named in LANGUAGES else ENGLISH
    return _back(token, own_data.set_times(app.database, token, rhythm, language))


def ask_to_move(app: Parts, token: str) -> Shown:
    """Ask both addresses whether alerts shall move from one to the other."""
    address = request.form.get("address", "")
    known = _read(
        lambda: own_data.ask_to_move(app.database, token, address, app.now(), app.mail_domain)
    )
    if not known:
        return unknown_link()
    return render_template("subscribe/move_sent.html", title=_("Look into both inboxes"))


def see_move(app: Parts, token: str) -> Shown:
    """Show the two addresses and the button that agrees."""
    return _move_page(app, token)


def agree_to_move(app: Parts, token: str) -> Shown:
    """One of the two addresses agrees."""
    own_data.agree_to_move(app.database, token, app.now())
    return _move_page(app, token)


def see_data(app: Parts, token: str) -> Shown:
    """Everything that is kept of the reader."""
    found = own_data.everything_of(app.database, token)
    if found is None:
        return unknown_link()
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/json")


def ask_to_erase(app: Parts, token: str) -> Shown:
    """Show the button that erases; scanners that open links change nothing."""
    if own_data.everything_of(app.database, token) is None:
        return unknown_link()
    return render_template(
        "subscribe/erase.html", title=_("Erase your data"), token=token, done=False
    )


def erase(app: Parts, token: str) -> Shown:
    """Forget the reader."""
    if not own_data.erase(app.database, token, app.now()):
        return unknown_link()
    return render_template("subscribe/erase.html", title=_("Erased"), token=token, done=True)


def _move_page(app: Parts, token: str) -> Shown:
    move = own_data.find_move(app.database, token)
    if move is None:
        return unknown_link()
    mine_agreed = move.old_agreed if token == move.old_token else move.new_agreed
    return render_template(
        "subscribe/move.html",
        title=_("Move your alerts"),
        old=masked(move.old_address),
        new=masked(move.new_address),
        agreed=mine_agreed,
        done=move.done,
        token=token,
    )


def _read(read: Callable[[], Value]) -> Value:
    """What a form asks for; a message for people where it cannot be done."""
    try:
        return read()
    except LimitError as error:
        abort(429, str(error).capitalize())
    except UsageError as error:
        abort(400, str(error).capitalize())


def _back(token: str, known: bool) -> Shown:
    if not known:
        return unknown_link()
    return redirect(to(url_for("subscribing.own_page", token=token)), code=303)
