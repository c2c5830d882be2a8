"""Who enters, decides or corrects something: kept in the history of each record."""

import getpass

import click

from tracker.domain.errors import UsageError

BY = click.option("--by", metavar="NAME", help="Who does this (default: your login name).")


def who(given: str | None) -> str:
    """The name that was given, else that of the system's user. Raises UsageError without any."""
    try:
        return given or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("the system names no user: say --by NAME, or set USER") from error
