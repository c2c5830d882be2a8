"""`tracker bounce` and `tracker mail`: what becomes of mail, and whether it arrives."""

import os
import sys
from pathlib import Path

import click

from tracker.cli.main import Setup, pass_setup

TRY_LATER = 75
"""What a mail server that pipes to us takes as 'keep it and try again' (sysexits.h)."""


@click.command("bounce")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--maildir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read what is new in this folder; what was understood is marked as seen.",
)
@click.option("--recipient", help="The envelope address it arrived for, if the server tells.")
@pass_setup
def bounce_(
    setup: Setup, files: tuple[Path, ...], maildir: Path | None, recipient: str | None
) -> None:
    """Take in reports of failed mail and complaints: from files, a maildir, or a pipe.

    Example: tracker bounce --recipient "$ORIGINAL_RECIPIENT" < report.eml
    """
    from tracker.domain.errors import StoreError

    arrived_for = recipient or os.environ.get("ORIGINAL_RECIPIENT", "")
    try:
        if maildir is not None:
            _read_folder(setup, maildir)
        for file in files:
            _hear(setup, file.read_bytes(), arrived_for, file.name)
        if maildir is None and not files:
            _hear(setup, sys.stdin.buffer.read(), arrived_for, "this message")
    except StoreError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(TRY_LATER)


def _read_folder(setup: Setup, folder: Path) -> None:
    from tracker.notifiers.maildir import mark_seen, new_in

    for file in new_in(folder):
        heard = _hear(setup, file.read_bytes(), "", file.name)
        mark_seen(folder, file, understood=heard)


def _hear(setup: Setup, content: bytes, recipient: str, name: str) -> bool:
    """Take in one message; False when it is no report that we understand."""
    from tracker.notifiers.reports import read_report
    from tracker.pipeline.hearing import Outcome, hear

    report = read_report(content, recipient)
    if report is None:
        click.echo(f"{name}: no report of a failure or complaint: left for a person", err=True)
        return False
    outcome = hear(setup.app.database, report, setup.app.now)
    click.echo(f"{name}: {report.heard}: {outcome}", err=True)
    return outcome is not Outcome.NOT_OURS


@click.group("mail")
def mail_() -> None:
    """See whether mail arrives.

    Example: tracker mail test you@example.org
    """


@mail_.command("test")
@click.argument("address")
@pass_setup
def test_command(setup: Setup, address: str) -> None:
    """Send a mail to see whether it arrives, signed and addressed as alerts are.

    Example: tracker mail test you@example.org
    """
    from tracker.domain.addresses import normalise

    answer = setup.app.send_trial(normalise(address))
    click.echo(f"handed over: {answer}", err=True)
