"""Connections that are kept for the next request, and what makes them unfit for it."""

import socket
import threading

import pytest

from tracker.sources.lines import KEPT_SECONDS, MOST_KEPT, KeptLines
from tracker.sources.wire import Limits, Line, Target

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def several(answers: list[bytes], *, wait: threading.Event | None = None):
    """Answers each request on one connection; then hangs up, at once or when told."""

    def talk(connection: socket.socket, _stopping: threading.Event) -> None:
        for number, answer in enumerate(answers):
            if number:
                assert connection.recv(4096)
            connection.sendall(answer)
        if wait is not None:
            wait.wait()

    return talk


def test_one_connection_serves_the_next_request_too(raw, fetch):
    server = raw(several([ANSWER, ANSWER]))
    assert [fetch(server.url).body for _ in range(2)] == [b"hello", b"hello"]
    assert len(server.heads) == 1  # the second came over the first one's line


def test_a_chunked_body_leaves_the_line_in_order(raw, fetch):
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n"
    )
    server = raw(several([b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + chunked, chunked]))
    assert [fetch(server.url).body for _ in range(2)] == [b"hello", b"hello"]
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        ANSWER.replace(b"HTTP/1.1", b"HTTP/1.0"),
        ANSWER.replace(b"OK", b"OK\r\nConnection: close"),
        b"HTTP/1.1 200 OK\r\n\r\nhello",
        b"HTTP/1.1 200 OK\nContent-Length: 5\nX: a\n b\n\nhello",
    ],
    ids=["hung up meanwhile", "1.0", "close", "until the end", "bare line feeds"],
)
def test_where_the_line_is_not_kept_a_new_one_is_made(raw, fetch, answer):
    server = raw(answer)
    assert [fetch(server.url).body for _ in range(3)] == [b"hello"] * 3
    assert len(server.heads) == 3


def test_a_form_is_never_sent_twice(raw, fetch):
    forms: list[bytes] = []

    def talk(connection: socket.socket, _stopping: threading.Event) -> None:
        connection.sendall(ANSWER)
        forms.append(connection.recv(4096))  # and hang up without a word

    server = raw(talk)
    assert fetch(server.url).body == b"hello"
    fetch.post(server.url, {"hub.mode": "subscribe"})
    assert [head.split()[0] for head in server.heads] == [b"GET", b"POST"]
    assert not any(forms)  # the kept line carried nothing more


def test_a_line_with_words_nobody_asked_for_is_not_used_again(raw, fetch):
    stay = threading.Event()
    server = raw(several([ANSWER + ANSWER.replace(b"hello", b"wrong")], wait=stay))
    assert [fetch(server.url).body for _ in range(2)] == [b"hello", b"hello"]
    stay.set()
    assert len(server.heads) == 2


def test_a_line_is_used_only_where_it_leads_to_an_address_that_was_checked_now(raw, build_fetch):
    stay = threading.Event()
    server = raw(several([ANSWER], wait=stay))
    answers = iter([["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.3"]])
    fetch = build_fetch(resolve=lambda host, port: next(answers), timeout=2.0)
    url = f"http://feeds.example:{server.port}/"
    fetch(url)
    with socket.create_server(("127.0.0.3", server.port)) as other:
        threading.Thread(target=_serve_once, args=(other,)).start()
        next(answers)
        assert fetch(url).body == b"other"
    stay.set()
    assert len(server.heads) == 1


def _serve_once(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(ANSWER.replace(b"hello", b"other"))


@pytest.fixture
def pairs():
    """Makes lines with somebody at the other end."""
    made: list[socket.socket] = []

    def pair() -> Line:
        ours, theirs = socket.socketpair()
        made.extend((ours, theirs))
        return Line(ours, "127.0.0.1", Limits(5, 1000, lambda: 0.0))

    yield pair
    for end in made:
        end.close()


def to(number: int) -> Target:
    return Target.of(f"http://h{number}.example/")


def test_old_lines_and_too_many_lines_are_hung_up(pairs):
    now = [0.0]
    kept = KeptLines(lambda: now[0])
    for number in range(MOST_KEPT + 1):
        kept.keep(to(number), pairs())
    assert kept.take(to(0), ["127.0.0.1"]) is None
    assert kept.take(to(1), ["127.0.0.1"]) is not None
    now[0] = KEPT_SECONDS
    assert kept.take(to(2), ["127.0.0.1"]) is None
    kept.keep(to(1), pairs())
    now[0] = KEPT_SECONDS + 1
    assert kept.take(to(1), ["127.0.0.9"]) is None
    kept.close()
