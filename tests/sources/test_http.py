"""Fetching: caps, one deadline, redirects by hand, validators, whose fault it was."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from datetime import UTC, datetime

import brotli
import pytest

from tests.parts.clock import Clock
from tests.parts.site import Answer
from tracker.domain.errors import Fault, FetchError
from tracker.domain.model import Validators
from tracker.sources.inflate import Inflater

OK = b"HTTP/1.1 200 OK\r\n"


def test_gets_a_page_and_says_who_asks(site, fetch):
    url = site.put("/a", "hello", headers={"Content-Type": "text/html", "ETag": 'W/"1, 2"'})
    response = fetch(url)
    assert (response.url, response.status, response.body) == (url, 200, b"hello")
    assert response.validators == Validators(etag='W/"1, 2"')
    assert response.headers["content-type"] == "text/html"
    assert response.moved_to is None
    asked = site.requests[0].headers
    assert asked["user-agent"] == "StanceTracker/0.1 (+mailto:desk@rights.example)"
    assert asked["host"] == f"127.0.0.1:{site.port}"
    assert {"accept", "accept-language", "accept-encoding"} <= set(asked)
    assert not {"if-none-match", "if-modified-since", "cookie", "referer"} & set(asked)


def test_sends_validators_byte_for_byte_and_takes_304(site, fetch):
    etag, date = 'W/"x-Y; z"', "Tue, 09 Jun 2020 10:00:00 GMT"
    url = site.put("/f", "x", headers={"ETag": etag, "Last-Modified": date})
    assert fetch(url, Validators(etag, date)) is None
    asked = site.requests[0].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == (etag, date)


def test_validators_of_any_bytes_are_sent_back_as_they_came(raw, fetch):
    server = raw(OK + 'ETag: "é\t;x"\r\nContent-Length: 1\r\n\r\nx'.encode())
    fetch(server.url, fetch(server.url).validators)
    assert '\r\nIf-None-Match: "é\t;x"\r\n'.encode() in server.heads[1]


def test_what_may_not_stand_in_a_header_is_a_space(raw, fetch):
    server = raw(OK + b'ETag: "a\0b\rc"\r\nContent-Length: 1\r\n\r\nx')
    fetch(server.url, fetch(server.url).validators)
    assert b'\r\nIf-None-Match: "a b c"\r\n' in server.heads[1]


def test_a_304_that_nobody_asked_for_is_a_failure(site, fetch, failure):
    site.put("/f", "", status=304)
    assert failure(fetch, site.url + "/f").status == 304


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503, 204, 206, 999])
def test_other_statuses_are_theirs(site, fetch, failure, status):
    site.put("/f", "", status=status)
    error = failure(fetch, site.url + "/f")
    assert (error.cause, error.fault, error.status) == ("status", Fault.THEIRS, status)
    assert site.url in str(error)
    assert str(status) in str(error)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", datetime(2020, 6, 9, 20, 2, tzinfo=UTC)),
        ("Wed, 10 Jun 2020 06:00:00 GMT", datetime(2020, 6, 10, 6, tzinfo=UTC)),
        ("Mon, 08 Jun 2020 06:00:00 GMT", None),
        ("9" * 400, datetime(2020, 7, 9, 20, tzinfo=UTC)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_reads_retry_after_in_both_forms(site, fetch, failure, header, expected):
    site.put("/f", "", status=503, headers={"Retry-After": header})
    assert failure(fetch, site.url + "/f").retry_at == expected


# --- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "is_move"), [((301, 308), True), ((301, 302), False), ((307,), False)]
)
def test_follows_redirects_and_tells_a_move(site, fetch, statuses, is_move):
    for number, status in enumerate(statuses):
        site.put(f"/{number}", "", status=status, headers={"Location": f"/{number + 1}"})
    end = site.put(f"/{len(statuses)}", "there")
    response = fetch(f"{site.url}/0")
    assert (response.url, response.body) == (end, b"there")
    assert response.moved_to == (end if is_move else None)


def test_redirect_bodies_are_never_read(raw, site, fetch):
    target = site.put("/end", "there")
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Encoding: gzip\r\n\r\n".encode()
    assert fetch(raw(head + bomb).url).body == b"there"


def test_a_location_in_raw_utf8_is_understood(site, raw, fetch):
    site.put("/caf%C3%A9%20one", "menu")
    head = f"HTTP/1.1 302 Found\r\nLocation: {site.url}/café one\r\n\r\n".encode()
    assert fetch(raw(head).url).body == b"menu"


def test_a_circle_of_redirects_ends_at_once(site, fetch, failure):
    site.put("/a", "", status=302, headers={"Location": "/b"})
    site.put("/b", "", status=302, headers={"Location": "/a"})
    assert failure(fetch, site.url + "/a").cause == "too_many_redirects"
    assert len(site.requests) == 2


def test_more_than_ten_redirects_are_refused(site, fetch, failure):
    for number in range(12):
        site.put(f"/{number}", "x", status=302, headers={"Location": f"/{number + 1}"})
    assert failure(fetch, site.url + "/0").cause == "too_many_redirects"
    assert len(site.requests) == 11


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("http://10.0.0.1/", "blocked_address"),
        ("http://169.254.169.254/latest/meta-data/", "blocked_address"),
        ("http://[::1]/", "blocked_address"),
        ("file:///etc/passwd", "bad_redirect"),
        ("ftp://127.0.0.1/", "bad_redirect"),
        ("http://[broken/", "bad_redirect"),
        ("javascript:alert(1)", "bad_redirect"),
        ("http://user:secret@127.0.0.1/", "bad_redirect"),
    ],
)
def test_each_hop_is_checked_again(site, fetch, failure, location, cause):
    site.put("/f", "", status=301, headers={"Location": location})
    assert failure(fetch, site.url + "/f").cause == cause


# --- addresses ------------------------------------------------------------------------------------


def test_nothing_of_ours_is_fetched_unless_opened(site, build_fetch, failure):
    error = failure(build_fetch(allow_networks=[]), site.put("/f", "x"))
    assert (error.cause, error.fault) == ("blocked_address", Fault.THEIRS)
    assert "allow_networks" in str(error)
    assert site.requests == []


def test_a_name_is_resolved_once_and_the_checked_address_is_used(site, build_fetch):
    """Rebinding: whatever the name leads to later, the connection goes where the check went."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return next(answers)

    site.put("/f", "x")
    fetch = build_fetch(resolve=resolve)
    assert fetch(f"http://feeds.example:{site.port}/f").body == b"x"
    assert asked == [("feeds.example", site.port)]
    assert site.requests[0].headers["host"] == f"feeds.example:{site.port}"
    with pytest.raises(FetchError) as caught:
        fetch(f"http://feeds.example:{site.port}/f")
    assert caught.value.cause == "blocked_address"
    assert len(site.requests) == 1


