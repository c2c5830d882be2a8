"""`tracker sources backfill`: older entries of a source."""

from datetime import datetime

import click

from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.backfill import Backfill, BackfillWay
from tracker.domain.errors import UsageError

WAYS = click.Choice([way.value for way in BackfillWay])


@click.command("backfill")
@click.argument("id_", metavar="ID", type=NUMBER)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="How far back (default: a year).")
@click.option("--way", type=WAYS, help="Only in this way; default: whichever the site offers.")
@click.option("--pages", type=NUMBER, default=100, show_default=True)
@pass_setup
def backfill(setup: Setup, id_: int, since: datetime | None, way: str | None, pages: int) -> None:
    """Fetch older entries of a source, a page at a time; repeat it to go on.

    Taken are dated entries older than a week, so nobody is alerted. Archives that the feed links
    (RFC 5005), WordPress' pages of a feed, and dated sitemaps are tried in this order.

    Example: tracker sources backfill 12 --since 2019-01-01
    """
    from tracker.pipeline.backfill import backfill as fetch_older
    from tracker.pipeline.backfill import describe
    from tracker.pipeline.watching import known_sources
    from tracker.store import sources

    app = setup.app
    (known,) = known_sources(app.database, [id_])
    with app.database.reading() as session:
        source = next(one for one in sources.every(session) if one.id == known)
    until = since.date() if since else None
    if until is not None and until >= app.now().date():
        raise UsageError(f"--since {until} is not in the past")

    def tell(done: Backfill) -> None:
        click.echo(f"page {done.pages}: {done.entries} entries so far", err=True)

    chosen = BackfillWay(way) if way else None
    done = fetch_older(app.backfilling, source, until, pages, chosen, tell)
    click.echo(describe(done, app.now()))
