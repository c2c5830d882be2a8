"""The commands around quarantine: list, retry."""

import json

import click

from tracker.cli.main import Setup, pass_setup


@click.group("quarantine")
def quarantine_() -> None:
    """Look at what failed too often, and try it again.

    Example: tracker quarantine list
    """


@quarantine_.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def list_(setup: Setup, as_json: bool) -> None:
    """List feeds that no reader survived, and entries and texts that failed three times.

    Example: tracker quarantine list --json
    """
    from tracker.pipeline import quarantine

    found = quarantine.list_all(setup.app.database)
    for one in found:
        if as_json:
            told = {"key": one.key, "name": one.name, "url": one.url, "error": one.error}
            since = one.since.isoformat() if one.since else None
            click.echo(json.dumps(told | {"since": since}, ensure_ascii=False))
        else:
            click.echo(f"{one.key:<14}  {one.name}  {one.url or ''}\n                {one.error}")
    click.echo(f"{len(found)} in quarantine", err=True)


@quarantine_.command("retry")
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@pass_setup
def retry(setup: Setup, keys: tuple[str, ...]) -> None:
    """Try these again at the next turn; "all" means every one.

    Example: tracker quarantine retry entry:12 feed:3
    """
    from tracker.pipeline import quarantine

    tried = quarantine.retry(setup.app.database, keys, setup.app.now())
    click.echo(f"{len(tried)} will be tried again at the next turn", err=True)
