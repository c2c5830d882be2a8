"""Dates as publishers write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.sources.dates import read_date, read_http_date

NOW = datetime(2020, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 09 Jun 2020 14:10:00 -0400", "2020-06-09T14:10:00-04:00"),
        ("Tue, 09 Jun 2020 18:10:00 GMT", "2020-06-09T18:10:00+00:00"),
        ("Tue, 9 Jun 2020 18:10 EST", "2020-06-09T18:10:00-05:00"),
        ("Tue, 09 Jun 2020 18:10:00 CEST", "2020-06-09T18:10:00+02:00"),
        ("Tue, 09 Jun 2020 18:10:00", "2020-06-09T18:10:00+00:00"),
        ("09 Jun 20 18:10:00 +0530", "2020-06-09T18:10:00+05:30"),
        ("2020-06-09T14:10:00-04:00", "2020-06-09T14:10:00-04:00"),
        ("2020-06-09T14:10:00.123456Z", "2020-06-09T14:10:00+00:00"),
        ("2020-06-09T14:10:00-0400", "2020-06-09T14:10:00-04:00"),
        ("2020-06-09T14:10+02", "2020-06-09T14:10:00+02:00"),
        ("2020-06-09 14:10:00", "2020-06-09T14:10:00+00:00"),
        ("20200609T141000Z", "2020-06-09T14:10:00+00:00"),
        ("2020-06-09", "2020-06-09T00:00:00+00:00"),
        ("2020-06", "2020-06-01T00:00:00+00:00"),
        ("  2020-06-09T14:10:60Z ", "2020-06-09T14:10:59+00:00"),
    ],
)
def test_keeps_the_offset_that_was_written(text, expected):
    found = read_date(text, NOW)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "-1-06-09T00:00:00Z",
        "-0001-06-09T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "Tue, 09 Jun 10000 10:00:00 GMT",
        "0000-00-00T00:00:00Z",
        "2020-13-45",
        "1970-01-01T00:00:00Z",
        "1989-12-31T23:59:59Z",
        "2020-06-12T00:00:01Z",
        "9999-12-31T23:59:59-14:00",
        "2020-06-09T14:10:00+99:99",
        "Tue, 09 Jun 2020 14:10:00 +9999",
        "9" * 5000,
    ],
)
def test_what_cannot_be_true_is_no_date(text):
    assert read_date(text, NOW) is None


def test_the_bounds_are_1990_and_two_days_from_now():
    assert read_date("1990-01-01T00:00:00Z", NOW) is not None
    assert read_date("2020-06-12T00:00:00Z", NOW) is not None
    assert read_date("2031-01-01T00:00:00Z") is not None


def test_http_dates_are_utc():
    assert read_http_date("Tue, 09 Jun 2020 18:10:00 GMT") == datetime(
        2020, 6, 9, 18, 10, tzinfo=UTC
    )
    assert read_http_date("nonsense") is None


def test_an_offset_survives_as_a_fixed_offset():
    found = read_date("2020-06-09T14:10:00-04:00", NOW)
    assert found is not None
    assert found.tzinfo == timezone(timedelta(hours=-4))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"-?\d{1,5}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d"))
def test_no_text_breaks_it(text):
    found = read_date(text, NOW)
    assert found is None or found.astimezone(UTC) >= datetime(1990, 1, 1, tzinfo=UTC)
