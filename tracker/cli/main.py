"""The group of all commands. A command's module is loaded only when that command is used."""

import importlib
import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker import __version__
from tracker.domain.errors import SettingsError, TrackerError, UsageError
from tracker.engine.memory import look_for_garbage_as_usual, look_seldom_for_garbage

if TYPE_CHECKING:
    from tracker.app import App
    from tracker.config import Settings

COMMANDS = {
    "init": ("running", "Create or migrate the database and load the starter data."),
    "run": ("running", "Run scheduler and dashboard: the main job."),
    "scheduler": ("running", "Run only the scheduler."),
    "web": ("running", "Run only the dashboard."),
    "worker": ("running", "Take jobs of the queue: one of many, on PostgreSQL."),
    "poll": ("gathering", "Fetch what is due, read it, analyse it, once."),
    "ingest": ("gathering", "Add articles by hand through the same pipeline."),
    "extract": ("extracting", "Find stances in JSON documents, without a database."),
    "train": ("extracting", "Learn from what people accepted, edited and rejected."),
    "reextract": ("extracting", "Show what this version would find in texts already analysed."),
    "deliver": ("mailing", "Send what is owed, once."),
    "outbox": ("outbox", "Look at what is owed, sent, failed; try again; resume addresses."),
    "bounce": ("reports", "Take in reports of failed mail and complaints."),
    "mail": ("reports", "Send a mail to see whether it arrives."),
    "hooks": ("hooks", "Tell programs and chats, as readers are told."),
    "user": ("users", "Say who may sign in to the pages under /admin."),
    "subscribe": ("mailing", "Subscribe an address, as the web form does."),
    "subscriptions": ("mailing", "List who wants what."),
    "subscribers": ("subscribers", "Pause, stop, move, export, erase for a reader who asks you."),
    "sources": ("sources", "Add, list, import, export, pause, resume and check sources."),
    "pages": ("pages", "List watched pages, and show what changed in them."),
    "stories": ("stories", "Show which articles report the same happening."),
    "review": ("reviewing", "List, show, accept, edit and reject what waits for a person."),
    "calls": ("calling", "Enter calls by hand, record delivery and answers."),
    "merge": ("reviewing", "Make one event of two records."),
    "split": ("reviewing", "Take a merge back."),
    "organisations": ("organisations", "List organisations, enter new ones and more names."),
    "proposals": ("proposing", "Decide what stances may mean for calls and promises."),
    "commitments": ("committing", "Follow promises that can be tested."),
    "history": ("reviewing", "Show everything that was done to a record."),
    "export": ("exporting", "Write records as CSV or JSON lines."),
    "import": ("exporting", "Read exported records back."),
    "quarantine": ("quarantine", "List what failed too often, and try it again."),
    "verify": ("checking", "Check every quote against its snapshot."),
    "recheck": ("checking", "Read quoted articles again and mark changed quotes."),
    "doctor": ("checking", "Check settings, database, mail, models and sources."),
    "backup": ("keeping", "Copy the database while it is in use."),
    "downloads": ("keeping", "Make the files of /data now."),
    "restore": ("keeping", "Put a backup in place of the database."),
}


LITTLE_CACHE_MB = 8
"""Of what is polled little is read again, unlike the pages of the dashboard."""


class Setup:
    """What a command works on: settings and parts, made when they are first asked for."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.only_polls = False
        """Said by a command that needs no table of the ledger: mapping those takes long."""
        self.cache_mb: int | None = None
        """What a connection to an SQLite file may keep of it; None for the usual."""

    @cached_property
    def settings(self) -> "Settings":
        """The settings; raises SettingsError."""
        from tracker import config

        settings = config.load(self.file)
        look_for_garbage_as_usual()  # by now most of what a command needs is loaded
        return settings

    @cached_property
    def app(self) -> "App":
        """The parts over a database that is up to date; raises StoreError otherwise."""
        from tracker.store import migrate

        app = self.bare_app
        migrate.require_newest(app.database)
        return app

    @cached_property
    def bare_app(self) -> "App":
        """The parts over a database that may not exist yet."""
        from tracker import config
        from tracker.app import App
        from tracker.log import log

        config.clock()
        log.set_up(self.settings.log.level, json_lines=self.settings.log.json_lines)
        return App(self.settings, only_polls=self.only_polls, cache_mb=self.cache_mb)

    def close(self) -> None:
        """Give back what was opened; an SQLite database then has no log beside its file."""
        if "bare_app" in self.__dict__:
            self.bare_app.close()


class Commands(click.Group):
    """Loads a command's module on demand, so that `--help` answers at once."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Every command, in the order of the main path."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the command."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"tracker.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, f"{name}_")
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])

    def invoke(self, context: click.Context) -> Any:
        """Turn expected failures into a message and an exit code, never a traceback."""
        try:
            return super().invoke(context)
        except (SettingsError, UsageError) as error:
            raise Misuse(str(error)) from error
        except TrackerError as error:
            raise Failure(str(error)) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None


class Failure(click.ClickException):
    """A message for a person about a fault (exit 1)."""


class Misuse(click.ClickException):
    """A message for a person about what was asked or set wrongly (exit 2)."""

    exit_code = 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file (default: ./config.toml if it exists).",
)
@click.version_option(__version__, prog_name="tracker")
@click.pass_context
def main(context: click.Context, file: Path | None) -> None:
    """Track what companies announce on tech-ethics matters, with the sentence as proof.

    Example: tracker run
    """
    look_seldom_for_garbage()
    context.obj = Setup(file)
    context.call_on_close(context.obj.close)


pass_setup = click.make_pass_decorator(Setup)
