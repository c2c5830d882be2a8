"""The commands that write records out and read them back: export, import."""

from datetime import datetime
from pathlib import Path

import click

from tracker.cli.files import read_bytes, standard_output
from tracker.cli.main import Setup, pass_setup
from tracker.domain.errors import UsageError

WHAT = (
    "stances",
    "reactions",
    "calls",
    "commitments",
    "positions",
    "sources",
    "entries",
    "articles",
    "alerts",
)
AS_KNOWN_THEN = WHAT[:5]
"""Kinds of rows of which it is kept when they were first reported."""
LEVELS = ("public", "recorded", "all")
DATE = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.argument("what", type=click.Choice(WHAT), metavar="WHAT")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--as-of", type=DATE, metavar="DATE", help="As it stood on that day (UTC).")
@click.option(
    "--known",
    type=click.Choice(["now", "then"]),
    default="now",
    show_default=True,
    help="With --as-of: by what is known now, or by what had been reported on that day.",
)
@click.option(
    "--level",
    type=click.Choice(LEVELS),
    default="recorded",
    show_default=True,
    help="public: what pages show; recorded: all that is not rejected; all: rejected too.",
)
@click.option("--addresses", is_flag=True, help="With alerts: whom each is for.")
@pass_setup
def export_(
    setup: Setup,
    what: str,
    form: str,
    as_of: datetime | None,
    known: str,
    level: str,
    addresses: bool,
) -> None:
    """Write records to standard output as CSV or JSON lines (UTF-8).

    WHAT is stances, reactions, calls, commitments, positions, sources, entries, articles or
    alerts.
    A CSV cell that a spreadsheet would run as a formula begins with an apostrophe.

    Example: tracker export positions --format jsonl --as-of 2021-06-10
    """
    from tracker.domain.codes import Known
    from tracker.store.exports import ROWS, Cut, Wanted, forms
    from tracker.store.exports.columns import COLUMNS

    if known == "then" and as_of is None:
        raise UsageError("--known then needs a day: give --as-of DATE")
    if known == "then" and what not in AS_KNOWN_THEN:
        raise UsageError(
            f"--known then is for {', '.join(AS_KNOWN_THEN)}: {what} have no first report; "
            "--as-of alone leaves out what this installation saw later"
        )
    app = setup.app
    day = as_of.date() if as_of else None
    cut = Cut(app.now().date(), Wanted(level), day, addresses, Known(known))
    write = forms.write_csv if form == "csv" else forms.write_json_lines
    with app.database.reading() as session, standard_output() as out:
        number = write(out, ROWS[what](session, cut), COLUMNS[what])
    click.echo(f"{number} {what}", err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_setup
def import_(setup: Setup, file: Path) -> None:
    """Read exported stances, reactions, calls, commitments or sources back, from CSV or JSON lines.

    All or nothing: a file with a bad line changes nothing, and every bad line is named. What is
    known already is left as it is, so that a file may be read twice. Imported records carry
    links in place of quotes, and alert nobody.

    Example: tracker import stances.jsonl
    """
    from tracker.cli import tables
    from tracker.pipeline.importing import import_rows

    app = setup.app
    rows = tables.read(read_bytes(file), str(file))
    taken = import_rows(app.database, rows, str(file), app.now())
    app.database.weigh()
    words = (f"{number} {what}" for what, number in taken.added.items())
    click.echo(f"added {', '.join(words)}; {taken.known} known already", err=True)
