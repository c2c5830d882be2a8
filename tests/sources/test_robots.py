"""robots.txt: asked once a day per host, believed, and never guessed (promise 7)."""

import gzip
import threading

import pytest

from tests.sources.conftest import AGENT
from tracker.domain.errors import Fault, FetchError
from tracker.domain.model import Response
from tracker.sources.robots import LONGEST_FILE, Robots


@pytest.fixture
def robots(fetch, clock):
    return Robots(fetch.beginning, clock)


def refusal(robots: Robots, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        robots.check(url, AGENT)
    return caught.value


RULES = """User-agent: *
Disallow: /private
Allow: /private/open

User-agent: stancetracker
Disallow: /not-for-us
"""


def test_the_rules_for_us_come_before_those_for_all(site, robots):
    site.put("/robots.txt", RULES)
    assert robots.allowed(site.url + "/private", AGENT)
    assert not robots.allowed(site.url + "/not-for-us/a?b=1", AGENT)
    assert not robots.allowed(site.url + "/private", "Other/1.0")
    assert robots.allowed(site.url + "/private/open", "Other/1.0")
    error = refusal(robots, site.url + "/not-for-us")
    assert (error.cause, error.fault) == ("robots", Fault.THEIRS)
    assert "/not-for-us" in str(error)


def test_a_host_is_asked_once_a_day(site, robots, clock):
    site.put("/robots.txt", RULES)
    for path in ("/a", "/b", "/c"):
        assert robots.allowed(site.url + path, AGENT)
    clock.advance(hours=23)
    assert robots.allowed(site.url + "/d", AGENT)
    assert len(site.asked("/robots.txt")) == 1
    site.put("/robots.txt", "User-agent: *\nDisallow: /")
    clock.advance(hours=2)
    assert not robots.allowed(site.url + "/a", AGENT)
    assert len(site.asked("/robots.txt")) == 2


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410])
def test_without_a_file_all_is_allowed(site, robots, status):
    site.put("/robots.txt", "", status=status)
    assert robots.allowed(site.url + "/a", AGENT)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_file_that_cannot_be_had_forbids_for_an_hour_and_says_so(site, robots, clock, status):
    site.put("/robots.txt", "", status=status)
    error = refusal(robots, site.url + "/a")
    assert (error.cause, error.fault) == ("robots", Fault.THEIRS)
    assert "cannot be read now" in str(error)
    assert error.retry_at is not None
    assert (error.retry_at - clock()).total_seconds() == 3600
    site.put("/robots.txt", RULES)
    assert not robots.allowed(site.url + "/a", AGENT)
    clock.advance(hours=1)
    assert robots.allowed(site.url + "/a", AGENT)


def test_retry_after_lengthens_the_hour(site, robots, clock):
    site.put("/robots.txt", "", status=503, headers={"Retry-After": "7200"})
    error = refusal(robots, site.url + "/a")
    assert error.retry_at is not None
    assert (error.retry_at - clock()).total_seconds() == 7200


def test_our_own_fault_is_not_booked_to_the_site_and_soon_tried_again(clock):
    def fetch(url: str, most: int) -> Response | None:
        raise FetchError("no resolver", cause="dns", fault=Fault.OURS)

    error = refusal(Robots(fetch, clock), "https://quay.example/a")
    assert error.fault is Fault.OURS
    assert error.retry_at is not None
    assert (error.retry_at - clock()).total_seconds() == 300


@pytest.mark.parametrize("times", [60_000, 1_200_000])
@pytest.mark.parametrize("packed", [False, True])
def test_only_the_first_half_megabyte_counts(site, robots, times, packed):
    """However long the file is: one larger than any answer may be forbids nothing by that."""
    padding = b"# comment\n" * times
    rules = b"User-agent: *\nDisallow: /a\n" + padding + b"Disallow: /b\n"
    headers = {"Content-Encoding": "gzip"} if packed else {}
    site.put("/robots.txt", gzip.compress(rules) if packed else rules, headers=headers)
    assert not robots.allowed(site.url + "/a", AGENT)
    assert robots.allowed(site.url + "/b", AGENT)


def test_a_rule_that_the_half_megabyte_cuts_is_not_obeyed(site, robots):
    """Half of ``Disallow: /private`` would forbid everything."""
    beginning = "User-agent: *\nDisallow: /a\n"
    room = LONGEST_FILE - len(beginning) - len("\nDisallow: /")
    site.put("/robots.txt", f"{beginning}#{'x' * (room - 1)}\nDisallow: /private\n")
    assert not robots.allowed(site.url + "/a", AGENT)
    assert robots.allowed(site.url + "/b", AGENT)


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><p>Not a robots file</p>",
        b"\xff\xfe\x00\x00\xd8",
        b"Disallow: /a\nUser-agent",
        b"User-agent: *\nDisallow: /" + b"*a" * 5000 + b"$\n",
        b"User-agent: *\nCrawl-delay: x\nRequest-rate: 1/0\nVisit-time: 9999-x\n",
    ],
)
def test_any_file_can_be_read(site, robots, body):
    site.put("/robots.txt", body)
    assert robots.allowed(site.url + "/b" + "a" * 3000, AGENT)


def test_what_is_no_web_address_is_not_asked_about(robots):
    assert refusal(robots, "file:///etc/hosts").cause == "bad_url"


def test_many_threads_ask_a_host_once(site, robots):
    site.put("/robots.txt", RULES)
    threads = [
        threading.Thread(target=robots.allowed, args=(f"{site.url}/{n}", AGENT)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.asked("/robots.txt")) == 1


@pytest.mark.parametrize(("said", "kept"), [("7", 7.0), ("2.5", 2.5), ("9000", 60.0)])
def test_a_pause_that_a_site_asks_for_is_told_to_who_fetches(site, fetch, clock, said, kept):
    told: dict[str, float] = {}
    site.put("/robots.txt", f"User-agent: *\nCrawl-delay: {said}\n")
    robots = Robots(fetch.beginning, clock, told.__setitem__)
    assert robots.allowed(site.url + "/a", AGENT)
    assert told == {site.host: kept}
