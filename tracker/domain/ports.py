"""What the pipeline needs from outside; each is a plain callable, so a test passes a function."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from tracker.domain.model import Entry, Feed, Page, Response, Validators

if TYPE_CHECKING:
    from tracker.domain.model import AlertToSend, Document, Findings, Registry

Clock = Callable[[], datetime]
"""Tells the present moment, aware and in UTC."""


class Fetch(Protocol):
    """Get an address. None means 'not changed' (304). Raises FetchError.

    With ``tell_unchanged`` a 304 comes as an answer without body, for what its headers say.
    """

    def __call__(  # noqa: D102
        self, url: str, validators: Validators = ..., *, tell_unchanged: bool = ...
    ) -> Response | None: ...


class ParseFeed(Protocol):
    """Read a feed. Raises ParseError when there is none."""

    def __call__(self, response: Response, now: datetime) -> Feed: ...  # noqa: D102


class ParsePage(Protocol):
    """Read a page for its article. Raises ParseError when it holds none."""

    def __call__(self, response: Response) -> Page: ...  # noqa: D102


class ParseEntry(Protocol):
    """Read the article out of a feed entry's own content; None when that is too short."""

    def __call__(self, entry: Entry) -> Page | None: ...  # noqa: D102


class Extract(Protocol):
    """Read a document for stances, reactions and calls; may be wrong, must quote."""

    version: str

    def __call__(self, document: "Document", registry: "Registry") -> "Findings": ...  # noqa: D102


class Notify(Protocol):
    """Deliver one message; returns the server's answer. Raises DeliveryError."""

    def __call__(self, alert: "AlertToSend") -> str: ...  # noqa: D102
