"""The fields of filters: what each may hold, and how a value that a person wrote is read."""

import re
from collections.abc import Callable, Mapping
from datetime import date as Day
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum

from tracker.domain.codes import Act, ChangeKind, PositionWord, Track
from tracker.domain.errors import UsageError


class FilterError(UsageError):
    """A filter cannot be understood; its text names the field and what it takes.

    ``text`` and ``values`` are kept apart, so that a page can say it in another language.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text = text
        self.values = values


class Kind(StrEnum):
    """The kinds of thing that can be found."""

    STANCE = "stance"
    REACTION = "reaction"
    CALL = "call"
    ORGANISATION = "organisation"
    ARTICLE = "article"


class Attested(StrEnum):
    """Which levels are wanted: confirmed only, what pages show (the default), or all."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    ALL = "all"


def read_code(name: str, value: str, codes: type[StrEnum]) -> str:
    """A code of a closed set; its letters may be capital. Raises FilterError."""
    known = [code.value for code in codes]
    code = value.lower().replace("-", "_")
    if code in known:
        return code
    near = get_close_matches(code, known, 1)
    asked = value[:40]
    if near:
        raise FilterError(
            "“%(value)s” is no %(field)s; did you mean %(near)s?",
            value=asked, field=name, near=near[0],
        )  # fmt: skip
    raise FilterError(
        "“%(value)s” is no %(field)s; it is one of %(known)s",
        value=asked, field=name, known=", ".join(known),
    )  # fmt: skip


def _one_of(codes: type[StrEnum]) -> Callable[[str, str], str]:
    return lambda name, value: read_code(name, value, codes)


_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")


def _slug(name: str, value: str) -> str:
    slug = value.lower().replace("_", "-")
    if not _SLUG.fullmatch(slug):
        raise FilterError(
            "“%(value)s” is no %(field)s: write its short name as addresses do, such as"
            " facial-recognition",
            value=value[:40],
            field=name,
        )
    return slug


def _host(name: str, value: str) -> str:
    host = value.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    if not _SLUG.fullmatch(host):
        raise FilterError(
            "“%(value)s” is no %(field)s: write a host such as news.example.org",
            value=value[:40],
            field=name,
        )
    return host


def _country(name: str, value: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise FilterError(
            "“%(value)s” is no %(field)s: write two letters, such as US or DE",
            value=value[:40],
            field=name,
        )
    code = value.upper()
    return "UK" if code == "GB" else code


CHOICES: Mapping[str, Callable[[str, str], str]] = {
    "company": _slug,
    "topic": _slug,
    "kind": _one_of(Kind),
    "act": _one_of(Act),
    "change": _one_of(ChangeKind),
    "position": _one_of(PositionWord),
    "track": _one_of(Track),
    "country": _country,
    "sector": _slug,
    "by": _slug,
    "source": _host,
    "watchlist": _slug,
}
"""The fields that take several values, in the order of addresses, and how one is read."""

SINGLE = ("level", "after", "before", "year")
"""The fields that are given once."""


def first_day(name: str, text: str) -> Day:
    """The first day of a year, a month or a day: 2024, 2024-05, 2024-05-31. Raises FilterError."""
    parts = text.split("-")
    if len(parts[0]) == 4 and len(parts) <= 3 and all(part.isdecimal() for part in parts):
        numbers = [int(part) for part in parts] + [1, 1]
        try:
            return Day(*numbers[:3])
        except ValueError:
            pass
    raise FilterError(
        "%(field)s: “%(value)s” is no day; write 2024, 2024-05 or 2024-05-31 (year, month, day)",
        field=name,
        value=text[:40],
    )


def whole_year(year: int) -> tuple[Day, Day]:
    """Its first day, and the first day after it."""
    last = Day(year, 12, 31)
    return Day(year, 1, 1), last if year == Day.max.year else last + timedelta(days=1)
