"""Answers are kept while they hold, told apart by their content, and compressed."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import BASE, Parts, Reader, Writing
from tracker.domain.codes import OrganisationKind
from tracker.web.front import Held, Kept, Shelf


@pytest.fixture
def client(shared: tuple[Parts, Flask], parts: Parts) -> FlaskClient:
    return shared[1].test_client()


def ask(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, base_url=BASE, headers=named)


@pytest.mark.parametrize("path", ["/", "/events", "/events.json", "/events.csv", "/events.atom"])
def test_who_has_it_already_is_told_so(
    client: FlaskClient, filled: dict[str, int], path: str
) -> None:
    first = ask(client, path)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = ask(client, path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    since = ask(client, path, If_Modified_Since=first.headers["Last-Modified"])
    assert since.status_code == 304
    assert ask(client, path, If_None_Match='"another"').status_code == 200


def test_a_change_shows_at_once(
    client: FlaskClient, filled: dict[str, int], writing: Writing
) -> None:
    first = ask(client, "/c.csv")
    with writing() as ledger:
        third = ledger.organisation("Initech", kind=OrganisationKind.COMPANY)
        ledger.stance("new", third, first.last_modified.date())  # type: ignore[union-attr]
    second = ask(client, "/c.csv", If_None_Match=first.headers["ETag"])
    assert second.status_code == 200
    assert "Initech" in second.text


def test_what_is_the_same_a_minute_later_is_not_sent_again(
    client: FlaskClient, filled: dict[str, int], parts: Parts
) -> None:
    first = ask(client, "/events")
    parts.now.advance(minutes=5)
    again = ask(client, "/events", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    since = ask(client, "/events", If_Modified_Since=first.headers["Last-Modified"])
    assert since.status_code == 304


def test_another_address_is_another_answer(client: FlaskClient, filled: dict[str, int]) -> None:
    every = ask(client, "/events.csv").text
    own = ask(client, "/events.csv?company=acme").text
    assert "Globex" in every
    assert "Globex" not in own


def test_answers_are_compressed_as_the_reader_can(
    client: FlaskClient, filled: dict[str, int]
) -> None:
    plain = ask(client, "/events")
    shrunk = ask(client, "/events", Accept_Encoding="gzip")
    smaller = ask(client, "/events", Accept_Encoding="gzip, deflate, br")
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(shrunk.data) == plain.data
    assert smaller.headers["Content-Encoding"] == "br"
    assert brotli.decompress(smaller.data) == plain.data
    assert len(smaller.data) < len(plain.data) / 3
    assert "Accept-Encoding" in smaller.headers["Vary"]
    refused = ask(client, "/events", Accept_Encoding="br;q=0, identity")
    assert "Content-Encoding" not in refused.headers


def test_the_stylesheet_is_compressed_too(client: FlaskClient) -> None:
    with ask(client, "/static/app.css", Accept_Encoding="gzip") as style:
        assert style.headers["Content-Encoding"] == "gzip"
        assert b"--paper" in gzip.decompress(style.data)
    with ask(client, "/static/fonts/inter.woff2", Accept_Encoding="gzip") as font:
        assert "Content-Encoding" not in font.headers


def test_a_page_that_is_private_or_wrong_is_not_kept(
    client: FlaskClient, filled: dict[str, int]
) -> None:
    assert "ETag" not in ask(client, "/c/nobody").headers
    assert ask(client, "/subscribe").headers["Cache-Control"] == "no-store"
    client.set_cookie("session", "of a member of staff", domain="127.0.0.1")
    assert "ETag" not in ask(client, "/events").headers


def test_a_page_that_tells_no_ago_holds_for_the_day(
    client: FlaskClient, filled: dict[str, int], parts: Parts, writing: Writing
) -> None:
    with writing() as ledger:
        ledger.source("Feed", last_ok=parts.now())
    first, other = ask(client, "/").text, ask(client, "/events").text
    parts.now.advance(minutes=7)
    assert "7 minutes ago" in ask(client, "/").text
    assert "just now" in first
    assert ask(client, "/events").text == other
    parts.now.advance(hours=12)
    assert ask(client, "/events", If_None_Match="x").status_code == 200


def test_only_the_headers_are_sent_to_who_asks_for_them(
    client: FlaskClient, filled: dict[str, int]
) -> None:
    page = ask(client, "/events")
    head = client.head("/events", base_url=BASE)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == page.headers["ETag"]
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def test_other_cookies_than_that_of_staff_change_nothing(
    client: FlaskClient, filled: dict[str, int]
) -> None:
    tag = ask(client, "/events").headers["ETag"]
    client.set_cookie("theme", "dark", domain="127.0.0.1")
    assert ask(client, "/events", If_None_Match=tag).status_code == 304


def test_the_shelf_has_an_end(reader: Reader, parts: Parts) -> None:
    shelf = Shelf(room=250)
    held = Held("", None, parts.now(), parts.now())
    for name in "abc":
        shelf.put((name,), Kept(held, parts.now(), name, [], b"x" * 100))
        shelf.get(("a",))
    assert shelf.get(("b",)) is None, "the one asked for longest ago"
    assert shelf.get(("a",))
    assert shelf.get(("c",))
