"""`tracker outbox`: what is owed, sent, failed; another try; suspended addresses."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.errors import UsageError

STANDINGS = ("owed", "leased", "sent", "failed", "withdrawn")


@click.group("outbox")
def outbox_() -> None:
    """Look at the outbox, and let what failed be tried again.

    Example: tracker outbox list --standing failed
    """


@outbox_.command("list")
@click.option("--standing", type=click.Choice(STANDINGS), help="Only those that stand there.")
@click.option("--limit", type=NUMBER, default=50, show_default=True)
@click.option("--addresses", is_flag=True, help="Whole addresses, not masked.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines in place of a table.")
@pass_setup
def list_command(
    setup: Setup, standing: str | None, limit: int, addresses: bool, as_json: bool
) -> None:
    """List alerts, newest first, and count all of them.

    Example: tracker outbox list --standing failed --limit 20
    """
    from tracker.pipeline import outbox
    from tracker.store.outbox import Standing

    app = setup.app
    chosen = Standing(standing) if standing else None
    for line in outbox.list_alerts(app.database, chosen, app.now(), limit):
        row = {**asdict(line), "address": _shown(line.address, addresses)}
        click.echo(_json(row) if as_json else _columns(row))
    _say_counts(setup)


@outbox_.command("count")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@pass_setup
def count_command(setup: Setup, as_json: bool) -> None:
    """Count what is owed, leased, sent, failed, withdrawn and suspended, and how fast it goes.

    Example: tracker outbox count --json
    """
    from tracker.pipeline import outbox

    if as_json:
        click.echo(_json(asdict(outbox.count(setup.app.database, setup.app.now()))))
    else:
        _say_counts(setup)


@outbox_.command("show")
@click.argument("alert", type=NUMBER)
@click.option("--addresses", is_flag=True, help="The whole address, not masked.")
@pass_setup
def show_command(setup: Setup, alert: int, addresses: bool) -> None:
    """Show one alert with every try and what the server said.

    Example: tracker outbox show 12
    """
    from tracker.pipeline import outbox

    app = setup.app
    found = outbox.show(app.database, alert, app.now())
    row = {**asdict(found.line), "address": _shown(found.line.address, addresses)}
    for name, value in {**row, "message_id": found.message_id}.items():
        click.echo(f"{name:<12} {_plain(value)}")
    for at, result, answer in found.tries:
        click.echo(f"{at:%Y-%m-%d %H:%M:%S}  {result:<10} {answer}")


@outbox_.command("retry")
@click.argument("alerts", type=NUMBER, nargs=-1)
@click.option("--failed", is_flag=True, help="All that failed.")
@BY
@pass_setup
def retry_command(setup: Setup, alerts: tuple[int, ...], failed: bool, by: str | None) -> None:
    """Owe failed alerts again; they go out with the next delivery.

    Example: tracker outbox retry 12 13
    """
    from tracker.pipeline import outbox

    if bool(alerts) == failed:
        raise UsageError("name alerts, or else --failed for all of them")
    app = setup.app
    number = outbox.retry(app.database, None if failed else alerts, who(by), app.now())
    if alerts and not number:
        raise UsageError(
            "none of these alerts had failed; `tracker outbox list --standing failed` names those"
        )
    click.echo(f"{number} owed again", err=True)


@outbox_.command("drain")
@BY
@pass_setup
def drain_command(setup: Setup, by: str | None) -> None:
    """Send all that is owed, without regard to rates, also what waits for its next try.

    Example: tracker outbox drain
    """
    from tracker.cli.mailing import say_sent
    from tracker.pipeline import outbox

    app = setup.app
    outbox.wake(app.database, who(by), app.now())
    say_sent(app.deliver(at_once=True))


@outbox_.command("hold")
@BY
@pass_setup
def hold_command(setup: Setup, by: str | None) -> None:
    """Stop all sending at once, in every process; nothing that is owed is lost.

    Example: tracker outbox hold
    """
    from tracker.pipeline import outbox

    outbox.hold(setup.app.database, who(by), setup.app.now())
    click.echo("nothing is sent until `tracker outbox release`", err=True)


@outbox_.command("release")
@BY
@pass_setup
def release_command(setup: Setup, by: str | None) -> None:
    """Send again, beginning with what waited.

    Example: tracker outbox release
    """
    from tracker.pipeline import outbox

    outbox.release(setup.app.database, who(by), setup.app.now())
    click.echo("mails are sent again", err=True)


@outbox_.command("suspended")
@pass_setup
def suspended_command(setup: Setup) -> None:
    """List suspended addresses, since when, and why.

    Example: tracker outbox suspended
    """
    from tracker.pipeline import outbox

    for address, since, why in outbox.suspended(setup.app.database):
        click.echo(f"{address}  {_plain(since)}  {why}")


@outbox_.command("resume")
@click.argument("address")
@BY
@pass_setup
def resume_command(setup: Setup, address: str, by: str | None) -> None:
    """Write to a suspended address again, beginning with what failed meanwhile.

    Example: tracker outbox resume ana@example.org
    """
    from tracker.pipeline import outbox

    outbox.resume(setup.app.database, address, who(by), setup.app.now())
    click.echo(f"{address} is written to again", err=True)


def _say_counts(setup: Setup) -> None:
    from tracker.pipeline import outbox

    counted = outbox.count(setup.app.database, setup.app.now())
    said = ", ".join(f"{_plain(value)} {name.replace('_', ' ')}" for name, value in _told(counted))
    click.echo(said, err=True)


def _told(counted: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in asdict(counted).items() if value is not None]


def _shown(address: str, whole: bool) -> str:
    from tracker.domain.addresses import masked

    return address if whole else masked(address)


def _columns(row: dict[str, Any]) -> str:
    error = f"  {row['last_error']}" if row["last_error"] else ""
    return (
        f"{row['id']:>6}  {row['standing']:<9} {row['kind']:<12} {row['created']:%Y-%m-%d %H:%M}  "
        f"{row['address']}  {row['change']}{error}"
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return "-" if value is None else str(value)


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=lambda moment: moment.isoformat())
