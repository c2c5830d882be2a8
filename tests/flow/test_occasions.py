"""Every occasion that can be asked for reaches whoever asked, once; clean-ups reach nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.flow.conftest import subscribe
from tests.flow.desk import Reader, editor, known, tell, waiting
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import Act, CallStatus, Disposition, Level, Origin, Tier
from tracker.domain.model import Source, TargetStatus, TopicCode
from tracker.pipeline import calling, merging, review
from tracker.pipeline.calling import NewCall
from tracker.pipeline.catalog import load_starter
from tracker.pipeline.noticing import tell_silences
from tracker.store import sources
from tracker.store.database import Database
from tracker.store.schema import (
    AlertRow,
    ArticleRow,
    OrganisationRow,
    SourceDayRow,
    SourceRow,
)

ANA, BEA, CAY = "ana@ngo.example", "bea@ngo.example", "cay@ngo.example"
JUNE_9 = date(2020, 6, 9)
FIRST = "Microsoft said on Tuesday that it will no longer sell face recognition to anybody."
SECOND = "Nobody will be sold face recognition any more, Ada Lund of Microsoft told the paper."
SPOKEN: dict[str, Any] = {"speaker": "Ada Lund"}
URLS = ("https://wire.example/a", "https://paper.example/b", "https://gazette.example/c")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What the databases do differently here (owing, claiming) is tested in tests/mail on both."""
    return sqlite_database


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(make_app: Callable[..., App], reader: Reader) -> App:
    return make_app(extract=reader)


def plain(mailbox: Mailbox, address: str, number: int = -1) -> str:
    body = mailbox.to(address)[number].get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def subjects(mailbox: Mailbox, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in mailbox.to(address)]


def asked(app: App, *targets: str) -> str:
    """An open letter of the ACLU, of today."""
    letter = NewCall(
        ("ACLU",),
        targets,
        "stop selling it",
        "facial_recognition",
        app.now().date(),
        act=Act.ENDS,
        channel="open_letter",
        public_url="https://aclu.example/letter",
    )
    return calling.add_call(app.database, letter, "eva", app.now())


def answer(app: App, call: str, status: CallStatus, **more: Any) -> None:
    step = TargetStatus(status, app.now().date(), **more)
    calling.record_answer(app.database, call, "microsoft", step, "eva", app.now())
    app.deliver()


def watch_well(app: App, reader: Reader) -> None:
    """Three papers and a channel of Microsoft itself are read, and speak of it."""
    for url in URLS:
        tell(app, reader, url, FIRST, {})
    with app.database.transaction() as session:
        for known_ in sources.every(session):
            session.get_one(SourceRow, known_.id).status = "paused"
        for number in range(4):
            tier = Tier.PRIMARY if number == 3 else Tier.RELIABLE
            source = Source(f"https://s{number}.example/feed", f"S{number}", tier=tier)
            sources.add(session, source, app.now(), Origin.EDITOR)
        rows = session.query(SourceRow).order_by(SourceRow.id.desc()).limit(4).all()
        microsoft = session.query(OrganisationRow).filter_by(slug="microsoft").one()
        own, *papers = rows
        own.organisation_id = microsoft.id
        for row, article in zip(papers, session.query(ArticleRow).limit(3), strict=True):
            article.source_id = row.id


def pass_days(app: App, clock: Clock, number: int, *, read: bool = True) -> None:
    """Days on which every source is read, or none; the last ends with its nightly work."""
    with app.database.transaction() as session:
        active = session.query(SourceRow).filter_by(status="active").all()
        for _ in range(number):
            clock.advance(days=1)
            for row in active if read else ():
                session.add(SourceDayRow(source_id=row.id, day=clock().date(), good=4))
                row.last_ok = clock()
    tell_silences(app.database, app.mail_domain, app.now())
    app.deliver()


