"""Which addresses may be connected to: every spelling and every form (promise 2)."""

import pytest

from tracker.domain.errors import FetchError
from tracker.sources.addresses import AddressGuard

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.1.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "::ffff:101:101",
    "64:ff9b::101:101",
    "2002:101:101::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
]


def resolving_to(*addresses: str) -> AddressGuard:
    return AddressGuard(resolve=lambda host, port: list(addresses))


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused_by_name_and_by_number(address):
    for guard, host in ((resolving_to(address), "feeds.example"), (AddressGuard(), address)):
        with pytest.raises(FetchError) as caught:
            guard.addresses(host, 80, 1)
        assert caught.value.cause == "blocked_address"


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed(address):
    assert resolving_to(address).addresses("feeds.example", 80, 1) == [address]
    assert AddressGuard().addresses(address, 80, 1) == [address]


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0X7F.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0",
        "0x0",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "[::1]",
        "[::ffff:7f00:1]",
    ],
)
def test_numbers_in_any_spelling_are_addresses(host):
    with pytest.raises(FetchError) as caught:
        AddressGuard(resolve=never).addresses(host, 80, 1)
    assert caught.value.cause == "blocked_address"


def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("host", ["999.1.1.1", "1.2.3.4.5", "0x", "4294967296"])
def test_broken_numbers_are_no_hosts(host):
    with pytest.raises(FetchError) as caught:
        AddressGuard(resolve=never).addresses(host, 80, 1)
    assert caught.value.cause == "bad_url"


@pytest.mark.parametrize("private", ["10.0.0.1", "::1", "fec0::1"])
@pytest.mark.parametrize("order", [1, -1])
def test_one_private_address_refuses_all(private, order):
    with pytest.raises(FetchError) as caught:
        resolving_to(*["1.1.1.1", private][::order]).addresses("feeds.example", 80, 1)
    assert caught.value.cause == "blocked_address"


def test_a_private_address_behind_many_public_ones_is_seen():
    many = [f"1.1.{number // 250}.{number % 250}" for number in range(500)]
    with pytest.raises(FetchError) as caught:
        resolving_to(*many, "127.0.0.1").addresses("feeds.example", 80, 1)
    assert caught.value.cause == "blocked_address"
    assert len(resolving_to(*many).addresses("feeds.example", 80, 1)) == 16


def test_an_operator_opens_a_network_and_nothing_else():
    guard = AddressGuard(["127.0.0.0/8", "fd12::/16"])
    assert guard.addresses("127.0.0.9", 80, 1) == ["127.0.0.9"]
    assert guard.addresses("::ffff:127.0.0.1", 80, 1) == ["::ffff:7f00:1"]
    assert guard.addresses("fd12::1", 80, 1) == ["fd12::1"]
    for other in ("10.0.0.1", "::1", "fd13::1"):
        with pytest.raises(FetchError):
            guard.addresses(other, 80, 1)


def test_a_name_of_this_machine_is_refused():
    with pytest.raises(FetchError) as caught:
        AddressGuard().addresses("localhost", 80, 5)
    assert caught.value.cause == "blocked_address"


@pytest.mark.parametrize("answer", [[], ["fe80::1%eth0"], ["nonsense"]])
def test_answers_without_a_usable_address_are_refused(answer):
    with pytest.raises(FetchError) as caught:
        resolving_to(*answer).addresses("feeds.example", 80, 1)
    assert caught.value.cause in ("dns", "blocked_address")


def test_a_host_name_that_cannot_be_encoded_does_not_exist():
    def resolve(host: str, port: int) -> list[str]:
        raise UnicodeError("label too long")

    with pytest.raises(FetchError) as caught:
        AddressGuard(resolve=resolve).addresses("feeds.example", 80, 1)
    assert caught.value.cause == "dns"
