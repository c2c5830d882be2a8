"""Pages for staff to sign in and out, and what they find then.

A wrong password and an unknown name get the same answer in the same time (promise 26).
"""

import re
from functools import partial

from flask import Blueprint, abort, g, render_template, request, session
from werkzeug.wrappers import Response as Answer

from tracker.domain.codes import UserRole
from tracker.domain.errors import LimitError
from tracker.pipeline import staff as members
from tracker.web import staff
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts

PLACE = re.compile(r"/admin(/[a-z0-9/-]*)?")
"""Where one may be sent after signing in: pages of ours that need it, and nowhere else."""

SECTIONS = (
    ("/admin/queue", N_("Review"), staff.EITHER),
    ("/admin/outbox", N_("Outbox"), staff.OPERATORS),
)
"""Pages for staff: address, name, and whose they are."""


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("signing_in", __name__)
    pages.add_url_rule("/login", "ask", partial(ask, app))
    pages.add_url_rule("/login", "sign_in", partial(sign_in, app), methods=["POST"])
    pages.add_url_rule("/logout", "sign_out", partial(sign_out, app), methods=["POST"])
    pages.after_request(staff.keep_private)
    inside = Blueprint("admin", __name__)
    inside.add_url_rule("/admin", "overview", overview)
    staff.guard(inside, app)
    pages.register_blueprint(inside)
    return pages


def ask(app: Parts) -> Answer | str:
    """The form; whoever is signed in already is sent on."""
    if staff.member(app) is not None:
        return staff.back_to(_place(request.args.get("next", "")))
    return _form(request.args.get("next", ""))


def sign_in(app: Parts) -> Answer | tuple[str, int]:
    """Let somebody in, or say that name or password is wrong, never which."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    place, client = request.form.get("next", ""), request.remote_addr or ""
    try:
        members.count_try(app.database, name, app.now(), client=client)
    except LimitError:
        abort(429, _("Too many tries to sign in. Please wait half an hour."))
    staff.require_form_token()
    token = members.sign_in(app.database, name, password, app.now(), client=client)
    if token is None:
        return _form(place, fault=_("Name or password is wrong."), name=name[:40]), 400
    staff.begin(token)
    return staff.back_to(_place(place))


def sign_out(app: Parts) -> Answer:
    """End the sign-in here and in the database."""
    staff.require_form_token()
    token = session.get("sign_in")
    if token:
        members.sign_out(app.database, token)
    session.clear()
    return staff.back_to("/login")


def overview() -> str:
    """What somebody may do here."""
    return render_template("admin/overview.html", title=_("For staff"), sections=sections())


def sections() -> list[tuple[str, str]]:
    """The pages that the one who is signed in may see: address and name."""
    role: UserRole = g.member.role
    return [(path, _(name)) for path, name, roles in SECTIONS if role in roles]


def _form(place: str, fault: str = "", name: str = "") -> str:
    return render_template(
        "admin/sign_in.html",
        title=_("Sign in"),
        place=place if PLACE.fullmatch(place) else "",
        fault=fault,
        name=name,
    )


def _place(wanted: str) -> str:
    return wanted if PLACE.fullmatch(wanted) else "/admin"
