"""Quoted articles are read again; a quote that changed or vanished is marked, and corrected once.

What a page says now never replaces what it said: each text is kept, and evidence that only moved
points to the newer one. A changed text is analysed as well; what only it says waits for a person
and alerts nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tracker.domain.codes import CheckOutcome, CorrectionKind, EvidenceState
from tracker.domain.errors import Fault, FetchError, ParseError, TrackerError
from tracker.domain.model import ArticleId, Page, Response, SnapshotId
from tracker.domain.ports import Clock, Fetch, ParsePage
from tracker.domain.rechecks import (
    LOOK_TWICE,
    Compared,
    compare_quote,
    editors_notes,
    is_another_article,
    next_recheck,
    plain,
)
from tracker.pipeline.each import GoesOn, Tally, always, guarded, run_each
from tracker.sources.urls import host_of
from tracker.store import articles, corrections, facts, history, rechecks, reviews
from tracker.store.database import Database, Session
from tracker.store.locks import write_alone
from tracker.store.rechecks import QuotedArticle, QuotedSpan

BY = "recheck"
OUR_FAULT_WAIT = timedelta(minutes=5)
GONE = frozenset({404, 410})
AWAY = frozenset({CheckOutcome.GONE, CheckOutcome.REPLACED})
MISSING = frozenset({EvidenceState.CHANGED, EvidenceState.VANISHED})


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What a page says now, in its article and anywhere else on it; or why it could not be had."""

    article: QuotedArticle
    page: Page | None = None
    visible: str = ""
    error: Exception | None = None
    left: bool = False
    """Not looked at yet: it waits for the next turn."""


class RunAll(Protocol):
    """Do the slow part of many items at once; results come in any order (engine)."""

    def __call__(  # noqa: D102
        self,
        work: Callable[[QuotedArticle], ReadAgain],
        items: Sequence[QuotedArticle],
        group: Callable[[QuotedArticle], str],
    ) -> Iterator[ReadAgain]: ...


@dataclass(frozen=True, slots=True)
class Rechecking:
    """The parts that rechecking is given; ``read_visible`` gives all that a page shows."""

    database: Database
    fetch: Fetch
    parse_page: ParsePage
    read_visible: Callable[[Response], str]
    ask_robots: Callable[[str], None]
    now: Clock
    run_all: RunAll


def recheck_due(
    rechecking: Rechecking,
    limit: int,
    *,
    every: bool = False,
    goes_on: GoesOn = always,
    only: Iterable[ArticleId] | None = None,
) -> Tally:
    """Read the quoted articles again whose time has come (``only`` of these), or ``every`` one.

    When ``goes_on`` says no, no other one is begun: those that are left stay due.
    """
    with rechecking.database.reading() as session:
        if every:
            wanted = rechecks.every(session, limit)
        else:
            wanted = rechecks.due(session, rechecking.now(), limit, only)
    tally = Tally()

    def look(article: QuotedArticle) -> ReadAgain:
        return read_again(rechecking, article) if goes_on() else ReadAgain(article, left=True)

    looking = guarded(look, lambda article, bug: ReadAgain(article, error=bug))
    seen = rechecking.run_all(looking, wanted, lambda article: host_of(article.url) or article.url)
    run_each(
        seen,
        lambda one: record_check(rechecking, one, tally),
        tally,
        lambda one, bug: _put_off(rechecking, one, bug),
    )
    return tally


def read_again(rechecking: Rechecking, article: QuotedArticle) -> ReadAgain:
    """Fetch and read a page; nothing is written here. An error is a result like another."""
    try:
        rechecking.ask_robots(article.url)
        response = rechecking.fetch(article.url)
        if response is None:
            raise ParseError(f"{article.url}: the server sent nothing")
        visible = plain(rechecking.read_visible(response))
        return ReadAgain(article, rechecking.parse_page(response), visible)
    except TrackerError as error:
        return ReadAgain(article, error=error)


def record_check(rechecking: Rechecking, seen: ReadAgain, tally: Tally) -> None:
    """Write what a page says now, and what that does to its quotes, in one transaction."""
    if seen.left:
        tally.count("left")
        return
    now = rechecking.now()
    with rechecking.database.transaction() as session:
        if _is_ours(seen.error):
            rechecks.plan(session, seen.article.id, now + OUR_FAULT_WAIT)
            tally.count("failed")
            return
        write_alone(session)
        checking = _Checking(session, seen.article, now, tally)
        outcome = checking.record(seen)
        tally.count(outcome.value)
        waits = outcome in AWAY and seen.article.last not in AWAY
        again = now + LOOK_TWICE if waits else next_recheck(seen.article.quoted_at, now)
        rechecks.plan(session, seen.article.id, again)
        facts.touch(session, now)


def _put_off(rechecking: Rechecking, seen: ReadAgain, bug: Exception) -> None:
    """A bug of ours on one article says nothing about it, and must not come back at once."""
    now = rechecking.now()
    with rechecking.database.transaction() as session:
        outcome = CheckOutcome.FAILED
        rechecks.note(session, seen.article.id, outcome, now, error=repr(bug))
        rechecks.plan(session, seen.article.id, next_recheck(seen.article.quoted_at, now))


