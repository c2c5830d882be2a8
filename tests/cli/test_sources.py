"""tracker sources: what is watched, added one by one or hundreds at once."""

import json
import tomllib
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Tracker
from tests.parts.site import Site

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>
<item><title>A pledge on cameras in shops</title><guid>1</guid><link>SITE/one</link>
<pubDate>Mon, 08 Jun 2020 10:00:00 GMT</pubDate></item>
<item><title>An older word on the matter</title><guid>2</guid><link>SITE/two</link>
<pubDate>Fri, 05 Jun 2020 10:00:00 GMT</pubDate></item></channel></rss>"""

HOME = """<!doctype html><html><head><title>Street Rights</title>{links}</head>
<body><nav><a href="/a">one two three four five</a></nav>
<main><a href="/news/cameras">A council votes on street cameras</a>
<a href="/tag">cameras</a><a href="https://elsewhere.example/x">What somebody else wrote there</a>
</main></body></html>"""

LINK = '<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'


def put_feed(site: Site, path: str = "/feed.xml", title: str = "Street Rights") -> str:
    return site.put(path, FEED.format(title=title), headers={"ETag": '"v1"'})


def put_home(site: Site, *links: str) -> str:
    html = HOME.format(links="".join(links))
    return site.put("/", html, headers={"Content-Type": "text/html"})


def listed(tracker: Tracker) -> list[dict[str, Any]]:
    return [json.loads(line) for line in tracker("sources", "list", "--json").stdout.splitlines()]


def test_a_feed_is_added_with_its_own_title_as_reliable(tracker: Tracker, site: Site) -> None:
    url = put_feed(site, "/feed.xml?format=rss")

    added = tracker("sources", "add", url + "#top")

    (source,) = listed(tracker)
    assert source["url"] == url  # the query stays, the fragment goes
    assert (source["title"], source["tier"], source["status"]) == (
        "Street Rights",
        "reliable",
        "active",
    )
    assert added.stdout.strip() == str(source["id"])


def test_adding_a_feed_again_changes_nothing(tracker: Tracker, site: Site) -> None:
    url = put_feed(site)
    first = tracker("sources", "add", url)

    again = tracker("sources", "add", url, "--title", "Another name")

    assert again.stdout == first.stdout
    assert "known already" in again.stderr
    assert [source["title"] for source in listed(tracker)] == ["Street Rights"]


def test_the_only_feed_of_a_site_is_added(tracker: Tracker, site: Site) -> None:
    feed = put_feed(site, "/news.rss")
    comments = put_feed(site, "/comments.rss", "Comments on Street Rights")
    home = put_home(
        site,
        LINK.format(href="/news.rss", title="News"),
        LINK.format(href="/comments.rss", title="Comments"),
    )

    tracker("sources", "add", home)

    assert [source["url"] for source in listed(tracker)] == [feed]
    assert comments != feed


def test_a_feed_in_one_of_the_usual_places_is_found(tracker: Tracker, site: Site) -> None:
    feed = put_feed(site, "/atom.xml")

    tracker("sources", "add", put_home(site))

    assert [source["url"] for source in listed(tracker)] == [feed]


def test_of_several_feeds_a_person_chooses(tracker: Tracker, site: Site) -> None:
    feeds = [put_feed(site, "/news.rss", "News"), put_feed(site, "/press.rss", "Press")]
    home = put_home(
        site, *(LINK.format(href=f"/{name}.rss", title=name) for name in ("news", "press"))
    )

    asked = tracker("sources", "add", home, code=2)

    assert [line.split("\t") for line in asked.stdout.splitlines()] == [
        [feeds[0], "News"],
        [feeds[1], "Press"],
    ]
    assert listed(tracker) == []


def test_a_site_without_a_feed_is_refused_with_the_mend(tracker: Tracker, site: Site) -> None:
    refused = tracker("sources", "add", put_home(site), code=2)

    assert "--kind page" in refused.stderr
    assert listed(tracker) == []


def test_a_page_that_lists_articles_can_be_watched(tracker: Tracker, site: Site) -> None:
    id_ = tracker("sources", "add", put_home(site), "--kind", "page").stdout.strip()

    tracker("poll", "--source", id_, "--no-read")

    entries = tracker("export", "entries", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(entry)["link"] for entry in entries] == [site.url + "/news/cameras"]
    assert "kind: page" in tracker("sources", "check", id_).stdout


def test_an_index_of_sitemaps_is_refused_and_those_it_lists_are_named(
    tracker: Tracker, site: Site
) -> None:
    listed = "<sitemap><loc>SITE/news.xml</loc></sitemap>"
    frame = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
    index = site.put("/sitemap.xml", frame.format(listed))
    refused = tracker("sources", "add", index, "--kind", "sitemap", code=2)
    assert f"{site.url}/news.xml" in refused.stderr
    assert "give the address of a sitemap that lists articles" in refused.stderr


def test_a_page_without_words_of_its_own_is_added_to_be_watched_with_the_mend(
    tracker: Tracker, site: Site
) -> None:
    shell = site.put("/policy", "<div id='app'></div>", headers={"Content-Type": "text/html"})
    added = tracker("sources", "add", shell, "--kind", "watched")
    assert "watch the page that holds the words themselves" in added.stderr
    checked = tracker("sources", "check", added.stdout.strip(), code=1)
    assert "shows 0 characters of text" in checked.stderr
    assert "watch the page that holds the words themselves" in checked.stderr


def test_an_address_that_does_not_answer_is_added_and_said(tracker: Tracker, site: Site) -> None:
    added = tracker("sources", "add", site.url + "/nothing")

    assert "there is nothing at this address" in added.stderr
    assert len(listed(tracker)) == 1


@pytest.mark.parametrize(
    "url", ["ftp://example.org/feed", "file:///etc/passwd", "javascript:alert(1)", "example.org"]
)
def test_only_web_addresses_are_taken(tracker: Tracker, url: str) -> None:
    assert "http" in tracker("sources", "add", url, code=2).stderr


def test_an_address_that_is_not_public_is_refused(tracker: Tracker, site: Site) -> None:
    refused = tracker("sources", "add", put_feed(site), code=2, TRACKER_FETCH__ALLOW_NETWORKS="")

    assert "fetch.allow_networks" in refused.stderr
    assert site.requests == []


def test_a_password_in_an_address_is_not_repeated(tracker: Tracker) -> None:
    refused = tracker("sources", "add", "https://ana:secret@example.org/feed", code=2)

    assert "secret" not in refused.output


def test_an_unknown_organisation_or_timezone_is_named(tracker: Tracker, site: Site) -> None:
    url = put_feed(site)

    assert "'nobody'" in tracker("sources", "add", url, "--organisation", "nobody", code=2).stderr
    assert "'Mars/One'" in tracker("sources", "add", url, "--timezone", "Mars/One", code=2).stderr


# --- lists ---------------------------------------------------------------------------------------

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Rights"><outline text="Deeper">
<outline type="rss" text="One &amp; only" xmlUrl="https://one.example/feed?format=atom&amp;n=10"/>
</outline></outline>
<outline type="rss" text="Two" title="Second" XMLURL="http://two.example/rss" language="de"/>
<outline type="link" text="no feed" url="https://three.example/"/>
<outline type="rss" text="bad" xmlUrl="javascript:alert(1)"/>
<outline type="rss" text="twice" xmlUrl="http://two.example/rss"/>
</body></opml>"""


