"""Readers and companies send in what is wrong or missing; a person looks at each of them."""

import re
from datetime import datetime, timedelta

from tracker.domain.codes import Sender
from tracker.domain.errors import LimitError, UsageError
from tracker.store import limits, submissions
from tracker.store.database import Database
from tracker.store.submissions import Submission

SHORTEST, LONGEST, LONGEST_LINE = 15, 4000, 500
"""Characters of what may be sent in; the line is for an address of a page or of a person."""

PER_CLIENT, PER_HOUR = 6, 120
HOUR = timedelta(hours=1)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Signs that show nothing and can turn a text around for the person who reads it."""


def submit(database: Database, sent: Submission, now: datetime, *, client: str) -> str:
    """Keep what was sent in and ask a person; return the token of its receipt.

    The same text about the same page, sent again while it waits, is kept once. Raises UsageError
    when the text is too short or long or the page is no web address, LimitError when this client,
    or everybody together, sent too much within the hour.
    """
    cleaned = _checked(sent)
    with database.transaction() as session:
        allowed = limits.allow(
            session, "submit", client, HOUR, now, each=PER_CLIENT, everybody=PER_HOUR
        )
        if allowed:
            return submissions.waiting_alike(session, cleaned) or submissions.add(
                session, cleaned, now
            )
    raise LimitError("too much was sent in within the hour; please try again in an hour")


def sender_of(text: str) -> Sender:
    """For whom somebody speaks; whoever does not say so is a reader."""
    return Sender(text) if text in set(Sender) else Sender.READER


def _checked(sent: Submission) -> Submission:
    text = UNSEEN.sub("", sent.text.replace("\r\n", "\n")).strip()
    source, contact = _line(sent.source), _line(sent.contact)
    if len(text) < SHORTEST:
        raise UsageError("say in a sentence what is wrong or missing")
    if len(text) > LONGEST:
        raise UsageError(f"{LONGEST:,} characters are the most; shorten the text or link to a page")
    if source and not source.lower().startswith(("http://", "https://")):
        raise UsageError("the page that shows it needs an address with http:// or https://")
    return Submission(sent.about, sent.sender, text, source, contact)


def _line(text: str | None) -> str | None:
    only = UNSEEN.sub("", text or "").strip()
    if len(only) > LONGEST_LINE:
        raise UsageError(f"{LONGEST_LINE} characters are the most for an address")
    return only or None