def test_a_mixed_answer_is_refused_whole(site, build_fetch, failure):
    site.put("/f", "x")
    fetch = build_fetch(resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"])
    assert failure(fetch, f"http://feeds.example:{site.port}/f").cause == "blocked_address"
    assert site.requests == []


def test_the_next_address_is_tried_when_one_refuses(site, build_fetch):
    site.put("/f", "x")
    fetch = build_fetch(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert fetch(f"http://feeds.example:{site.port}/f").body == b"x"


@pytest.mark.parametrize(
    "url", ["", "feeds.example", "ftp://feeds.example/", "http://", "http:///x", "http://a b/"]
)
def test_what_is_no_web_address_is_refused(fetch, failure, url):
    assert failure(fetch, url).cause == "bad_url"


# --- whose fault ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (socket.EAI_NONAME, Fault.THEIRS),
        (socket.EAI_AGAIN, Fault.OURS),
        (socket.EAI_FAIL, Fault.OURS),
        (socket.EAI_SYSTEM, Fault.OURS),
    ],
)
def test_only_a_name_that_does_not_exist_is_theirs(build_fetch, failure, number, fault):
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(number, "resolver says no")

    error = failure(build_fetch(resolve=resolve), "http://feeds.example/")
    assert (error.cause, error.fault) == ("dns", fault)


def test_a_resolver_that_never_answers_is_ours(build_fetch, failure):
    silence = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        silence.wait()
        return []

    error = failure(build_fetch(resolve=resolve, timeout=0.2), "http://feeds.example/")
    silence.set()
    assert (error.cause, error.fault) == ("dns", Fault.OURS)


def test_a_refused_connection_is_theirs(fetch, failure):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(fetch, f"http://127.0.0.1:{port}/")
    assert (error.cause, error.fault) == ("refused", Fault.THEIRS)


def test_a_network_without_a_way_out_is_ours(build_fetch, failure):
    """Linux knows no way to a multicast address over TCP: ENETUNREACH, as with no network."""
    fetch = build_fetch(allow_networks=["224.0.0.0/4"])
    error = failure(fetch, "http://224.0.0.1/")
    assert (error.cause, error.fault) == ("no_network", Fault.OURS)


