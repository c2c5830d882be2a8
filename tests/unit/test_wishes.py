"""What a reader asks for: read, written, matched, shared out, and when it goes out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import wishes
from tracker.domain.codes import ChangeKind, Pace
from tracker.domain.errors import UsageError
from tracker.domain.filters import Facts, Kind
from tracker.domain.model import SubscriberId, SubscriptionId
from tracker.domain.rhythms import Rhythm, next_gathering, read_pace, read_rhythm
from tracker.domain.wish_words import in_words
from tracker.domain.wishes import Happening, Occasion, Subscription, occasions_of, share_out, wants

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
STANCE = Facts(
    kind=Kind.STANCE,
    day=date(2026, 3, 28),
    company=frozenset({"ring", "amazon"}),
    topic=frozenset({"home-surveillance"}),
    track=frozenset({"says"}),
    level="reported",
    text="Ring ends requests by the police",
)
NEW = Happening(occasions_of(ChangeKind.FIRST), STANCE)


def asks(query: str, happening: Happening = NEW) -> bool:
    return wants(wishes.from_address(query), happening)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("", True),
        ("company=amazon", True),
        ("company=ibm&company=ring", True),
        ("company=ibm", False),
        ("topic=home_surveillance", True),
        ("topic=climate", False),
        ("company=amazon&topic=climate", False),
        ("track=says", True),
        ("track=does", False),
        ("level=confirmed", False),
        ("q=police", True),
        ("q=school", False),
        ("tell=reversal", False),
        ("tell=stance&tell=reaction", True),
        ("kind=reaction", False),
        ("by=aclu", False),
    ],
)
def test_a_wish_asks_for_records_and_occasions(query: str, matches: bool) -> None:
    assert asks(query) is matches


def test_a_wish_of_a_page_is_stored_in_one_way() -> None:
    wish = wishes.from_address("topic=climate&company=ibm,amazon&tell=silence&tell=call&days=60")
    query = "company=amazon&company=ibm&topic=climate&tell=call&tell=silence&days=60"
    assert wishes.to_address(wish) == query
    assert wishes.from_address(query) == wish
    assert wishes.to_address(wishes.from_address("tell=stance&tell=change&tell=reversal")) == ""


@pytest.mark.parametrize("query", ["tell=party", "days=0", "days=soon", "days=99999", "level=x"])
def test_what_is_no_wish_is_refused(query: str) -> None:
    with pytest.raises(UsageError):
        wishes.from_address(query)


def test_a_reversal_is_a_change_too() -> None:
    turned = replace(NEW, occasions=occasions_of(ChangeKind.REVERSED))
    assert asks("tell=reversal", turned)
    assert asks("tell=change", turned)
    assert not asks("tell=change")


def test_a_silence_is_told_after_the_days_that_were_asked_for() -> None:
    silence = Happening(frozenset({Occasion.SILENCE}), STANCE, days=60)
    assert asks("tell=silence&days=60", silence)
    assert not asks("tell=silence", silence)


def test_what_becomes_confirmed_later_is_news_only_for_who_waited_for_it() -> None:
    late = replace(NEW, facts=replace(STANCE, level="confirmed"), confirmed_late=True)
    assert asks("level=confirmed", late)
    assert not asks("", late)


def test_what_awaits_a_check_is_gathered_whatever_its_level() -> None:
    found = Happening(frozenset({Occasion.AWAITING}), replace(STANCE, level="unconfirmed"))
    assert asks("tell=awaiting", found)
    [share] = share_out([subscription("tell=awaiting")], found, NOW).values()
    assert share.pace is Pace.DAILY


def subscription(query: str = "", number: int = 1, **more: object) -> Subscription:
    wish = wishes.from_address(query)
    return Subscription(SubscriptionId(number), SubscriberId(7), wish, **more)  # type: ignore[arg-type]


def test_a_reader_has_one_share_and_the_earliest_pace_counts() -> None:
    listed = [
        subscription(number=1, pace=Pace.WEEKLY),
        subscription("company=ring", number=2, pace=Pace.AT_ONCE),
        subscription("company=ibm", number=3),
    ]
    shares = share_out(listed, NEW, NOW)
    assert list(shares) == [SubscriberId(7)]
    share = shares[SubscriberId(7)]
    assert (share.wishes, share.pace, share.due_at) == ((1, 2), Pace.AT_ONCE, NOW)


def test_nothing_is_due_before_the_end_of_a_pause() -> None:
    until = NOW + timedelta(days=3)
    [share] = share_out([subscription(paused_until=until)], NEW, NOW).values()
    assert share.due_at == until


BERLIN = Rhythm("Europe/Berlin", 7, 4)


@pytest.mark.parametrize(
    ("pace", "now", "due"),
    [
        (Pace.DAILY, "2026-03-27T05:00", "2026-03-27T06:00"),
        (Pace.DAILY, "2026-03-27T06:00", "2026-03-28T06:00"),
        (Pace.DAILY, "2026-03-28T12:00", "2026-03-29T05:00"),  # summer time begins that night
        (Pace.WEEKLY, "2026-03-27T06:00", "2026-04-03T05:00"),
    ],
)
def test_gathered_mail_goes_out_at_the_readers_hour(pace: Pace, now: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_gathering(pace, BERLIN, moment).isoformat()[:16] == due


def test_an_hour_that_comes_twice_counts_once() -> None:
    twice = Rhythm("Europe/Berlin", 2)
    first = next_gathering(Pace.DAILY, twice, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_gathering(Pace.DAILY, twice, first) == datetime(2026, 10, 26, 1, tzinfo=UTC)


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(0, 23))
def test_gathered_mail_is_never_late_and_never_skips_a_day(minutes: int, hour: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = next_gathering(Pace.DAILY, Rhythm("America/New_York", hour), now)
    assert timedelta() < due - now <= timedelta(hours=25)


def test_times_are_read_and_wrong_ones_named() -> None:
    assert read_rhythm("", "", "") is None
    assert read_rhythm("Asia/Tokyo", "18", "6") == Rhythm("Asia/Tokyo", 18, 6)
    assert (read_pace(""), read_pace("Weekly")) == (Pace.AT_ONCE, Pace.WEEKLY)
    for wrong in (("Moon", "", ""), ("", "24", ""), ("", "", "7"), ("../etc", "", "")):
        with pytest.raises(UsageError):
            read_rhythm(*wrong)
    with pytest.raises(UsageError, match="none of at_once, daily, weekly"):
        read_pace("hourly")


def test_a_wish_is_told_in_words() -> None:
    names = {"ibm": "IBM", "topic:climate": "Climate", "aclu": "ACLU"}
    words = {
        query: in_words(wishes.from_address(query), names)
        for query in (
            "",
            "company=ibm&topic=climate",
            "company=ibm&level=confirmed",
            "by=aclu&tell=reaction&tell=call",
            "tell=silence&days=30",
            "q=school&track=does",
        )
    }
    assert list(words.values()) == [
        "everything",
        "IBM on climate",
        "IBM; only what is confirmed",
        "everything; by ACLU; reactions, calls",
        "everything; silence of 30 days",
        "everything; “school”; does",
    ]
