"""Pages to ask for alerts, confirm, manage and stop them. They work without JavaScript.

A token in the address is what lets its holder act, so these pages are never cached, indexed or
told to other sites; a GET never changes anything (promises 23, 24 and 26, RFC 8058).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from tracker.domain.addresses import masked
from tracker.domain.errors import LimitError, UsageError
from tracker.domain.watch_lists import WatchList
from tracker.domain.wish_words import pace_words
from tracker.pipeline import subscribing
from tracker.store import deliveries, subscribers, watch_lists
from tracker.store.deliveries import Told
from tracker.store.subscribers import Held, Subscriber
from tracker.web import wishing
from tracker.web.language import chosen
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.respond import as_json
from tracker.web.shown import to

MOST_TOLD = 200
"""Mails that the page of a reader lists; all of them are in what it gives as JSON."""

MOST_PENDING = 10
LARGEST_ID = 2**31 - 1
"""PostgreSQL numbers rows so far; a larger number can name none."""

PRIVATE = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("subscribing", __name__)
    rules: tuple[tuple[str, str, Callable[..., Answer | tuple[str, int] | str]], ...] = (
        ("GET", "/subscribe", choose),
        ("GET", "/subscribe.json", tell),
        ("POST", "/subscribe", ask),
        ("POST", "/subscribe/choice", count_again),
        ("GET", "/subscribe/sent", sent),
        ("GET", "/s/<token>", own_page),
        ("POST", "/s/<token>", confirm),
        ("POST", f"/s/<token>/stop/<int(max={LARGEST_ID}):wish>", stop_wish),
        ("POST", f"/s/<token>/renew/<int(max={LARGEST_ID}):wish>", renew_wish),
        ("POST", "/s/<token>/resume", resume),
        ("GET", "/u/<token>", leave),
        ("POST", "/u/<token>", unsubscribe),
    )
    for method, path, view in rules:
        pages.add_url_rule(path, view.__name__, partial(view, app), methods=[method])
    pages.after_request(keep_private)
    return pages


def choose(app: Parts) -> str:
    """The form, filled in from the address: /subscribe?company=ibm&topic=facial-recognition."""
    return _form(app, list(request.args.items(multi=True)))


def tell(app: Parts) -> Response:
    """What was chosen, and what it would have brought in the last twelve months."""
    choice = wishing.read_choice(app, list(request.args.items(multi=True)))
    if choice.unknown:
        abort(400, choice.unknown)
    return as_json(_("Get alerts"), {"asked": choice.words, "last_year": choice.would_have_had})


def ask(app: Parts) -> Answer | tuple[str, int]:
    """Note the wish; the answer is the same whoever asks for whatever address."""
    address, pairs = request.form.get("address", ""), list(request.form.items(multi=True))
    try:
        wanted = replace(subscribing.wanted_from(pairs), language=chosen())
        subscribing.ask(
            app.database,
            address,
            wanted,
            app.now(),
            app.mail_domain,
            client=request.remote_addr or "",
        )
    except LimitError as error:
        abort(429, str(error).capitalize())
    except UsageError as error:
        return _form(app, pairs, fault=str(error), typed=address[:254]), 400
    return redirect(to(url_for("subscribing.sent")), code=303)


def count_again(app: Parts) -> Answer:
    """Show what was chosen in the form. The address stays out of the page's own address."""
    del app
    query = wishing.chosen_in(request.form)
    return redirect(f"{to(url_for('subscribing.choose'))}?{query}", code=303)


def sent(app: Parts) -> str:
    """What to do next."""
    del app
    return render_template("subscribe/sent.html", title="Look into your inbox")


def own_page(app: Parts, token: str) -> str | tuple[str, int]:
    """The page of a subscriber, or the page that confirms a wish, whichever the token is for."""
    with app.database.reading() as session:
        subscriber = subscribers.by_token(session, token)
        if subscriber is not None:
            told = deliveries.told(session, subscriber.id, MOST_TOLD)
            lists = watch_lists.of_reader(session, subscriber.id)
            return _manage_page(app, subscriber, told, lists)
        found = subscribers.by_wish_token(session, token)
    if found is None:
        return unknown_link()
    return render_template(
        "subscribe/confirm.html",
        title=_("Confirm your alerts"),
        subscriber=found[0],
        address=masked(found[0].address),
        wish=found[1],
        waiting=_waiting(*found),
        token=token,
    )


