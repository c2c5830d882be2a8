"""An app whose extractor claims what a test planned, over articles that the test wrote."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tracker.app import App
from tracker.domain.codes import Act, Disposition, QuoteField, Tier
from tracker.domain.model import (
    Announcement,
    Document,
    Findings,
    Page,
    Registry,
    Span,
    Stance,
    TopicCode,
)
from tracker.pipeline.editor import Editor
from tracker.pipeline.read import keep_page
from tracker.pipeline.review import list_waiting
from tracker.store import stances
from tracker.store.reviews import Review

FACES = TopicCode("facial_recognition")


@dataclass
class Reader:
    """Claims, for each article by its address, what was planned for it."""

    plans: dict[str, tuple[Announcement, ...]] = field(default_factory=dict)
    version: str = "planned 1"

    def __call__(self, document: Document, registry: Registry) -> Findings:
        return Findings(self.version, self.plans.get(document.url or "", ()))


def sentence(text: str) -> Span:
    """A quote that is the whole text of its article."""
    return Span(QuoteField.TEXT, 0, len(text), text)


def claim(text: str, **changes: Any) -> Announcement:
    """Microsoft ends the sale of face recognition to the police, unless the test says otherwise."""
    values: dict[str, Any] = {
        "company": "Microsoft",
        "topic": FACES,
        "act": Act.ENDS,
        "span": sentence(text),
        "confidence": 0.9,
        "disposition": Disposition.PUBLISH,
        "direction": 3,
        "date": date(2020, 6, 9),
    }
    return Announcement(**{**values, **changes})


def tell(
    app: App,
    reader: Reader,
    url: str,
    text: str,
    *claims: dict[str, Any],
    published: datetime | None = None,
    tier: Tier = Tier.RELIABLE,
) -> None:
    """Let an article be read that tells of these acts, and send what is owed."""
    reader.plans[url] = tuple(claim(text, **one) for one in claims)
    day = published or datetime(2020, 6, 9, 15, tzinfo=UTC)
    with app.database.transaction() as session:
        page = Page(url, f"News from {url[-1]}", text, "en", day)
        keep_page(session, page, source=None, taken_from="page", now=app.now(), tier=tier)
    app.analyse(100)
    app.deliver()


def known(app: App) -> list[Stance]:
    """Every stance that stands."""
    with app.database.reading() as session:
        return stances.every(session)


def waiting(app: App) -> list[Review]:
    """What waits for a person."""
    return list_waiting(app.database, 100)


def editor(app: App, why: str | None = None) -> Editor:
    """A person of this installation."""
    return Editor("ana", app.now(), app.mail_domain, why)
