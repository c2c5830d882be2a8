"""/admin/outbox: what is owed, sent, failed; hold and release; another try; suspended addresses.

The buttons do what `tracker outbox` and `tracker hooks` do, through the same functions.
"""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, g, render_template, request
from werkzeug.wrappers import Response as Answer

from tracker.domain.addresses import masked
from tracker.domain.errors import UsageError
from tracker.pipeline import hooking, outbox
from tracker.store.outbox import Standing
from tracker.web import asked, staff
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.signing_in import sections
from tracker.web.subscribing import LARGEST_ID

PATH = "/admin/outbox"
PER_PAGE = 50
MOST_STEPS = 20

STANDINGS = {
    Standing.OWED: N_("owed"),
    Standing.LEASED: N_("being sent"),
    Standing.SENT: N_("sent"),
    Standing.FAILED: N_("failed"),
    Standing.WITHDRAWN: N_("withdrawn before sending"),
}
KINDS = {
    "stance": N_("new stance"),
    "change": N_("change of position"),
    "reaction": N_("reaction"),
    "call": N_("call"),
    "answer": N_("answer"),
    "deadline": N_("deadline"),
    "silence": N_("silence"),
    "overdue": N_("overdue promise"),
    "awaiting": N_("awaits a check"),
    "correction": N_("correction"),
    "confirmation": N_("question whether it was meant"),
    "move": N_("move to another address"),
    "operator": N_("note to the operator"),
}
ACTIONS = {
    "held": N_("all sending held"),
    "released": N_("sending goes on"),
    "tried again": N_("failed mails owed again"),
    "drained": N_("what waited tried at once"),
    "resumed": N_("address written to again"),
    "program paused": N_("program told nothing more"),
    "program resumed": N_("program told again"),
    "program tried again": N_("what was given up owed again"),
}
RESULTS = {
    "accepted": N_("accepted"),
    "refused": N_("refused, may pass"),
    "rejected": N_("refused for good"),
    "bounced": N_("came back for good"),
    "returned": N_("came back, may pass"),
    "delayed": N_("delayed"),
    "complained": N_("marked as spam"),
    "failed": N_("broke here"),
    "withdrawn": N_("withdrawn"),
}


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("outbox", __name__)
    rules: tuple[tuple[str, str, Callable[..., Answer | str]], ...] = (
        ("GET", PATH, look),
        ("GET", f"{PATH}/<int(max={LARGEST_ID}):alert>", look_at),
        ("POST", f"{PATH}/hold", hold),
        ("POST", f"{PATH}/release", release),
        ("POST", f"{PATH}/drain", drain),
        ("POST", f"{PATH}/retry", retry),
        ("POST", f"{PATH}/resume", resume),
        ("POST", f"{PATH}/hooks", retry_hooks),
    )
    for method, path, view in rules:
        pages.add_url_rule(path, view.__name__, partial(view, app), methods=[method])
    staff.guard(pages, app, staff.OPERATORS)
    return pages


def look(app: Parts) -> str:
    """Counts, rates, a list of alerts, suspended addresses, programs that are told."""
    now, standing = app.now(), _standing()
    number = asked.number("page", 1, largest=100_000)
    skip = (number - 1) * PER_PAGE
    found = outbox.list_alerts(app.database, standing, now, PER_PAGE + 1, skip)
    return render_template(
        "admin/outbox.html",
        title=_("Outbox"),
        sections=sections(),
        counted=outbox.count(app.database, now),
        held=outbox.held(app.database),
        settings=app.settings,
        standing=standing,
        standings=_said(STANDINGS),
        kinds=_said(KINDS),
        lines=found[:PER_PAGE],
        number=number,
        more=len(found) > PER_PAGE,
        masked=masked,
        suspended=outbox.suspended(app.database),
        hooks=hooking.list_hooks(app.database),
        steps=outbox.steps(app.database, MOST_STEPS),
        actions=_said(ACTIONS),
    )


def look_at(app: Parts, alert: int) -> str:
    """One alert with every try and what the server said."""
    try:
        found = outbox.show(app.database, alert, app.now())
    except UsageError:
        abort(404)
    return render_template(
        "admin/alert.html",
        title=_("Mail %(number)s", number=alert),
        sections=sections(),
        found=found,
        line=found.line,
        standings=_said(STANDINGS),
        kinds=_said(KINDS),
        results=_said(RESULTS),
    )


def hold(app: Parts) -> Answer:
    """Stop all sending at once."""
    outbox.hold(app.database, g.member.name, app.now())
    return staff.back_to(PATH)


def release(app: Parts) -> Answer:
    """Send again."""
    outbox.release(app.database, g.member.name, app.now())
    return staff.back_to(PATH)


def drain(app: Parts) -> Answer:
    """Let what waits for its next try be tried now; the scheduler sends it at its rate."""
    outbox.wake(app.database, g.member.name, app.now())
    return staff.back_to(PATH)


def retry(app: Parts) -> Answer:
    """Owe a failed alert again, or all that failed."""
    alert = request.form.get("alert", type=int)
    every = request.form.get("all") == "failed"
    if not every and (alert is None or not 0 < alert <= LARGEST_ID):
        abort(400, _("Name the mail to be tried again."))
    alerts = None if every else [alert or 0]
    outbox.retry(app.database, alerts, g.member.name, app.now())
    return staff.back_to(PATH if every else f"{PATH}/{alert}")


def resume(app: Parts) -> Answer:
    """Write to a suspended address again, beginning with what failed meanwhile."""
    try:
        address = request.form.get("address", "")
        outbox.resume(app.database, address, g.member.name, app.now())
    except UsageError:
        abort(400, _("This address is not suspended."))
    return staff.back_to(PATH)


def retry_hooks(app: Parts) -> Answer:
    """Owe again what was given up for one program."""
    hook = request.form.get("hook", type=int)
    if hook is None or not 0 < hook <= LARGEST_ID:
        abort(400, _("Name the program to be told again."))
    hooking.retry(app.database, hook, g.member.name, app.now())
    return staff.back_to(PATH)


def _standing() -> Standing | None:
    wanted = asked.word("standing")
    return Standing(wanted) if wanted in set(Standing) else None


def _said(names: dict[Standing, str] | dict[str, str]) -> dict[str, str]:
    return {str(code): _(name) for code, name in names.items()}
