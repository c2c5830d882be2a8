"""Manners towards publishers, kept by the whole of polling against a real server (promise 7)."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.flow.conftest import add_source
from tests.parts.clock import Clock
from tests.parts.site import Answer, Request, Site
from tracker.app import App
from tracker.domain.codes import SourceStatus
from tracker.domain.model import SourceId
from tracker.store import polls, sources
from tracker.store.sources import WatchedSource

HOUR = timedelta(hours=1)


def feed(*numbers: int, more: str = "") -> bytes:
    items = "".join(
        f"<item><title>Report number {n}</title><guid>urn:report:{n}</guid></item>" for n in numbers
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{more}{items}</channel></rss>".encode()


def watched(app: App) -> WatchedSource:
    with app.database.reading() as session:
        return next(s for s in sources.every(session) if s.url.startswith("http://127."))


def poll(app: App) -> int:
    return app.poll(10, [watched(app).id])["new_entries"]


def wait(app: App) -> timedelta:
    return watched(app).next_due - app.now()


def test_a_restart_asks_nobody_again(
    app: App, make_app: Callable[..., App], site: Site, clock: Clock
) -> None:
    add_source(app, site.put("/feed", feed(1)))
    assert app.poll(10)["sources"] == 1
    assert make_app().poll(10)["sources"] == 0
    clock.advance(hours=2)
    assert make_app().poll(10)["sources"] == 1
    assert len(site.asked("/feed")) == 2


def test_validators_go_back_as_they_came_and_only_with_what_they_belong_to(
    app: App, site: Site
) -> None:
    add_source(app, site.put("/feed", feed(1), headers={"ETag": 'W/"a b"'}))
    poll(app)
    poll(app)
    assert [r.headers.get("if-none-match") for r in site.asked("/feed")] == [None, 'W/"a b"']
    site.put("/feed", b"no feed at all", headers={"ETag": '"broken"'})
    poll(app)
    poll(app)
    assert site.asked("/feed")[-1].headers.get("if-none-match") == 'W/"a b"'


def test_an_unchanged_answer_says_how_long_it_is_fresh(app: App, site: Site) -> None:
    headers = {"ETag": '"1"', "Cache-Control": "max-age=60"}
    add_source(app, site.put("/feed", feed(1), headers=headers))
    poll(app)
    site.put("/feed", feed(1), headers={"ETag": '"1"', "Cache-Control": "max-age=36000"})
    poll(app)
    assert wait(app) >= 10 * HOUR


def test_a_move_is_learned_though_nothing_changes(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed(1), headers={"ETag": '"1"'}))
    poll(app)
    new = site.put("/new", feed(1), headers={"ETag": '"1"'})
    site.put("/feed", status=301, headers={"Location": new})
    for _ in range(3):
        poll(app)
    assert watched(app).url == new
    assert [r.headers.get("if-none-match") for r in site.asked("/new")] == ['"1"'] * 3


def test_a_server_that_lies_is_found_out_within_a_week(app: App, site: Site, clock: Clock) -> None:
    """It answers 304 to every validator, whatever is new."""
    published = [1]

    def lie(request: Request) -> Answer:
        if "if-none-match" in request.headers:
            return Answer(b"", 304, {"ETag": '"same"'})
        return Answer(feed(*published), headers={"ETag": '"same"'})

    add_source(app, site.answer("/feed", lie))
    assert poll(app) == 1
    published.append(2)
    assert poll(app) == 0
    clock.advance(days=7)
    assert poll(app) == 1
    published.append(3)
    assert poll(app) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_kept_to_in_both_forms(
    app: App, site: Site, status: int, as_date: bool
) -> None:
    moment = app.now() + 5 * HOUR
    when = format_datetime(moment, usegmt=True) if as_date else "18000"
    add_source(app, site.put("/feed", status=status, headers={"Retry-After": when}))
    poll(app)
    assert wait(app) >= 5 * HOUR


def test_what_is_gone_is_never_asked_again(app: App, site: Site, clock: Clock) -> None:
    add_source(app, site.put("/feed", status=410))
    poll(app)
    assert watched(app).status is SourceStatus.GONE
    clock.advance(days=30)
    app.poll(10)
    assert len(site.asked("/feed")) == 1


def test_hours_that_a_feed_skips_are_remembered(app: App, site: Site) -> None:
    """It is 20 o'clock; the feed wants to be left alone until midnight."""
    hours = "".join(f"<hour>{hour}</hour>" for hour in (20, 21, 22, 23))
    body = feed(1, more=f"<skipHours>{hours}</skipHours>")
    add_source(app, site.put("/feed", body, headers={"ETag": '"1"'}))
    for _ in range(2):
        poll(app)
        assert watched(app).next_due.hour == 0


def test_a_feed_whose_items_all_changed_may_have_lost_some(app: App, site: Site) -> None:
    """One that was empty had none to lose, however many come at once."""
    add_source(app, site.put("/feed", feed()))
    poll(app)
    site.put("/feed", feed(*range(1, 4)))
    poll(app)
    assert watched(app).overflowed_at is None
    site.put("/feed", feed(7, 8, 9))
    poll(app)
    with app.database.reading() as session:
        found = next(s for s in sources.every(session) if s.id == watched(app).id)
    assert found.overflowed_at == app.now()


def test_a_clock_that_was_ahead_leaves_no_due_time_ahead(
    app: App, site: Site, clock: Clock
) -> None:
    add_source(app, site.put("/feed", feed(1)))
    clock.advance(days=400)
    poll(app)
    usual = wait(app)
    clock.advance(days=-400)
    assert app.poll(10)["sources"] == 0
    assert wait(app) == usual
    clock.advance(hours=2)
    assert app.poll(10)["sources"] == 1
    assert app.read(10).done == 1


def test_a_host_with_many_sources_is_asked_by_one_at_a_time_and_all_are_asked(
    app: App, site: Site
) -> None:
    for number in range(5):
        add_source(app, site.put(f"/feed{number}", feed(number)))
    assert app.poll(10)["new_entries"] == 5


def test_more_sources_may_be_named_than_a_database_takes_in_one_question(
    app: App, site: Site
) -> None:
    add_source(app, site.put("/feed", feed(1)))
    known = watched(app).id
    with app.database.reading() as session:
        many = [SourceId(known + number) for number in range(100_000)]
        assert [s.id for s in polls.due(session, app.now(), 10, many)] == [known]


def test_a_host_that_asks_for_rest_is_left_alone_with_all_its_sources_over_a_restart(
    app: App, make_app: Callable[..., App], site: Site, clock: Clock
) -> None:
    """RFC 6585: too many requests are a matter of who asks, not of which feed."""
    with Site("127.0.0.2") as other:
        busy = site.put("/a", status=429, headers={"Retry-After": "7200"})
        urls = [busy, site.put("/b", feed(1)), other.put("/c", feed(1))]
        for url in urls:
            add_source(app, url)
        tally = app.poll(10)
        assert (tally["failed"], tally["held"], tally["new_entries"]) == (1, 1, 1)
        assert len(site.requests) == 1
        with app.database.reading() as session:
            spared = next(s for s in sources.every(session) if s.url == urls[1])
        assert spared.last_polled is None
        assert spared.last_error is None
        assert spared.next_due >= app.now() + 2 * HOUR
        assert make_app().poll(10, [spared.id])["held"] == 1
        assert len(site.requests) == 1
        clock.advance(hours=3)
        assert make_app().poll(10)["new_entries"] == 1
        assert len(site.asked("/b")) == 1
