"""The commands that look whether all is as it should be: verify, doctor."""

import json
from dataclasses import asdict

import click

from tracker.cli.main import Failure, Setup, pass_setup

PASS_LIMIT = 1_000_000
"""A pass by hand takes everything that is due."""


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@pass_setup
def verify_(setup: Setup, as_json: bool) -> None:
    """Check every quote against its snapshot; end with 1 if one differs.

    Also: every stored text against its SHA-256, and every extracted record for its proof. Quotes
    that their publishers changed since are listed; that is no fault of the record.

    Example: tracker verify
    """
    from tracker.pipeline.verify import verify

    verified = verify(setup.app.database)
    if as_json:
        click.echo(json.dumps(asdict(verified), ensure_ascii=False))
    else:
        for difference in verified.differences:
            click.echo(str(difference))
        for gone in verified.gone:
            click.echo(str(gone))
    click.echo(f"{verified.spans} quotes and {verified.texts} texts compared", err=True)
    if verified.differences:
        raise Failure(f"{len(verified.differences)} are not as they were recorded")


@click.command("recheck")
@click.option("--all", "every", is_flag=True, help="Every quoted article, due or not.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON summary.")
@pass_setup
def recheck_(setup: Setup, every: bool, as_json: bool) -> None:
    """Read quoted articles again: is the quoted sentence still there?

    Each is due 1 hour, 6 hours, 1, 3, 7 and 30 days after it was first quoted. A quote that changed
    or vanished is marked, and a correction is recorded; both texts are kept.

    Example: tracker recheck --json
    """
    done = setup.app.recheck(PASS_LIMIT, every=every)
    names = ("same", "edited", "gone", "replaced", "failed", "moved", "notes", "corrections")
    summary = {"articles": done.done} | {name: done[name] for name in names} | {"bugs": done.bugs}
    words = ", ".join(f"{number} {name}" for name, number in summary.items())
    click.echo(json.dumps(summary) if as_json else words, err=not as_json)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def doctor_(setup: Setup, as_json: bool) -> None:
    """Check settings, database, disk, mail, models and sources: one line each, with the mend.

    Ends with 1 if there is a fault.

    Example: tracker doctor
    """
    from tracker.cli.diagnosis import diagnose
    from tracker.pipeline.doctor import State

    faults = 0
    for line in diagnose(setup):
        faults += line.state is State.FAULT
        click.echo(json.dumps(asdict(line), ensure_ascii=False) if as_json else str(line))
    if faults:
        raise Failure(f"{faults} {'fault' if faults == 1 else 'faults'}")
