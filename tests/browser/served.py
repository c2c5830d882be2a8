"""The dashboard over the starter history, or over hard cases, served on loopback: for tests and for
screenshots.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.mail.conftest import DOMAIN, FACES, World
from tests.parts.clock import Clock
from tests.web.conftest import Parts
from tests.web.ledger import Ledger
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import Act, Disposition, QuoteField, Sender, UserRole
from tracker.domain.errors import DeliveryError
from tracker.domain.model import (
    AlertToSend,
    Announcement,
    Document,
    Findings,
    Registry,
    Span,
    StanceId,
)
from tracker.domain.model import (
    Page as Text,
)
from tracker.pipeline import (
    catalog,
    downloads,
    hooking,
    outbox,
    review,
    staff,
    submitting,
    subscribing,
)
from tracker.pipeline.alert import send_due
from tracker.pipeline.editor import Editor
from tracker.pipeline.ledger import rebuild_positions
from tracker.pipeline.read import keep_page
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import HookAlertRow, OrganisationRow
from tracker.store.submissions import Submission
from tracker.store.subscribers import Subscriber
from tracker.web import create_app

ANA = "ana@ngo.example"
STAFF, PASSWORD = "olga", "seven grey herons"
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
TODAY = "IBM will end all face matching in its cloud, its chief executive said."
LONG = "The Consolidated International Biometric Identification and Surveillance Company"
ARABIC = "شركة المراقبة الذكية"
UNBROKEN = "Gesichtserkennungssoftwarevertriebsgesellschaftsbeteiligungsverwaltungsverbandes"


@contextmanager
def served_history(file: Path) -> Iterator[str]:
    """The address of a dashboard with the starter history and one stance with a quote."""
    with _served(file) as (database, address):
        catalog.load_starter(database, NOW, with_history=True)
        with database.transaction() as session:
            ledger = Ledger(session)
            ibm = session.query(OrganisationRow).filter_by(slug="ibm").one().id
            ledger.stance("read-today", ibm, date(2026, 3, 10), origin="extracted", summary=None)
            ledger.quote(
                "read-today",
                text=f"The plan was told on Tuesday. {TODAY} Customers have until May.",
                quote=TODAY,
                url="https://news.example/ibm",
                title="IBM takes face matching out of its cloud",
                seen=datetime(2026, 3, 10, 9, 30, tzinfo=UTC),
            )
        editor = Editor("ana", NOW, DOMAIN, "The page says it otherwise.")
        review.amend(database, "zoom-2020-06-17-e2ee-all", {"act": "safeguards"}, editor)
        review.withdraw(database, "zoom-2023-03-tos-ai", editor)
        rebuild_positions(database, NOW)
        downloads.make(database, file.with_name("downloads"), address, Clock(NOW))
        yield address


@contextmanager
def served_alerts(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a dashboard with a subscriber, and the pages that only this reader sees."""
    with _served(file) as (database, address):
        catalog.load_starter(database, NOW, with_history=True)
        rebuild_positions(database, NOW)
        yield address, _pages_of(_subscriber(World(database, Clock(NOW))))


def _subscriber(world: World) -> Subscriber:
    """Ana follows two things, got a mail on one, and has asked for a third."""
    world.follow(ANA, company="ibm")
    world.follow(ANA, company="amazon", topic="facial-recognition", pace="weekly")
    world.owe_again(StanceId("ibm-2020-06-08-fr-exit"))
    send_due(world.database, lambda alert: "250 taken", world.clock)
    world.owe_again(StanceId("ibm-2020-06-08-jpa"))
    wanted = subscribing.wanted_from([("topic", "military-ai")])
    subscribing.ask(world.database, ANA, wanted, NOW, DOMAIN, client="203.0.113.7")
    return world.subscriber(ANA)


def _pages_of(reader: Subscriber) -> dict[str, str]:
    own = f"/s/{reader.token}"
    first, *_, asked = reader.wishes
    return {
        "alerts-ask": "/subscribe?company=ibm",
        "alerts-sent": "/subscribe/sent",
        "alerts-confirm": f"/s/{asked.token}",
        "alerts-manage": own,
        "alerts-manage-german": f"{own}?lang=de",
        "alerts-change": f"{own}/wishes/{first.id}",
        "alerts-list": f"{own}/lists/new",
        "alerts-erase": f"{own}/erase",
        "alerts-leave": f"/u/{reader.token}",
        "alerts-leave-one": f"/u/{first.token}",
        "alerts-unknown": "/s/nobody",
    }


@contextmanager
def served_hard_cases(file: Path) -> Iterator[str]:
    """The address of a dashboard over what is hard to show."""
    with _served(file) as (database, address):
        with database.transaction() as session:
            _fill(Ledger(session))
        yield address


@contextmanager
def served_staff(file: Path, *, empty: bool = False) -> Iterator[str]:
    """The address of a dashboard that an operator may enter, with mail of every state or none."""
    with _served(file) as (database, address):
        staff.add(database, STAFF, UserRole.OPERATOR, PASSWORD, NOW)
        if not empty:
            _fill_outbox(World(database, Clock(NOW)))
            _fill_queue(database)
        yield address


