"""What strangers send to the dashboard: it stays up, and it tells nobody's secrets."""

import logging
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from tests.web.conftest import BASE, Parts, fill
from tests.web.ledger import Ledger
from tracker.pipeline import subscribing
from tracker.store import subscribers
from tracker.store.database import Database

ANA = "ana@ngo.example"
NUL = "%00"
WITH_NUL = (
    f"/c/{NUL}",
    f"/c/acme/{NUL}",
    f"/t/{NUL}",
    f"/e/{NUL}",
    f"/s/{NUL}",
    f"/u/{NUL}",
    f"/events?company={NUL}",
    f"/events?topic={NUL}",
    f"/events?act={NUL}",
    f"/silent?company={NUL}",
    f"/search?q=face{NUL}*",
    f"/search?q=face&kind={NUL}",
    f"/search?q=face&company={NUL}",
    f"/search?q=face&topic={NUL}",
    f"/subscribe?company={NUL}",
    f"/subscribe?topic={NUL}",
)
QUESTIONS = (
    '"',
    "' OR 1=1 --",
    "face -face",
    "-face",
    "_*",
    "²*",
    '"² face"*',
    '"face ²"*',
    "ⅷ*",
    "face:* & !x",
    "NEAR(face, 2)",
    "title:face",
    "{{7*7}}",
    "(" * 100,
    "ʼ*",
    "é*",
    "١٢*",
    "ـ* ـ",
    "a_b* __*",
)


@pytest.fixture
def both(shared: tuple[Parts, Flask], parts: Parts, database: Database) -> FlaskClient:
    """The dashboard over the small ledger, in each kind of database."""
    parts.database = database
    with database.transaction() as session:
        fill(Ledger(session))
    return shared[1].test_client()


@pytest.fixture
def client(shared: tuple[Parts, Flask], parts: Parts) -> FlaskClient:
    return shared[1].test_client()


@pytest.fixture
def token(parts: Parts) -> str:
    """Opens the page of a subscriber to everything."""
    now = datetime(2025, 1, 1, tzinfo=UTC)
    subscribing.subscribe_by_operator(
        parts.database, ANA, subscribing.Wanted(), now, "tracker.example", confirmed=True
    )
    with parts.database.reading() as session:
        return subscribers.everybody(session)[0].token


def test_a_nul_in_an_address_is_only_a_name_that_is_unknown(both: FlaskClient) -> None:
    answers = {path: both.get(path, base_url=BASE).status_code for path in WITH_NUL}
    assert {path: code for path, code in answers.items() if code >= 500} == {}


def test_no_question_breaks_the_search(both: FlaskClient) -> None:
    for question in QUESTIONS:
        for sort in ("", "fit"):
            path = f"/search?q={quote(question)}&sort={sort}"
            assert both.get(path, base_url=BASE).status_code == 200, (question, sort)


@pytest.mark.parametrize("digits", [30, 3000])
def test_a_wish_with_a_giant_number_is_not_there(
    client: FlaskClient, token: str, digits: int
) -> None:
    for act in ("stop", "renew"):
        path = f"/s/{token}/{act}/{'9' * digits}"
        assert client.post(path, base_url=BASE).status_code in (303, 404)


def test_a_giant_number_confirms_nothing(client: FlaskClient, parts: Parts, token: str) -> None:
    with parts.database.reading() as session:
        wish = subscribers.everybody(session)[0].wishes[0]
    answer = client.post(f"/s/{wish.token}", data={"wish": "9" * 5000}, base_url=BASE)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/s/{wish.token}")


def test_the_log_of_a_fault_names_no_token(
    shared: tuple[Parts, Flask], parts: Parts, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    with parts.database.connecting() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE subscriptions SET created_at = 'no time'")
    with caplog.at_level(logging.DEBUG):
        answer = shared[1].test_client().get(f"/s/{token}", base_url=BASE)
    assert answer.status_code == 500
    assert "/s/<token>" in caplog.text
    assert token not in caplog.text


FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1.evil.example"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": BASE},
    {"Origin": "null"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_on_a_strangers_page_asks_for_nothing(
    client: FlaskClient, parts: Parts, headers: dict[str, str]
) -> None:
    sent = {"address": ANA}
    answer = client.post("/subscribe", data=sent, headers=headers, base_url=BASE)
    assert answer.status_code == 403
    with parts.database.reading() as session:
        assert subscribers.everybody(session) == []


def test_no_form_of_ours_can_be_sent_by_a_strangers_page(client: FlaskClient, token: str) -> None:
    open_to_all = {"subscribing.unsubscribe", "pushed.push"}
    values = {"token": token, "wish": 1, "id_": 1, "slug": "x", "source": 1}
    forms = [rule for rule in client.application.url_map.iter_rules() if "POST" in rule.methods]
    guarded = [rule for rule in forms if rule.endpoint not in open_to_all]
    assert len(guarded) > 25
    for rule in guarded:
        known = {name: values.get(name, 1) for name in rule.arguments}
        with client.application.test_request_context(base_url=BASE):
            path = url_for(rule.endpoint, **known)
        answer = client.post(path, headers=FOREIGN[0], base_url=BASE)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("headers", OWN)
def test_our_own_forms_are_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/subscribe/choice", headers=headers, base_url=BASE)
    assert answer.status_code == 303


def test_a_mail_program_unsubscribes_from_anywhere(client: FlaskClient, token: str) -> None:
    one_click = {"List-Unsubscribe": "One-Click"}
    answer = client.post(f"/u/{token}", data=one_click, headers=FOREIGN[0], base_url=BASE)
    assert answer.status_code == 200
