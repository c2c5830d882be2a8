"""The words of an article as they are kept: paragraphs, with blank lines between them."""

import re
from collections.abc import Iterable

from tracker.sources.characters import one_line

LONGEST_TEXT = 300_000
BULLET = re.compile(r"^[-–•*]\s+")
LEAD_IN = re.compile(
    r"^(?:related|read more|read also|also read|read next|see also|more on this|recommended|"
    r"more from|watch|listen|don't miss|further reading|related (?:stories|articles|coverage))\s*:",
    re.IGNORECASE,
)
LONGEST_LEAD_IN = 250


def join_paragraphs(pieces: Iterable[str]) -> str:
    """Make paragraphs of pieces: one line each, a blank line between them."""
    lines = (BULLET.sub("", one_line(piece)) for piece in pieces)
    kept = (line for line in lines if line and not _is_lead_in(line))
    return "\n\n".join(kept)[:LONGEST_TEXT].rstrip()


def _is_lead_in(paragraph: str) -> bool:
    """Whether a paragraph only leads to another story: 'Related: …', 'Read more: …'."""
    return len(paragraph) < LONGEST_LEAD_IN and bool(LEAD_IN.match(paragraph))
