"""A kept page tells what a page made anew would tell, whatever has changed and whoever wrote it."""

import random
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.parts.clock import Clock
from tests.web.conftest import BASE, NOW, Parts, Writing, fill
from tests.web.ledger import Ledger
from tracker.store import facts, outbox
from tracker.store.database import Database
from tracker.store.schema import (
    ArticleRow,
    Base,
    CallRow,
    CallTargetRow,
    EvidenceRow,
    FactRow,
    HostRow,
    LinkRow,
    OrganisationNameRow,
    OrganisationRow,
    PositionSpanRow,
    ReactionRow,
    RelationRow,
    SourceRow,
    StanceRow,
    TopicRow,
)
from tracker.store.views import by_company, remembered, span_rows, stance_lines
from tracker.web import fragments, timeline

STEPS = 6
PAGES = (
    "/",
    "/c",
    "/c/acme",
    "/c/acme?lang=de",
    "/c/acme?as_of=2023-01-01&known=then",
    "/c/acme.json",
    "/c/acme/facial-recognition",
    "/c/globex",
    "/t",
    "/t/facial-recognition",
    "/matrix",
    "/silent",
    "/events",
    "/events.csv",
    "/e/acme-ends",
    "/o/rights-now",
    "/compare?company=acme&company=globex",
    "/search?q=acme",
    "/sources",
    "/corrections",
    "/data",
)
LEVELS = ("reported", "confirmed", "disputed", "unconfirmed", "retracted")
DAYS = tuple(date(2019, 1, 1) + timedelta(days=97 * n) for n in range(22))
WORDS = ("stopped", "paused", "limited", "unclear", "continues", "expands")
CHANGED: tuple[tuple[type[Base], str, tuple[object, ...]], ...] = (
    (StanceRow, "level", LEVELS),
    (StanceRow, "published", (True, False)),
    (StanceRow, "summary", ("It goes on.", "It stops.", None)),
    (StanceRow, "scope", ("police use", None)),
    (StanceRow, "date", DAYS),
    (StanceRow, "precision", ("day", "month", "year")),
    (StanceRow, "direction", (-2, -1, 3)),
    (StanceRow, "track", ("says", "does", None)),
    (StanceRow, "trigger", ("voluntary", "court_order")),
    (StanceRow, "review_state", ("proposed", "accepted")),
    (ReactionRow, "level", LEVELS),
    (ReactionRow, "published", (True, False)),
    (ReactionRow, "reaction", ("welcomes", "criticises", "demands")),
    (ReactionRow, "date", (*DAYS, None)),
    (PositionSpanRow, "word", WORDS),
    (PositionSpanRow, "until", (*DAYS[12:], None)),
    (PositionSpanRow, "last_evidence", DAYS),
    (OrganisationRow, "name", ("Acme", "Globex", "Initech", "Rights Now")),
    (OrganisationRow, "country", ("US", "DE", None)),
    (TopicRow, "name", ("Facial recognition", "Faces", "Diversity")),
    (TopicRow, "contested", (True, False)),
    (HostRow, "tier", ("reliable", "weak", "advocacy")),
    (LinkRow, "url", ("https://news.example/1", "https://news.example/2")),
    (EvidenceRow, "state", ("intact", "changed", "vanished")),
    (ArticleRow, "tier", ("reliable", "weak", None)),
    (ArticleRow, "published", (NOW, None)),
    (CallRow, "asked", ("stop", "pause")),
    (CallRow, "published", (True, False)),
    (CallRow, "date", DAYS),
    (CallTargetRow, "status", ("open", "ignored", "rejected")),
    (SourceRow, "last_ok", (NOW, None)),
    (RelationRow, "decided", (True, False)),
)


@pytest.mark.parametrize("seed", range(1))
def test_whatever_is_written_a_kept_page_is_as_one_made_anew(
    shared: tuple[Parts, Flask], database: Database, seed: int
) -> None:
    parts, client = shared[0], shared[1].test_client()
    parts.database, parts.now = database, Clock(NOW)
    chance = random.Random(seed)
    with database.transaction() as session:
        _begin(Ledger(session))
        facts.touch(session, NOW)
    for step in range(STEPS):
        with database.transaction() as session:
            said = [_change(session, chance, f"{step}-{n}") for n in range(chance.randint(1, 2))]
            facts.touch(session, NOW)
        told = {path: _ask(client, path) for path in PAGES}
        fresh = _made_anew(client)
        wrong = [path for path in PAGES if told[path] != fresh[path]]
        assert not wrong, f"after step {step} of seed {seed}: {said}"


