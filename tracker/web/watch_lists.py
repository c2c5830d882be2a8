"""Pages on which readers put companies and topics together under a name.

Like all pages behind a token they work without JavaScript, are never cached, and change something
only by POST.
"""

from functools import partial

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from tracker.domain.errors import UsageError
from tracker.domain.watch_lists import WatchList
from tracker.pipeline import watch_lists
from tracker.store import foretaste, topics
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.shown import to
from tracker.web.subscribing import LARGEST_ID, keep_private, unknown_link

Shown = Answer | str | tuple[str, int]


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("watch_lists", __name__)
    one = f"/s/<token>/lists/<int(max={LARGEST_ID}):id_>"
    for method, path, view in (
        ("GET", "/s/<token>/lists/new", begin),
        ("POST", "/s/<token>/lists/new", make),
        ("GET", one, edit),
        ("POST", one, change),
        ("POST", f"{one}/follow", follow),
        ("POST", f"{one}/remove", remove),
    ):
        pages.add_url_rule(path, view.__name__, partial(view, app), methods=[method])
    pages.after_request(keep_private)
    return pages


def begin(app: Parts, token: str) -> Shown:
    """The form of a new list."""
    if watch_lists.of_reader(app.database, token) is None:
        return unknown_link()
    return _form(app, token, WatchList(0, "", "", (), ()))


def make(app: Parts, token: str) -> Shown:
    """Keep a new list."""
    return _save(app, token, None)


def edit(app: Parts, token: str, id_: int) -> Shown:
    """The form of a list."""
    listed = watch_lists.of_reader(app.database, token) or ()
    found = next((one for one in listed if one.id == id_), None)
    return _form(app, token, found) if found else unknown_link()


def change(app: Parts, token: str, id_: int) -> Shown:
    """Change a list."""
    return _save(app, token, id_)


def follow(app: Parts, token: str, id_: int) -> Shown:
    """Ask for alerts on a list."""
    return _back(token, watch_lists.follow(app.database, token, id_, app.now()))


def remove(app: Parts, token: str, id_: int) -> Shown:
    """Forget a list."""
    try:
        known = watch_lists.remove(app.database, token, id_, app.now())
    except UsageError as error:
        abort(400, f"{str(error).capitalize()}.")
    return _back(token, known)


def _save(app: Parts, token: str, id_: int | None) -> Shown:
    name = request.form.get("name", "")
    companies, chosen = request.form.getlist("company"), request.form.getlist("topic")
    try:
        known = watch_lists.save(app.database, token, id_, name, companies, chosen, app.now())
    except UsageError as error:
        sent = WatchList(id_ or 0, "", name[:200], tuple(companies), tuple(chosen))
        return _form(app, token, sent, str(error)), 400
    return _back(token, known)


def _form(app: Parts, token: str, shown: WatchList, fault: str = "") -> str:
    """What is ticked stands first."""
    with app.database.reading() as session:
        companies = sorted(
            foretaste.companies(session), key=lambda one: one[0] not in shown.companies
        )
        known = sorted(
            topics.by_code(session).values(), key=lambda one: one.slug not in shown.topics
        )
    return render_template(
        "subscribe/list.html",
        title=_("A list of yours"),
        token=token,
        list=shown,
        companies=companies,
        topics=known,
        fault=fault,
    )


def _back(token: str, known: bool) -> Answer | tuple[str, int]:
    if not known:
        return unknown_link()
    return redirect(to(url_for("subscribing.own_page", token=token)) + "#lists", code=303)
