"""`tracker hooks`: programs and chats that are told as readers are."""

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.errors import UsageError


@click.group("hooks")
def hooks_() -> None:
    """Tell programs (signed webhooks) and chats of what happens.

    Example: tracker hooks list
    """


@hooks_.command("add")
@click.argument("url")
@click.option("--search", default="", help="What to tell of, as the address of a search has it.")
@pass_setup
def add_command(setup: Setup, url: str, search: str) -> None:
    """Add a web address (https://…), or a chat as Apprise writes it (slack://…, mailto://…).

    Example: tracker hooks add https://example.org/stances --search "company=ibm&tell=change"
    """
    from tracker.domain.wishes import from_search
    from tracker.pipeline import hooking

    from_search(search)
    app = setup.app
    hooking.require_address(url)
    app.require_reachable(url)
    hook, new = hooking.add(app.database, url, search, app.now())
    click.echo(f"hook {hook.id} {'is added' if new else 'is known'}; its secret:", err=True)
    click.echo(hook.secret)


@hooks_.command("list")
@pass_setup
def list_command(setup: Setup) -> None:
    """List hooks with what they ask for and how many words stand where.

    Example: tracker hooks list
    """
    from tracker.pipeline import hooking

    for hook, counted in hooking.list_hooks(setup.app.database):
        state = "active" if hook.active else "paused"
        numbers = ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
        click.echo(f"{hook.id}  {state}  {hook.shown}  {hook.query or 'usual'}  {numbers}")


@hooks_.command("pause")
@click.argument("hook", type=NUMBER)
@BY
@pass_setup
def pause_command(setup: Setup, hook: int, by: str | None) -> None:
    """Tell a hook nothing more; what is owed to it waits.

    Example: tracker hooks pause 1
    """
    from tracker.pipeline import hooking

    hooking.switch(setup.app.database, hook, who(by), setup.app.now(), active=False)


@hooks_.command("resume")
@click.argument("hook", type=NUMBER)
@BY
@pass_setup
def resume_command(setup: Setup, hook: int, by: str | None) -> None:
    """Tell a hook again, beginning with what waited.

    Example: tracker hooks resume 1
    """
    from tracker.pipeline import hooking

    hooking.switch(setup.app.database, hook, who(by), setup.app.now(), active=True)


@hooks_.command("dead")
@pass_setup
def dead_command(setup: Setup) -> None:
    """List what was given up after many tries, with the last reason.

    Example: tracker hooks dead
    """
    from tracker.pipeline import hooking

    for alert, why in hooking.set_aside(setup.app.database):
        click.echo(f"{alert.id}  hook {alert.hook.id}  {alert.kind}  {alert.change}  {why}")


@hooks_.command("retry")
@click.argument("hook", type=NUMBER, required=False)
@BY
@pass_setup
def retry_command(setup: Setup, hook: int | None, by: str | None) -> None:
    """Owe again what was given up, for one hook or all.

    Example: tracker hooks retry 1
    """
    from tracker.pipeline import hooking

    database = setup.app.database
    if hook is not None and hook not in {one.id for one, _ in hooking.list_hooks(database)}:
        raise UsageError(f"there is no hook {hook}; `tracker hooks list` names them")
    number = hooking.retry(database, hook, who(by), setup.app.now())
    click.echo(f"{number} owed again", err=True)


@hooks_.command("send")
@pass_setup
def send_command(setup: Setup) -> None:
    """Post what is owed to hooks now; the scheduler does so by itself.

    Example: tracker hooks send
    """
    tally = setup.app.post_hooks()
    click.echo(f"{tally['sent']} sent, {tally['failed']} tried again later", err=True)
