"""Who is owed what, when a mail is tried again, what its subject says."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import alerting, subjects
from tracker.domain.alerting import (
    Change,
    bundles,
    change_key,
    message_id,
    wait_after,
)
from tracker.domain.codes import (
    Act,
    AlertKind,
    ChangeKind,
    Level,
    PositionWord,
    ReactionKind,
    Track,
)
from tracker.domain.model import (
    AlertId,
    StanceId,
    TopicCode,
)
from tracker.domain.news import Move, ReactionNews, StanceNews
from tracker.domain.subjects import subject, subject_of_several

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
SAYS = Move(Track.SAYS, PositionWord.CONTINUES, PositionWord.STOPPED, "Continues", "Stopped")
DOES = replace(SAYS, track=Track.DOES)
NEWS = StanceNews(
    company="IBM",
    topic="Facial recognition",
    act=Act.ENDS,
    change=ChangeKind.TIGHTENED,
    level=Level.CONFIRMED,
    date=date(2020, 6, 8),
    summary="IBM leaves the business",
    path="/e/1",
    moves=(SAYS,),
)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, "IBM on facial recognition (says): Continues → Stopped"),
        (
            {"level": Level.DISPUTED},
            "IBM on facial recognition (says): Continues → Stopped (disputed)",
        ),
        ({"moves": (SAYS, DOES)}, "IBM on facial recognition (says and does): Continues → Stopped"),
        (
            {"moves": (SAYS, replace(DOES, after=PositionWord.LIMITED, after_word="Limited"))},
            "IBM on facial recognition (says): Continues → Stopped; (does): Continues → Limited",
        ),
        (
            {"change": ChangeKind.FIRST, "level": Level.REPORTED},
            "IBM on facial recognition: ends (reported)",
        ),
        ({"change": ChangeKind.CONFIRMED, "moves": ()}, "IBM on facial recognition: ends"),
        (
            {"act": Act.SUPPORTS_REGULATION, "change": ChangeKind.RECORDED},
            "IBM on facial recognition: supports regulation",
        ),
        ({"topic": "AI safety"}, "IBM on AI safety (says): Continues → Stopped"),
        (
            {"brand": "GitHub", "company": "Microsoft", "moves": ()},
            "GitHub (Microsoft) on facial recognition: ends",
        ),
    ],
)
def test_the_subject_says_what_changed(changed: dict[str, object], line: str) -> None:
    assert subject(replace(NEWS, **changed)) == line


def test_a_subject_cannot_start_another_header() -> None:
    line = subject(replace(NEWS, company="IBM\r\nBcc: all@ngo.example\x00\u2028x"))
    assert line.isprintable()
    assert line.startswith("IBM Bcc: all@ngo.example x on ")


def test_a_subject_is_cut_between_words() -> None:
    line = subject(replace(NEWS, company="Word " * 100))
    assert len(line) <= subjects.SUBJECT_LIMIT
    assert line.endswith("Word…")


def test_several_changes_name_three_and_count_the_rest() -> None:
    several = [replace(NEWS, company=name) for name in ("IBM", "Amazon", "Meta", "Ring", "Ring")]
    assert subject_of_several(several) == (
        "5 changes: IBM on facial recognition, Amazon on facial recognition, "
        "Meta on facial recognition and 1 more"
    )


def test_news_survive_the_payload() -> None:
    full = replace(
        NEWS,
        brand="Watson",
        quote="We stop.",
        reactions=(ReactionNews(ReactionKind.WELCOMES, "ACLU", "welcomes it"),),
        found_at=NOW,
        checked_at=NOW + timedelta(minutes=3),
    )
    assert StanceNews.from_json(json.loads(json.dumps(full.to_json()))) == full


def test_news_of_another_version_can_still_be_sent() -> None:
    plain = {**NEWS.to_json(), "colour": "blue"}
    del plain["reactions"], plain["found_at"], plain["precision"]
    assert StanceNews.from_json(plain) == NEWS


@pytest.mark.parametrize("damage", [{"act": "dances"}, {"date": "soon"}, {"moves": [{}]}])
def test_a_damaged_payload_is_noticed(damage: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        StanceNews.from_json({**NEWS.to_json(), **damage})
    with pytest.raises(TypeError):
        StanceNews.from_json({"company": "IBM"})


def test_what_happened_is_named_by_stance_and_kind() -> None:
    stance, topic = StanceId("s"), TopicCode("facial_recognition")
    first = change_key(stance, ChangeKind.FIRST)
    assert first != change_key(stance, ChangeKind.TIGHTENED)
    change = Change(first, ChangeKind.FIRST, stance, "ibm", topic, date(2020, 6, 8))
    assert change.alert_kind is AlertKind.STANCE
    assert replace(change, kind=ChangeKind.REVERSED).alert_kind is AlertKind.CHANGE


def test_the_same_seed_gives_the_same_message_id() -> None:
    assert message_id("a", "ngo.example") == message_id("a", "ngo.example")
    assert message_id("a", "ngo.example") != message_id("b", "ngo.example")
    assert len(message_id("a" * 999, "ngo.example")) < 70


def minutes(*marks: float) -> list[tuple[AlertId, datetime]]:
    return [(AlertId(i), NOW + timedelta(minutes=m)) for i, m in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "groups"),
    [
        ((0,), []),
        ((0, 1), []),
        ((0, 1, 9), [[0, 1, 2]]),
        ((0, 1, 11), []),
        ((0, 9, 10, 11, 12), [[0, 1, 2]]),
        ((0, 20, 21, 22), [[1, 2, 3]]),
    ],
)
def test_three_within_ten_minutes_are_one_mail(
    marks: tuple[float, ...], groups: list[list[int]]
) -> None:
    assert bundles(minutes(*marks), NOW + timedelta(minutes=max(marks))) == groups


def test_what_had_to_wait_is_merged() -> None:
    assert bundles(minutes(0, 60, 120, 600), NOW + timedelta(days=1)) == [[0, 1, 2, 3]]


@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(0, 3000))
def test_no_alert_is_in_two_mails_and_order_is_kept(marks: list[int], wait: int) -> None:
    owed = minutes(*sorted(marks))
    groups = bundles(owed, NOW + timedelta(minutes=wait))
    together = [alert for group in groups for alert in group]
    assert together == sorted(set(together))
    assert all(3 <= len(group) <= alerting.BUNDLE_LIMIT for group in groups)


def test_waits_double_up_to_a_cap_and_end_after_about_five_days() -> None:
    waits = [wait_after(attempts) for attempts in range(1, alerting.MOST_ATTEMPTS)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(w for w in waits if w) == timedelta(hours=6)
    assert timedelta(days=4.5) < sum((w for w in waits if w), timedelta()) < timedelta(days=5.5)
    assert wait_after(alerting.MOST_ATTEMPTS) is None
