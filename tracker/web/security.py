"""What every answer carries to keep readers safe, and whom we answer at all."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from tracker.config import Settings
from tracker.web.language import gettext as _

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""The policy of pages under /embed, which alone may stand in a page of others."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

ONE_CLICK = "subscribing.unsubscribe"
PUSH = "pushed.push"
LARGEST_BODY = 64 * 1024
"""Bytes that a form may send; our largest form needs a fiftieth of it."""


def protect(web: Flask, settings: Settings) -> None:
    """Set the headers, the limits and the list of hosts that we answer to."""
    web.config["TRUSTED_HOSTS"] = trusted_hosts(settings)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    web.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    web.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    web.config["SESSION_COOKIE_SECURE"] = settings.base_url.startswith("https://")
    if settings.web.trusted_proxies:
        hops = settings.web.trusted_proxies
        web.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            web.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )

    web.before_request(_refuse_nul)
    web.before_request(_refuse_foreign_forms)

    @web.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.headers["Content-Security-Policy"] == FRAMED_POLICY:
            del response.headers["X-Frame-Options"]
        if settings.base_url.startswith("https://"):
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def _refuse_nul() -> None:
    """No name or word of ours holds one, and PostgreSQL refuses texts that do."""
    if request.endpoint == PUSH:
        return  # its body is a feed and no form; it has a limit of its own
    sent = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in sent):
        abort(400)


def _refuse_foreign_forms() -> None:
    """A page elsewhere may not send forms in a reader's name. Mail programs may (RFC 8058)."""
    if request.method == "POST" and request.endpoint != ONE_CLICK and _is_foreign():
        abort(403, _("That form was sent from a page of another site."))


def _is_foreign() -> bool:
    """What the browser says of the page that sent a form; other programs say nothing.

    ``Origin: null`` is what our own pages with a token send where Sec-Fetch-Site is not known.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    own_hosts = current_app.config["TRUSTED_HOSTS"]
    return origin != "null" and not host_is_trusted(origin.partition("://")[2], own_hosts)


def trusted_hosts(settings: Settings) -> list[str]:
    """The names that a request may ask for: those of the settings, and this machine's own."""
    own = {"localhost", "127.0.0.1", "[::1]", settings.web.host}
    named = urlsplit(settings.base_url).hostname
    return sorted({*own, *settings.web.trusted_hosts, *([named] if named else [])})
