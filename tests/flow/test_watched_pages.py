"""A policy page is watched: what is edited or taken away waits for a person."""

from collections.abc import Callable

import pytest

from tests.parts.clock import Clock
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import Origin, PageChangeKind, SourceKind, Tier
from tracker.domain.errors import UsageError
from tracker.domain.model import Source
from tracker.pipeline import review, watched
from tracker.pipeline.review import Editor
from tracker.store import sources

PLEDGES = (
    "We do not sell cameras that recognise faces to any police force.",
    "We keep recordings for thirty days and delete them after that time has passed.",
    "These principles bind every team of the company, and every partner that sells for us. "
    "They were written together with the people whose streets the cameras look at.",
)
PAGE = """<!doctype html><html lang="en"><head><title>Principles</title></head><body>
<nav><p>Visitors today: {visitors}</p></nav><main><h1>Our principles</h1>
<ul>{items}</ul></main><footer><p>© 2020 Example Cameras</p></footer></body></html>"""


def put(site: Site, pledges: tuple[str, ...] = PLEDGES, visitors: int = 1) -> str:
    items = "".join(f"<li>{pledge}</li>" for pledge in pledges)
    page = PAGE.format(items=items, visitors=visitors)
    return site.put("/principles", page, headers={"Content-Type": "text/html"})


@pytest.fixture
def poll(app: App, clock: Clock, site: Site) -> Callable[[], None]:
    """Watches the page from now on; each call is a poll some days later."""
    with app.database.transaction() as session:
        for known in sources.every(session):
            sources.set_status(session, known.id, sources.SourceStatus.PAUSED, app.now())
        page = Source(put(site), "Principles", kind=SourceKind.WATCHED, tier=Tier.PRIMARY)
        sources.add(session, page, app.now(), Origin.EDITOR)

    def later() -> None:
        clock.advance(days=10)
        app.poll(10)
        app.read(10)
        app.analyse(10)

    later()
    return later


def kinds(app: App) -> list[PageChangeKind]:
    return [change.kind for change in reversed(watched.list_changes(app.database, 50))]


def editor(app: App) -> Editor:
    return Editor("ana", app.now(), "tracker.example", "seen")


def test_the_first_text_begins_the_watch_and_asks_nobody(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    put(site, visitors=2)  # the furniture of a page is not watched
    poll()
    assert kinds(app) == [PageChangeKind.FIRST]
    assert review.list_waiting(app.database, 10) == []


def test_a_pledge_that_is_taken_out_waits_for_a_person_with_the_difference(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    put(site, PLEDGES[1:])
    poll()
    assert kinds(app) == [PageChangeKind.FIRST, PageChangeKind.CHANGED]
    (waiting,) = review.list_waiting(app.database, 10)
    shown = review.describe(app.database, waiting.id)
    assert shown["difference"] == f"- {PLEDGES[0]}"
    review.accept(app.database, waiting.id, editor(app))
    assert review.list_waiting(app.database, 10) == []


def test_both_texts_can_be_had_and_a_text_that_comes_back_is_noticed(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    put(site, PLEDGES[1:])
    poll()
    put(site)
    poll()
    assert kinds(app) == [PageChangeKind.FIRST, PageChangeKind.CHANGED, PageChangeKind.CHANGED]
    back, edited, _ = watched.list_changes(app.database, 50)
    assert PLEDGES[0] in back.text_after
    assert PLEDGES[0] in edited.text_before
    assert PLEDGES[0] not in edited.text_after
    assert watched.difference(back) == f"+ {PLEDGES[0]}"


def test_a_page_that_changes_all_the_time_waits_with_one_question_that_holds_all_changes(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    for taken in (1, 2):
        put(site, (*PLEDGES[taken:], f"This page was made for visitor {taken}."))
        poll()
    (asked,) = review.list_waiting(app.database, 50)
    assert "2 changes since somebody looked" in asked.reason
    told = review.describe(app.database, asked.id)["difference"]
    assert [line[:9] for line in told.splitlines() if line.startswith(("+", "-"))] == [
        "- We do n",
        "- We keep",
        "+ This pa",
    ]
    review.accept(app.database, asked.id, editor(app))
    put(site)
    poll()
    (asked,) = review.list_waiting(app.database, 50)
    assert asked.reason == "the text of the page changed"


def test_a_page_that_is_gone_is_told_after_a_second_look_and_once(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    site.put("/principles", "gone", status=404)
    poll()
    assert kinds(app) == [PageChangeKind.FIRST]  # a single 404 may be an accident
    poll()
    poll()
    assert kinds(app) == [PageChangeKind.FIRST, PageChangeKind.REMOVED]
    put(site)
    poll()
    assert kinds(app)[2:] == [PageChangeKind.RETURNED]
    waiting = review.list_waiting(app.database, 10)
    assert [item.proposed["kind"] for item in waiting] == ["removed", "returned"]


def test_a_page_that_is_gone_for_good_is_told_at_once(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    site.put("/principles", "gone", status=410)
    poll()
    assert kinds(app) == [PageChangeKind.FIRST, PageChangeKind.REMOVED]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_says_nothing_about_the_page(
    app: App, site: Site, poll: Callable[[], None], status: int
) -> None:
    site.put("/principles", "trouble", status=status)
    poll()
    poll()
    put(site, ("Please wait.",))  # a page that scripts fill in, or a wall
    poll()
    put(site, ("One moment: we are verifying you are human. " * 6,))
    poll()
    assert kinds(app) == [PageChangeKind.FIRST]


def test_nothing_of_a_policy_becomes_a_record(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    put(
        site,
        ("IBM ended the sale of facial recognition software on Monday, its CEO said.", *PLEDGES),
    )
    poll()
    (waiting,) = review.list_waiting(app.database, 10)
    assert waiting.proposed["page"] == "Principles"


def test_a_change_cannot_be_edited_and_an_unknown_one_is_named(
    app: App, site: Site, poll: Callable[[], None]
) -> None:
    put(site, (*PLEDGES[:2], PLEDGES[2] * 2))
    poll()
    (waiting,) = review.list_waiting(app.database, 10)
    with pytest.raises(UsageError, match="nothing to edit"):
        review.accept(app.database, waiting.id, editor(app), {"act": "ends"})
    review.reject(app.database, waiting.id, editor(app))
    with pytest.raises(UsageError, match="no change 99"):
        watched.find_change(app.database, 99)
