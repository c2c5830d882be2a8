"""The commands around what is proposed: list, accept, refuse."""

import json
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Failure, Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.errors import UsageError

if TYPE_CHECKING:
    from tracker.store.proposals import Proposal

NUMBERS = click.argument("numbers", nargs=-1, type=NUMBER, metavar="[NUMBER]...")
CALLER = click.option("--caller", metavar="NAME", help="Everything of one caller's calls.")
WHY = click.option("--why", help="The reason.")


@click.group("proposals")
def proposals_() -> None:
    """Decide what stances may mean for calls and promises.

    Example: tracker proposals list --caller ACLU
    """


@proposals_.command("list")
@CALLER
@click.option("--company", metavar="SLUG", help="Only of this company.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def list_(setup: Setup, caller: str | None, company: str | None, as_json: bool) -> None:
    """List what waits for a person, the likeliest first.

    Example: tracker proposals list --company amazon
    """
    from tracker.pipeline.deciding import list_proposals

    found = list_proposals(setup.app.database, caller=caller, company=company)
    for proposal, words in found:
        row = json.dumps(_row(proposal, words), ensure_ascii=False)
        click.echo(row if as_json else f"{proposal.id}  {words}\n    by {proposal.new.stance}")
    click.echo(f"{len(found)} proposals", err=True)


def _row(proposal: "Proposal", words: str) -> dict[str, Any]:
    from tracker.store.exports.forms import plain

    names = "kind stance company status reason call commitment met"
    row = {name: plain(getattr(proposal.new, name)) for name in names.split()}
    return {"number": proposal.id, **row, "words": words}


@proposals_.command("accept")
@NUMBERS
@CALLER
@click.option("--status", help="Another status than the one that is proposed.")
@click.option("--url", help="A page of others that shows that a promise was kept.")
@WHY
@BY
@pass_setup
def accept(setup: Setup, /, **given: Any) -> None:
    """Accept proposals by their numbers, or all of one caller; what follows is recorded.

    Example: tracker proposals accept --caller ACLU
    """
    _decide(setup, "accepted", given)


@proposals_.command("refuse")
@NUMBERS
@CALLER
@WHY
@BY
@pass_setup
def refuse(setup: Setup, /, **given: Any) -> None:
    """Refuse proposals; they are never made again.

    Example: tracker proposals refuse 12 13 --why "another product"
    """
    _decide(setup, "refused", given)


def _decide(setup: Setup, verdict: str, given: dict[str, Any]) -> None:
    from tracker.domain.outcomes import Verdict
    from tracker.pipeline.deciding import Decision, decide_of_caller, decide_some

    if bool(given["numbers"]) is bool(given["caller"]):
        raise UsageError("say which: NUMBER..., or --caller NAME")
    app = setup.app
    decision = Decision(
        Verdict(verdict),
        who(given["by"]),
        app.now(),
        given.get("status"),
        given["why"],
        given.get("url"),
    )
    if given["caller"]:
        decided = decide_of_caller(app.database, given["caller"], decision)
    else:
        decided = decide_some(app.database, given["numbers"], decision)
    click.echo(f"{verdict} {len(decided.done)}", err=True)
    if decided.problems:
        raise Failure("\n".join(decided.problems))
