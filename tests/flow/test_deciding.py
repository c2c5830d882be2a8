"""What rules suppose is decided by a person: relations, terms, unknown names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.flow.conftest import subscribe
from tests.flow.desk import FACES, Reader, editor, known, tell, waiting
from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.app import App
from tracker.domain.codes import (
    Act,
    Authority,
    ChangeKind,
    Extent,
    OrganisationKind,
    Question,
    RelationKind,
    Track,
)
from tracker.domain.errors import UsageError
from tracker.domain.model import Organisation, PositionSpan, StanceId
from tracker.pipeline import relations, review
from tracker.pipeline.registering import add_organisation
from tracker.store import history, positions, stances
from tracker.store.schema.ledger import RecordKind
from tracker.store.views import event
from tracker.store.views.records import Lens

END = "Microsoft said on Tuesday that it will no longer sell face recognition to anybody."
GOES_ON = "Microsoft said on Tuesday that selling face recognition is right and goes on."
UNTIL_LAW = "until a national law governs it"
ENDED: dict[str, object] = {"speaker": "Ada Lund"}
DEFENCE: dict[str, object] = {"act": Act.DEFENDS, "direction": -1, "date": date(2020, 6, 16)}


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(make_app: Callable[..., App], reader: Reader) -> App:
    app = make_app(extract=reader)
    subscribe(app, "ben@ngo.example", company="microsoft")
    return app


@pytest.fixture
def defended(desk: App, reader: Reader, clock: Clock) -> App:
    """The company ended a practice, and defends it a week later."""
    tell(desk, reader, "https://wire.example/a", END, ENDED)
    clock.now += timedelta(days=7)
    day = datetime(2020, 6, 16, 12, tzinfo=UTC)
    tell(desk, reader, "https://wire.example/b", GOES_ON, DEFENCE, published=day)
    return desk


def words(app: App, company: str = "microsoft") -> dict[Track, PositionSpan]:
    with app.database.reading() as session:
        spans = positions.of_companies(session, [company])
    return {span.track: span for span in spans if span.until is None}


def actions(app: App, record: str) -> list[str]:
    with app.database.reading() as session:
        return [step.action for step in history.of(session, RecordKind.STANCE, record)]


def test_a_supposed_contradiction_waits_and_shows_nowhere(defended: App, mailbox: Mailbox) -> None:
    [asked] = waiting(defended)
    end, defence = known(defended)
    assert (asked.question, asked.record, asked.about) == (Question.RELATION, defence.id, end.id)
    assert asked.proposed == {"kind": "contradicts", "to": end.id}
    assert {span.word for span in words(defended).values()} == {"stopped"}
    with defended.database.reading() as session:
        lens = Lens(defended.now().date())
        shown = event.read(session, defence.id, lens, defended.now())
        assert shown is not None
        assert shown.relations == ()
        assert not shown.stance.breaks_promise
    assert len(mailbox.to("ben@ngo.example")) == 2


def test_a_decided_contradiction_moves_the_deeds_and_is_told_once(
    defended: App, mailbox: Mailbox
) -> None:
    [asked] = waiting(defended)
    assert review.accept(defended.database, asked.id, editor(defended, "both are on record")) == 1
    defended.deliver()
    span = words(defended)[Track.DOES]
    assert (span.word, span.change) == ("continues", ChangeKind.CONTRADICTED)
    assert words(defended)[Track.SAYS].word == "stopped"
    assert len(mailbox.to("ben@ngo.example")) == 3
    assert "Stopped → Continues" in str(mailbox.to("ben@ngo.example")[-1]["Subject"])
    end, defence = known(defended)
    assert "relation decided" in actions(defended, end.id)
    assert "relation decided" in actions(defended, defence.id)
    kind = RelationKind.CONTRADICTS
    again = relations.decide_relation(defended.database, defence.id, kind, end.id, editor(defended))
    assert again == 0
    assert waiting(defended) == []


def test_a_refused_contradiction_is_never_supposed_again(
    defended: App, reader: Reader, mailbox: Mailbox
) -> None:
    [asked] = waiting(defended)
    review.reject(defended.database, asked.id, editor(defended, "another product"))
    assert {span.word for span in words(defended).values()} == {"stopped"}
    tell(defended, reader, "https://other.example/c", GOES_ON, DEFENCE)
    assert waiting(defended) == []
    with defended.database.reading() as session:
        assert stances.relations_among(session) == []
    assert len(mailbox.to("ben@ngo.example")) == 2


def test_proposals_do_not_depend_on_which_report_came_first(desk: App, reader: Reader) -> None:
    tell(desk, reader, "https://wire.example/b", GOES_ON, DEFENCE)
    assert waiting(desk) == []
    tell(desk, reader, "https://wire.example/a", END, ENDED)
    [asked] = waiting(desk)
    end, defence = known(desk)
    assert (asked.record, asked.about) == (defence.id, end.id)


def test_a_rejected_stance_stands_in_no_relation(desk: App, reader: Reader) -> None:
    tell(desk, reader, "https://wire.example/a", END, ENDED)
    back = {"act": Act.WALKS_BACK, "direction": -3, "date": date(2020, 6, 16)}
    tell(desk, reader, "https://wire.example/b", GOES_ON, back)
    record = next(one for one in waiting(desk) if one.question is Question.RECORD)
    assert {one.question for one in waiting(desk)} == {Question.RECORD, Question.RELATION}
    review.reject(desk.database, record.id, editor(desk, "satire"))
    assert waiting(desk) == []
    with desk.database.reading() as session:
        assert stances.relations_among(session) == []


def test_a_yes_or_no_question_cannot_be_edited(defended: App) -> None:
    [asked] = waiting(defended)
    with pytest.raises(UsageError, match="asks yes or no"):
        review.accept(defended.database, asked.id, editor(defended), {"act": "ends"})


# --- terms ---------------------------------------------------------------------------------------

YEAR: dict[str, object] = {"act": Act.PAUSES, "extent": "full", "term": "until 2020-06-30"}


def test_what_ran_out_is_unclear_and_told_once_a_person_confirms(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    tell(desk, reader, "https://wire.example/a", END, YEAR)
    desk.turn_day()
    assert {span.word for span in words(desk).values()} == {"paused"}
    clock.now = datetime(2020, 7, 1, 9, tzinfo=UTC)
    for _ in range(2):
        desk.turn_day()
        desk.deliver()
    assert {span.word for span in words(desk).values()} == {"unclear"}
    assert len(mailbox.to("ben@ngo.example")) == 1
    [asked] = waiting(desk)
    assert (asked.question, asked.about) == (Question.EXPIRED, "2020-07-01")
    assert review.accept(desk.database, asked.id, editor(desk)) == 1
    desk.deliver()
    subject = str(mailbox.to("ben@ngo.example")[-1]["Subject"])
    assert "(says and does): Paused → Unclear" in subject
    clock.now += timedelta(days=1)
    desk.turn_day()
    assert waiting(desk) == []


def test_an_end_that_a_person_refuses_is_told_to_nobody(
    desk: App, reader: Reader, clock: Clock, mailbox: Mailbox
) -> None:
    tell(desk, reader, "https://wire.example/a", END, YEAR)
    desk.turn_day()
    clock.now = datetime(2020, 7, 1, 9, tzinfo=UTC)
    desk.turn_day()
    [asked] = waiting(desk)
    review.reject(desk.database, asked.id, editor(desk, "it was extended"))
    desk.deliver()
    assert len(mailbox.to("ben@ngo.example")) == 1


def test_a_condition_is_asked_about_twice_a_year_and_ends_the_term_when_met(
    desk: App, reader: Reader, clock: Clock
) -> None:
    until = {**YEAR, "term": "until a federal law is in force"}
    tell(desk, reader, "https://wire.example/a", END, until)
    desk.turn_day()
    assert waiting(desk) == []
    clock.now += timedelta(days=181)
    desk.turn_day()
    [asked] = waiting(desk)
    assert asked.question is Question.CONDITION
    review.reject(desk.database, asked.id, editor(desk))
    clock.now += timedelta(days=1)
    desk.turn_day()
    assert waiting(desk) == []
    clock.now += timedelta(days=180)
    desk.turn_day()
    [asked] = waiting(desk)
    review.accept(desk.database, asked.id, editor(desk, "the law is in force"))
    clock.now += timedelta(days=1)
    desk.turn_day()
    assert {span.word for span in words(desk).values()} == {"unclear"}


# --- names ---------------------------------------------------------------------------------------

ACME: dict[str, object] = {"company": "Acme Vision"}


def test_an_article_that_names_the_condition_raises_it_and_decides_nothing(
    desk: App, reader: Reader, clock: Clock
) -> None:
    pause = "Microsoft pauses sales of face recognition until a national law governs it."
    tell(
        desk,
        reader,
        "https://wire.example/a",
        pause,
        {"act": Act.PAUSES, "direction": 2, "extent": Extent.FULL, "term": UNTIL_LAW},
    )
    [pauses] = known(desk)
    law = "Lawmakers passed a national law that governs facial recognition, Microsoft noted."
    tell(desk, reader, "https://wire.example/b", f"{pause} Again.")
    assert waiting(desk) == []  # reports of the promise itself
    clock.advance(days=20)
    later = clock()
    for page, text in (
        ("c", "Microsoft opened an office in a national park."),
        ("d", law),
        ("e", f"{law} A second paper has it."),
    ):
        tell(desk, reader, f"https://wire.example/{page}", text, published=later)
    [asked] = waiting(desk)
    assert (asked.question, asked.record) == (Question.CONDITION, pauses.id)
    assert asked.proposed["article"] == "https://wire.example/d"
    assert asked.proposed["sentence"] == law
    assert words(desk)[Track.SAYS].word == "paused"
    review.accept(desk.database, asked.id, editor(desk))
    assert actions(desk, pauses.id)[-2:] == ["condition named", "condition met"]
    clock.advance(days=1)
    desk.turn_day()
    assert words(desk)[Track.SAYS].word == "unclear"


def test_an_unknown_company_can_be_entered_and_its_article_is_read_again(
    desk: App, reader: Reader, mailbox: Mailbox
) -> None:
    tell(desk, reader, "https://wire.example/a", END, ACME)
    tell(desk, reader, "https://other.example/b", END, ACME)
    asked, _ = waiting(desk)
    with pytest.raises(UsageError, match="--as company"):
        review.accept(desk.database, asked.id, editor(desk))
    new = Organisation("", "", OrganisationKind.COMPANY)
    added = review.accept_name(desk.database, asked.id, new, editor(desk))
    assert (added.slug, added.articles) == ("acme-vision", 2)
    assert waiting(desk) == []
    desk.analyse(100)
    [stance] = known(desk)
    assert (stance.company, stance.published) == ("acme-vision", True)
    assert [kind for kind, _ in review.history_of(desk.database, "acme-vision")] == ["organisation"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slug": "ibm"}, "give another one with --slug"),
        ({"name": "ibm"}, "is a name of ibm already"),
        ({"name": "☂"}, "give one with --slug"),
        ({"domain": "not a host"}, "is no host name"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(
    desk: App, changes: dict[str, str], message: str
) -> None:
    values = {"slug": "", "name": "Acme Vision", "kind": OrganisationKind.COMPANY, **changes}
    with pytest.raises(UsageError, match=message):
        add_organisation(desk.database, Organisation(**values), "ana", desk.now())  # type: ignore[arg-type]


def test_a_pledge_of_several_companies_is_told_once(
    desk: App, reader: Reader, mailbox: Mailbox
) -> None:
    subscribe(desk, "eva@ngo.example", topic="facial_recognition")
    both = "Microsoft and IBM pledged together never to sell face recognition to the police."
    pledge = {"act": Act.COMMITS}
    tell(desk, reader, "https://wire.example/a", both, pledge, {**pledge, "company": "IBM"})
    one, other = known(desk)
    assert one.joint_id == other.joint_id is not None
    assert len(mailbox.to("eva@ngo.example")) == 1
    more = "Amazon joined Microsoft and IBM in their pledge on face recognition, they said."
    tell(
        desk,
        reader,
        "https://other.example/b",
        more,
        *({**pledge, "company": name} for name in ("Microsoft", "IBM", "Amazon")),
    )
    assert len({stance.joint_id for stance in known(desk)}) == 1
    assert len(known(desk)) == 3
    assert len(mailbox.to("eva@ngo.example")) == 1


def test_a_leaked_contract_waits_for_its_contradiction(desk: App, reader: Reader) -> None:
    tell(desk, reader, "https://wire.example/a", END, {**ENDED, "date": date(2020, 6, 1)})
    leaked = "A contract notice shows that Microsoft sells face recognition to a ministry."
    deal = {
        "act": Act.LAUNCHES,
        "direction": -2,
        "authority": Authority.FILING,
        "date": date(2020, 6, 9),
    }
    tell(desk, reader, "https://wire.example/b", leaked, deal)
    now = words(desk)
    assert (now[Track.SAYS].word, now[Track.DOES].word) == ("stopped", "continues")
    assert now[Track.DOES].change is ChangeKind.WEAKENED
    [asked] = waiting(desk)
    assert asked.proposed["kind"] == "contradicts"
    review.accept(desk.database, asked.id, editor(desk))
    assert words(desk)[Track.DOES].change is ChangeKind.CONTRADICTED
    assert words(desk)[Track.DOES].topic == FACES
    assert StanceId(asked.about or "") in words(desk)[Track.SAYS].rests_on