def test_a_server_without_tls_is_theirs(site, fetch, failure):
    error = failure(fetch, f"https://127.0.0.1:{site.port}/")
    assert (error.cause, error.fault) == ("tls", Fault.THEIRS)


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def secure(raw, certificate):
    """A server with a certificate for feeds.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(4096)
                    secured.sendall(OK + b"Content-Length: 6\r\n\r\nsecret")
            except OSError:
                continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_the_certificate_must_carry_the_name_that_was_asked(secure, certificate, build_fetch):
    trust = ssl.create_default_context(cafile=str(certificate))
    fetch = build_fetch(tls=trust, resolve=lambda host, port: ["127.0.0.1"])
    assert fetch(f"https://feeds.example:{secure}/").body == b"secret"
    with pytest.raises(FetchError) as caught:
        fetch(f"https://other.example:{secure}/")
    assert caught.value.cause == "tls"


def test_an_unknown_certificate_is_refused(secure, build_fetch, failure):
    fetch = build_fetch(resolve=lambda host, port: ["127.0.0.1"])
    assert failure(fetch, f"https://feeds.example:{secure}/").cause == "tls"


# --- caps -----------------------------------------------------------------------------------------


def _packed(data: bytes, encoding: str = "gzip") -> bytes:
    head = f"Content-Encoding: {encoding}\r\nContent-Length: {len(data)}\r\n\r\n"
    return OK + head.encode() + data


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("gzip", lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:])),
        ("gzip", lambda data: gzip.compress(data) + b"\0\0padding"),
        ("gzip", lambda data: data),
        ("identity", lambda data: data),
        ("identity", gzip.compress),
        ("br", brotli.compress),
    ],
)
def test_unpacks_what_servers_send(raw, fetch, encoding, pack):
    text = b"<rss>announcement of a decision</rss>" * 50
    assert fetch(raw(_packed(pack(text), encoding)).url).body == text


def test_a_packed_answer_whose_bytes_come_one_by_one_is_unpacked():
    inflater = Inflater("gzip", 100)
    for byte in gzip.compress(b"announcement"):
        inflater.feed(bytes([byte]))
    assert inflater.finish() == b"announcement"


@pytest.mark.parametrize("encoding", ["zstd", "gzip, gzip", "br, gzip", "made-up"])
def test_encodings_that_were_not_asked_for_are_refused(raw, fetch, failure, encoding):
    assert failure(fetch, raw(_packed(b"x", encoding)).url).cause == "broken_answer"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("identity", gzip.compress), ("br", brotli.compress)],
)
def test_a_bomb_is_refused(raw, build_fetch, failure, encoding, pack):
    bomb = raw(_packed(pack(b"\0" * 40_000_000), encoding))
    assert failure(build_fetch(max_inflated=1_000_000), bomb.url).cause == "too_big"


@pytest.mark.parametrize("data", [b"no brotli at all", brotli.compress(b"announcement" * 99)[:9]])
def test_broken_brotli_is_a_failure(raw, fetch, failure, data):
    assert failure(fetch, raw(_packed(data, "br")).url).cause == "broken_answer"


@pytest.mark.parametrize("cut", [10, 40, -1])
def test_a_packed_answer_that_breaks_off_is_a_failure(raw, fetch, failure, cut):
    data = gzip.compress(bytes(range(256)) * 40)[:cut]
    error = failure(fetch, raw(_packed(data)).url)
    assert (error.cause, error.fault) == ("broken_answer", Fault.THEIRS)


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 100\r\n\r\nshort",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1",
        b"",
        b"SSH-2.0-server\r\n",
        OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
    ],
)
def test_broken_http_is_theirs(raw, fetch, failure, answer):
    error = failure(fetch, raw(answer).url)
    assert (error.cause, error.fault) == ("broken_answer", Fault.THEIRS)


def test_too_much_announced_is_refused_unread(raw, build_fetch, failure):
    server = raw(OK + b"Content-Length: 99999999999999999999999\r\n\r\nx")
    assert failure(build_fetch(max_bytes=1000), server.url).cause == "too_big"


def _endless(opening: bytes, piece: bytes):
    def talk(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(opening)
        while not stopping.is_set():
            connection.sendall(piece)

    return talk


@pytest.mark.parametrize(
    ("opening", "piece", "cause"),
    [
        (OK + b"\r\n", b"x" * 65536, "too_big"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n",
            b"8000\r\n" + b"x" * 0x8000 + b"\r\n",
            "too_big",
        ),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5;", b"x" * 65536, "broken_answer"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "too_big"),
    ],
    ids=["body", "chunks", "size of a chunk", "continue"],
)
def test_an_endless_answer_ends_at_the_cap(raw, build_fetch, failure, opening, piece, cause):
    server = raw(_endless(opening, piece))
    assert failure(build_fetch(max_bytes=200_000), server.url).cause == cause


def test_pictures_and_films_are_left_alone(raw, fetch, failure):
    server = raw(OK + b"Content-Type: video/mp4\r\nContent-Length: 5\r\n\r\nfilm!")
    assert failure(fetch, server.url).cause == "not_text"


# --- the deadline ---------------------------------------------------------------------------------


def _dripping(opening: bytes, drop: bytes):
    def talk(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(opening)
        while not stopping.wait(0.02):
            connection.sendall(drop)

    return talk


@pytest.mark.parametrize(
    ("opening", "drop"),
    [
        (b"", b""),
        (b"HT", b""),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (OK + b"\r\n", b"x"),
        (OK + b"Content-Length: 5000\r\n\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["silence", "half a line", "headers", "body", "counted body", "chunks"],
)
def test_one_deadline_covers_all_of_an_answer(raw, build_fetch, failure, opening, drop):
    server = raw(_dripping(opening, drop))
    started = time.monotonic()
    error = failure(build_fetch(timeout=0.3), server.url)
    assert (error.cause, error.fault) == ("timeout", Fault.THEIRS)
    assert time.monotonic() - started < 2


def test_the_deadline_covers_redirects_together(site, build_fetch, failure):
    """Four hops of 0.15 s each do not fit into 0.4 s, though none is late by itself."""
    late = threading.Event()

    def hop(number: int):
        def answer(_request) -> Answer:
            late.wait(0.15)
            return Answer(b"", 302, {"Location": f"/{number + 1}"})

        return answer

    for number in range(4):
        site.answer(f"/{number}", hop(number))
    site.put("/4", "there")
    assert failure(build_fetch(timeout=0.4), site.url + "/0").cause == "timeout"


def test_the_deadline_covers_the_tls_handshake(build_fetch, failure):
    with socket.create_server(("127.0.0.1", 0)) as listener:  # connects, and then says nothing
        port = listener.getsockname()[1]
        error = failure(build_fetch(timeout=0.3), f"https://127.0.0.1:{port}/")
    assert error.cause == "timeout"


# --- manners --------------------------------------------------------------------------------------


def test_a_host_rests_between_two_requests(site, build_fetch):
    url = site.put("/f", "x")
    now = [100.0]
    slept = []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    fetch = build_fetch(host_gap=1.0, monotonic=lambda: now[0], sleep=sleep)
    fetch(url)
    now[0] += 0.25
    fetch(url)
    now[0] += 5
    fetch(url)
    assert slept == [0.75]


def test_one_request_at_a_time_goes_to_a_host(site, build_fetch):
    entered, peak, lock = [0], [0], threading.Lock()
    moment = threading.Event()

    def answer(_request) -> Answer:
        with lock:
            entered[0] += 1
            peak[0] = max(peak[0], entered[0])
        moment.wait(0.01)
        with lock:
            entered[0] -= 1
        return Answer(b"x")

    url = site.answer("/f", answer)
    fetch = build_fetch()
    threads = [threading.Thread(target=fetch, args=(url,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.requests) == 8
    assert peak[0] == 1


def test_close_ends_what_is_under_way_and_refuses_more(raw, build_fetch, failure):
    reached = threading.Event()

    def talk(connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(OK + b"Content-Length: 10\r\n\r\nx")
        reached.set()
        stopping.wait()

    server = raw(talk)
    fetch = build_fetch(timeout=30.0)
    errors: list[FetchError] = []

    def run() -> None:
        try:
            fetch(server.url)
        except FetchError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    reached.wait()
    fetch.close()
    thread.join()
    fetch.close()
    errors.append(failure(fetch, server.url))
    assert [(e.cause, e.fault) for e in errors] == [("stopped", Fault.OURS)] * 2


def test_the_moment_of_retry_after_is_counted_from_the_clock(site, build_fetch, failure):
    later = Clock(datetime(2021, 1, 1, tzinfo=UTC))
    site.put("/f", "", status=429, headers={"Retry-After": "60"})
    error = failure(build_fetch(clock=later), site.url + "/f")
    assert error.retry_at == datetime(2021, 1, 1, 0, 1, tzinfo=UTC)
