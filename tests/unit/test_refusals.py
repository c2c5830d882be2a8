"""What refusals say about an address, and when they say more about the server."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.refusals import (
    EVERYBODY,
    Try,
    Verdict,
    against_the_address,
    refused_by_all_means,
    softly_refused_too_often,
    status_is_for_good,
)

NOW = datetime(2020, 6, 9, 20, tzinfo=UTC)


def tried(reader: int, verdict: Verdict, *, days: int = 0) -> Try:
    return Try(reader, NOW - timedelta(days=days), verdict)


def rejected(*readers: int) -> list[Try]:
    return [tried(reader, Verdict.REJECTED) for reader in readers]


def test_five_bad_days_in_seven_are_too_many() -> None:
    bad = [tried(1, Verdict.REFUSED, days=days) for days in (4, 3, 2, 1, 0)]
    assert softly_refused_too_often(bad, NOW)
    assert not softly_refused_too_often(bad[1:] * 3, NOW)
    spread = [tried(1, Verdict.REFUSED, days=days) for days in (8, 6, 4, 2, 0)]
    assert not softly_refused_too_often(spread, NOW)


def test_a_good_day_between_bad_ones_begins_the_count_anew() -> None:
    bad = [tried(1, Verdict.REFUSED, days=days) for days in (4, 3, 2, 1, 0)]
    bad.insert(2, tried(1, Verdict.ACCEPTED, days=3))
    assert not softly_refused_too_often(bad, NOW)


def test_many_refused_in_a_row_and_nobody_accepted_is_the_servers_doing() -> None:
    readers = range(EVERYBODY)
    assert refused_by_all_means(rejected(*readers)) == frozenset(readers)
    assert refused_by_all_means(rejected(*readers[1:])) == frozenset()
    assert refused_by_all_means(rejected(*[1] * EVERYBODY)) == frozenset(), "one address, often"


def test_one_acceptance_in_between_clears_the_server() -> None:
    tries = [*rejected(1, 2), tried(9, Verdict.ACCEPTED), *rejected(3, 4, 5, 6, 7)]
    assert refused_by_all_means(tries) == frozenset()


@pytest.mark.parametrize(
    ("code", "answer", "against"),
    [
        (550, "550 no such user", True),
        (550, "550 5.1.1 unknown", True),
        (552, "552 5.2.2 full", False),
        (550, "550 5.7.1 policy", False),
        (450, "450 4.1.1 later", False),
    ],
)
def test_only_some_refusals_are_about_the_address(code: int, answer: str, against: bool) -> None:
    assert against_the_address(code, answer) is against


@pytest.mark.parametrize(("status", "good"), [("5.1.1", True), ("5.7.1", False), ("4.4.1", False)])
def test_the_status_of_a_report_is_judged_alike(status: str, good: bool) -> None:
    assert status_is_for_good(status) is good
