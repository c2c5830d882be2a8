"""Quoted articles are read again: what became of the sentence, and of who was told (promise 20)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.flow.conftest import PARAGRAPHS, TITLE, page, run
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.site import Answer, Site
from tracker.app import App
from tracker.domain.codes import CorrectionKind, EvidenceState, QuoteField
from tracker.domain.model import Page
from tracker.pipeline import review, verify
from tracker.pipeline.retention import drop_what_is_old
from tracker.pipeline.review import Editor
from tracker.store import articles, corrections, evidence, history, rechecks, reviews
from tracker.store.corrections import Correction
from tracker.store.evidence import Checked
from tracker.store.schema import SnapshotRow
from tracker.store.schema.ledger import RecordKind

IBM = PARAGRAPHS[0]
HTML = {"Content-Type": "text/html; charset=utf-8"}
PATH = "/ibm"
MOVED, CHANGED = EvidenceState.MOVED, EvidenceState.CHANGED


@pytest.fixture
def quoted(watching: App, site: Site) -> App:
    """The founding story was read and quoted; its page lies at its canonical address."""
    run(watching)
    site.put(PATH, page(), headers=HTML)
    return watching


def put(site: Site, *paragraphs: str, title: str = TITLE) -> None:
    site.put(PATH, page(title, paragraphs), headers=HTML)


def recheck(app: App, clock: Clock, **later: float) -> dict[str, int]:
    clock.advance(**(later or {"hours": 1}))
    return dict(app.recheck(100).counted)


def quotes(app: App) -> dict[str, list[Checked]]:
    with app.database.reading() as session:
        found: dict[str, list[Checked]] = {}
        for one in evidence.check_all(session):
            found.setdefault(one.span.quote, []).append(one)
        return found


def states(app: App, quote: str) -> set[EvidenceState]:
    with app.database.reading() as session:
        spans = [
            span
            for article in rechecks.every(session, 10)
            for span in rechecks.spans_of(session, article.id)
        ]
    return {span.state for span in spans if span.span.quote == quote}


def corrected(app: App) -> list[Correction]:
    with app.database.reading() as session:
        return corrections.since(session, app.now() - timedelta(days=4000))


def actions(app: App) -> set[str]:
    with app.database.reading() as session:
        found = {one.record for several in quotes(app).values() for one in several}
        return {
            step.action
            for kind in RecordKind
            for record in found
            for step in history.of(session, kind, record)
            if step.by == "recheck"
        }


def texts(app: App) -> list[str]:
    with app.database.reading() as session:
        return [row.text for row in session.query(SnapshotRow).order_by(SnapshotRow.id)]


def test_an_unchanged_article_is_read_six_times_and_never_again(
    quoted: App, site: Site, clock: Clock
) -> None:
    site.requests.clear()
    seen = [recheck(quoted, clock, hours=hours) for hours in [6] * 8 + [24] * 45]
    assert sum(bool(one) for one in seen) == 5  # the first look came six hours late
    assert all(one in ({}, {"same": 1}) for one in seen)
    assert [request.path for request in site.requests if request.path == PATH] == [PATH] * 5
    assert corrected(quoted) == []
    assert len(texts(quoted)) == 1


def test_each_of_the_six_looks_tells_what_became_of_the_quote(
    quoted: App, site: Site, clock: Clock
) -> None:
    begun, intact = clock.now, EvidenceState.INTACT
    note = "An earlier version of this article misstated the day of the letter."
    edited = IBM.replace("is getting out of", "will review its part in")
    rest = PARAGRAPHS[1:]
    course = [
        (timedelta(hours=1), PARAGRAPHS, {"same"}, intact),
        (timedelta(hours=6), ("A new first paragraph.", *PARAGRAPHS), {"edited", "moved"}, MOVED),
        (timedelta(days=1), (*PARAGRAPHS, note), {"edited", "moved", "notes"}, MOVED),
        (timedelta(days=3), (edited, *rest, note), {"edited", "moved", "corrections"}, CHANGED),
        (timedelta(days=7), (*rest, note), {"edited", "moved"}, EvidenceState.VANISHED),
        (timedelta(days=30), (*PARAGRAPHS, note), {"edited", "moved"}, intact),
    ]
    for after, paragraphs, told, state in course:
        put(site, *paragraphs)
        clock.set(begun + after - timedelta(minutes=1))
        assert quoted.recheck(100).done == 0, f"too early for {after}"
        clock.set(begun + after)
        assert quoted.recheck(100).counted.keys() == told, after
        assert states(quoted, IBM) == {state}, after
    assert [(one.kind, one.now) for one in corrected(quoted)] == [(CorrectionKind.CHANGED, edited)]
    assert {"quote moved", "editor's note", "quote changed", "quote is back"} <= (actions(quoted))
    clock.advance(days=400)
    assert quoted.recheck(100).done == 0


def test_a_restart_reads_nothing_again(
    quoted: App, make_app: Callable[..., App], site: Site, clock: Clock
) -> None:
    recheck(quoted, clock)
    site.requests.clear()
    assert make_app().recheck(100).done == 0
    assert site.requests == []


def test_a_quote_that_moved_is_found_again(quoted: App, site: Site, clock: Clock) -> None:
    put(site, "This report now begins with a paragraph that was not there.", *PARAGRAPHS)
    told = recheck(quoted, clock)
    assert told["edited"] == 1
    assert told["moved"] >= 1
    assert corrected(quoted) == []
    moved = [one for one in quotes(quoted)[IBM] if one.span.field is QuoteField.TEXT]
    assert moved
    assert all(one.holds for one in moved)
    assert states(quoted, IBM) == {EvidenceState.MOVED}
    assert "quote moved" in actions(quoted)
    assert len(texts(quoted)) == 2
    assert verify.verify(quoted.database).differences == ()


def test_a_quote_that_changed_is_corrected_once_and_both_texts_are_kept(
    quoted: App, site: Site, clock: Clock
) -> None:
    edited = IBM.replace("is getting out of", "will review its part in")
    put(site, edited, *PARAGRAPHS[1:])
    told = recheck(quoted, clock)
    recheck(quoted, clock, hours=6)
    recheck(quoted, clock, days=2)
    found = [one for one in corrected(quoted) if one.was == IBM]
    assert told["corrections"] == len(found) > 0
    assert {(one.kind, one.now) for one in found} == {(CorrectionKind.CHANGED, edited)}
    old, new = texts(quoted)
    assert IBM in old
    assert IBM not in new
    assert edited in new
    verified = verify.verify(quoted.database)
    assert verified.differences == ()  # our copy of what was said still says it
    assert {str(one.state) for one in verified.gone} == {"changed"}
    reasons = [item.reason for item in review.list_waiting(quoted.database, 50)]
    assert any("the quoted sentence changed" in reason for reason in reasons)
    assert "quote changed" in actions(quoted)


def test_a_quote_that_vanished_and_came_back_is_told(quoted: App, site: Site, clock: Clock) -> None:
    put(site, *PARAGRAPHS[1:], title="Another headline altogether")
    recheck(quoted, clock)
    assert states(quoted, IBM) == {EvidenceState.VANISHED}
    put(site, *PARAGRAPHS)
    recheck(quoted, clock, hours=6)
    assert states(quoted, IBM) == {EvidenceState.INTACT}
    assert {"quote vanished", "quote is back"} <= actions(quoted)
    assert len({one.evidence for one in corrected(quoted)}) == len(corrected(quoted))


def test_a_page_that_is_not_found_is_gone_only_when_it_is_looked_for_twice(
    quoted: App, site: Site, clock: Clock
) -> None:
    site.put(PATH, "not found", status=404)
    assert recheck(quoted, clock) == {"gone": 1}
    assert corrected(quoted) == []
    assert recheck(quoted, clock)["corrections"] > 0
    assert {one.kind for one in corrected(quoted)} == {CorrectionKind.VANISHED}
    assert all("404" in (one.why or "") for one in corrected(quoted))
    assert len(texts(quoted)) == 1


def test_another_page_in_its_place_counts_as_gone(quoted: App, site: Site, clock: Clock) -> None:
    front = ("All the news of the day from our desk in the old town.", "Rain is expected. " * 12)
    put(site, *front, title="Front page")
    assert recheck(quoted, clock) == {"replaced": 1}
    assert recheck(quoted, clock)["replaced"] == 1
    assert {one.kind for one in corrected(quoted)} == {CorrectionKind.VANISHED}
    assert len(texts(quoted)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"trouble", 500),
        Answer(b"slow down", 429),
        Answer(b"<p>Subscribe now to continue reading this article.</p>", 200, HTML),
        Answer(b"", 200, HTML),
        None,
    ],
)
def test_a_page_that_cannot_be_read_accuses_nobody(
    quoted: App, site: Site, clock: Clock, answer: Any
) -> None:
    site.answer(PATH, lambda _request: answer)
    for _ in range(3):
        assert set(recheck(quoted, clock, days=1)) <= {"failed"}
    assert corrected(quoted) == []
    assert states(quoted, IBM) == {EvidenceState.INTACT}


def test_our_own_fault_is_tried_again_soon(
    quoted: App, make_app: Callable[..., App], clock: Clock
) -> None:
    from tracker.domain.errors import Fault, FetchError

    def no_network(*_words: Any) -> Any:
        raise FetchError("no network", cause="no_network", fault=Fault.OURS)

    offline = make_app(fetch=no_network)
    assert recheck(offline, clock) == {"failed": 1}
    assert recheck(quoted, clock, minutes=5) == {"same": 1}


def test_a_sentence_that_only_our_reading_misses_is_still_there(
    quoted: App, site: Site, clock: Clock
) -> None:
    html = page(TITLE, PARAGRAPHS[1:]).replace("<footer>", f'<footer><p class="first">{IBM}</p>')
    site.put(PATH, html, headers=HTML)
    recheck(quoted, clock)
    assert IBM not in texts(quoted)[-1]
    assert states(quoted, IBM) == {EvidenceState.INTACT}


def test_an_editors_note_is_kept_in_the_history(quoted: App, site: Site, clock: Clock) -> None:
    note = "An earlier version of this article misstated the day of the letter."
    put(site, *PARAGRAPHS, note)
    assert recheck(quoted, clock)["notes"] == 1
    assert "editor's note" in actions(quoted)
    assert recheck(quoted, clock, hours=6) == {"same": 1}


def test_a_record_that_a_person_withdraws_is_corrected(quoted: App) -> None:
    with quoted.database.reading() as session:
        from tracker.store import stances

        shown = [one for one in stances.every(session) if one.published]
        assert shown
    with quoted.database.transaction() as session:
        from tracker.store import reviews

        reviews.ask(session, RecordKind.STANCE, shown[0].id, ["look"], {}, quoted.now())
    (waiting,) = [
        one for one in review.list_waiting(quoted.database, 50) if one.record == shown[0].id
    ]
    editor = Editor("ana", quoted.now(), "tracker.example", "it was satire")
    review.reject(quoted.database, waiting.id, editor)
    (correction,) = corrected(quoted)
    assert (correction.kind, correction.record) == (CorrectionKind.WITHDRAWN, shown[0].id)
    assert correction.why == "it was satire"
    assert date(2020, 6, 9) == correction.noticed_at.date()


def test_old_texts_go_unless_something_rests_on_them(quoted: App, site: Site, clock: Clock) -> None:
    now = clock.now
    with quoted.database.transaction() as session:
        url, row = articles.find(session, f"{site.url}{PATH}"), Page(f"{site.url}{PATH}", "t", "x")
        assert url is not None
        for number in range(3):
            text = replace(row, text=f"version {number}")
            articles.keep_version(session, url, text, "page", now, analyse=False)
    assert len(texts(quoted)) == 4
    clock.advance(days=366)
    assert drop_what_is_old(quoted.database, clock.now, 0) == 0
    assert drop_what_is_old(quoted.database, clock.now, 365) == 2
    assert [text for text in texts(quoted) if text.startswith("version")] == ["version 2"]
    assert verify.verify(quoted.database).differences == ()


def test_what_only_a_later_version_says_waits_for_a_person_and_alerts_nobody(
    quoted: App, site: Site, clock: Clock, mailbox: Mailbox
) -> None:
    told = len(mailbox.messages)
    proofs = {quote: len(several) for quote, several in quotes(quoted).items()}
    late = "Amazon said on Tuesday that it will stop selling facial recognition to the police."
    put(site, *PARAGRAPHS[:2], late, *PARAGRAPHS[2:])
    recheck(quoted, clock)
    tally = quoted.analyse(10)
    quoted.deliver()
    assert tally["analysed"] == 1
    assert tally["published"] == 0
    assert len(mailbox.messages) == told
    with quoted.database.reading() as session:
        asked = [one.reason for one in reviews.waiting(session)]
    assert any("only a later version of the article says it" in reason for reason in asked)
    again = {quote: len(several) for quote, several in quotes(quoted).items() if quote in proofs}
    assert again == proofs
