"""Copies of one report, and what telling them apart costs."""

import time

from tracker.domain.stories import fingerprint, same_text

REPORT = " ".join(f"Word{number} of the report on cameras in shops" for number in range(60))


def test_a_copy_with_another_foot_line_is_the_same_text() -> None:
    assert same_text(fingerprint(REPORT), fingerprint(REPORT + " Sent by our news desk."))


def test_another_text_is_another_report() -> None:
    other = " ".join(f"Line{number} about rules for trains and buses" for number in range(60))
    assert not same_text(fingerprint(REPORT), fingerprint(other))


def test_a_text_too_short_to_compare_is_like_nothing() -> None:
    assert fingerprint("A short teaser.") == 0
    assert not same_text(0, 0)


def test_a_huge_text_costs_no_more_than_a_long_one() -> None:
    begun = time.process_time()
    fingerprint(REPORT * 400)
    assert time.process_time() - begun < 1
