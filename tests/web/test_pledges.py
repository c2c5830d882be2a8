"""Whether a company's words alone place it at a word: pages, files and mails say the same."""

from datetime import date
from typing import Any

from lxml import html

from tests.web.conftest import Parts, Reader, Writing
from tests.web.ledger import Ledger
from tracker.domain.changes import PositionChange
from tracker.domain.codes import ChangeKind, PositionWord
from tracker.pipeline.publish import Telling, news_of
from tracker.store import stances, topics
from tracker.store.database import Database
from tracker.store.views import positions
from tracker.store.views.records import Lens

PROMISED, DONE, BACK = date(2019, 2, 20), date(2019, 6, 1), date(2019, 9, 1)
WORDS = {PROMISED: "Pledged in full", DONE: "In force", BACK: "Withdrawn"}
BEGUN = {"pledge": (False, True), "deed": (False, False), "back": (False, False)}
"""By stance: whether the word before it was a pledge, and whether the one after it is."""


def write(ledger: Ledger) -> None:
    """A firm pledges, does as it pledged, and takes its word back while it still does so."""
    ledger.topic("climate", name="Climate", kind="protection")
    firm = ledger.organisation("Firm")
    for id_, day in (("pledge", PROMISED), ("deed", DONE), ("back", BACK)):
        ledger.stance(id_, firm, day, topic="climate", act="commits")
    about: dict[str, Any] = {"topic": "climate"}
    ledger.span(firm, "stopped", PROMISED, stance="pledge", until=BACK, **about)
    ledger.span(firm, "stopped", DONE, track="does", stance="deed", **about)
    about |= {"before": "stopped", "change": "reversed"}
    ledger.span(firm, "expands", BACK, stance="back", **about)


def test_a_deed_bears_a_word_out_from_its_day_on(database: Database) -> None:
    with database.transaction() as session:
        write(Ledger(session))
    with database.reading() as session:
        begun = positions.begun(session, Lens(date(2020, 1, 1)), BEGUN)
        found = {id_: (of[0].pledged_before, of[0].pledged) for id_, of in begun.items()}
    assert found == BEGUN


def test_every_form_says_the_same_on_every_day(reader: Reader, writing: Writing) -> None:
    with writing() as ledger:
        write(ledger)
    for began, word in WORDS.items():
        asked = f"?as_of={began.replace(day=25)}"
        never = set(WORDS.values()) - {WORDS[day] for day in WORDS if day <= began}
        for path in ("/matrix", "/c", "/c/firm", "/c/firm/climate", "/t/climate"):
            main = html.fromstring(reader.get(path + asked)).find(".//main")
            for legend in main.find_class("legend"):
                legend.drop_tree()
            shown = [*main.find_class("chip"), *main.find_class("half")]
            said = {one.text_content() for one in shown}
            assert any(word in one for one in said), (path, began)
            assert not never & said, (path, began)
        assert f",{word}," in reader.get(f"/matrix.csv{asked}").splitlines()[1]
        data: Any = reader.json(f"/matrix.json{asked}")["data"]
        (cell,) = data["rows"][0]["cells"]
        assert cell["standing"]["only_said"] == (began != DONE)
    svg = reader.get("/c/firm.svg")
    assert "Pledged in full" in svg
    assert "In force" in svg
    cards = {
        one.get("id"): [chip.text_content() for chip in one.find_class("chip")]
        for one in html.fromstring(reader.get("/events")).find_class("ev")
    }
    assert cards["pledge"] == ["No statement", "Pledged in full"]
    assert cards["back"] == ["In force", "Withdrawn"]


def test_a_mail_says_it_too(parts: Parts, writing: Writing) -> None:
    with writing() as ledger:
        write(ledger)
    stopped, nothing = PositionWord.STOPPED, PositionWord.NO_STATEMENT
    with parts.database.reading() as session:
        about = topics.by_code(session)["climate"]
        known = {one.id: one for one in stances.by_ids(session, list(BEGUN))}
    told = {}
    for id_, says, does in (
        ("pledge", (nothing, stopped), (nothing, nothing)),
        ("back", (stopped, PositionWord.EXPANDS), (stopped, stopped)),
    ):
        change = PositionChange(ChangeKind.FIRST, "firm", about.code, says, does, moved=True)
        move = news_of(known[id_], change, about, Telling("tracker.example")).moves[0]
        told[id_] = [move.before_word, move.after_word]
    assert told == {
        "pledge": ["No statement", "Pledged in full"],
        "back": ["In force", "Withdrawn"],
    }
