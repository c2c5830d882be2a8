"""Readers that do what a document could make a real one do; worker processes load them by name."""

import os
import weakref

from tracker.domain.errors import ParseError
from tracker.domain.model import Response

READ: "list[weakref.ref[Response]]" = []
"""What was read before, by the worker that this module is loaded in."""


def upper(text: str) -> str:
    return text.upper()


def refuse(_text: str) -> str:
    raise ParseError("no feed")


def take_memory(_text: str) -> int:
    return len(bytearray(4_000_000_000))


def die(_text: str) -> None:
    os._exit(11)


def stumble(text: str) -> str:
    return text[len(text)]


def never_end(_text: str) -> None:
    while True:
        pass


def own_pid() -> int:
    return os.getpid()


def count(response: Response) -> tuple[int, int]:
    """The bytes of an answer, and how many that came before it are still held."""
    held = sum(1 for before in READ if before() is not None)
    READ.append(weakref.ref(response))
    return len(response.body), held
