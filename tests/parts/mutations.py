"""Bytes as they come out of broken programs and hostile hands, the same on every run."""

import random
from collections.abc import Iterator

BITS = (
    b"<", b">", b"&", b"\x00", b"\xff", b"\xed\xa0\x80", b"]]>", b"<![CDATA[", b"<!--", b"&#0;",
    b"&#99999999999;", b"</", b"<?xml ", b"<!DOCTYPE x [", b"\"'", b"\r\n", b"\r\n\r\n", b"{", b"]",
    b"99999999999999999999", b"-1", b"<table>" * 40, b"<b " + b"x=y " * 50 + b">", b"\xe2\x80\xae",
)  # fmt: skip


def mutations(sample: bytes, number: int, seed: int = 1) -> Iterator[bytes]:
    """The sample so many times, each with a few of its bytes cut, doubled, moved or replaced."""
    chance = random.Random(seed)
    for _ in range(number):
        data = bytearray(sample)
        for _ in range(chance.randint(1, 8)):
            start = chance.randrange(len(data) + 1)
            end = min(len(data), start + chance.choice((0, 1, 3, 30, 300)))
            piece = chance.choice((b"", bytes(data[start:end]) * 2, chance.choice(BITS)))
            data[start:end] = piece
        yield bytes(data)
