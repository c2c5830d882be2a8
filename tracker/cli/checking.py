"""The commands that look whether all is as it should be: verify, doctor."""

import json
from dataclasses import asdict

import click

from tracker.cli.main import Failure, Setup, pass_setup


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@pass_setup
def verify_(setup: Setup, as_json: bool) -> None:
    """Check every quote against its snapshot; end with 1 if one differs.

    Also: every stored text against its SHA-256, and every extracted record for its proof.

    Example: tracker verify
    """
    from tracker.pipeline.verify import verify

    verified = verify(setup.app.database)
    if as_json:
        click.echo(json.dumps(asdict(verified), ensure_ascii=False))
    else:
        for difference in verified.differences:
            click.echo(str(difference))
    click.echo(f"{verified.spans} quotes and {verified.texts} texts compared", err=True)
    if verified.differences:
        raise Failure(f"{len(verified.differences)} are not as they were recorded")


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
