"""No document takes the process down that asked for its reading."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.parts import hostile_readers as readers
from tracker.domain.errors import BrokeReaderError, ParseError
from tracker.domain.model import Response
from tracker.engine.local import Threads
from tracker.engine.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(most=1, seconds=8, memory=700_000_000)
    yield made
    made.close()


def test_what_is_read_comes_back_and_a_refusal_stays_one(workers: Workers) -> None:
    assert workers(readers.upper, "text") == "TEXT"
    with pytest.raises(ParseError, match="no feed") as caught:
        workers(readers.refuse, "text")
    assert not isinstance(caught.value, BrokeReaderError)


def test_whatever_a_document_does_the_next_one_is_read(workers: Workers) -> None:
    for hostile, said in (
        (readers.take_memory, "memory"),
        (readers.die, "ended the process"),
        (readers.stumble, "IndexError in stumble"),
    ):
        with pytest.raises(BrokeReaderError, match=said):
            workers(hostile, "text")
        assert workers(readers.upper, "next") == "NEXT"


def test_a_document_without_end_is_left_at_the_deadline() -> None:
    workers = Workers(most=1, seconds=0.2)
    with pytest.raises(BrokeReaderError, match=r"0\.2 s"):
        workers(readers.never_end, "text")
    workers.close()


def test_workers_leave_when_nobody_is_there_any_more(workers: Workers) -> None:
    pid = workers(readers.own_pid)
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(BrokeReaderError):
        workers(readers.upper, "text")
    assert workers(readers.upper, "text") == "TEXT"


def test_a_document_crosses_whole_and_is_forgotten_when_it_is_read(workers: Workers) -> None:
    """Else a worker that waits would hold up to 30 MB, and two of them with the next document."""
    for size in (0, 3_000_000, 70):
        answer = Response("https://quay.example/feed", 200, bytes(size))
        assert workers(readers.count, answer) == (size, 0)


def test_workers_that_have_nothing_to_read_give_their_memory_back(workers: Workers) -> None:
    pid = workers(readers.own_pid)
    workers.rest()
    workers.rest()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert workers(readers.own_pid) != pid


def test_results_count_as_waiting_until_the_caller_is_done_with_them() -> None:
    """One thread, and each result fills the room: while one is written, the next waits outside."""
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for results in Threads(1).together(make, range(6), str, 1, lambda _result: 2):
        assert len(made) <= results[0] + 2


def test_items_of_a_group_run_one_after_another_and_come_some_at_a_time() -> None:
    order: list[int] = []

    def note(number: int) -> int:
        order.append(number)
        return number

    batches = list(Threads(4).together(note, range(100), lambda _n: "one host", 7))
    assert order == list(range(100))
    assert sorted(n for batch in batches for n in batch) == order
    assert max(map(len, batches)) <= 7


def test_large_results_come_fewer_at_a_time() -> None:
    heavy = {3: 9, 5: 4}
    batches = list(Threads(1).together(int, range(8), str, 4, lambda number: heavy.get(number, 1)))
    assert [n for batch in batches for n in batch] == list(range(8))
    assert [3] in batches
    assert [5] in batches


def test_an_error_ends_the_work_and_is_raised_where_results_are_read() -> None:
    done: list[int] = []

    def work(number: int) -> int:
        if number == 3:
            raise ParseError("the third")
        done.append(number)
        return number

    with pytest.raises(ParseError, match="the third"):
        list(Threads(1)(work, range(10_000), str))
    assert len(done) < 10_000
    assert list(Threads(2)(work, [], str)) == []
