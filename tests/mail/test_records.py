"""What `tracker doctor` says of SPF, DKIM and DMARC; a DNS server on loopback answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tracker.notifiers.records import Found, LookUp, check, look_up_in_dns

message = pytest.importorskip("dns.message")
rcode = pytest.importorskip("dns.rcode")
rrset = pytest.importorskip("dns.rrset")

GOOD = {
    "tracker.example.": ["v=spf1 ip4:192.0.2.1 -all", "something else"],
    "stance._domainkey.tracker.example.": ["v=DKIM1; k=rsa; p=MIGf"],
    "_dmarc.tracker.example.": ["v=DMARC1; p=quarantine"],
}


@contextmanager
def dns_server(texts: dict[str, list[str]]) -> Iterator[int]:
    """Answers TXT questions; every other name does not exist. Gives the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                wire, client = sock.recvfrom(4096)
                if not wire:
                    return
                asked = message.from_wire(wire)
                answer = message.make_response(asked)
                name = asked.question[0].name
                if found := texts.get(name.to_text()):
                    quoted = [f'"{text}"' for text in found]
                    answer.answer.append(rrset.from_text(name, 60, "IN", "TXT", *quoted))
                else:
                    answer.set_rcode(rcode.NXDOMAIN)
                sock.sendto(answer.to_wire(), client)

        thread = threading.Thread(target=serve)
        thread.start()
        port = sock.getsockname()[1]
        yield port
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
            stop.sendto(b"", ("127.0.0.1", port))
        thread.join(5)


def asking(port: int) -> LookUp:
    look_up = look_up_in_dns(("127.0.0.1",), port)
    assert look_up is not None
    return look_up


def test_records_that_are_in_order() -> None:
    with dns_server(GOOD) as port:
        found = list(check("tracker.example", "stance", asking(port), signs=True))
    assert found == [
        Found("SPF", "v=spf1 ip4:192.0.2.1 -all"),
        Found("DKIM", "v=DKIM1; k=rsa; p=MIGf"),
        Found("DMARC", "v=DMARC1; p=quarantine"),
    ]


def test_records_that_are_missing_or_doubled_are_named_with_their_mend() -> None:
    with dns_server({"tracker.example.": ["v=spf1 -all", "v=spf1 ~all"]}) as port:
        spf, dkim, dmarc = check("tracker.example", "stance", asking(port), signs=True)
    assert spf == Found("SPF", "2 records at tracker.example: receivers ignore all", "keep one")
    assert "stance._domainkey.tracker.example" in dkim.mend
    assert "_dmarc.tracker.example" in dmarc.mend


def test_a_key_of_the_relay_is_not_looked_for() -> None:
    with dns_server(GOOD) as port:
        found = check("tracker.example", "stance", asking(port), signs=False)
        assert [one.what for one in found] == ["SPF", "DMARC"]


def test_a_dns_that_does_not_answer_is_told_apart_from_a_missing_record() -> None:
    def silent(name: str) -> list[str]:
        raise OSError("the DNS does not answer (LifetimeTimeout)")

    with pytest.raises(OSError, match="does not answer"):
        list(check("tracker.example", "stance", silent, signs=True))