def _is_ours(error: Exception | None) -> bool:
    return isinstance(error, FetchError) and error.fault is Fault.OURS


@dataclass(frozen=True, slots=True)
class _Checking:
    """One article that was read again, while it is being recorded."""

    session: Session
    article: QuotedArticle
    now: datetime
    tally: Tally

    def record(self, seen: ReadAgain) -> CheckOutcome:
        if isinstance(seen.error, FetchError) and seen.error.status in GONE:
            return self._away(CheckOutcome.GONE, str(seen.error))
        if seen.page is None:
            rechecks.note(
                self.session, self.article.id, CheckOutcome.FAILED, self.now, error=str(seen.error)
            )
            return CheckOutcome.FAILED
        return self._compare(seen.page, seen.visible)

    def _away(self, outcome: CheckOutcome, why: str) -> CheckOutcome:
        """The page is not there, or another one in its place: believed when it is seen twice."""
        rechecks.note(self.session, self.article.id, outcome, self.now, error=why)
        if self.article.last in AWAY:
            for quoted in rechecks.spans_of(self.session, self.article.id):
                self._miss(quoted, Compared(EvidenceState.VANISHED), None, why)
        return outcome

    def _compare(self, page: Page, visible: str) -> CheckOutcome:
        before = rechecks.newest_text(self.session, self.article.id)
        compared = [
            (quoted, _with_rest_of_page(quoted, page, visible))
            for quoted in rechecks.spans_of(self.session, self.article.id)
        ]
        lost = all(one.state in MISSING for _, one in compared)
        if lost and before is not None and is_another_article(before, page.text):
            return self._away(CheckOutcome.REPLACED, "the page holds another text")
        known = articles.snapshot_of(self.session, self.article.id, page)
        text = known or articles.keep_version(
            self.session, self.article.id, page, rechecks.FROM_PAGE, self.now, analyse=True
        )
        outcome = CheckOutcome.SAME if before in (None, page.text) else CheckOutcome.EDITED
        note = _new_note(before, page.text)
        rechecks.note(self.session, self.article.id, outcome, self.now, snapshot=text, note=note)
        for quoted, one in compared:
            self._settle(quoted, one, text, was_on_page=quoted.from_page)
        if note is not None:
            self._tell_of_note(compared, note)
        return outcome

    def _settle(
        self, quoted: QuotedSpan, found: Compared, text: SnapshotId, *, was_on_page: bool
    ) -> None:
        if found.state in MISSING:
            if was_on_page:
                self._miss(quoted, found, text, None)
            return
        if quoted.state in MISSING:
            self._tell(quoted, "quote is back", {})
        moved = found.state is EvidenceState.MOVED and found.span is not None
        if moved and found.span and rechecks.move(self.session, quoted.id, text, found.span):
            places = [quoted.span.start, found.span.start]
            self._tell(
                quoted, "quote moved", {"start": places, "snapshot": [quoted.snapshot, text]}
            )
            self.tally.count("moved")
        state = EvidenceState.MOVED if quoted.state is EvidenceState.MOVED else found.state
        rechecks.mark(self.session, quoted.id, state, self.now)

    def _miss(
        self, quoted: QuotedSpan, found: Compared, text: SnapshotId | None, why: str | None
    ) -> None:
        """Mark a quote that is no longer there; the first time it is corrected."""
        rechecks.mark(self.session, quoted.id, found.state, self.now)
        new = corrections.add(
            self.session,
            CorrectionKind(found.state.value),
            (quoted.kind, quoted.record),
            self.now,
            evidence=quoted.id,
            snapshot=text,
            was=quoted.span.quote,
            now=found.instead,
            why=why or self.article.url,
        )
        if not new:
            return
        self.tally.count("corrections")
        change = {"quote": [quoted.span.quote, found.instead]}
        self._tell(quoted, f"quote {found.state}", change, why)
        reason = f"the quoted sentence {found.state} at {self.article.url}"
        reviews.ask(
            self.session,
            quoted.kind,
            quoted.record,
            [reason],
            {"quote": quoted.span.quote},
            self.now,
        )

    def _tell_of_note(self, compared: list[tuple[QuotedSpan, Compared]], note: str) -> None:
        self.tally.count("notes")
        told = {(quoted.kind, quoted.record): quoted for quoted, _ in compared}
        for quoted in told.values():
            self._tell(quoted, "editor's note", {"url": [None, self.article.url]}, note)

    def _tell(
        self, quoted: QuotedSpan, action: str, change: Mapping[str, object], why: str | None = None
    ) -> None:
        history.note(
            self.session,
            quoted.kind,
            quoted.record,
            action,
            by=BY,
            now=self.now,
            change={"url": self.article.url, **change},
            why=why,
        )


def _with_rest_of_page(quoted: QuotedSpan, page: Page, visible: str) -> Compared:
    """A quote that our reading of the article misses is still there if the page shows it."""
    found = compare_quote(quoted.span, page.title, page.text)
    if found.state in MISSING and plain(quoted.span.quote) in visible:
        return Compared(EvidenceState.INTACT)
    return found


def _new_note(before: str | None, after: str) -> str | None:
    """What the editors say now of their changes and did not say before."""
    known = set(editors_notes(before or ""))
    return " ".join(note for note in editors_notes(after) if note not in known) or None