def _begin(ledger: Ledger) -> None:
    made = fill(ledger)
    ledger.source("Feed", last_ok=NOW)
    ledger.stance("acme-again", made["acme"], date(2021, 3, 1), topic="dei", direction=-1)
    ledger.relation("acme-sells", "reverses", "acme-ends", decided=True)
    ledger.document("stance", "acme-ends", "Acme ends", "Acme ends it.", company="acme")


def _change(session: Session, chance: random.Random, name: str) -> str:
    """Something that anybody may write: a column, a new record, one less."""
    kind = chance.randrange(10)
    ledger = Ledger(session)
    companies = session.scalars(select(OrganisationRow.id).order_by(OrganisationRow.id)).all()[:2]
    company, day = chance.choice(companies), chance.choice(DAYS)
    if kind == 0:
        ledger.stance(f"new-{name}", company, day, level=chance.choice(LEVELS))
        ledger.span(company, chance.choice(WORDS), day, stance=f"new-{name}", brand=name)
    elif kind == 1:
        ledger.reaction(f"r-{name}", "Watchers", "demands", stance="acme-ends", about=company)
    elif kind == 2:
        of = chance.choice((ReactionRow, PositionSpanRow, LinkRow))
        id_ = chance.choice([*session.scalars(select(of.id).order_by(of.id)), None])
        with suppress(IntegrityError), session.begin_nested():  # others lean on it
            session.execute(delete(of).where(of.id == id_))
        name = f"{of.__tablename__} {id_}"
    elif kind == 3:
        was = {"kind": "former", "text": f"Old {name}", "until": day, "organisation_id": company}
        session.execute(insert(OrganisationNameRow).values(**was))
    elif kind == 4:
        session.merge(FactRow(name=outbox.HELD, value=chance.choice(("", name))))
    else:
        return _set(session, chance)
    return f"{kind} {name}"


def _set(session: Session, chance: random.Random) -> str:
    row, column, values = chance.choice(CHANGED)
    key = next(iter(row.__table__.primary_key))
    keys = session.scalars(select(key).order_by(key)).all()
    one, value = chance.choice([*keys, None]), chance.choice(values)
    if row is OrganisationRow and column == "name":
        value = f"{value} {one}"
    with suppress(IntegrityError), session.begin_nested():  # some days come before others
        session.execute(update(row).where(key == one).values({column: value}))
    return f"{row.__tablename__}.{column} of {one}: {value}"


def _ask(client: FlaskClient, path: str) -> tuple[int, bytes]:
    answer = client.get(path, base_url=BASE)
    return answer.status_code, answer.data


def _made_anew(client: FlaskClient) -> dict[str, tuple[int, bytes]]:
    """The pages as a process that has just begun makes them."""
    client.set_cookie("session", "for whom nothing is kept", domain="127.0.0.1")
    try:
        with _remembering_nothing():
            return {path: _ask(client, path) for path in PAGES}
    finally:
        client.delete_cookie("session", domain="127.0.0.1")


@contextmanager
def _remembering_nothing() -> Iterator[None]:
    every: tuple[MutableMapping[Any, Any], ...] = (
        remembered._kept,
        by_company._kept,
        span_rows._lines,
        stance_lines._drawn,
        timeline._lanes,
        fragments._kept,
    )
    before = [list(one.items()) for one in every]
    for one in every:
        one.clear()
    yield
    for one, items in zip(every, before, strict=True):
        one.clear()
        one.update(items)


def test_a_page_is_made_anew_where_what_it_read_can_no_longer_be_asked(
    shared: tuple[Parts, Flask], parts: Parts, filled: dict[str, int], writing: Writing
) -> None:
    client = shared[1].test_client()
    client.get("/c/acme", base_url=BASE)
    with writing() as ledger:
        ledger.session.execute(text("ALTER TABLE hosts RENAME TO guests"))
    assert client.get("/c/acme", base_url=BASE).status_code == 503


def test_a_page_is_kept_while_only_other_companies_change(
    shared: tuple[Parts, Flask], parts: Parts, filled: dict[str, int], writing: Writing
) -> None:
    client = shared[1].test_client()
    before = client.get("/c/acme", base_url=BASE)
    asked: list[str] = []

    @event.listens_for(parts.database.engine, "before_cursor_execute")
    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with writing() as ledger:
        day = datetime(2020, 6, 11, tzinfo=UTC).date()
        ledger.stance("globex-ends", filled["globex"], day)
        ledger.span(filled["globex"], "stopped", day, stance="globex-ends")
    asked.clear()
    after = client.get("/c/acme", base_url=BASE)
    assert not [one for one in asked if "FROM stances JOIN" in one], "nothing was made anew"
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]
    with writing() as ledger:
        ledger.reaction("r9", "Watchers", "welcomes", stance="acme-ends", about=filled["acme"])
    assert b"Watchers" in client.get("/c/acme", base_url=BASE).data
