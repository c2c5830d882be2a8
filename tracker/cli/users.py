"""`tracker user`: members of staff, who sign in to the pages under /admin."""

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.main import Setup, pass_setup

if TYPE_CHECKING:
    from tracker.store.users import User

ROLES = click.Choice(("editor", "operator"))
FROM_STDIN = click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read the password from standard input."
)


@click.group("user")
def user_() -> None:
    """Say who may sign in: editors review records, operators also look after the mail.

    Example: tracker user list
    """


@user_.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, default="editor", show_default=True)
@click.option("--address", help="Their e-mail address.")
@FROM_STDIN
@pass_setup
def add_command(setup: Setup, name: str, role: str, address: str | None, from_stdin: bool) -> None:
    """Add somebody; the password is asked for, twice, and never shown.

    Example: tracker user add ana --role operator
    """
    from tracker.domain.codes import UserRole
    from tracker.pipeline import staff

    app = setup.app
    password = _password(from_stdin)
    staff.add(app.database, name, UserRole(role), password, app.now(), address)
    click.echo(f"{name} can sign in at {app.settings.base_url}/login as {role}", err=True)


@user_.command("password")
@click.argument("name")
@FROM_STDIN
@pass_setup
def password_command(setup: Setup, name: str, from_stdin: bool) -> None:
    """Give somebody another password; wherever they are signed in, they no longer are.

    Example: tracker user password ana
    """
    from tracker.pipeline import staff

    staff.set_password(setup.app.database, name, _password(from_stdin))
    click.echo(f"{name} has a new password", err=True)


@user_.command("role")
@click.argument("name")
@click.argument("role", type=ROLES)
@pass_setup
def role_command(setup: Setup, name: str, role: str) -> None:
    """Make somebody editor or operator, from now on.

    Example: tracker user role ana operator
    """
    from tracker.domain.codes import UserRole
    from tracker.pipeline import staff

    staff.set_role(setup.app.database, name, UserRole(role))
    click.echo(f"{name} is {role}", err=True)


@user_.command("remove")
@click.argument("name")
@pass_setup
def remove_command(setup: Setup, name: str) -> None:
    """Let somebody in no more, at once. What they did stays under their name.

    Example: tracker user remove ana
    """
    from tracker.pipeline import staff

    staff.remove(setup.app.database, name)
    click.echo(f"{name} cannot sign in any more", err=True)


@user_.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines.")
@pass_setup
def list_command(setup: Setup, as_json: bool) -> None:
    """List members of staff, and when each last signed in.

    Example: tracker user list
    """
    from tracker.pipeline import staff

    for user in staff.every(setup.app.database):
        row = _row(user)
        told = json.dumps(row) if as_json else "  ".join(str(one or "-") for one in row.values())
        click.echo(told)


def _row(user: "User") -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role.value,
        "state": "active" if user.active else "removed",
        "address": user.address,
        "since": user.created_at.date().isoformat(),
        "last_signed_in": user.last_seen_at.isoformat() if user.last_seen_at else None,
    }


def _password(from_stdin: bool) -> str:
    """Never an argument: other users of the machine see those (promise 29)."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