def confirm(app: Parts, token: str) -> Answer | tuple[str, int]:
    """Make the chosen wishes count: only this POST subscribes anybody."""
    chosen = request.form.getlist("wish", type=int)
    own = subscribing.confirm(app.database, token, chosen, app.now()) if chosen else token
    return _to_own_page(own)


def stop_wish(app: Parts, token: str, wish: int) -> Answer | tuple[str, int]:
    """Stop one wish."""
    known = subscribing.stop_wish(app.database, token, wish, app.now())
    return _to_own_page(token if known else None)


def renew_wish(app: Parts, token: str, wish: int) -> Answer | tuple[str, int]:
    """Take up one wish again."""
    known = subscribing.renew_wish(app.database, token, wish, app.now())
    return _to_own_page(token if known else None)


def resume(app: Parts, token: str) -> Answer | tuple[str, int]:
    """Send mail again."""
    known = subscribing.resume(app.database, token, app.now())
    return _to_own_page(token if known else None)


def leave(app: Parts, token: str) -> str | tuple[str, int]:
    """Show the button that unsubscribes; scanners that open links change nothing."""
    return _leaving(app, token, done=False)


def unsubscribe(app: Parts, token: str) -> str | tuple[str, int]:
    """One-click (RFC 8058) and the button alike."""
    subscribing.unsubscribe(app.database, token, app.now())
    return _leaving(app, token, done=True)


def _form(app: Parts, pairs: Sequence[tuple[str, str]], **more: str) -> str:
    choice = wishing.read_choice(app, pairs)
    return render_template(
        "subscribe/ask.html", title=_("Get alerts"), **wishing.shown(choice), **more
    )


def _waiting(subscriber: Subscriber, wish: Held) -> list[Held]:
    """The wish of the link first, then the newest others that wait."""
    others = [one for one in subscriber.wishes if one.state == "pending" and one.id != wish.id]
    return [wish, *reversed(others[-MOST_PENDING:])]


def _manage_page(
    app: Parts, subscriber: Subscriber, told: Sequence[Told], lists: Sequence[WatchList]
) -> str:
    paused = subscriber.paused_until is not None and subscriber.paused_until > app.now()
    return render_template(
        "subscribe/manage.html",
        title=_("Your alerts"),
        subscriber=subscriber,
        address=masked(subscriber.address),
        told=told,
        lists=lists,
        wishes_of={wish.id: wish for wish in subscriber.wishes},
        paused=paused,
        paces=pace_words(_),
        zones=wishing.ZONES,
    )


def _leaving(app: Parts, token: str, *, done: bool) -> str | tuple[str, int]:
    with app.database.reading() as session:
        subscriber = subscribers.by_token(session, token)
        found = subscribers.by_wish_token(session, token) if subscriber is None else None
    if subscriber is None and found is None:
        return unknown_link()
    owner = subscriber or (found[0] if found else None)
    assert owner is not None, "a wish has an owner"
    return render_template(
        "subscribe/leave.html",
        title=_("Stopped") if done else _("Stop mail"),
        token=token,
        owner=owner,
        address=masked(owner.address),
        wish=found[1] if found else None,
        done=done,
    )


def _to_own_page(token: str | None) -> Answer | tuple[str, int]:
    if token is None:
        return unknown_link()
    return redirect(to(url_for("subscribing.own_page", token=token)), code=303)


def unknown_link() -> tuple[str, int]:
    """What is shown for a token that is unknown."""
    return render_template("subscribe/unknown.html", title=_("We do not know this link")), 404


def keep_private(response: Response) -> Response:
    """A page behind a token is for its reader alone."""
    response.headers.update(PRIVATE)
    return response
