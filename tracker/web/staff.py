"""Who of the staff asks: a signed cookie, a token in every form, and pages that nobody keeps.

The cookie holds two random texts: one names a sign-in in the database, the other must come back
with every form. It is not set before somebody opens the page to sign in.
"""

import secrets
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Request, Response, abort, g, redirect, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.wrappers import Response as Answer

from tracker import config
from tracker.config import Settings
from tracker.domain.codes import UserRole
from tracker.pipeline import staff
from tracker.store.users import User
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.shown import to

PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
EITHER = frozenset(UserRole)
OPERATORS = frozenset({UserRole.OPERATOR})


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, with a key that is read, or made, when a cookie is first signed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_signing_serializer(self, app: Flask) -> Any:
        """See SecureCookieSessionInterface."""
        if app.secret_key is None:
            app.secret_key = config.secret_key(self._settings)
        return super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Who has no cookie needs no key."""
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)


def prepare(web: Flask, app: Parts) -> None:
    """Let the application set signed cookies, and forms carry their token."""
    web.session_interface = Cookies(app.settings)
    web.jinja_env.globals["form_token"] = form_token


def guard(pages: Blueprint, app: Parts, roles: frozenset[UserRole] = EITHER) -> None:
    """Let only staff with one of these roles see the pages of a blueprint, and nobody keep them."""

    @pages.before_request
    def require_role() -> Answer | None:
        user = member(app)
        if user is None:
            return redirect(f"/login?{urlencode({'next': request.path})}", code=303)
        if user.role not in roles:
            abort(403, _("You are signed in as %(name)s, who may not do this.", name=user.name))
        g.member = user
        require_form_token()
        return None

    pages.after_request(keep_private)


def member(app: Parts) -> User | None:
    """Who is signed in, if anybody is."""
    token = session.get("sign_in")
    return staff.signed_in(app.database, token, app.now()) if token else None


def begin(token: str) -> None:
    """Let the browser hold a sign-in, and nothing that it held before."""
    session.clear()
    session["sign_in"] = token


def form_token() -> str:
    """What a form of ours carries, so that no other page can send it."""
    if "form" not in session:
        session["form"] = secrets.token_urlsafe(24)
    return str(session["form"])


def require_form_token() -> None:
    """Refuse a form that does not carry the token of its reader."""
    if request.method != "POST":
        return
    own, sent = session.get("form", ""), request.form.get("token", "")
    if not own or not compare_digest(str(own).encode(), sent.encode()):
        abort(400, _("This form is too old, or was not made here. Open the page again."))


def keep_private(response: Response) -> Response:
    """What staff see is for them alone."""
    response.headers.update(PRIVATE)
    response.vary.add("Cookie")
    return response


def back_to(path: str) -> Answer:
    """Show a page after a form was sent."""
    return redirect(to(path), code=303)
