"""Which reports tell of one event, how well it is attested, and what a reaction answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.flow.conftest import subscribe
from tests.flow.test_recording import FACES, Planned, announcement, editor, read_in, waiting
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import (
    Act,
    Disposition,
    Extent,
    Level,
    Novelty,
    PositionWord,
    Precision,
    QuoteField,
    ReactionKind,
    RelationKind,
    ReviewState,
    Track,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import FoundReaction, Reaction, Span, Stance, TopicCode
from tracker.pipeline import relations, review
from tracker.store import facts, history, positions, reactions, stances
from tracker.store.schema.ledger import RecordKind

LATER = "Microsoft put the sale of its face matching to police forces on hold this week."
AGAIN = "Until a law is passed, Microsoft will hold these sales back, a memo to its staff reads."
CHEERED = "The ACLU called it a step that other firms ought to weigh as well."
OTHER_TEXT = "\n\n".join(
    (LATER, AGAIN, CHEERED, "Shares of the firm were flat at noon in New York.")
)


def quoted(quote: str, text: str = OTHER_TEXT) -> Span:
    start = text.index(quote)
    return Span(QuoteField.TEXT, start, start + len(quote), quote)


def pausing(quote: str = LATER, **changes: Any) -> Any:
    values = {"span": quoted(quote), "act": Act.PAUSES, "date": date(2020, 6, 10)}
    return announcement(**{**values, **changes})


def welcome(**changes: Any) -> FoundReaction:
    found = FoundReaction(
        "ACLU",
        "advocacy_group",
        ReactionKind.WELCOMES,
        ("Microsoft",),
        quoted(CHEERED),
        0.9,
        Disposition.PUBLISH,
        FACES,
    )
    return replace(found, **changes)


@pytest.fixture
def planned() -> Planned:
    return Planned()


@pytest.fixture
def desk(make_app: Callable[..., App], planned: Planned) -> App:
    """An app with the register, the planned extractor, and a subscriber to Microsoft."""
    app = make_app(extract=planned)
    subscribe(app, "ben@ngo.example", company="microsoft")
    return app


def known(app: App) -> list[Stance]:
    with app.database.reading() as session:
        return stances.every(session)


def answers(app: App) -> list[Reaction]:
    with app.database.reading() as session:
        return reactions.every(session)


def test_what_may_be_an_old_event_waits_however_often_it_is_told(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement())
    read_in(desk)
    planned.claim(pausing(), pausing(AGAIN))
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    told_again = OTHER_TEXT + "\n\nA vote is due in the autumn, and both parties want it."
    planned.claim(pausing(span=quoted(AGAIN, told_again)))
    read_in(desk, "https://gazette.example/c", text=told_again)
    assert [stance.published for stance in known(desk)] == [True, False]
    assert "may be the same event" in waiting(desk)[0]
    assert len(mailbox.to("ben@ngo.example")) == 1
    same_event, record = (item.id for item in review.list_waiting(desk.database, 9))
    review.reject(desk.database, same_event, editor(desk))
    review.accept(desk.database, record, editor(desk))
    assert [stance.published for stance in known(desk)] == [True, True]


def test_two_articles_of_one_outlet_are_no_two_independent_reports(
    desk: App, planned: Planned
) -> None:
    planned.claim(announcement(speaker="Brad Smith"))
    read_in(desk)
    planned.claim(announcement(span=quoted(LATER), speaker="Brad Smith"))
    read_in(desk, "https://wire.example/b", text=OTHER_TEXT)
    assert [stance.level for stance in known(desk)] == [Level.REPORTED]


def test_two_outlets_confirm_what_a_named_speaker_said(desk: App, planned: Planned) -> None:
    planned.claim(announcement(speaker="Brad Smith"))
    read_in(desk)
    planned.claim(announcement(span=quoted(LATER), speaker="Brad Smith"))
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    assert [stance.level for stance in known(desk)] == [Level.CONFIRMED]


def test_a_month_covers_each_of_its_days(desk: App, planned: Planned, mailbox: Mailbox) -> None:
    planned.claim(announcement(date=date(2020, 5, 25)))
    read_in(desk)
    may = announcement(span=quoted(LATER), date=date(2020, 5, 1), precision=Precision.MONTH)
    planned.claim(may)
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    assert [stance.date for stance in known(desk)] == [date(2020, 5, 25)]
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_what_a_person_rejected_is_not_asked_again(desk: App, planned: Planned) -> None:
    planned.claim(welcome(disposition=Disposition.REVIEW, span=quoted(CHEERED)))
    read_in(desk, text=OTHER_TEXT)
    assert len(waiting(desk)) == 1
    review.reject(desk.database, 1, editor(desk))
    planned.claim(welcome())
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    assert waiting(desk) == []
    assert [(r.review_state, r.published) for r in answers(desk)] == [(ReviewState.REJECTED, False)]


def test_a_reaction_on_another_matter_answers_no_stance(desk: App, planned: Planned) -> None:
    unions = TopicCode("unions")
    planned.claim(pausing(), welcome(topic=unions))
    read_in(desk, text=OTHER_TEXT)
    [answer] = answers(desk)
    assert (answer.stance, answer.topic, bool(answer.practice)) == (None, unions, True)


def test_a_reaction_answers_the_news_and_not_its_background(desk: App, planned: Planned) -> None:
    planned.claim(announcement(date=date(2020, 5, 11)))
    read_in(desk)
    old = announcement(span=quoted(AGAIN), date=date(2020, 5, 11), novelty=Novelty.BACKGROUND)
    planned.claim(old, pausing(), welcome())
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    [_, news] = known(desk)
    assert [answer.stance for answer in answers(desk)] == [news.id]


def test_a_reaction_does_not_answer_what_a_month_long_past_saw(desk: App, planned: Planned) -> None:
    planned.claim(announcement(date=date(2019, 10, 1), precision=Precision.MONTH))
    read_in(desk)
    planned.claim(welcome())
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    assert [answer.stance for answer in answers(desk)] == [None]


def test_a_reaction_does_not_answer_what_a_person_rejected(desk: App, planned: Planned) -> None:
    planned.claim(announcement(disposition=Disposition.REVIEW))
    read_in(desk)
    review.reject(desk.database, 1, editor(desk))
    planned.claim(welcome())
    read_in(desk, "https://paper.example/b", text=OTHER_TEXT)
    assert [answer.stance for answer in answers(desk)] == [None]


def test_a_stance_told_twice_in_one_article_is_settled_once(desk: App, planned: Planned) -> None:
    planned.claim(pausing(disposition=Disposition.REVIEW), pausing(AGAIN))
    read_in(desk, text=OTHER_TEXT)
    [stance] = known(desk)
    with desk.database.reading() as session:
        steps = [step.action for step in history.of(session, RecordKind.STANCE, stance.id)]
    assert steps == ["recorded", "evidence added", "published"]
    assert waiting(desk) == []


def test_what_anybody_wrote_on_the_site_of_a_company_is_not_its_word(
    desk: App, planned: Planned
) -> None:
    planned.claim(pausing(company="Reddit"))
    read_in(desk, "https://reddit.com/r/privacy/comments/1", tier=None, text=OTHER_TEXT)
    assert [(s.level, s.published) for s in known(desk)] == [(Level.UNCONFIRMED, False)]


def test_a_page_of_the_company_itself_confirms(desk: App, planned: Planned) -> None:
    planned.claim(pausing())
    read_in(desk, "https://blogs.microsoft.com/a", tier=None, text=OTHER_TEXT)
    assert [(s.level, s.published) for s in known(desk)] == [(Level.CONFIRMED, True)]


def test_a_deed_counts_from_the_day_on_which_it_takes_effect(
    desk: App, planned: Planned, clock: Clock
) -> None:
    begins = date(2020, 6, 20)
    planned.claim(pausing(act=Act.ENDS, effective_date=begins, extent=Extent.FULL, direction=3))
    read_in(desk, text=OTHER_TEXT)

    def deeds() -> list[PositionWord]:
        with desk.database.reading() as session:
            spans = positions.of_companies(session, ["microsoft"])
        return [span.word for span in spans if span.track is Track.DOES]

    desk.turn_day()
    assert deeds() == []
    clock.advance(days=11)
    desk.turn_day()
    assert deeds() == [PositionWord.STOPPED]


def test_a_day_is_turned_once(desk: App, planned: Planned, clock: Clock) -> None:
    def version() -> str | None:
        with desk.database.reading() as session:
            return facts.fact(session, "data_version")

    planned.claim(pausing(term="until 2020-06-12"))
    read_in(desk, text=OTHER_TEXT)
    desk.turn_day()
    before = version()
    clock.advance(hours=1)
    desk.turn_day()
    assert version() == before
    clock.advance(days=4)
    desk.turn_day()
    assert version() != before


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({"topic": "faces"}, "'faces' is no topic"),
        ({"novelty": ""}, "novelty: '' is not one of new, background"),
        ({"modality": ""}, "modality: '' is not one of"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(
    desk: App, planned: Planned, edits: dict[str, str], words: str
) -> None:
    planned.claim(pausing(disposition=Disposition.REVIEW))
    read_in(desk, text=OTHER_TEXT)
    with pytest.raises(UsageError, match=words):
        review.accept(desk.database, 1, editor(desk), edits)
    assert [stance.published for stance in known(desk)] == [False]


def test_a_stance_does_not_reverse_itself(desk: App, planned: Planned) -> None:
    planned.claim(pausing())
    read_in(desk, text=OTHER_TEXT)
    [stance] = known(desk)
    with pytest.raises(UsageError, match="two different stances"):
        relations.decide_relation(
            desk.database, stance.id, RelationKind.REVERSES, stance.id, editor(desk)
        )
