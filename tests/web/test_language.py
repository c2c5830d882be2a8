"""The language of a page: from its address, else from the browser; the same records in each."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from tests.web import translating
from tests.web.conftest import BASE, Parts, Reader
from tracker.config import Settings
from tracker.web import create_app, wording
from tracker.web.language import LANGUAGES

FILLED, TAGS = re.compile(r"%\((\w+)\)"), re.compile(r"</?\w+>")
WEB = Path(wording.__file__).parent
SAME: set[str] = set()
"""What is data of the tests and happens to be an English text of the catalogue."""


def headers_for(parts: Parts, path: str, wanted: str) -> tuple[str, dict[str, str]]:
    client = create_app(Parts(Settings(), parts.database, parts.now)).test_client()
    response = client.get(path, base_url=BASE, headers={"Accept-Language": wanted})
    return response.get_data(as_text=True), dict(response.headers)


def test_the_address_decides_before_the_browser(parts: Parts, filled: dict[str, int]) -> None:
    text, headers = headers_for(parts, "/t?lang=en", "de")
    assert '<html lang="en">' in text
    assert headers["Content-Language"] == "en"
    assert "Accept-Language" not in headers["Vary"]
    text, headers = headers_for(parts, "/t", "de-AT,de;q=0.9,en;q=0.5")
    assert '<html lang="de">' in text
    assert "Accept-Language" in headers["Vary"]
    text, _ = headers_for(parts, "/t", "fr,en;q=0.5")
    assert '<html lang="en">' in text
    text, _ = headers_for(parts, "/t?lang=xx", "de")
    assert '<html lang="de">' in text


def test_days_are_written_as_the_language_writes_them(shared: tuple[Parts, Flask]) -> None:
    with shared[1].test_request_context("/?lang=de"):
        assert wording.between(date(2020, 6, 8), date(2020, 6, 11)) == "8.–11. Juni 2020"
        assert wording.between(date(2020, 5, 30), date(2020, 6, 2)) == "30. Mai – 2. Juni 2020"


def test_programs_get_the_same_whatever_they_say_they_speak(
    parts: Parts, filled: dict[str, int]
) -> None:
    plain, _ = headers_for(parts, "/t/facial-recognition.json", "en")
    german, headers = headers_for(parts, "/t/facial-recognition.json", "de")
    assert plain == german
    assert "Accept-Language" not in headers["Vary"]


def test_links_and_forms_carry_the_language_along(reader: Reader, filled: dict[str, int]) -> None:
    for path in ("/", "/c/acme", "/t/facial-recognition", "/e/acme-ends", "/events", "/matrix"):
        page = html.fromstring(reader.get(f"{path}?lang=de"))
        own = [str(one) for one in page.xpath("//a[not(@hreflang)]/@href")]
        own = [one for one in own if one.startswith("/")]
        assert own
        assert [one for one in own if "lang=de" not in one] == [], path
        for form in page.xpath("//form[not(@method='post')]"):
            assert form.xpath(".//input[@name='lang']/@value") == ["de"], path


def test_every_text_is_in_every_catalogue() -> None:
    wanted = {one.id for one in translating.texts() if one.id}
    for language in LANGUAGES:
        if language != "en":
            known = {one.id for one in translating.read(language) if one.id}
            assert wanted - known == set(), "run: make translations"
            assert known - wanted == set(), "run: make translations"
    hidden = {text for path in sorted(WEB.rglob("*.py")) for text in texts_within_strings(path)}
    assert hidden - wanted == set(), "the catalogue is not filled from within an f-string"


def texts_within_strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        for call in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "_":
                yield from (one.value for one in call.args if isinstance(one, ast.Constant))


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_text_is_translated_with_all_that_is_filled_in(language: str) -> None:
    for one in translating.read(language):
        if not one.id:
            continue
        said = one.string if isinstance(one.string, tuple) else (one.string,)
        meant = one.id if isinstance(one.id, tuple | list) else (one.id,)
        assert all(said), one.id
        for text in said:
            assert set(FILLED.findall(text)) <= set(FILLED.findall("".join(meant))), one.id
        assert set(FILLED.findall(said[-1])) == set(FILLED.findall(meant[-1])), one.id
        assert TAGS.findall(said[-1]) == TAGS.findall(meant[-1]), one.id


def sentences_of(text: str) -> set[str]:
    """What a reader of a page reads, piece by piece."""
    page = html.fromstring(text)
    for hidden in page.xpath("//script | //*[@lang='en' and not(self::a)] | //code"):
        hidden.drop_tree()
    pieces = page.xpath("//body//text() | //@aria-label | //@placeholder | //title/text()")
    return {" ".join(str(piece).split()) for piece in pieces}


def test_no_page_in_german_says_an_english_text_of_the_catalogue(
    reader: Reader, filled: dict[str, int]
) -> None:
    english = {
        text
        for one in translating.read("de")
        for text in (one.id if isinstance(one.id, tuple | list) else (one.id,))
        if text and text != one.string and "%" not in text and len(text) > 3
    }
    paths = ("/", "/c", "/c/acme", "/c/acme/facial-recognition", "/t", "/t/facial-recognition",
             "/matrix", "/events", "/e/acme-ends", "/e/acme-sells", "/silent", "/silent?show=all",
             "/calls/c1", "/o", "/o/rights-now", "/compare", "/compare?company=acme&company=globex",
             "/search?q=face", "/search?q=xyzzy", "/sources", "/method", "/corrections", "/data",
             "/subscribe", "/correct?about=/c/acme")  # fmt: skip
    for path in paths:
        said = sentences_of(reader.get(f"{path}{'&' if '?' in path else '?'}lang=de"))
        assert said & english <= SAME, path


@pytest.mark.parametrize("number", [0, 1, 2, 9, 10, 1234])
def test_numbers_and_days_outside_a_page_are_english(number: int) -> None:
    assert re.search(r"[a-z0-9]", wording.number(number))
    assert wording.figure(1234.5) == "1,234.5"
