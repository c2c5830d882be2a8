"""What may be said of a call without an answer: healthy days, and nothing else (ledger E)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from datetime import date as Day

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_calls import a_call, a_target
from tracker.domain.codes import CallStatus
from tracker.domain.model import Call
from tracker.domain.silence import Channel, Silence, Watch, silence_of, watch

NOW = datetime(2020, 9, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
HOUR = timedelta(hours=1)


def days(first: Day, last: Day) -> frozenset[Day]:
    return frozenset(first + timedelta(days=number) for number in range((last - first).days + 1))


def channels(good: frozenset[Day], *, news: int = 3, own: int = 1) -> list[Channel]:
    made = [Channel(True, HOUR, good, NOW)] * own + [Channel(False, HOUR, good, NOW)] * news
    return list(made)


def asked(**more: object) -> Call:
    call = a_call(delivery_proof="letter", channel="letter")
    return replace(call, **more)  # type: ignore[arg-type]


ALWAYS = watch(channels(days(Day(2020, 1, 1), TODAY)), NOW)


def said(call: Call, watched: Watch = ALWAYS, **more: bool) -> Silence | None:
    return silence_of(call, call.targets[0], watched, TODAY, worded=more.get("worded", True))


def test_no_answer_was_found_since_the_call() -> None:
    found = said(asked())
    assert found is not None
    assert (found.days, found.since, found.sources) == (84, Day(2020, 6, 9), 4)
    assert (found.last_checked, found.missed) == (NOW, ())


@pytest.mark.parametrize(
    "call",
    [
        asked(delivery_proof=None, channel="statement"),
        asked(delivery_proof="none", channel="statement"),
        asked(deadline=TODAY),
        asked(date=Day(2020, 8, 10)),
        asked(withdrawn_on=Day(2020, 7, 1)),
        asked(targets=(a_target("amazon", CallStatus.ACKNOWLEDGED),)),
        asked(targets=(a_target("amazon", CallStatus.ANSWERED),)),
        asked(targets=(replace(a_target("amazon"), of_class="IBM's competitors"),)),
    ],
    ids=[
        "undelivered",
        "no-proof",
        "deadline",
        "pending",
        "withdrawn",
        "replied",
        "answered",
        "class",
    ],
)
def test_nothing_is_said_before_every_condition_holds(call: Call) -> None:
    assert said(call) is None


def test_nothing_is_said_without_stored_or_public_wording() -> None:
    assert said(asked(), worded=False) is None


@pytest.mark.parametrize(("news", "own"), [(2, 1), (3, 0)])
def test_too_few_sources_say_nothing(news: int, own: int) -> None:
    few = watch(channels(days(Day(2020, 1, 1), TODAY), news=news, own=own), NOW)
    assert (few.healthy_now, few.first) == (False, None)
    assert said(asked(), few) is None


def test_days_that_failed_are_subtracted_and_named() -> None:
    lost = days(Day(2020, 7, 1), Day(2020, 7, 3)) | {Day(2020, 8, 1)}
    found = said(asked(), watch(channels(days(Day(2020, 1, 1), TODAY) - lost), NOW))
    assert found is not None
    assert found.days == 84 - 4
    assert found.missed == (
        (Day(2020, 7, 1), Day(2020, 7, 3)),
        (Day(2020, 8, 1), Day(2020, 8, 1)),
    )


def test_days_before_the_first_healthy_one_are_never_ours() -> None:
    found = said(asked(), watch(channels(days(Day(2020, 8, 22), TODAY)), NOW))
    assert found is not None
    assert (found.since, found.days) == (Day(2020, 8, 22), 10)


def test_sources_that_are_late_now_say_nothing() -> None:
    late = [replace(one, last_ok=NOW - 3 * HOUR) for one in channels(days(Day(2020, 1, 1), TODAY))]
    assert said(asked(), watch(late, NOW)) is None


def test_a_slow_source_covers_twice_its_interval() -> None:
    weekly = frozenset(Day(2020, 6, 9) + timedelta(days=7 * number) for number in range(12))
    slow = [replace(one, interval=timedelta(days=4)) for one in channels(weekly)]
    found = said(asked(), watch(slow, NOW))
    assert found is not None
    assert found.missed == ()


@settings(deadline=None)
@given(
    lost=st.frozensets(st.dates(Day(2020, 6, 10), TODAY - timedelta(days=1))),
    first=st.dates(Day(2020, 1, 1), Day(2020, 8, 1)),
)
def test_every_day_is_counted_once_or_named(lost: frozenset[Day], first: Day) -> None:
    healthy = days(first, TODAY) - lost
    found = said(asked(), watch(channels(healthy), NOW))
    assert found is not None
    named = {day for begun, last in found.missed for day in days(begun, last)}
    assert found.days + len(named) == (TODAY - found.since).days
    assert found.since == max(Day(2020, 6, 9), min(healthy))
    assert not named & healthy


@settings(deadline=None)
@given(offset=st.integers(-14, 14))
def test_the_zone_of_the_clock_changes_no_day(offset: int) -> None:
    zone = timezone(timedelta(hours=offset))
    good = days(Day(2020, 1, 1), TODAY)
    elsewhere = [replace(one, last_ok=NOW.astimezone(zone)) for one in channels(good)]
    assert said(asked(), watch(elsewhere, NOW)) == said(asked())
