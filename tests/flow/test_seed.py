"""The founding case, from the bytes of a feed to a subscriber's inbox (product.md)."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.flow.conftest import FEED, TITLE, add_source, page, run, subscribe
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import Act, CallStatus, Level, PositionWord, ReactionKind
from tracker.pipeline.catalog import load_starter
from tracker.store import calls, evidence, positions, reactions, stances

SHARED = Path(os.environ.get("STANCE_TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
SEED = SHARED / "corpus" / "seed"


def told(app: App) -> list[tuple[str, Act, str, date]]:
    with app.database.reading() as session:
        return [(s.company, s.act, s.topic, s.date) for s in stances.every(session)]


EXPECTED = [
    ("ibm", Act.ENDS, "facial_recognition", date(2020, 6, 8)),
    ("ibm", Act.SUPPORTS_REGULATION, "police_tech", date(2020, 6, 8)),
]


def test_the_founding_story_becomes_two_stances_a_reaction_and_a_call(watching: App) -> None:
    run(watching)
    assert sorted(told(watching)) == sorted(EXPECTED)
    with watching.database.reading() as session:
        [reaction] = reactions.every(session)
        [call] = calls.every(session)
        ends = next(s for s in stances.every(session) if s.act is Act.ENDS)
    assert (reaction.actor, reaction.reaction) == ("aclu", ReactionKind.WELCOMES)
    assert (reaction.about, reaction.stance) == (("ibm",), ends.id)
    assert call.callers == ("ACLU",)
    assert [(t.company, t.now.status) for t in call.targets] == [
        ("amazon", CallStatus.OPEN),
        ("microsoft", CallStatus.OPEN),
    ]
    assert ends.scope == "facial recognition software business"
    assert ends.speaker == "Arvind Krishna"
    assert (ends.level, ends.published) == (Level.REPORTED, True)


def test_the_position_follows(watching: App) -> None:
    run(watching)
    with watching.database.reading() as session:
        words = {(s.track, s.word, s.since) for s in positions.of_companies(session, ["ibm"])}
    assert {word for _, word, _ in words} == {PositionWord.STOPPED}
    assert {since for _, _, since in words} == {date(2020, 6, 8)}


def test_every_quote_stands_in_its_snapshot(watching: App) -> None:
    run(watching)
    with watching.database.reading() as session:
        checked = list(evidence.check_all(session))
        assert evidence.without_proof(session) == []
    assert len(checked) >= 4
    assert all(one.holds for one in checked)


def test_one_mail_for_each_stance_says_that_it_is_reported(watching: App, mailbox: Mailbox) -> None:
    run(watching)
    subjects = sorted(str(mail["Subject"]) for mail in mailbox.to("ana@ngo.example"))
    assert len(subjects) == 2
    assert subjects[0].startswith("IBM on facial recognition")
    assert all("reported" in subject for subject in subjects)
    body = mailbox.to("ana@ngo.example")[0].get_body(("plain",)).get_content()
    assert "getting out of the facial recognition software business" in " ".join(body.split())


def test_the_same_feed_again_brings_nothing_new(
    watching: App, clock: Clock, mailbox: Mailbox
) -> None:
    run(watching)
    before = (told(watching), len(mailbox.messages))
    clock.advance(days=1)
    run(watching)
    assert (told(watching), len(mailbox.messages)) == before


def test_the_story_from_a_second_outlet_adds_evidence_and_no_mail(
    watching: App, clock: Clock, mailbox: Mailbox
) -> None:
    run(watching)
    sent = len(mailbox.messages)
    with Site("127.0.0.2") as other:
        other.put("/ibm-again?utm_source=rss", page(), headers={"Content-Type": "text/html"})
        add_source(watching, other.put("/feed", FEED.format(title=TITLE, path="/ibm-again")))
        clock.advance(hours=5)
        run(watching)
    assert sorted(told(watching)) == sorted(EXPECTED)
    assert len(mailbox.messages) == sent
    with watching.database.reading() as session:
        urls = {one.url for one in evidence.check_all(session)}
    assert len(urls) == 2


def test_with_the_starter_history_the_article_adds_its_quotes_and_mails_nobody(
    watching: App, mailbox: Mailbox
) -> None:
    load_starter(watching.database, watching.now(), with_history=True)
    before = told(watching)
    run(watching)
    assert told(watching) == before
    assert mailbox.messages == []
    with watching.database.reading() as session:
        quoted = {one.record for one in evidence.check_all(session)}
    assert {"ibm-2020-06-08-fr-exit", "ibm-2020-06-08-jpa", "c020", "r001"} <= quoted


@pytest.mark.skipif(not SEED.is_dir(), reason="the founding article is not at hand")
@pytest.mark.parametrize("with_history", [False, True])
def test_the_founding_article_itself(
    make_app: Callable[..., App], site: Site, mailbox: Mailbox, with_history: bool
) -> None:
    app = make_app()
    if with_history:
        load_starter(app.database, app.now(), with_history=True)
    before = told(app)
    url = site.put(
        "/story", (SEED / "page.html").read_bytes(), headers={"Content-Type": "text/html"}
    )
    add_source(app, site.put("/feed", (SEED / "feed.xml").read_text().replace("PAGE_URL", url)))
    subscribe(app, "ana@ngo.example", company="ibm")
    run(app)
    if with_history:
        assert (told(app), mailbox.messages) == (before, [])
        return
    assert sorted(told(app)) == sorted(EXPECTED)
    assert len(mailbox.messages) == 2
    with app.database.reading() as session:
        assert [r.actor for r in reactions.every(session) if r.reaction != "neutral"] == ["aclu"]
        [call] = calls.every(session)
        assert [t.company for t in call.targets] == ["amazon", "microsoft"]


def test_a_register_without_history_stays_without_it(app: App) -> None:
    load_starter(app.database, app.now(), with_history=None)
    assert told(app) == []
    load_starter(app.database, app.now(), with_history=True)
    assert len(told(app)) > 200