def enter(page: Page, address: str) -> None:
    """Sign in as the operator, by keyboard."""
    page.goto(f"{address}/login?next=/admin/outbox")
    page.get_by_label("Name").fill(STAFF)
    page.get_by_label("Name").press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/admin/outbox")


def _fill_outbox(world: World) -> None:
    """Of four mails one is sent, one refused for good, one put off; the last is owed later."""
    world.fill()
    for name in ("ana", "bea", "cem"):
        world.follow(f"{name}@ngo.example", company="ibm")
    world.owe("ibm-1")
    hook, _new = hooking.add(world.database, "https://news.example/hook", "", NOW)
    world.owe("ibm-2")
    send_due(world.database, _answer, world.clock)
    hooking.post_due(world.database, _refuse, world.clock)
    with world.database.transaction() as session:
        session.query(HookAlertRow).filter_by(hook_id=hook.id).update({"state": "failed"})
    world.follow("dan@ngo.example", company="amazon")
    world.owe("amazon-1", "amazon")
    outbox.hold(world.database, STAFF, NOW)


def _fill_queue(database: Database) -> None:
    """A stance that nobody is sure of, a company that nobody knows, and what a reader sent in."""
    text = f"The plan was told on Tuesday. {TODAY} Zorvex Systems does the same."
    page = Text("https://news.example/a", "IBM takes it out", f"{text}\n\n{LONG}", "en", NOW)
    with database.transaction() as session:
        keep_page(session, page, source=None, taken_from="page", now=NOW)
    settings = Settings.model_validate({"database": {"url": database.url}})
    App(settings, now=Clock(NOW), database=database, extract=_claim).analyse(1)
    said = "The page names the wrong day: our letter is of 8 June, as the scan on our site shows."
    sent = Submission(
        "/c/ibm", Sender.COMPANY, said, "https://ibm.example/scan", "press@ibm.example"
    )
    submitting.submit(database, sent, NOW, client="203.0.113.7")


def _claim(document: Document, _registry: Registry) -> Findings:
    start = document.text.index(TODAY)
    span = Span(QuoteField.TEXT, start, start + len(TODAY), TODAY)
    both = (
        Announcement(name, FACES, Act.ENDS, span, 0.5, Disposition.REVIEW, direction=3)
        for name in ("IBM", "Zorvex Systems")
    )
    return Findings("planned 1", tuple(both))


def _answer(mail: AlertToSend) -> str:
    """As a mail server does: one address is unknown, another is busy."""
    if mail.address.startswith("bea"):
        raise DeliveryError("550 5.1.1 no such user", permanent=True, code=550)
    if mail.address.startswith("cem"):
        raise DeliveryError("451 4.3.0 try again later", code=451)
    return "250 2.0.0 taken"


def _refuse(_alert: object) -> None:
    raise DeliveryError("500 something broke there", code=500)


@contextmanager
def served_nothing(file: Path) -> Iterator[str]:
    """The address of a dashboard over an empty database."""
    with _served(file) as (_, address):
        yield address


def _fill(ledger: Ledger) -> None:
    """500 stances of one company, names of 80 letters, names from right to left, bad sources."""
    assert len(LONG) == len(UNBROKEN) == 80
    ledger.topic()
    ledger.topic("dei", name="Diversity", kind="protection", contested=True, place=1)
    busy = ledger.organisation("Busy")
    first = date(2010, 1, 1)
    for number in range(500):
        day = first + timedelta(days=11 * number)
        topic = "facial_recognition" if number % 3 else "dei"
        ledger.stance(f"busy-{number}", busy, day, topic=topic, summary=f"Step {number} of Busy.")
    ledger.span(busy, "stopped", first, stance="busy-1")
    for slug, name in (("long", LONG), ("unbroken", UNBROKEN), ("arabic", ARABIC)):
        company = ledger.organisation(name, slug=slug)
        stance = f"of-{slug}"
        ledger.stance(stance, company, date(2024, 5, 6), summary=f"{name} said it pauses.")
        ledger.span(company, "paused", date(2024, 5, 6), stance=stance, scope=f"sales of {name}")
        ledger.span(
            company, "unclear", date(2025, 5, 6), before="paused", change="expired", track="does"
        )
        ledger.reaction(f"r-{slug}", ARABIC, "welcomes", stance=stance, about=company)
        ledger.call(f"call-{slug}", LONG, {company: "open"}, date(2025, 1, 2))
    ledger.source("Down for days", fault="theirs", last_ok=NOW - timedelta(days=4))
    ledger.source("Out of reach", fault="ours")
    ledger.source("Well", last_ok=NOW - timedelta(minutes=3))


def _break() -> str:
    raise RuntimeError("a fault of the program, for the page that tells of it")


@contextmanager
def _served(file: Path) -> Iterator[tuple[Database, str]]:
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    folder = file.with_name("downloads")
    files = {"downloads_folder": folder, "secret_key_file": file.with_name("key.secret")}
    settings = Settings.model_validate({"web": files})
    web = create_app(Parts(settings, database, Clock(NOW)))
    web.add_url_rule("/broken", "broken", _break)
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield database, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()
