"""/admin/queue: what waits for a person, each question with its text, and the answer to it.

The buttons do what `tracker review` does, through the same functions.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as Answer

from tracker.domain.codes import (
    Act,
    Authority,
    Extent,
    Level,
    Modality,
    Novelty,
    OrganisationKind,
    Precision,
    Question,
    QuoteField,
    ReactionKind,
    Track,
    Trigger,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import Organisation
from tracker.pipeline import review as decisions
from tracker.pipeline.considering import Considered, consider, count_waiting
from tracker.pipeline.editor import Editor
from tracker.store.reading_room import QuotedText
from tracker.store.reviews import Review
from tracker.store.schema.ledger import ReviewKind
from tracker.web import asked, staff, wording
from tracker.web.language import N_
from tracker.web.language import gettext as _
from tracker.web.parts import Parts
from tracker.web.shown import to
from tracker.web.signing_in import sections
from tracker.web.subscribing import LARGEST_ID

PATH = "/admin/queue"
PER_PAGE = 50

KINDS = {
    ReviewKind.STANCE: N_("stances"),
    ReviewKind.REACTION: N_("reactions"),
    ReviewKind.CALL: N_("calls"),
    ReviewKind.PAGE_CHANGE: N_("changes of watched pages"),
    ReviewKind.SUBMISSION: N_("sent in by readers"),
}
FIELDS = {
    "act": N_("act"),
    "reaction": N_("reaction"),
    "topic": N_("topic"),
    "date": N_("day (YYYY-MM-DD)"),
    "precision": N_("how exact the day is"),
    "summary": N_("in our words"),
    "asked": N_("what is asked"),
    "scope": N_("scope, in its own words"),
    "speaker": N_("who said it"),
    "speaker_role": N_("office of who said it"),
    "brand": N_("brand or product"),
    "deadline": N_("deadline (YYYY-MM-DD)"),
    "effective_date": N_("in force from (YYYY-MM-DD)"),
    "term": N_("for how long"),
    "level": N_("how sure"),
    "novelty": N_("new or background"),
    "track": N_("says or does"),
    "trigger": N_("what set it off"),
    "authority": N_("who ordered it"),
    "extent": N_("extent"),
    "modality": N_("how it is put"),
    "direction": N_("direction (-3 to 3)"),
    "matter": N_("matter"),
    "note": N_("our note"),
}
FIRST = (
    "act",
    "reaction",
    "topic",
    "direction",
    "date",
    "asked",
    "summary",
    "scope",
    "speaker",
    "level",
)
OTHERS = tuple(name for name in FIELDS if name not in FIRST)
"""What is looked at each time, and what is folded away."""

CODES: Mapping[str, type[StrEnum]] = {
    "act": Act,
    "reaction": ReactionKind,
    "precision": Precision,
    "authority": Authority,
    "trigger": Trigger,
    "extent": Extent,
    "track": Track,
    "level": Level,
    "novelty": Novelty,
    "modality": Modality,
}
SPOKEN: Mapping[str, Callable[[str], str]] = {
    "act": wording.act,
    "reaction": wording.reaction,
    "level": wording.level,
    "trigger": wording.trigger,
}
OPTIONAL = frozenset({"authority", "extent", "track"})


def blueprint(app: Parts) -> Blueprint:
    """The pages over these parts."""
    pages = Blueprint("reviewing", __name__)
    one = f"{PATH}/<int(max={LARGEST_ID}):number>"
    pages.add_url_rule(PATH, "look", partial(look, app))
    pages.add_url_rule(one, "look_at", partial(look_at, app))
    pages.add_url_rule(f"{one}/accept", "accept", partial(accept, app), methods=["POST"])
    pages.add_url_rule(f"{one}/reject", "reject", partial(reject, app), methods=["POST"])
    pages.add_url_rule(f"{one}/enter", "enter", partial(enter, app), methods=["POST"])
    staff.guard(pages, app)
    return pages


def look(app: Parts) -> str:
    """The queue, oldest first, by kind."""
    wanted = asked.word("kind")
    kind = ReviewKind(wanted) if wanted in set(ReviewKind) else None
    number = asked.number("page", 1, largest=100_000)
    found = decisions.list_waiting(app.database, PER_PAGE + 1, kind, (number - 1) * PER_PAGE)
    return render_template(
        "admin/queue.html",
        title=_("Review"),
        sections=sections(),
        kinds={str(code): _(name) for code, name in KINDS.items()},
        counted={str(code): n for code, n in count_waiting(app.database).items()},
        kind=kind,
        lines=found[:PER_PAGE],
        number=number,
        more=len(found) > PER_PAGE,
        done=asked.number("done", 0, largest=LARGEST_ID),
        named=named,
    )


def look_at(app: Parts, number: int) -> str:
    """One question with its texts, what accepting it would move, and what is alike."""
    return _page(_found(app, number))


def accept(app: Parts, number: int) -> Answer | tuple[str, int]:
    """Say yes, with the changes that were made in the form."""
    found = _found(app, number)
    edits = {
        name: given
        for name, was in found.values.items()
        if (given := request.form.get(name, was).strip()) != was
    }
    return _decide(app, found, lambda by: decisions.accept(app.database, number, by, edits))


def reject(app: Parts, number: int) -> Answer | tuple[str, int]:
    """Say no."""
    found = _found(app, number)
    return _decide(app, found, lambda by: decisions.reject(app.database, number, by))


def enter(app: Parts, number: int) -> Answer | tuple[str, int]:
    """Enter the organisation that a finding waits for; its article is read again."""
    found = _found(app, number)
    kind = request.form.get("kind", "")
    if kind not in set(OrganisationKind):
        abort(400, _("Say what kind of organisation it is."))
    name, slug = request.form.get("name", "").strip(), request.form.get("slug", "").strip()
    new = Organisation(slug, name, OrganisationKind(kind))
    return _decide(app, found, lambda by: decisions.accept_name(app.database, number, new, by))


def named(review: Review) -> str:
    """What a question is about, in a line: who does what, as it was found."""
    told = review.proposed
    if review.kind not in CLAIMED or "span" not in told:
        return str(told.get("page") or review.record or review.id)
    who, what = CLAIMED[review.kind](told)
    return f"{who}: {what}"


def _stance(told: Mapping[str, str]) -> tuple[str, str]:
    about = told.get("topic", "").replace("_", " ")
    return told["company"], f"{wording.act(told['act'])} ({about})"


def _reaction(told: Mapping[str, Any]) -> tuple[str, str]:
    return told["actor"], " ".join([wording.reaction(told["reaction"]), *told.get("about", ())[:1]])


def _call(told: Mapping[str, str]) -> tuple[str, str]:
    return told["caller"], told["asked"][:120]


CLAIMED: Mapping[ReviewKind, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    ReviewKind.STANCE: _stance,
    ReviewKind.REACTION: _reaction,
    ReviewKind.CALL: _call,
}


def _decide(
    app: Parts, found: Considered, decide: Callable[[Editor], object]
) -> Answer | tuple[str, int]:
    """Write the answer and go on to the next question; show the page again where it cannot be."""
    why = request.form.get("why", "").strip() or None
    try:
        decide(Editor(g.member.name, app.now(), app.mail_domain, why))
    except UsageError as error:
        return _page(found, fault=str(error)), 400
    done = found.review.id
    return staff.back_to(to(f"{PATH}/{found.after}" if found.after else PATH, done=done))


def _found(app: Parts, number: int) -> Considered:
    try:
        return consider(app.database, number, app.now())
    except UsageError:
        abort(404)


def _page(found: Considered, fault: str = "") -> str:
    given = {name: request.form.get(name, was) for name, was in found.values.items()}
    return render_template(
        "admin/review.html",
        title=_("Review %(number)s", number=found.review.id),
        sections=sections(),
        found=found,
        review=found.review,
        asks_record=found.review.question is Question.RECORD,
        texts=[(text, list(_paragraphs(text))) for text in found.texts],
        first=[_field(found, name, given) for name in FIRST if name in given],
        others=[_field(found, name, given) for name in OTHERS if name in given],
        organisation_kinds=[(kind, kind.replace("_", " ")) for kind in OrganisationKind],
        kinds={str(code): _(name) for code, name in KINDS.items()},
        fault=fault,
        named=named,
        done=asked.number("done", 0, largest=LARGEST_ID),
    )


def _field(
    found: Considered, name: str, given: Mapping[str, str]
) -> tuple[str, str, str, list[tuple[str, str]]]:
    """A field of the form: its name, its label, what is in it, and what may be chosen."""
    choices: list[tuple[str, str]] = []
    if name == "topic":
        choices = [(topic.code, _(topic.name)) for topic in found.topics]
    elif name in CODES:
        say = SPOKEN.get(name, _as_written)
        choices = [("", "–")] if name in OPTIONAL else []
        choices += [(code.value, say(code.value)) for code in CODES[name]]
    return name, _(FIELDS[name]), given[name], choices


def _as_written(code: str) -> str:
    return code.replace("_", " ")


def _paragraphs(text: QuotedText) -> Iterator[Markup]:
    """The text in its paragraphs, with what is quoted of it marked."""
    spans = [span for span in text.spans if span.field is QuoteField.TEXT]
    at = 0
    for paragraph in text.text.split("\n"):
        inside = [s for s in spans if s.start < at + len(paragraph) and s.end > at]
        if paragraph.strip():
            yield _marked(paragraph, [(s.start - at, s.end - at) for s in inside])
        at += len(paragraph) + 1


def _marked(paragraph: str, spans: list[tuple[int, int]]) -> Markup:
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        pieces += [escape(paragraph[at:start]), Markup("<mark>"), escape(paragraph[start:end])]
        pieces.append(Markup("</mark>"))
        at = max(at, end)
    return Markup("").join([*pieces, escape(paragraph[at:])])
