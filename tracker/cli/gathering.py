"""The commands that bring articles in: poll and ingest."""

import json
from typing import TYPE_CHECKING

import click

from tracker.cli.main import LITTLE_CACHE_MB, Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.engine.memory import keep_few_heaps

if TYPE_CHECKING:
    from tracker.app import App
    from tracker.domain.model import SourceId
    from tracker.pipeline.poll import Brought

PASS_LIMIT = 1_000_000
"""A pass by hand takes everything that waits."""


@click.command("poll")
@click.option("--all", "every", is_flag=True, help="Poll every active source, due or not.")
@click.option("--source", "ids", type=NUMBER, multiple=True, help="Only this source (repeatable).")
@click.option("--no-read", is_flag=True, help="Do not read and analyse the articles.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON summary.")
@pass_setup
def poll_(setup: Setup, every: bool, ids: tuple[int, ...], no_read: bool, as_json: bool) -> None:
    """Fetch what is due, read the articles behind it and analyse them, once.

    Example: tracker poll --all --json
    """
    if no_read:
        keep_few_heaps()
    setup.only_polls, setup.cache_mb = no_read, LITTLE_CACHE_MB
    app = setup.app
    known = _known(app, ids) if ids else None
    with _Progress() as progress:
        polled = app.poll(PASS_LIMIT, known, progress.tell, every=every)
        summary = {"sources": 0, "failed": 0, "unchanged": 0, "new_entries": 0} | polled.counted
        if not no_read:
            progress.say("reading and analysing articles")
            summary |= _read_and_analyse(setup, known)
    click.echo(json.dumps(summary) if as_json else _in_words(summary), err=not as_json)


def _known(app: "App", ids: tuple[int, ...]) -> "list[SourceId]":
    from tracker.pipeline.watching import known_sources

    return known_sources(app.database, ids)


def _read_and_analyse(setup: Setup, only: "list[SourceId] | None") -> dict[str, int]:
    """Read what waits; with ``only`` what came of these sources, however much else does."""
    from tracker.pipeline.watching import articles_of

    app = setup.app
    read = app.read(PASS_LIMIT, only)
    analysed = app.analyse(PASS_LIMIT, None if only is None else articles_of(app.database, only))
    wanted = ("stances", "joined", "reactions", "calls", "alerts", "waiting")
    return {
        "articles": read["articles"],
        "unread": read["unread"] + read["quarantined"],
        "analysed": analysed["analysed"],
        **{what: analysed[what] for what in wanted},
        "bugs": read.bugs + analysed.bugs,
    }


def _in_words(summary: dict[str, int]) -> str:
    return ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in summary.items())


class _Progress:
    """One line a source on a terminal; silent where nobody watches."""

    def __init__(self) -> None:
        import sys

        self._watched = sys.stderr.isatty()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def tell(self, brought: "Brought", new: int) -> None:
        """Say how one source went."""
        if brought.error is not None:
            self.say(f"✗ {brought.source.url}: {brought.error}")
        else:
            self.say(f"✓ {brought.source.url}: {new} new" if new else f"· {brought.source.url}")

    def say(self, line: str) -> None:
        """Tell the person at the terminal."""
        if self._watched:
            click.echo(line, err=True)


@click.command("ingest")
@click.option("--published", help="When it was published, if the page does not say.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON summary.")
@click.argument("places", nargs=-1, required=True, metavar="FILE_OR_URL…")
@pass_setup
def ingest_(setup: Setup, published: str | None, as_json: bool, places: tuple[str, ...]) -> None:
    """Add articles by hand: addresses, HTML files, or text files (first line is the title).

    Example: tracker ingest --published 2020-06-09 https://example.org/ibm-letter
    """
    from tracker.pipeline.ingest import ingest

    app = setup.app
    articles = ingest(app.reading, places, published)
    analysed = app.analyse(PASS_LIMIT, articles)
    summary = {"articles": len(articles), **analysed.counted}
    click.echo(json.dumps(summary) if as_json else _in_words(summary), err=not as_json)
