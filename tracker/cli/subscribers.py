"""`tracker subscribers`: what readers do on their own page, for one who writes a letter instead."""

import json

import click

from tracker.cli.main import Setup, pass_setup


@click.group("subscribers")
def subscribers_() -> None:
    """Serve a reader who cannot use the link in the mails: pause, stop, move, export, erase.

    Example: tracker subscribers show ana@example.org
    """


@subscribers_.command("show")
@click.argument("address")
@pass_setup
def show_command(setup: Setup, address: str) -> None:
    """Say what an address asked for, and whether it is written to.

    Example: tracker subscribers show ana@example.org
    """
    from tracker.pipeline import own_data

    reader = own_data.reader_at(setup.app.database, address)
    paused = f", paused until {reader.paused_until:%Y-%m-%d}" if reader.paused_until else ""
    why = f": {reader.suspended_why}" if reader.suspended_why else ""
    click.echo(f"{reader.address}  {reader.state}{why}{paused}")
    for wish in reader.wishes:
        click.echo(f"{wish.id:>6}  {wish.state:<8} {wish.pace:<8} {wish.in_words()}")


@subscribers_.command("pause")
@click.argument("address")
@click.option("--days", type=int, default=14, show_default=True, help="0 ends the pause.")
@pass_setup
def pause_command(setup: Setup, address: str, days: int) -> None:
    """Hold all mail to an address back for some days; nothing is lost.

    Example: tracker subscribers pause ana@example.org --days 30
    """
    from tracker.pipeline import own_data

    app = setup.app
    token = own_data.reader_at(app.database, address).token
    own_data.pause(app.database, token, days, app.now())
    said = f"nothing is sent for {days} days" if days else "mail is sent again"
    click.echo(f"{address}: {said}", err=True)


@subscribers_.command("stop")
@click.argument("address")
@pass_setup
def stop_command(setup: Setup, address: str) -> None:
    """Stop all mail to an address; what it asked for is kept, should it change its mind.

    Example: tracker subscribers stop ana@example.org
    """
    from tracker.pipeline import own_data, subscribing

    app = setup.app
    token = own_data.reader_at(app.database, address).token
    subscribing.unsubscribe(app.database, token, app.now())
    click.echo(f"{address}: all mail is stopped", err=True)


@subscribers_.command("move")
@click.argument("old")
@click.argument("new")
@click.option("--agreed", is_flag=True, help="You know that both addresses are this reader's.")
@pass_setup
def move_command(setup: Setup, old: str, new: str, agreed: bool) -> None:
    """Move alerts to another address: both are asked by mail, unless you vouch for it.

    Example: tracker subscribers move ana@example.org ana@example.net
    """
    from tracker.pipeline import own_data

    app = setup.app
    token = own_data.reader_at(app.database, old).token
    if agreed:
        own_data.move_now(app.database, token, new, app.now())
        click.echo(f"the alerts of {old} go to {new} now", err=True)
    else:
        own_data.ask_to_move(app.database, token, new, app.now(), app.mail_domain)
        click.echo(f"{old} and {new} are asked by mail", err=True)


@subscribers_.command("export")
@click.argument("address")
@pass_setup
def export_command(setup: Setup, address: str) -> None:
    """Write everything that is kept of a reader, as JSON.

    Example: tracker subscribers export ana@example.org > ana.json
    """
    from tracker.pipeline import own_data

    app = setup.app
    token = own_data.reader_at(app.database, address).token
    found = own_data.everything_of(app.database, token)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@subscribers_.command("erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_setup
def erase_command(setup: Setup, address: str, yes: bool) -> None:
    """Forget a reader for good: address, wishes, lists, and what was sent. Sums are kept.

    Example: tracker subscribers erase ana@example.org --yes
    """
    from tracker.pipeline import own_data

    app = setup.app
    token = own_data.reader_at(app.database, address).token
    if not yes:
        click.confirm(f"Forget {address} for good?", abort=True)
    own_data.erase(app.database, token, app.now())
    click.echo(f"{address} is forgotten; old backups may still hold it", err=True)
