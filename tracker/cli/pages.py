"""The commands around watched pages: policies, terms, principles."""

import json

import click

from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER


@click.group("pages")
def pages_() -> None:
    """Show what changed in the pages that are watched.

    A page is watched with `tracker sources add URL --kind watched`.

    Example: tracker pages changes
    """


@pages_.command("changes")
@click.option("--source", type=NUMBER, help="Only this source.")
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines, with the differences.")
@pass_setup
def changes_command(setup: Setup, source: int | None, limit: int, as_json: bool) -> None:
    """List what happened to watched pages, newest first.

    Example: tracker pages changes --source 12
    """
    from tracker.pipeline.watched import describe, list_changes
    from tracker.pipeline.watching import known_sources

    database = setup.app.database
    if source is not None:
        known_sources(database, [source])
    changes = list_changes(database, limit, source)
    for change in changes:
        if as_json:
            click.echo(json.dumps(describe(change), ensure_ascii=False))
        else:
            at = f"{change.noticed_at:%Y-%m-%d %H:%M}"
            click.echo(f"{change.id:>5}  {at}  {change.kind:<8}  {change.title}  {change.url}")
    click.echo(f"{len(changes)} changes", err=True)


@pages_.command("show")
@click.argument("change", type=NUMBER)
@click.option("--before", "which", flag_value="before", help="The whole text before it.")
@click.option("--after", "which", flag_value="after", help="The whole text after it.")
@pass_setup
def show_command(setup: Setup, change: int, which: str | None) -> None:
    """Show what was taken out of a page (-) and what was put in (+), or one text whole.

    Example: tracker pages show 3
    """
    from tracker.pipeline.watched import difference, find_change

    found = find_change(setup.app.database, change)
    texts = {"before": found.text_before, "after": found.text_after}
    click.echo(texts[which] if which else difference(found))
