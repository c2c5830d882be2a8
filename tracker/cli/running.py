"""The commands that set up and run: init, run, scheduler, worker, web."""

import os
import sys

import click

from tracker.cli.main import LITTLE_CACHE_MB, Setup, pass_setup
from tracker.domain.errors import UsageError


@click.command("init")
@click.option(
    "--with-history/--without-history",
    "with_history",
    default=None,
    help="Load the stances, reactions and calls that ship, or leave them out "
    "(default: with them; when repeated: as it was begun).",
)
@pass_setup
def init_(setup: Setup, with_history: bool | None) -> None:
    """Create or migrate the database and load the starter data. Safe to repeat.

    Example: tracker init
    """
    app = setup.bare_app
    loaded = app.initialise(with_history=with_history)
    click.echo(
        f"Database ready: {app.database.where}. Added {loaded.organisations} organisations, "
        f"{loaded.sources} sources, {loaded.stances} stances, {loaded.reactions} reactions, "
        f"{loaded.calls} calls, {loaded.commitments} promises.",
        err=True,
    )


@click.command("run")
@pass_setup
def run_(setup: Setup) -> None:
    """Run scheduler and dashboard in one process tree; stop with Ctrl-C.

    Example: tracker run
    """
    from tracker.cli.supervisor import run_all

    app = setup.bare_app
    if not app.is_initialised:
        app.initialise()
    app.close()
    run_all(setup.settings)


@click.command("scheduler")
@pass_setup
def scheduler_(setup: Setup) -> None:
    """Run only the scheduler; a second one waits until the first is gone.

    Example: tracker scheduler
    """
    from tracker.scheduler import Scheduler

    setup.cache_mb = LITTLE_CACHE_MB
    Scheduler(setup.app).run()
    # Threads may still wait for slow servers. What they have done is committed, the rest is due.
    sys.stderr.flush()
    os._exit(0)


@click.command("worker")
@click.option(
    "--only",
    "kind",
    type=click.Choice(("ask", "analyse")),
    help="Only ask publishers, or only analyse texts (default: both).",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many jobs at a time; of the texts one is analysed at a time.",
)
@pass_setup
def worker_(setup: Setup, kind: str | None, at_once: int) -> None:
    """Poll, read and analyse what the scheduler hands out, beside any number of others.

    Needs PostgreSQL and schedule.engine = "queue".

    Example: tracker worker --only analyse
    """
    from tracker.worker import KINDS, Worker

    queue = setup.app.queue
    if queue is None:
        raise UsageError('there is no queue: set schedule.engine = "queue" (needs PostgreSQL)')
    Worker(setup.app, queue, (kind,) if kind else KINDS, at_once).run()
    # Threads may still wait for slow servers. What they have done is committed, the rest waits.
    sys.stderr.flush()
    os._exit(0)


@click.command("web")
@pass_setup
def web_(setup: Setup) -> None:
    """Run only the dashboard.

    Example: TRACKER_WEB__PORT=9000 tracker web
    """
    from tracker.web.serving import serve

    setup.app.close()
    serve(setup.settings)
