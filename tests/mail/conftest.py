"""A small world that mails can be about: companies, topics, stances, subscribers."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.parts.clock import Clock
from tests.parts.mailbox import Mailbox
from tracker.domain.alerting import Change, change_key
from tracker.domain.codes import Act, ChangeKind, Level, PositionWord, TopicKind, Track
from tracker.domain.filters import Facts, Kind
from tracker.domain.model import StanceId, TopicCode
from tracker.domain.news import Move, StanceNews
from tracker.domain.wishes import Happening, occasions_of
from tracker.notifiers.connections import MailServer
from tracker.notifiers.email import EmailNotify
from tracker.notifiers.letters import Letters
from tracker.notifiers.mail import templates_folder
from tracker.pipeline import subscribing
from tracker.pipeline.telling import tell
from tracker.store import subscribers
from tracker.store.database import Database
from tracker.store.owing import Word
from tracker.store.schema import AlertRow, OrganisationRow, StanceRow, StanceTopicRow, TopicRow
from tracker.store.subscribers import Subscriber

FACES = TopicCode("facial_recognition")
POLICE = TopicCode("police_tech")
DOMAIN = "tracker.example"
BASE = "https://tracker.example"
COMPANIES = {"ibm": "IBM", "amazon": "Amazon", "microsoft": "Microsoft"}
TOPICS = {FACES: "Facial recognition", POLICE: "Police technology"}


def news(stance: str = "ibm-1", company: str = "IBM") -> StanceNews:
    return StanceNews(
        company=company,
        topic="Facial recognition",
        act=Act.ENDS,
        change=ChangeKind.FIRST,
        level=Level.REPORTED,
        date=date(2020, 6, 8),
        summary=f"{company} leaves the facial recognition business",
        path=f"/e/{stance}",
        moves=(
            Move(
                Track.SAYS,
                PositionWord.NO_STATEMENT,
                PositionWord.STOPPED,
                "No statement",
                "Stopped",
            ),
        ),
        quote="We no longer offer general purpose facial recognition software.",
        speaker="Arvind Krishna",
        speaker_role="CEO",
        source_title="A letter to Congress",
        source_url="https://news.example/letter",
        source_host="news.example",
    )


def happening(company: str = "ibm", kind: ChangeKind = ChangeKind.FIRST) -> Happening:
    """A stance of 8 June 2020 on faces becomes known."""
    facts = Facts(
        kind=Kind.STANCE,
        day=date(2020, 6, 8),
        company=frozenset({company}),
        topic=frozenset({"facial-recognition"}),
        track=frozenset({"says"}),
        text="leaves the facial recognition business",
    )
    return Happening(occasions_of(kind), facts)


@dataclass
class World:
    """What tests do with the database in one word."""

    database: Database
    clock: Clock

    def fill(self) -> None:
        with self.database.transaction() as session:
            for slug, name in COMPANIES.items():
                session.add(OrganisationRow(slug=slug, name=name, kind="company"))
            for place, (code, name) in enumerate(TOPICS.items()):
                session.add(_topic(code, name, place))

    def stance(self, name: str, company: str = "ibm", topic: TopicCode = FACES) -> StanceId:
        """Record a published stance of 8 June 2020."""
        with self.database.transaction() as session:
            ids = {row.slug: row.id for row in session.query(OrganisationRow)}
            row = StanceRow(
                id=name,
                company_id=ids[company],
                act="ends",
                date=date(2020, 6, 8),
                precision="day",
                trigger="voluntary",
                novelty="new",
                modality="asserted",
                disposition="publish",
                level="reported",
                review_state="proposed",
                origin="extracted",
                published=True,
            )
            row.topics.append(StanceTopicRow(place=0, topic=topic))
            session.add(row)
        return StanceId(name)

    def follow(self, address: str, **asked: str) -> None:
        """Subscribe without a mail that asks; ``asked`` are parameters such as ``company``."""
        wanted = subscribing.wanted_from(asked.items())
        subscribing.subscribe_by_operator(
            self.database, address, wanted, self.clock(), DOMAIN, confirmed=True
        )

    def owe(self, name: str = "ibm-1", company: str = "ibm") -> int:
        """A stance becomes known and word of it is owed."""
        stance = self.stance(name, company)
        return self.owe_again(stance, company)

    def owe_again(self, stance: StanceId, company: str = "ibm") -> int:
        kind = ChangeKind.FIRST
        change = Change(
            change_key(stance, kind), kind, stance, company, FACES, happened_on=date(2020, 6, 8)
        )
        with self.database.transaction() as session:
            return tell(session, happening(company), self.word(change, company))

    def word(self, change: Change, company: str = "ibm") -> Word:
        payload = news(change.stance, COMPANIES[company]).to_json()
        return Word(
            change.alert_kind, change.key, payload, DOMAIN, self.clock(), stance=change.stance
        )

    def subscriber(self, address: str) -> Subscriber:
        with self.database.reading() as session:
            everybody = subscribers.everybody(session)
        return next(one for one in everybody if one.address.lower() == address.lower())

    def states(self) -> list[str]:
        """The states of all alerts, in the order in which they became owed."""
        with self.database.reading() as session:
            return [row.state for row in session.query(AlertRow).order_by(AlertRow.id)]

    def withdraw(self, stance: str) -> None:
        with self.database.transaction() as session:
            session.get_one(StanceRow, stance).published = False


def _topic(code: TopicCode, name: str, place: int) -> TopicRow:
    return TopicRow(
        code=code,
        slug=code.replace("_", "-"),
        group="Biometrics",
        name=name,
        covers="",
        cues="",
        excludes="",
        reference_side="",
        contested=False,
        kind=TopicKind.PRACTICE,
        practice="using it",
        place=place,
    )


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    world = World(database, clock)
    world.fill()
    return world


@pytest.fixture
def letters(clock: Clock) -> Letters:
    return Letters(f"Stance Tracker <alerts@{DOMAIN}>", BASE, templates_folder(), clock)


@pytest.fixture
def notify(mailbox: Mailbox, letters: Letters) -> EmailNotify:
    """Sends to the mail server on loopback."""
    return EmailNotify(MailServer(mailbox.host, mailbox.port, starttls=False), letters)
