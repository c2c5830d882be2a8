"""Numbers that a person types: of a record, or how many of something."""

from typing import Any

import click

LARGEST = 2**31 - 1
"""What every database keeps in an integer."""


class _Number(click.types.IntParamType):
    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        text = str(value)
        short = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))
        if not short or not 1 <= int(text) <= LARGEST:
            self.fail(f"{text[:40]!r} is no whole number from 1 to {LARGEST}", param, context)
        return int(text)


NUMBER = _Number()
"""A whole number from 1 on."""
