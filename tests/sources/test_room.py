"""Large answers lie in memory one at a time, and errors hold none of them (promise 3)."""

import gc

import pytest

from tracker.domain.errors import Fault, FetchError, ParseError, without_frames
from tracker.domain.model import Response
from tracker.sources.inflate import Inflater
from tracker.sources.room import Room


def test_a_large_answer_waits_until_the_one_before_is_forgotten() -> None:
    room = Room()
    first, second = room.place(), room.place()
    first.take(0)
    answer = Response("https://quay.example/feed", 200, b"large")
    first.leave_with(answer)
    with pytest.raises(FetchError, match="no room") as refused:
        second.take(0)
    assert refused.value.fault is Fault.OURS
    del answer
    gc.collect()
    second.take(0)
    second.leave()
    second.leave()
    third, fourth = room.place(), room.place()
    third.take(0)
    with pytest.raises(FetchError):
        fourth.take(0)


def test_room_is_asked_for_before_the_bytes_are_there() -> None:
    sizes: list[int] = []
    inflater = Inflater("", 100, sizes.append)
    for piece in (b"abc", b"de"):
        inflater.feed(piece)
    assert sizes == [3, 5]


def test_an_error_that_is_kept_holds_nothing_of_what_was_read() -> None:
    def read(body: bytes) -> None:
        try:
            int(body)
        except ValueError as error:
            raise ParseError("no number") from error

    with pytest.raises(ParseError) as caught:
        read(b"many bytes")
    kept = without_frames(caught.value)
    assert kept.__traceback__ is None
    assert kept.__cause__ is not None
    assert kept.__cause__.__traceback__ is None
