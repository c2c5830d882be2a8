"""What counts as an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.addresses import masked, normalise
from tracker.domain.errors import UsageError


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ana@ngo.example", "ana@ngo.example"),
        ("  Ana.B+x@NGO.Example ", "Ana.B+x@ngo.example"),
        ("o'neil@sub.ngo.example", "o'neil@sub.ngo.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_one_form(written: str, kept: str) -> None:
    assert normalise(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@ngo.example",
        "ana@",
        "ana@localhost",
        "ana@@ngo.example",
        "ana@b@ngo.example",
        "a na@ngo.example",
        ".ana@ngo.example",
        "ana.@ngo.example",
        "a..b@ngo.example",
        '"ana"@ngo.example',
        "ana@ngo..example",
        "ana@-ngo.example",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@ngo.example\nBcc: all@ngo.example",
        "ana\r\n@ngo.example",
        "ana@ngo.example,bob@ngo.example",
        "ana\x00@ngo.example",
        "änä@ngo.example",
        "a" * 65 + "@ngo.example",
        "a@" + "x" * 64 + ".example",
        "a@" + "xy." * 90 + "example",
        "Ana <ana@ngo.example>",
    ],
)
def test_what_is_no_single_plain_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not an e-mail address"):
        normalise(text)


@given(st.text(max_size=80))
def test_nothing_dangerous_passes(text: str) -> None:
    try:
        address = normalise(text)
    except UsageError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert address.count("@") == 1
    assert normalise(address) == address


def test_logs_show_the_first_letter_only() -> None:
    assert masked("ana.maria@ngo.example") == "a…@ngo.example"
