"""Readers and companies say what is wrong or missing; each gets a receipt that says what became
of it. No account is needed, and a person reads every one of them (product.md, right of reply).
"""

from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from tracker.domain.codes import Sender
from tracker.domain.errors import LimitError, UsageError
from tracker.pipeline import submitting
from tracker.store import submissions
from tracker.store.database import Session
from tracker.store.submissions import Submission
from tracker.store.views import call, companies, lookup, organisation, stances
from tracker.store.views.records import Lens
from tracker.web import wording
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import known
from tracker.web.shown import to

PRIVATE = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("correcting", __name__)
    pages.add_url_rule("/correct", "form", partial(form, app))
    pages.add_url_rule("/correct", "send", partial(send, app), methods=["POST"])
    pages.add_url_rule("/correct/<token>", "receipt", partial(receipt, app))
    pages.after_request(_keep_private)
    return pages


def form(app: Parts) -> str:
    """The form for one page of ours: /correct?about=/e/ibm-2020-06-08-fr-exit."""
    about = request.args.get("about", "")[:300]
    return _form(app, Submission(about, Sender.READER, "", None, None))


def send(app: Parts) -> Answer | tuple[str, int]:
    """Keep what was sent in, or say what is missing with everything still filled in."""
    sent = Submission(
        about=request.form.get("about", "")[:300],
        sender=submitting.sender_of(request.form.get("sender", "")),
        text=request.form.get("text", ""),
        source=request.form.get("source"),
        contact=request.form.get("contact"),
    )
    _title_of(app, sent.about)
    try:
        token = submitting.submit(app.database, sent, app.now(), client=request.remote_addr or "")
    except LimitError:
        abort(429, _("Too much was sent in within the hour. Please try again in an hour."))
    except UsageError as error:
        return _form(app, sent, fault=str(error)), 400
    return redirect(to(f"/correct/{token}"), code=303)


def receipt(app: Parts, token: str) -> str:
    """What was sent in, and what became of it."""
    with app.database.reading() as session:
        found = known(submissions.receipt(session, token))
    return render_template(
        "receipt.html",
        title=_("What you sent in"),
        receipt=found,
        about=_title_of(app, found.submission.about),
    )


def _form(app: Parts, sent: Submission, fault: str | None = None) -> str:
    return render_template(
        "correct.html",
        title=_("Say what is wrong or missing"),
        about=_title_of(app, sent.about),
        sent=sent,
        longest=submitting.LONGEST,
        fault=fault,
    )


def _title_of(app: Parts, about: str) -> str:
    """What the page with this path is about; 404 when there is no such record."""
    now = app.now()
    kind, _slash, rest = about.removeprefix("/").partition("/")
    with app.database.reading() as session:
        return known(_named(session, kind, rest, Lens(now.date(), every_level=True), app))


def _named(session: Session, kind: str, rest: str, lens: Lens, app: Parts) -> str | None:
    slug, _slash, topic = rest.partition("/")
    if kind == "e":
        found = stances.find(session, lens, stances.Wanted(ids=(slug,)), limit=1)
        return wording.headline(found[0]) if found else None
    if kind == "t":
        about = lookup.topic_by_slug(session, slug)
        return wording.topic(about) if about else None
    if kind == "calls":
        asked = call.read(session, slug, lens, app.now())
        return asked.line.asked if asked else None
    if kind == "o":
        group = organisation.read(session, slug, lens, app.now())
        return group.group.name if group else None
    return _company(session, slug, topic, lens) if kind == "c" else None


def _company(session: Session, slug: str, topic: str, lens: Lens) -> str | None:
    facts = companies.facts(session, slug, lens)
    if facts is None or not topic:
        return facts.company.name if facts else None
    on = lookup.topic_by_slug(session, topic)
    if on is None:
        return None
    return _("%(name)s on %(topic)s", name=facts.company.name, topic=wording.topic_inside(on))


def _keep_private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
