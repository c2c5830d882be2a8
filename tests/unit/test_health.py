"""A source is judged by its own normal."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.health import Course, IncidentKind, incidents, usual

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)
STEADY = (4, 5, 6, 5, 4, 5, 6, 5, 4, 5, 6, 5)


def wrong(weeks: tuple[int, ...] = STEADY, **course: object) -> set[IncidentKind]:
    return set(incidents(Course(weeks, **course), NOW))  # type: ignore[arg-type]


def test_a_steady_source_is_well() -> None:
    assert wrong() == set()
    assert usual(STEADY) == 5


def test_a_source_that_stops_is_quiet_after_two_weeks() -> None:
    assert wrong((*STEADY[:10], 5, 0)) == set()
    assert wrong((*STEADY[:10], 0, 0)) == {IncidentKind.QUIET}


@pytest.mark.parametrize(
    "weeks",
    [
        (0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0),  # it never says much
        (0, 0, 0, 0, 0, 0, 0, 20, 3, 2, 0, 0),  # too young to have a normal
        (0,) * 12,
    ],
)
def test_a_source_that_never_had_much_to_say_is_not_quiet(weeks: tuple[int, ...]) -> None:
    assert wrong(weeks) == set()


def test_a_source_is_mad_at_five_times_its_usual_week_and_thirty_entries() -> None:
    assert wrong((*STEADY[:11], 29)) == set()
    assert wrong((*STEADY[:11], 30)) == {IncidentKind.MAD}
    assert wrong((40,) * 11 + (190,)) == set()
    assert wrong((40,) * 11 + (200,)) == {IncidentKind.MAD}


def test_what_lay_in_the_feed_at_first_is_not_its_normal() -> None:
    assert wrong((0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200)) == set()
    assert wrong((0, 0, 0, 300, 4, 5, 4, 5, 6, 5, 5, 60)) == {IncidentKind.MAD}


def test_a_source_fails_after_a_day() -> None:
    day = timedelta(hours=24)
    assert wrong(failing_since=NOW - day + timedelta(minutes=1)) == set()
    assert wrong(failing_since=NOW - day) == {IncidentKind.FAILING}
    assert wrong((*STEADY[:10], 0, 0), failing_since=NOW - day) == {IncidentKind.FAILING}


def test_lost_entries_are_told_of_for_a_week() -> None:
    assert wrong(overflowed_at=NOW - timedelta(days=1)) == {IncidentKind.MISSED}
    assert wrong(overflowed_at=NOW - timedelta(days=8)) == set()
