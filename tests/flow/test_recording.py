"""What becomes of findings: shown, joined, put before a person, or set aside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.flow.conftest import add_source, subscribe
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tests.parts.site import Site
from tracker.app import App
from tracker.domain.codes import (
    Act,
    AlertState,
    CallStatus,
    Disposition,
    Level,
    Novelty,
    QuoteField,
    ReactionKind,
    ReviewState,
    Tier,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import (
    Announcement,
    Document,
    Findings,
    FoundCall,
    FoundReaction,
    Page,
    Registry,
    Span,
    TopicCode,
)
from tracker.pipeline import review
from tracker.pipeline.read import keep_page
from tracker.pipeline.review import Editor
from tracker.store import calls, evidence, history, reactions, reviews, stances
from tracker.store.schema import AlertRow, FindingRow
from tracker.store.schema.ledger import RecordKind

FACES = TopicCode("facial_recognition")
FIRST = "Microsoft said on Tuesday that it will not sell face recognition to police."
SECOND = "The company also opened its list of police customers to the public."
THIRD = "The ACLU said the step was welcome and asked Amazon to take it as well."
TEXT = "\n\n".join((FIRST, SECOND, THIRD, "The weather in the city was mild for the season."))
DAY = date(2020, 6, 9)


def span(quote: str) -> Span:
    start = TEXT.find(quote)
    return Span(QuoteField.TEXT, start, start + len(quote), quote)


def announcement(quote: str = FIRST, **changes: Any) -> Announcement:
    values: dict[str, Any] = {
        "company": "Microsoft",
        "topic": FACES,
        "act": Act.RESTRICTS,
        "span": span(quote),
        "confidence": 0.9,
        "disposition": Disposition.PUBLISH,
        "direction": 2,
        "date": DAY,
    }
    return Announcement(**{**values, **changes})


@dataclass
class Planned:
    """An extractor that claims what a test planned."""

    findings: Findings = field(default_factory=lambda: Findings("planned 1"))
    version: str = "planned 1"
    asked: list[str] = field(default_factory=list)

    def __call__(self, document: Document, registry: Registry) -> Findings:
        self.asked.append(document.title)
        return self.findings

    def claim(self, *found: Announcement | FoundReaction | FoundCall) -> None:
        self.findings = Findings(
            self.version,
            tuple(f for f in found if isinstance(f, Announcement)),
            tuple(f for f in found if isinstance(f, FoundReaction)),
            tuple(f for f in found if isinstance(f, FoundCall)),
        )


@pytest.fixture
def planned() -> Planned:
    return Planned()


@pytest.fixture
def desk(make_app: Callable[..., App], planned: Planned) -> App:
    """An app with the register, the planned extractor, and a subscriber to Microsoft."""
    app = make_app(extract=planned)
    subscribe(app, "ben@ngo.example", company="microsoft")
    return app


def read_in(
    app: App,
    url: str = "https://wire.example/a",
    tier: Tier | None = Tier.RELIABLE,
    published: datetime | None = datetime(2020, 6, 9, 15, tzinfo=UTC),
    text: str = TEXT,
) -> None:
    """Store an article as reading does, analyse it, and send what is owed."""
    with app.database.transaction() as session:
        page = Page(url, "Police lose a tool", text, "en", published)
        keep_page(session, page, source=None, taken_from="page", now=app.now(), tier=tier)
    app.analyse(100)
    app.deliver()


def editor(app: App) -> Editor:
    return Editor("eva", app.now(), app.mail_domain, "read it")


def waiting(app: App) -> list[str]:
    return [item.reason for item in review.list_waiting(app.database, 50)]


def outcomes(app: App) -> list[str]:
    with app.database.reading() as session:
        return [row.outcome for row in session.query(FindingRow).order_by(FindingRow.id)]


def test_a_sure_finding_of_a_reliable_source_is_shown_and_told(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement())
    read_in(desk)
    with desk.database.reading() as session:
        [stance] = stances.every(session)
        steps = [step.action for step in history.of(session, RecordKind.STANCE, stance.id)]
    assert (stance.published, stance.level) == (True, Level.REPORTED)
    assert stance.id == "microsoft-2020-06-09-restricts-facial-recognition"
    assert steps == ["recorded", "published"]
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_overlapping_wishes_bring_one_mail(desk: App, planned: Planned, mailbox: Mailbox) -> None:
    subscribe(desk, "ben@ngo.example", topic="facial_recognition")
    subscribe(desk, "ben@ngo.example")
    planned.claim(announcement())
    read_in(desk)
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_a_quote_that_does_not_stand_in_the_text_founds_nothing(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    invented = Span(QuoteField.TEXT, 0, 9, "Microsoft ended everything at once.")
    planned.claim(announcement(span=invented))
    read_in(desk)
    assert outcomes(desk) == ["unlocated"]
    with desk.database.reading() as session:
        assert stances.every(session) == []
    assert mailbox.messages == []


def test_a_company_that_nobody_knows_is_asked_about(desk: App, planned: Planned) -> None:
    planned.claim(announcement(company="Nobody Ever Heard Of"))
    read_in(desk)
    assert outcomes(desk) == ["unknown_name"]
    assert "not in the register" in waiting(desk)[0]
    with pytest.raises(UsageError, match="register does not know"):
        review.accept(desk.database, 1, editor(desk))


def test_two_acts_of_one_reading_stay_two(desk: App, planned: Planned) -> None:
    planned.claim(announcement(), announcement(SECOND, act=Act.DISCLOSES, direction=1))
    read_in(desk)
    with desk.database.reading() as session:
        assert {s.act for s in stances.every(session)} == {Act.RESTRICTS, Act.DISCLOSES}


def test_background_that_matches_nothing_is_set_aside(desk: App, planned: Planned) -> None:
    planned.claim(announcement(novelty=Novelty.BACKGROUND, date=date(2018, 1, 1)))
    read_in(desk)
    assert outcomes(desk) == ["set_aside"]


def test_an_unsure_finding_waits_and_is_told_once_it_is_accepted(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement(disposition=Disposition.REVIEW))
    read_in(desk)
    assert mailbox.messages == []
    assert waiting(desk) == ["the reading of the article is not sure"]
    assert review.accept(desk.database, 1, editor(desk)) == 1
    desk.deliver()
    assert len(mailbox.to("ben@ngo.example")) == 1
    assert waiting(desk) == []
    with pytest.raises(UsageError, match="is decided: accepted by eva"):
        review.accept(desk.database, 1, editor(desk))


def test_a_person_may_correct_before_accepting(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement(disposition=Disposition.REVIEW))
    read_in(desk)
    with pytest.raises(UsageError, match="one of ends, pauses"):
        review.accept(desk.database, 1, editor(desk), {"act": "stops"})
    review.accept(desk.database, 1, editor(desk), {"act": "pauses", "date": "2020-06-08"})
    with desk.database.reading() as session:
        [stance] = stances.every(session)
        [step] = [
            s for s in history.of(session, RecordKind.STANCE, stance.id) if s.action == "edited"
        ]
    assert (stance.act, stance.date) == (Act.PAUSES, date(2020, 6, 8))
    assert (stance.review_state, stance.published) == (ReviewState.EDITED, True)
    assert step.by == "eva"
    assert step.change["act"] == ["restricts", "pauses"]


def test_a_rejected_record_is_not_shown(desk: App, planned: Planned, mailbox: Mailbox) -> None:
    planned.claim(announcement(disposition=Disposition.REVIEW))
    read_in(desk)
    review.reject(desk.database, 1, editor(desk))
    desk.deliver()
    with desk.database.reading() as session:
        [stance] = stances.every(session)
    assert (stance.published, stance.review_state) == (False, ReviewState.REJECTED)
    assert mailbox.messages == []


def test_a_walk_back_waits_whatever_the_source(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement(act=Act.WALKS_BACK, direction=-2))
    read_in(desk)
    assert mailbox.messages == []
    assert "a person always sees walks back first" in waiting(desk)[0]


@pytest.mark.parametrize("tier", [None, Tier.WEAK])
def test_a_source_that_nobody_vouches_for_waits(
    desk: App, planned: Planned, mailbox: Mailbox, tier: Tier | None
) -> None:
    planned.claim(announcement())
    read_in(desk, tier=tier)
    with desk.database.reading() as session:
        [stance] = stances.every(session)
    assert (stance.published, stance.level) == (False, Level.UNCONFIRMED)
    assert mailbox.messages == []


def test_a_reliable_report_lifts_what_a_weak_one_began(
    desk: App, planned: Planned, mailbox: Mailbox
) -> None:
    planned.claim(announcement())
    read_in(desk, tier=Tier.WEAK)
    read_in(desk, "https://paper.example/b", text=TEXT + "\n\nMore was to come.")
    with desk.database.reading() as session:
        [stance] = stances.every(session)
        pages = evidence.pages_of(session, RecordKind.STANCE, stance.id)
    assert (stance.published, stance.level, len(pages)) == (True, Level.REPORTED, 2)
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_old_news_is_shown_and_mailed_to_nobody(
    desk: App, planned: Planned, clock: Clock, mailbox: Mailbox
) -> None:
    clock.advance(days=30)
    planned.claim(announcement())
    read_in(desk)
    with desk.database.reading() as session:
        [stance] = stances.every(session)
    assert stance.published
    assert mailbox.messages == []


def test_what_was_withdrawn_before_it_was_sent_is_not_sent(
    desk: App, planned: Planned, mailbox: Mailbox, clock: Clock
) -> None:
    planned.claim(announcement())
    with desk.database.transaction() as session:
        page = Page("https://wire.example/a", "t", TEXT, "en", clock.now - timedelta(hours=1))
        keep_page(session, page, source=None, taken_from="page", now=clock.now, tier=Tier.RELIABLE)
    desk.analyse(10)
    with desk.database.transaction() as session:
        reviews.ask(session, RecordKind.STANCE, only_stance(desk), ["checked late"], {}, clock.now)
    review.reject(desk.database, 1, editor(desk))
    desk.deliver()
    assert mailbox.messages == []
    with desk.database.reading() as session:
        assert [a.state for a in session.query(AlertRow)] == [AlertState.WITHDRAWN_BEFORE_SEND]


def only_stance(app: App) -> str:
    with app.database.reading() as session:
        [stance] = stances.every(session)
    return stance.id


def test_reactions_and_calls_are_linked(desk: App, planned: Planned) -> None:
    reaction = FoundReaction(
        "ACLU",
        "advocacy_group",
        ReactionKind.WELCOMES,
        ("Microsoft",),
        span(THIRD),
        0.9,
        Disposition.PUBLISH,
        FACES,
    )
    call = FoundCall(
        "ACLU",
        "advocacy_group",
        ("Amazon", "Nobody Ever Heard Of"),
        "take it as well",
        span(THIRD),
        0.9,
        Disposition.PUBLISH,
        topic=FACES,
    )
    planned.claim(announcement(), reaction, call)
    read_in(desk)
    read_in(desk, "https://paper.example/b", text=TEXT + "\n\nMore was to come.")
    with desk.database.reading() as session:
        [told], [asked] = reactions.every(session), calls.every(session)
    assert (told.stance, told.published) == (only_stance(desk), True)
    assert [(t.company, t.now.status) for t in asked.targets] == [("amazon", CallStatus.OPEN)]
    assert "Nobody Ever Heard Of" in (asked.note or "")
    assert asked.published
    for record in (told.id, asked.id):
        review.amend(desk.database, record, {"topic": "police_tech"}, editor(desk))
    with desk.database.reading() as session:
        assert {one.topic for one in reactions.every(session)} == {"police_tech"}
        assert {one.topics for one in calls.every(session)} == {("police_tech",)}


def test_a_bug_in_the_extractor_sets_one_article_aside_and_no_other(
    desk: App, site: Site, planned: Planned, clock: Clock, mailbox: Mailbox
) -> None:
    class Breaks(Planned):
        def __call__(self, document: Document, registry: Registry) -> Findings:
            if "poison" in document.text:
                raise RuntimeError("a bug")
            return super().__call__(document, registry)

    broken = Breaks()
    broken.claim(announcement())
    desk.__dict__["extract"] = broken
    read_in(desk, "https://wire.example/poison", text="poison " * 40)
    read_in(desk)
    assert len(mailbox.to("ben@ngo.example")) == 1
    for _ in range(3):
        clock.advance(hours=1)
        tally = desk.analyse(100)
    assert tally.done == 0, "after three tries it is set aside"


def test_a_source_may_be_added_twice(app: App, site: Site) -> None:
    url = site.put("/feed", "<rss version='2.0'><channel><title>x</title></channel></rss>")
    add_source(app, url)
    add_source(app, url)
    assert app.poll(10)["sources"] == 1
