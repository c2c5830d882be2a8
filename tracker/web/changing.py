"""The page on which a reader changes what a wish asks for.

Like all pages behind a token it works without JavaScript, is never cached, and changes something
only by POST.
"""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from tracker.domain import wishes
from tracker.domain.errors import UsageError
from tracker.pipeline import subscribing
from tracker.store import subscribers
from tracker.store.subscribers import Held, Subscriber
from tracker.web import wishing
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.shown import to
from tracker.web.subscribing import LARGEST_ID, keep_private, unknown_link
from tracker.web.wishing import Pairs

Shown = Answer | str | tuple[str, int]


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("changing", __name__)
    one = f"/s/<token>/wishes/<int(max={LARGEST_ID}):wish>"
    rules: tuple[tuple[str, str, Callable[..., Shown]], ...] = (
        ("GET", one, edit),
        ("POST", one, change),
        ("POST", f"{one}/choice", count_again),
    )
    for method, path, view in rules:
        pages.add_url_rule(path, view.__name__, partial(view, app), methods=[method])
    pages.after_request(keep_private)
    return pages


def edit(app: Parts, token: str, wish: int) -> Shown:
    """The form, filled in with the wish, or with what was chosen since."""
    found = _find(app, token, wish)
    if found is None:
        return unknown_link()
    chosen = [pair for pair in request.args.items(multi=True) if pair[0] in wishing.ASKED]
    return _form(app, *found, chosen or _pairs(*found))


def change(app: Parts, token: str, wish: int) -> Shown:
    """Let the wish ask for what the form says, from now on."""
    found = _find(app, token, wish)
    if found is None:
        return unknown_link()
    pairs = list(request.form.items(multi=True))
    try:
        wanted = subscribing.wanted_from(pairs)
        subscribing.change_wish(app.database, token, wish, wanted, app.now())
    except UsageError as error:
        return _form(app, *found, pairs, fault=str(error)), 400
    return redirect(to(url_for("subscribing.own_page", token=token)) + "#wishes", code=303)


def count_again(app: Parts, token: str, wish: int) -> Shown:
    """Show what the choice would have brought; nothing is changed yet."""
    del app
    page = to(url_for("changing.edit", token=token, wish=wish))
    return redirect(f"{page}?{wishing.chosen_in(request.form)}", code=303)


def _find(app: Parts, token: str, wish: int) -> tuple[Subscriber, Held] | None:
    """The reader and a wish of theirs that counts."""
    with app.database.reading() as session:
        reader = subscribers.by_token(session, token)
    if reader is None:
        return None
    held = next((one for one in reader.wishes if one.id == wish and one.state == "active"), None)
    return (reader, held) if held is not None else None


def _pairs(reader: Subscriber, held: Held) -> Pairs:
    rhythm = reader.rhythm
    times = [("hour", str(rhythm.hour)), ("weekday", str(rhythm.weekday)), ("zone", rhythm.zone)]
    told = [("tell", one.value) for one in held.wish.occasions]
    return [*wishes.to_pairs(held.wish), *told, ("pace", held.pace.value), *times]


def _form(app: Parts, reader: Subscriber, held: Held, pairs: Pairs, fault: str = "") -> str:
    return render_template(
        "subscribe/change.html",
        title=_("Change an alert"),
        token=reader.token,
        held=held,
        fault=fault,
        **wishing.shown(wishing.read_choice(app, pairs, _pairs(reader, held))),
    )
