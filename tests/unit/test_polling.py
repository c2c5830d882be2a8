"""When a source is asked again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.codes import SourceKind, SourceStatus
from tracker.domain.errors import Fault, FetchError, ParseError, StoreError
from tracker.domain.model import Skipped, SourceId, SourceToPoll, Validators
from tracker.domain.polling import (
    Answer,
    Pace,
    asked_wait,
    next_poll,
    validators_to_send,
    window_of,
)

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = SourceToPoll(
    id=SourceId(7),
    url="https://news.example/feed",
    kind=SourceKind.FEED,
    validators=Validators(etag='"1"'),
    body_hash=None,
    failures=0,
    interval=HOUR,
)


def wait(source: SourceToPoll, outcome: Answer | Exception, pace: Pace | None = None) -> timedelta:
    return next_poll(NOW, source, outcome, pace).due - NOW


def status(number: int, **more: object) -> FetchError:
    return FetchError("no", cause="status", status=number, **more)  # type: ignore[arg-type]


def test_something_new_shortens_the_interval_and_nothing_new_lengthens_it():
    assert next_poll(NOW, SOURCE, Answer(new=3)).interval == HOUR / 4
    assert next_poll(NOW, SOURCE, Answer()).interval == HOUR * 6 / 5
    assert next_poll(NOW, SOURCE, Answer()).interval == HOUR * 6 / 5


def test_the_interval_stays_within_the_pace():
    pace = Pace(timedelta(minutes=30), timedelta(hours=2))
    busy, quiet = (
        replace(SOURCE, interval=timedelta(minutes=31)),
        replace(SOURCE, interval=2 * HOUR),
    )
    assert next_poll(NOW, busy, Answer(new=1), pace).interval == timedelta(minutes=30)
    assert next_poll(NOW, quiet, Answer(), pace).interval == 2 * HOUR


def test_a_source_is_asked_about_eight_times_for_each_new_entry():
    """A source that publishes once a day, polled for thirty days."""
    source, now, entry, polls = SOURCE, NOW, NOW, 0
    while now < NOW + timedelta(days=30):
        new = now >= entry
        turn = next_poll(now, source, Answer(new=int(new)))
        if new:
            entry += timedelta(days=1)
        source, now, polls = replace(source, interval=turn.interval), turn.due, polls + 1
    assert 6 <= polls / 30 <= 10


def test_the_wait_that_was_asked_for_is_respected_up_to_a_day():
    assert wait(SOURCE, Answer(new=1, wait=3 * HOUR)) >= 3 * HOUR
    assert wait(SOURCE, Answer(wait=timedelta(days=9))) < timedelta(days=1.06)
    assert wait(SOURCE, Answer(wait=timedelta(minutes=1))) >= HOUR * 6 / 5


def test_a_wait_once_asked_for_outlives_answers_that_repeat_nothing():
    turn = next_poll(NOW, SOURCE, Answer(new=1, wait=5 * HOUR))
    later = replace(SOURCE, interval=turn.interval)
    assert wait(later, Answer()) >= 5 * HOUR


def test_due_times_are_spread_a_little_and_always_the_same():
    dues = {wait(replace(SOURCE, id=SourceId(n)), Answer()) for n in range(50)}
    assert len(dues) > 40
    assert HOUR * 6 / 5 <= min(dues) <= max(dues) <= HOUR * 6 / 5 * 1.05
    assert wait(SOURCE, Answer()) == wait(SOURCE, Answer())


def test_their_failures_double_the_wait_up_to_the_longest():
    waits = [wait(replace(SOURCE, failures=number), status(500)) for number in range(4)]
    for doubled, found in enumerate(waits, start=1):
        assert 2**doubled * HOUR <= found <= 2**doubled * HOUR * 1.25
    assert wait(replace(SOURCE, failures=3999), status(500)) <= timedelta(hours=24) * 1.25
    turn = next_poll(NOW, replace(SOURCE, failures=2), ParseError("no feed"))
    assert (turn.failures, turn.interval, turn.status) == (3, HOUR, SourceStatus.ACTIVE)


def test_one_good_answer_forgets_the_failures():
    assert next_poll(NOW, replace(SOURCE, failures=9), Answer()).failures == 0


def test_retry_after_is_respected_up_to_a_week():
    in_two_days, in_a_year = NOW + timedelta(days=2), NOW + timedelta(days=365)
    assert wait(SOURCE, status(503, retry_at=in_two_days)) >= timedelta(days=2)
    assert timedelta(days=7) <= wait(SOURCE, status(429, retry_at=in_a_year)) < timedelta(days=8)
    assert wait(SOURCE, status(429, retry_at=NOW + timedelta(seconds=5))) >= 2 * HOUR


@pytest.mark.parametrize(
    "error",
    [
        FetchError("no resolver", cause="dns", fault=Fault.OURS),
        StoreError("the disk is full"),
        RuntimeError("a bug"),
    ],
)
def test_our_own_faults_are_tried_again_soon_and_not_counted(error):
    source = replace(SOURCE, failures=2, moved_to="https://new.example/", moved_seen=1)
    turn = next_poll(NOW, source, error)
    assert timedelta(minutes=5) <= turn.due - NOW <= timedelta(minutes=6.25)
    assert (turn.failures, turn.interval) == (2, HOUR)
    assert (turn.moved_to, turn.moved_seen) == ("https://new.example/", 1)


def test_gone_stops():
    turn = next_poll(NOW, SOURCE, status(410))
    assert turn.status is SourceStatus.GONE
    assert next_poll(NOW, SOURCE, status(404)).status is SourceStatus.ACTIVE


def test_a_move_is_believed_when_seen_three_times():
    new, source, seen = "https://news.example/new", SOURCE, []
    for _ in range(3):
        turn = next_poll(NOW, source, Answer(moved_to=new))
        seen.append((turn.url, turn.moved_to, turn.moved_seen))
        source = replace(source, url=turn.url, moved_to=turn.moved_to, moved_seen=turn.moved_seen)
    assert seen == [(SOURCE.url, new, 1), (SOURCE.url, new, 2), (new, None, 0)]


def test_a_move_that_changes_or_ends_is_not_believed():
    seen_twice = replace(SOURCE, moved_to="https://a.example/", moved_seen=2)
    assert next_poll(NOW, seen_twice, Answer(moved_to="https://b.example/")).moved_seen == 1
    assert next_poll(NOW, seen_twice, Answer()).moved_to is None
    assert next_poll(NOW, seen_twice, Answer(moved_to=SOURCE.url)).moved_to is None


def test_a_move_never_gives_up_encryption():
    source = replace(SOURCE, moved_to="http://news.example/feed", moved_seen=2)
    turn = next_poll(NOW, source, Answer(moved_to="http://news.example/feed"))
    assert (turn.url, turn.moved_to) == (SOURCE.url, None)


def test_once_a_week_the_whole_answer_is_asked_for():
    read = replace(SOURCE, read_whole_at=NOW - timedelta(days=6))
    assert validators_to_send(read, NOW) == SOURCE.validators
    assert validators_to_send(read, NOW + timedelta(days=1)) == Validators()


def test_a_server_that_calls_news_unchanged_is_distrusted_until_its_validators_change():
    lie = Answer(new=2, offered=9, validators=SOURCE.validators)
    assert next_poll(NOW, SOURCE, lie).distrusted
    distrusted = replace(SOURCE, distrusted=True)
    assert validators_to_send(distrusted, NOW) == Validators()
    assert next_poll(NOW, distrusted, Answer(validators=SOURCE.validators)).distrusted
    assert not next_poll(NOW, distrusted, replace(lie, validators=Validators('"2"'))).distrusted
    assert not next_poll(NOW, replace(SOURCE, validators=Validators()), lie).distrusted


def test_a_source_is_asked_before_its_items_leave_the_feed():
    full = Answer(offered=20, window=timedelta(minutes=90))
    assert next_poll(NOW, SOURCE, full).interval == timedelta(minutes=45)
    known = replace(SOURCE, window=timedelta(minutes=80), interval=3 * HOUR)
    assert next_poll(NOW, known, Answer()).interval == timedelta(minutes=40)
    assert next_poll(NOW, known, Answer(wait=2 * HOUR)).interval == 2 * HOUR


def test_a_feed_of_new_items_only_has_lost_some():
    read = replace(SOURCE, read_whole_at=NOW - HOUR, has_entries=True)
    assert next_poll(NOW, read, Answer(new=20, offered=20)).overflowed
    assert not next_poll(NOW, read, Answer(new=19, offered=20)).overflowed
    assert not next_poll(NOW, read, Answer(new=1, offered=1)).overflowed
    assert not next_poll(NOW, SOURCE, Answer(new=20, offered=20)).overflowed
    empty = replace(read, has_entries=False)
    assert not next_poll(NOW, empty, Answer(new=20, offered=20)).overflowed


def test_the_window_is_the_time_between_the_oldest_and_the_newest_item():
    dated = [NOW - HOUR * n for n in range(5)]
    assert window_of([*dated, None]) == 4 * HOUR
    assert window_of(dated[:4]) is None
    assert window_of([NOW] * 9) is None


def test_hours_and_days_that_a_feed_asks_to_be_skipped_are_skipped():
    night = Skipped(hours=frozenset({21, 22, 23}))
    assert next_poll(NOW, SOURCE, Answer(skipped=night)).due.hour == 0
    remembered = next_poll(NOW, replace(SOURCE, skipped=night), Answer())
    assert (remembered.due.hour, remembered.skipped) == (0, night)
    tuesday = Skipped(days=frozenset({1}))
    assert next_poll(NOW, SOURCE, Answer(skipped=tuesday)).due.weekday() == 2
    always = Skipped(days=frozenset(range(7)))
    assert next_poll(NOW, SOURCE, Answer(skipped=always)).due < NOW + timedelta(days=8)


def test_a_source_of_which_a_hub_tells_is_asked_twice_a_day():
    pushed = replace(SOURCE, pushed=True)
    assert next_poll(NOW, pushed, Answer(new=3)).interval == 12 * HOUR


def test_a_fault_of_ours_keeps_to_the_moment_that_was_asked_for():
    busy = FetchError("busy", cause="busy", fault=Fault.OURS, retry_at=NOW + HOUR)
    assert wait(SOURCE, busy) >= HOUR


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": 'public, MAX-AGE="3600"'}, HOUR),
        ({"cache-control": "max-age=3600", "age": "600"}, timedelta(minutes=50)),
        ({"cache-control": "max-age=60", "age": "600"}, None),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=" + "9" * 5000}, timedelta(days=366)),
        ({"cache-control": ",=,;max-age"}, None),
        ({"expires": "Tue, 09 Jun 2020 21:00:00 GMT"}, HOUR),
        ({"expires": "Tue, 09 Jun 2020 19:00:00 GMT"}, None),
        ({"expires": "Tue, 09 Jun 2020 21:00:00"}, None),
        ({"expires": "0"}, None),
        ({"cache-control": "max-age=0", "expires": "Tue, 09 Jun 2020 21:00:00 GMT"}, None),
    ],
)
def test_reads_what_a_server_says_about_freshness(headers, expected):
    assert asked_wait(headers, NOW) == expected
