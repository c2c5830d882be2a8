"""Older entries come page by page, go on where they stopped, and alert nobody."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.flow.conftest import add_source, page, run, subscribe
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.backfill import Backfill, BackfillState, BackfillWay, page_after
from tracker.domain.codes import SourceKind
from tracker.domain.errors import UsageError
from tracker.pipeline.backfill import backfill
from tracker.store import sources
from tracker.store.schema import EntryRow

SINCE = date(2018, 1, 1)


def feed(*days: str, older: str = "") -> str:
    link = f'<atom:link rel="{older.split()[0]}" href="SITE{older.split()[1]}"/>' if older else ""
    items = "".join(
        f"<item><title>IBM on {day}</title><link>SITE/{day}</link><dc:date>{day}</dc:date></item>"
        for day in days
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Wire</title>'
        f"{link}{items}</channel></rss>"
    )


def fill(app: App, site: Site, pages: int = 50, since: date | None = SINCE) -> Backfill:
    with app.database.reading() as session:
        source = next(s for s in sources.every(session) if s.url.startswith(site.url))
    return backfill(app.backfilling, source, since, pages)


def days(app: App) -> list[str]:
    with app.database.reading() as session:
        dates = session.scalars(select(EntryRow.published))
        return sorted(f"{moment:%Y-%m-%d}" for moment in dates if moment)


def test_archives_are_followed_back_to_the_day(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed("2020-06-09", older="prev-archive /2019")))
    site.put("/2019", feed("2019-12-01", "2019-02-01", older="prev-archive /2018"))
    site.put("/2018", feed("2018-03-01", "2017-12-31", older="prev-archive /2017"))
    done = fill(app, site)
    assert (done.way, done.state) == (BackfillWay.ARCHIVE, BackfillState.DONE)
    assert (done.pages, done.entries) == (2, 3)
    assert days(app) == ["2018-03-01", "2019-02-01", "2019-12-01"]
    assert not site.asked("/2017")


def test_wordpress_pages_of_a_feed_are_turned_until_there_is_none(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed("2020-06-09")))
    site.put("/feed?paged=2", feed("2020-05-01"))
    site.put("/feed?paged=3", feed("2020-04-01"))
    done = fill(app, site)
    assert (done.way, done.state, done.entries) == (BackfillWay.WORDPRESS, BackfillState.DONE, 2)
    assert days(app) == ["2020-04-01", "2020-05-01"]


def test_dated_sitemaps_of_an_index_are_read(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed("2020-06-09")))
    frame = '<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'
    listed = "".join(f"<sitemap><loc>SITE/map{n}.xml</loc></sitemap>" for n in (1, 2))
    site.put("/sitemap.xml", frame.format("sitemapindex", listed))
    for number, day in ((1, "2020-02-03"), (2, "2016-01-01")):
        dated = f"<url><loc>SITE/story-{number}</loc><lastmod>{day}</lastmod></url>"
        plain = f"<url><loc>SITE/undated-{number}</loc></url>"
        site.put(f"/map{number}.xml", frame.format("urlset", dated + plain))
    done = fill(app, site)
    assert (done.way, done.state, done.entries) == (BackfillWay.SITEMAP, BackfillState.DONE, 1)
    assert days(app) == ["2020-02-03"]


def test_sitemaps_that_robots_txt_names_are_read_and_one_that_lists_itself_ends(
    app: App, site: Site
) -> None:
    """A source may itself be an index, which the site keeps in a place of its own."""
    frame = '<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'
    listed = "".join(f"<sitemap><loc>SITE/{name}</loc></sitemap>" for name in ("maps", "old.xml"))
    index = site.put("/maps", frame.format("sitemapindex", listed))
    site.put(
        "/old.xml",
        frame.format("urlset", "<url><loc>SITE/a</loc><lastmod>2020-02-03</lastmod></url>"),
    )
    site.put("/robots.txt", "Sitemap: SITE/maps\n")
    add_source(app, index, kind=SourceKind.SITEMAP)
    done = fill(app, site)
    assert (done.way, done.state, done.entries) == (BackfillWay.SITEMAP, BackfillState.DONE, 1)


def test_all_of_a_long_sitemap_is_taken_also_by_one_who_was_stopped_within(
    app: App, site: Site
) -> None:
    """The day is that of each address; undated ones and those of before are left."""
    frame = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
    address = "<url><loc>SITE/{}</loc><lastmod>{}-02-03</lastmod></url>"
    dated = "".join(address.format(n, 2019 if n < 2_500 else 2016) for n in range(2_600))
    add_source(
        app,
        site.put("/all.xml", frame.format(f"{dated}<url><loc>SITE/x</loc></url>")),
        kind=SourceKind.SITEMAP,
    )

    def now_until_much_is_kept() -> datetime:
        if len(days(app)) == 2_000:
            raise KeyboardInterrupt
        return app.now()

    with app.database.reading() as session:
        source = next(s for s in sources.every(session) if s.url.startswith(site.url))
    with pytest.raises(KeyboardInterrupt):
        backfill(replace(app.backfilling, now=now_until_much_is_kept), source, SINCE, 50)
    done = fill(app, site)
    assert (done.state, done.entries, len(days(app))) == (BackfillState.DONE, 2_500, 2_500)
    assert len(site.asked("/all.xml")) == 3


def test_a_sitemap_that_robots_txt_does_not_name_is_read_all_the_same(app: App, site: Site) -> None:
    frame = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
    dated = "<url><loc>SITE/a</loc><lastmod>2020-02-03</lastmod></url>"
    add_source(app, site.put("/news.xml", frame.format(dated)), kind=SourceKind.SITEMAP)
    assert fill(app, site).entries == 1


def test_a_watched_page_has_no_older_entries(app: App, site: Site) -> None:
    add_source(app, site.put("/pledge", "<p>We pledge.</p>"), kind=SourceKind.WATCHED)
    with pytest.raises(UsageError, match="only the texts seen since"):
        fill(app, site)


def test_it_goes_on_where_it_stopped_and_takes_nothing_twice(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed("2020-06-09", older="next /2")))
    site.put("/2", feed("2020-05-01", older="next /3"))
    site.put("/3", feed("2020-04-01", older="next /4"))
    site.put("/4", status=503)
    first = fill(app, site, pages=1)
    assert (first.state, first.entries) == (BackfillState.UNDER_WAY, 1)
    stopped = fill(app, site, since=None)
    assert "503" in (stopped.last_error or "")
    site.put("/4", feed("2020-04-01", "2020-03-01"))
    done = fill(app, site)
    assert (done.state, done.entries) == (BackfillState.DONE, 3)
    assert len(site.asked("/2")) == len(site.asked("/3")) == 1


def test_a_site_without_older_entries_is_named(app: App, site: Site) -> None:
    add_source(app, site.put("/feed", feed("2020-06-09")))
    with pytest.raises(UsageError, match="no older pages"):
        fill(app, site)


def test_old_news_alert_nobody_even_where_the_page_bears_a_new_date(
    app: App, site: Site, mailbox: Mailbox
) -> None:
    """The page says June 2020, the archive says that it is of March."""
    site.put("/2020-03-01", page(), headers={"Content-Type": "text/html; charset=utf-8"})
    add_source(app, site.put("/feed", feed(older="next /2")))
    site.put("/2", feed("2020-03-01"))
    subscribe(app, "ana@ngo.example", company="ibm")
    fill(app, site)
    run(app)
    assert app.database is not None
    assert mailbox.to("ana@ngo.example") == []


@pytest.mark.parametrize(
    ("url", "older"),
    [
        ("https://news.example/feed", "https://news.example/feed?paged=2"),
        ("https://news.example/feed?paged=9", "https://news.example/feed?paged=10"),
        ("https://news.example/?feed=rss2", "https://news.example/?feed=rss2&paged=2"),
        ("https://news.example/?paged=x", "https://news.example/?paged=2"),
    ],
)
def test_the_next_page_of_a_wordpress_feed(url: str, older: str) -> None:
    assert page_after(url) == older