def test_a_silence_is_told_on_the_day_that_its_reader_chose(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    watch_well(desk, reader)
    pass_days(desk, clock, 1)
    call = asked(desk, "microsoft", "amazon")
    subscribe(desk, ANA, company="microsoft", tell="silence", days="40")
    subscribe(desk, BEA, by="aclu", tell="silence", days="60")
    subscribe(desk, CAY, company="amazon", tell="silence", days="40")
    pass_days(desk, clock, 39)
    assert mailbox.messages == []
    pass_days(desk, clock, 5, read=False)
    assert mailbox.messages == [], "days on which nobody looked are not counted"
    for _ in range(3):
        pass_days(desk, clock, 1)
    [subject] = subjects(mailbox, ANA)
    assert subject == "Microsoft on facial recognition: no answer found to ACLU after 40 days"
    assert "No answer found in 4 sources, last checked on 25 Jul 2020." in plain(mailbox, ANA)
    assert mailbox.to(BEA) == mailbox.to(CAY) == [], "Amazon is not watched well enough"
    answer(desk, call, CallStatus.REJECTED)
    pass_days(desk, clock, 20)
    assert len(mailbox.messages) == 1, "who has answered is not silent"


def test_an_answer_is_told_once_and_what_was_wrong_of_it_to_those_who_heard_it(
    desk: App, clock: Clock, mailbox: Mailbox
) -> None:
    subscribe(desk, ANA, company="microsoft", tell="answer")
    subscribe(desk, BEA, company="amazon", tell="answer")
    subscribe(desk, CAY, company="microsoft", tell="call")
    call = asked(desk, "microsoft", "amazon")
    clock.advance(days=2)
    answer(desk, call, CallStatus.REJECTED)
    desk.deliver()
    [first] = mailbox.to(ANA)
    assert first["Subject"] == "Microsoft on facial recognition, asked by ACLU: rejected"
    assert "stop selling it" in plain(mailbox, ANA)
    answer(desk, call, CallStatus.ACKNOWLEDGED, corrects=True, why="it thinks about it")
    _, second = mailbox.to(ANA)
    assert second["Subject"] == f"Correction: {first['Subject']}"
    assert second["In-Reply-To"] == first["Message-ID"]
    text = plain(mailbox, ANA)
    assert "it thinks about it" in text
    assert "Microsoft: rejected" in text
    assert "Microsoft: acknowledged" in text
    answer(desk, call, CallStatus.REJECTED)
    assert subjects(mailbox, ANA)[2:] == [first["Subject"]], "this time it is so"
    assert mailbox.to(BEA) == mailbox.to(CAY) == []


def test_what_was_withdrawn_is_said_to_all_who_heard_what_followed_from_it(
    desk: App, clock: Clock, mailbox: Mailbox
) -> None:
    subscribe(desk, ANA, company="microsoft", tell="answer")
    call = asked(desk, "microsoft")
    answer(desk, call, CallStatus.REJECTED)
    review.withdraw(desk.database, call, editor(desk, "a hoax"))
    desk.deliver()
    first, second = mailbox.to(ANA)
    assert second["Subject"] == f"Withdrawn: {first['Subject']}"
    assert second["In-Reply-To"] == first["Message-ID"]


def test_who_hears_only_of_what_is_confirmed_hears_of_it_when_it_is(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    subscribe(desk, ANA, company="microsoft")
    subscribe(desk, BEA, company="microsoft", level="confirmed")
    subscribe(desk, BEA, topic="facial-recognition")
    subscribe(desk, CAY, company="microsoft", level="confirmed")
    tell(desk, reader, URLS[0], FIRST, SPOKEN)
    assert [len(mailbox.to(one)) for one in (ANA, BEA, CAY)] == [1, 1, 0]
    clock.advance(days=1)
    tell(desk, reader, URLS[1], SECOND, SPOKEN)
    tell(desk, reader, URLS[2], SECOND, SPOKEN)
    assert [stance.level for stance in known(desk)] == [Level.CONFIRMED]
    assert [len(mailbox.to(one)) for one in (ANA, BEA, CAY)] == [1, 1, 1]
    assert subjects(mailbox, CAY) == ["Microsoft on facial recognition: ends"]
    assert "reported" not in plain(mailbox, CAY).lower()


def test_what_awaits_a_check_is_gathered_and_told_as_true_only_afterwards(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    subscribe(desk, ANA, tell="awaiting")
    subscribe(desk, BEA, company="microsoft")
    unsure = {"topic": TopicCode("military_ai"), "disposition": Disposition.REVIEW}
    tell(desk, reader, URLS[0], FIRST, unsure, {"disposition": Disposition.REVIEW})
    tell(desk, reader, URLS[1], SECOND, {**unsure, "company": "Amazon"})
    assert mailbox.messages == []
    clock.advance(hours=12)
    desk.deliver()
    assert subjects(mailbox, ANA) == [
        "Not yet checked, 2 items: Microsoft on military AI, Amazon on military AI"
    ]
    assert "No person has checked it yet, and it may be wrong" in plain(mailbox, ANA)
    tell(desk, reader, URLS[2], SECOND, unsure)
    for one in waiting(desk):
        review.accept(desk.database, one.id, editor(desk))
    clock.advance(days=1)
    desk.deliver()
    assert len(mailbox.to(ANA)) == 1
    assert any("military AI" in one for one in subjects(mailbox, BEA))


def test_merging_splitting_and_reading_again_owe_nothing(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    subscribe(desk, ANA, company="microsoft")
    subscribe(desk, BEA, company="microsoft", level="confirmed")
    everything = ("stance", "change", "reversal", "reaction", "deadline", "overdue", "awaiting")
    for one in everything:
        subscribe(desk, CAY, tell=one)
    clock.advance(days=4)
    tell(desk, reader, URLS[0], FIRST, SPOKEN)
    later: dict[str, Any] = {"act": Act.PAUSES, "date": date(2020, 6, 12), "direction": 2}
    tell(desk, reader, URLS[1], SECOND, {**SPOKEN, **later})
    clock.advance(days=1)
    desk.deliver()
    first, second = known(desk)

    def owed() -> list[str]:
        desk.deliver()
        desk.turn_day()
        desk.deliver()
        with desk.database.reading() as session:
            return [row.change_key for row in session.query(AlertRow).order_by(AlertRow.id)]

    before = owed()
    merging.merge_stances(desk.database, second.id, first.id, editor(desk))
    assert [stance.level for stance in known(desk)] == [Level.CONFIRMED]
    assert owed() == before
    merging.split_stance(desk.database, second.id, editor(desk))
    assert owed() == before
    clock.advance(days=30)
    reader.version = "planned 2"
    desk.analyse(100)
    assert owed() == before


def test_history_that_is_loaded_later_owes_nothing(
    desk: App, clock: Clock, mailbox: Mailbox
) -> None:
    for one in ("stance", "reaction", "call", "deadline", "overdue", "silence", "answer"):
        subscribe(desk, ANA, tell=one)
    load_starter(desk.database, desk.now(), with_history=True)
    desk.turn_day()
    desk.deliver()
    clock.advance(days=1)
    desk.turn_day()
    desk.deliver()
    assert mailbox.messages == []