def test_an_opml_list_is_taken_line_by_line(tracker: Tracker) -> None:
    file = tracker.folder / "mine.opml"
    file.write_text(OPML)

    report = tracker("sources", "import", file).stdout.splitlines()

    assert [line.split(": ")[:2] for line in report] == [
        ["line 4", "added"],
        ["line 6", "added"],
        ["line 7", "refused"],
        ["line 8", "refused"],
        ["line 9", "known"],
    ]
    assert "no feed: it has no xmlUrl" in report[2]
    assert "`tracker sources add https://three.example/` looks for its feed" in report[2]
    assert "must start with http" in report[3]
    assert [(s["title"], s["url"], s["language"]) for s in listed(tracker)] == [
        ("One & only", "https://one.example/feed?format=atom&n=10", None),
        ("Second", "http://two.example/rss", "de"),
    ]


def test_hundreds_of_feeds_are_taken_at_once(tracker: Tracker) -> None:
    file = tracker.folder / "many.opml"
    lines = (f'<outline text="{n}" xmlUrl="https://n{n}.example/feed"/>' for n in range(700))
    file.write_text(f'<opml version="1.0"><body>{"".join(lines)}</body></opml>')

    assert "700 added, 0 known, 0 refused" in tracker("sources", "import", file).stderr
    assert "0 added, 700 known, 0 refused" in tracker("sources", "import", file).stderr
    assert len(listed(tracker)) == 700


def test_a_list_in_toml_says_what_is_wrong_with_a_line(tracker: Tracker) -> None:
    file = tracker.folder / "mine.toml"
    file.write_text(
        '[[source]]\nurl = "https://one.example/feed"\ntitle = "One"\ntier = "advocacy"\n'
        'verification = "listed"\nverified = true\n\n'
        '[[source]]\nurl = "https://two.example/feed"\ntire = "weak"\n\n'
        '[[source]]\nurl = "https://three.example/feed"\ntier = "best"\n\n'
        '[[source]]\nurl = "https://four.example/feed"\norganisation = "nobody"\n\n'
        '[[source]]\ntitle = "Five"\n'
    )

    report = tracker("sources", "import", file).stdout.splitlines()

    assert report[0] == "line 1: added: https://one.example/feed"
    assert "line 8: refused" in report[1]
    assert "'tire'; 'tier'?" in report[1]
    assert "tier 'best' is not one of" in report[2]
    assert "no organisation 'nobody'" in report[3]
    assert "line 20: refused" in report[4]
    assert [source["tier"] for source in listed(tracker)] == ["advocacy"]


