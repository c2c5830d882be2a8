"""One request at a time per host, and a rest between two (promise 8)."""

import threading

import pytest

from tracker.domain.errors import Fault, FetchError
from tracker.sources.turns import FORGET_ABOVE, Turns


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def time():
    return Time()


def make(time: Time, gap: float = 1.0) -> Turns:
    return Turns(gap, time.monotonic, time.sleep)


def test_hosts_do_not_wait_for_each_other(time):
    turns = make(time)
    for host in ("a.example", "b.example", "c.example"):
        with turns.turn(host):
            pass
    assert time.slept == []


def test_the_rest_begins_when_the_request_ends(time):
    turns = make(time)
    with turns.turn("a.example"):
        time.now += 30
    time.now += 0.4
    with turns.turn("a.example"):
        pass
    assert time.slept == [0.6]


def test_a_host_that_asks_for_it_rests_longer_and_none_rests_shorter(time):
    turns = make(time)
    turns.slow_down("slow.example", 7.0)
    turns.slow_down("hasty.example", 0.2)
    for host in ("slow.example", "hasty.example"):
        for _ in range(2):
            with turns.turn(host):
                pass
    assert time.slept == [7.0, 1.0]


def test_a_host_rests_after_a_failure_too(time):
    turns = make(time)
    with pytest.raises(RuntimeError), turns.turn("a.example"):
        raise RuntimeError("the fetch failed")
    with turns.turn("a.example"):
        pass
    assert time.slept == [1.0]


def test_who_waits_too_long_is_told_that_it_was_our_doing(time):
    turns = make(time)
    with turns.turn("a.example"):
        errors: list[FetchError] = []

        def wait() -> None:
            try:
                with turns.turn("a.example", patience=0.05):
                    pass
            except FetchError as error:
                errors.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    assert [(e.cause, e.fault) for e in errors] == [("busy", Fault.OURS)]
    with turns.turn("a.example"):
        pass


def test_rested_hosts_are_forgotten(time):
    turns = make(time)
    for number in range(FORGET_ABOVE * 3):
        with turns.turn(f"{number}.example"):
            time.now += 0.01
    assert len(turns._rests_until) <= FORGET_ABOVE + 1
