"""The commands that keep the database safe, and give it away: backup, restore, downloads."""

from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.cli.main import Setup, pass_setup

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@FILE
@click.option("--force", is_flag=True, help="Write over a file of that name.")
@pass_setup
def backup_(setup: Setup, file: Path, force: bool) -> None:
    """Copy the database into FILE while it is in use.

    The file holds addresses of subscribers and is readable by its owner only. Settings and the
    secret key are files of their own: keep them too.

    Example: tracker backup tracker-2026-06-01.db
    """
    from tracker.store.backup import back_up

    database = setup.bare_app.database
    back_up(database, file, overwrite=force)
    click.echo(f"{database.where} is kept in {file} ({file.stat().st_size:,} bytes)", err=True)


@click.command("downloads")
@pass_setup
def downloads_(setup: Setup) -> None:
    """Make the files of /data now, into `web.downloads_folder`.

    The scheduler does it by itself within minutes of a change. Where none runs, call this after
    `tracker poll`. datapackage.json says what the columns mean; SHA-256 of every file is in it.

    Example: tracker downloads
    """
    from tracker.pipeline.downloads import make

    app = setup.app
    folder = app.settings.web.downloads_folder
    made = make(app.database, folder, app.settings.base_url, app.now)
    for file in made.files:
        click.echo(f"{file.sha256}  {file.name}")
    click.echo(f"version {made.version} of the data is in {folder}", err=True)


@click.command("restore")
@FILE
@click.option("--force", is_flag=True, help="Replace the database that is there.")
@pass_setup
def restore_(setup: Setup, file: Path, force: bool) -> None:
    """Put a backup in place of the database, checked and brought up to date.

    Stop `tracker run` first: nothing is replaced while a scheduler is at work.

    Example: tracker restore --force tracker-2026-06-01.db
    """
    from tracker.store.backup import restore

    database = setup.bare_app.database
    restore(database, file, datetime.now(UTC), overwrite=force)
    click.echo(f"{database.where} holds what {file} held", err=True)
