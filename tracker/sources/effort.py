"""How long the selectors of one page may be held against its elements."""

from lxml.html import HtmlElement

from tracker.domain.errors import ParseError


class UndecidedError(ParseError):
    """Whether a selector means an element cannot be told."""


class Effort:
    """How many elements may still be held against selectors, so that no page takes long."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.held: dict[tuple[HtmlElement, int], bool | None] = {}
        """Which elements were asked for which ``:has()``, with the answers."""

    def spend(self, steps: int = 1) -> None:
        """Take steps; raises ParseError when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise ParseError("the page has too many styles to be an article")
