"""Staff sign in and out; strangers learn nothing, guess little, and send no forms of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from tests.parts.clock import Clock
from tests.web.conftest import BASE, NOW, Parts
from tracker.config import Settings
from tracker.domain.codes import UserRole
from tracker.domain.errors import UsageError
from tracker.pipeline import staff
from tracker.store.database import Database
from tracker.store.schema import LimitRow, SignInRow, UserRow
from tracker.web import create_app

PASSWORD = "seven grey herons"
WRONG = "seven grey geese!"


@dataclass
class Door:
    """One browser at the door of the dashboard."""

    client: FlaskClient

    def token(self, path: str = "/login") -> str:
        page = html.fromstring(self.client.get(path, base_url=BASE).get_data())
        return str(page.xpath("//input[@name='token']/@value")[0])

    def sign_in(self, name: str = "ana", password: str = PASSWORD, **more: str) -> TestResponse:
        form = {"name": name, "password": password, "token": self.token(), **more}
        return self.client.post("/login", data=form, base_url=BASE)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=BASE)

    def press(self, path: str, **form: str) -> TestResponse:
        sent = {"token": self.token("/admin"), **form}
        return self.client.post(path, data=sent, base_url=BASE)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def web(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Flask:
    settings = Settings.model_validate({"web": {"secret_key_file": tmp_path / "key.secret"}})
    staff.add(sqlite_database, "ana", UserRole.OPERATOR, PASSWORD, NOW)
    return create_app(Parts(settings, sqlite_database, clock))


@pytest.fixture
def knock(web: Flask) -> Callable[[], Door]:
    """Opens a new browser at each call."""
    return lambda: Door(web.test_client())


def test_signing_in_and_out(
    knock: Callable[[], Door], sqlite_database: Database, tmp_path: Path
) -> None:
    door = knock()
    asked = door.get("/admin/outbox")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login?next=%2Fadmin%2Foutbox")
    page = html.fromstring(door.get(asked.headers["Location"]).get_data())
    assert page.xpath("//input[@name='next']/@value") == ["/admin/outbox"]
    answer = door.sign_in(next="/admin/outbox")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/outbox")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    inside = door.get("/admin/outbox")
    assert inside.status_code == 200
    assert "ETag" not in inside.headers
    assert inside.headers["Cache-Control"] == "no-store"
    assert "Cookie" in inside.headers["Vary"]
    assert door.get("/login").headers["Location"] == "/admin"
    kept = door.client.get_cookie("session", domain="127.0.0.1")
    assert kept is not None
    assert door.press("/logout").headers["Location"] == "/login"
    assert door.get("/admin").status_code == 303
    door.client.set_cookie("session", kept.value, domain="127.0.0.1")
    assert door.get("/admin").status_code == 303, "a stolen copy of the cookie is worth nothing"
    with sqlite_database.reading() as session:
        assert session.query(SignInRow).count() == 0
    assert (tmp_path / "key.secret").stat().st_mode & 0o777 == 0o600


def test_the_cookie_is_for_https_alone_where_the_site_is(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    settings = Settings.model_validate(
        {
            "mail": {"base_url": "https://tracker.example"},
            "web": {"secret_key_file": tmp_path / "key.secret"},
        }
    )
    client = create_app(Parts(settings, sqlite_database, clock)).test_client()
    answer = client.get("/login", base_url="https://tracker.example")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_who_does_not_sign_in_gets_no_cookie_and_makes_no_key(web: Flask, tmp_path: Path) -> None:
    answer = web.test_client().get("/method", base_url=BASE)
    assert "Set-Cookie" not in answer.headers
    assert not (tmp_path / "key.secret").exists()


def test_a_wrong_password_and_an_unknown_name_look_and_cost_the_same(
    knock: Callable[[], Door], sqlite_database: Database
) -> None:
    answers = []
    for name in ("ana", "bob"):
        door = knock()
        form = {"name": name, "password": WRONG, "token": door.token()}
        answer = door.client.post("/login", data=form, base_url=BASE)
        text = answer.get_data(as_text=True).replace(form["token"], "")
        answers.append((answer.status_code, text.replace(f'value="{name}"', "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    assert "Name or password is wrong" in answers[0][1]
    with sqlite_database.reading() as session:
        stored = session.query(UserRow).one().password_hash or ""
    assert stored.split("$")[0] == staff.NOBODY.split("$")[0], "the same slow work for both"
    assert len(stored.split("$")[2]) == len(staff.NOBODY.split("$")[2])


def test_guessing_is_bounded_whatever_the_form_carries(
    knock: Callable[[], Door], clock: Clock, sqlite_database: Database
) -> None:
    clock.set(NOW + timedelta(minutes=14))
    codes = []
    for _ in range(10):
        codes.append(knock().sign_in(password=WRONG).status_code)
        clock.advance(seconds=20)
    assert codes == [400] * 8 + [429] * 2, "a new window alone does not help"
    assert knock().sign_in().status_code == 429, "not even with the right password"
    bare = knock().client.post("/login", data={"name": "bob"}, base_url=BASE)
    assert bare.status_code == 429
    with sqlite_database.reading() as session:
        assert not [row for row in session.query(LimitRow) if "ana" in row.bucket]
    clock.advance(minutes=30)
    assert knock().sign_in().status_code == 303


def test_one_name_is_guarded_against_many_clients(sqlite_database: Database, clock: Clock) -> None:
    for number in range(staff.TRIES_ON_A_NAME):
        staff.count_try(sqlite_database, "ana", clock(), client=f"192.0.2.{number}")
    with pytest.raises(staff.LimitError):
        staff.count_try(sqlite_database, "ana", clock(), client="192.0.2.200")
    staff.count_try(sqlite_database, "bob", clock(), client="192.0.2.201")


def test_who_signs_in_begins_anew(knock: Callable[[], Door]) -> None:
    for _ in range(3):
        for _ in range(4):
            knock().sign_in(password=WRONG)
        assert knock().sign_in().status_code == 303


def test_a_sign_in_ends_with_time_password_and_removal(
    knock: Callable[[], Door], sqlite_database: Database, clock: Clock
) -> None:
    door = knock()
    door.sign_in()
    clock.advance(hours=12)
    assert door.get("/admin").status_code == 303
    door.sign_in()
    staff.set_password(sqlite_database, "ana", WRONG)
    assert door.get("/admin").status_code == 303
    assert door.sign_in(password=WRONG).status_code == 303
    staff.remove(sqlite_database, "ana")
    assert door.get("/admin").status_code == 303
    assert door.sign_in(password=WRONG).status_code == 400
    with pytest.raises(UsageError, match="no member of staff"):
        staff.set_password(sqlite_database, "ana", PASSWORD)
    staff.add(sqlite_database, "ana", UserRole.EDITOR, PASSWORD, clock())
    assert door.sign_in().status_code == 303
    with sqlite_database.reading() as session:
        assert [row.role for row in session.query(UserRow)] == ["editor"]


def test_an_editor_does_not_see_the_outbox(
    knock: Callable[[], Door], sqlite_database: Database, clock: Clock
) -> None:
    staff.set_role(sqlite_database, "ana", UserRole.EDITOR)
    door = knock()
    door.sign_in()
    assert "/admin/outbox" not in door.get("/admin").get_data(as_text=True)
    assert door.get("/admin/outbox").status_code == 403
    assert door.press("/admin/outbox/hold").status_code == 403


@pytest.mark.parametrize("place", ["https://evil.example", "//evil.example", "/admin\\evil", "/c"])
def test_nobody_is_sent_elsewhere_after_signing_in(knock: Callable[[], Door], place: str) -> None:
    assert knock().sign_in(next=place).headers["Location"] == "/admin"


def test_forms_without_their_token_do_nothing(knock: Callable[[], Door]) -> None:
    door = knock()
    door.sign_in()
    for path in ("/logout", "/admin/outbox/hold", "/admin/outbox/retry"):
        for form in ({}, {"token": ""}, {"token": "é"}, {"token": "x" * 40}):
            assert door.client.post(path, data=form, base_url=BASE).status_code == 400
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert door.client.post(path, headers=foreign, base_url=BASE).status_code == 403
    assert door.get("/admin").status_code == 200


def test_a_sign_in_is_not_fixed_beforehand(knock: Callable[[], Door]) -> None:
    door = knock()
    before = door.token()
    assert door.sign_in().status_code == 303
    assert door.token("/admin") != before
    forged = door.client.post("/logout", data={"token": before}, base_url=BASE)
    assert forged.status_code == 400


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("Ana B", PASSWORD, "is no name"),
        ("bob", "short", "12 to 200"),
        ("bob", "x" * 300, "12 to 200"),
        ("bob", "aaaaaaaaaaaaaa", "guessed soon"),
        ("bob", "bob and more of it", "guessed soon"),
        ("ana", PASSWORD, "already"),
    ],
)
def test_bad_accounts_are_refused(
    web: Flask, sqlite_database: Database, name: str, password: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        staff.add(sqlite_database, name, UserRole.EDITOR, password, NOW)