def test_what_is_exported_comes_back_whole(
    copy_of_starter: Callable[[], Tracker], site: Site
) -> None:
    here, there = copy_of_starter(), copy_of_starter()
    words = ("--organisation", "ibm", "--tier", "primary", "--timezone", "America/New_York")
    here("sources", "pause", here("sources", "add", put_feed(site), *words).stdout.strip())
    file = here.folder / "all.toml"
    file.write_text(here("sources", "export", "--format", "toml").stdout)

    assert "1 added, 204 known, 0 refused" in there("sources", "import", file).stderr

    assert there("sources", "export", "--format", "toml").stdout == file.read_text()
    (brought,) = [source for source in listed(there) if source["url"].startswith(site.url)]
    assert (brought["organisation"], brought["status"]) == ("ibm", "paused")


def test_every_text_survives_both_forms(tracker: Tracker, site: Site) -> None:
    title = 'Ünïcode "quoted" <b>&amp; back\\slash\ttab'
    tracker("sources", "add", put_feed(site), "--title", title, "--language", "en")

    opml = tracker("sources", "export").stdout
    toml = tracker("sources", "export", "--format", "toml").stdout

    outline = ElementTree.fromstring(opml.encode()).find(".//outline")
    assert outline is not None
    assert outline.get("title") == title.replace("\t", " ")
    assert tomllib.loads(toml)["source"][0]["title"] == title


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no list at all [", "neither OPML nor TOML"),
        ("<html><body/></html>", "must begin with <opml>"),
        ("title = 'x'", "holds no [[source]]"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "declares entities"),
        ("<opml><body></body></opml>", "no source could be taken"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tracker: Tracker, content: str, said: str) -> None:
    file = tracker.folder / "odd"
    file.write_text(content)

    refused = tracker("sources", "import", file, code=1 if "could be taken" in said else 2)

    assert said in refused.stderr


def test_a_list_that_is_missing_is_named(tracker: Tracker) -> None:
    assert "gone.opml: No such file" in tracker("sources", "import", "gone.opml", code=2).stderr


# --- health --------------------------------------------------------------------------------------


def test_failing_sources_are_listed_with_whose_fault_it_is(tracker: Tracker, site: Site) -> None:
    tracker("sources", "add", put_feed(site))
    tracker("sources", "add", site.url + "/gone", "--title", "Gone astray")

    tracker("poll", "--all", "--no-read")

    shown = tracker("sources", "list", "--failing")
    assert "Gone astray" in shown.stdout
    assert "their fault" in shown.stdout
    assert "404" in shown.stdout
    assert "Street Rights" not in shown.stdout
    assert "1 sources" in shown.stderr


def test_paused_sources_are_not_asked_until_resumed(tracker: Tracker, site: Site) -> None:
    id_ = tracker("sources", "add", put_feed(site)).stdout.strip()
    asked = len(site.requests)

    tracker("sources", "pause", id_)
    tracker("poll", "--all", "--no-read")
    assert len(site.requests) == asked

    tracker("sources", "resume", id_)
    tracker("poll", "--no-read")
    assert len(site.requests) == asked + 1


def test_unknown_ids_are_named_and_nothing_is_paused(tracker: Tracker, site: Site) -> None:
    id_ = tracker("sources", "add", put_feed(site)).stdout.strip()

    assert "no source 77, 78" in tracker("sources", "pause", id_, 77, 78, code=2).stderr
    assert [source["status"] for source in listed(tracker)] == ["active"]
    assert "no source 77" in tracker("poll", "--source", 77, code=2).stderr


def test_checking_tells_what_is_there_and_changes_nothing(tracker: Tracker, site: Site) -> None:
    url = put_feed(site)
    id_ = tracker("sources", "add", url, "--title", "Mine").stdout.strip()
    before = listed(tracker)

    told = json.loads(tracker("sources", "check", id_, "--json").stdout)

    assert told["kind"] == "feed"
    assert told["title"] == "Street Rights"
    assert told["entries"] == 2
    assert told["newest"] == "2020-06-08T10:00:00Z"
    assert told["etag"] == '"v1"'
    assert listed(tracker) == before


def test_checking_names_the_reason_and_the_mend(tracker: Tracker, site: Site) -> None:
    site.put("/locked", "no", status=403)
    home = put_home(site, LINK.format(href="/news.rss", title="News"))

    locked = tracker("sources", "check", site.url + "/locked", code=1)
    page = tracker("sources", "check", home, code=1)

    assert "fetch.contact" in locked.stderr
    assert f"feeds: ['{site.url}/news.rss']" in page.stdout
    assert listed(tracker) == []
