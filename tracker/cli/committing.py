"""The commands around promises: list, show, add, accept, reject, set."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.calling import DATE
from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.domain.codes import Precision
from tracker.domain.outcomes import CommitmentState

if TYPE_CHECKING:
    from tracker.domain.model import Commitment
    from tracker.pipeline.committing import Terms

STATES = click.Choice([state.value for state in CommitmentState])
PRECISIONS = click.Choice([Precision.DAY.value, Precision.MONTH.value, Precision.YEAR.value])
PROMISED = click.option("--promised", help="What is promised, in a few words of ours.")
DUE = click.option("--due", type=DATE, help="Until when; the first day of a month or year.")
DUE_PRECISION = click.option(
    "--due-precision", type=PRECISIONS, default="day", show_default=True, help="How exact --due is."
)
CONDITION = click.option("--condition", help="On which condition, instead of a day.")


@click.group("commitments")
def commitments_() -> None:
    """Follow promises that can be tested: not due, kept, overdue, broken, withdrawn.

    Example: tracker commitments list --company amazon
    """


@commitments_.command("list")
@click.option("--company", metavar="SLUG", help="Only of this company.")
@click.option("--proposed", is_flag=True, help="Those that wait for a person instead.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def list_(setup: Setup, company: str | None, proposed: bool, as_json: bool) -> None:
    """List promises with where each stands.

    Example: tracker commitments list --proposed
    """
    from tracker.pipeline.committing import list_commitments

    found = list_commitments(setup.app.database, company=company, proposed=proposed)
    for one in found:
        click.echo(json.dumps(_row(one), ensure_ascii=False) if as_json else _line(one))
    click.echo(f"{len(found)} commitments", err=True)


@commitments_.command("show")
@click.argument("id_", metavar="ID")
@pass_setup
def show(setup: Setup, id_: str) -> None:
    """Show a promise with every step, as JSON.

    Example: tracker commitments show microsoft-2020-01-16-carbon-promise
    """
    from tracker.pipeline.committing import show_commitment

    row = _row(show_commitment(setup.app.database, id_))
    click.echo(json.dumps(row, ensure_ascii=False, indent=2))


@commitments_.command("add")
@click.argument("stance", metavar="STANCE")
@PROMISED
@DUE
@DUE_PRECISION
@CONDITION
@BY
@pass_setup
def add(setup: Setup, /, stance: str, by: str | None, **given: Any) -> None:
    """Enter what a stance promises. Its id goes to standard output.

    Example: tracker commitments add microsoft-2020-01-16-carbon --promised "carbon negative"
    --due 2030-01-01 --due-precision year
    """
    from tracker.pipeline.committing import add_commitment

    app = setup.app
    click.echo(add_commitment(app.database, stance, _terms(given), who(by), app.now()))


@commitments_.command("accept")
@click.argument("id_", metavar="ID")
@PROMISED
@DUE
@DUE_PRECISION
@CONDITION
@BY
@pass_setup
def accept(setup: Setup, /, id_: str, by: str | None, **given: Any) -> None:
    """Accept a promise that was proposed, with its day or condition put right.

    Example: tracker commitments accept acme-2026-01-05-commits-climate-promise --due 2030-12-31
    """
    _decide(setup, id_, "accepted", _terms(given), by)


@commitments_.command("reject")
@click.argument("id_", metavar="ID")
@BY
@pass_setup
def reject(setup: Setup, id_: str, by: str | None) -> None:
    """Reject a promise that was proposed: it cannot be tested, or is none.

    Example: tracker commitments reject acme-2026-01-05-commits-climate-promise
    """
    from tracker.pipeline.committing import Terms

    _decide(setup, id_, "rejected", Terms(), by)


@commitments_.command("set")
@click.argument("id_", metavar="ID")
@click.option("--state", type=STATES, required=True)
@click.option("--date", "date", type=DATE, required=True, help="From when on.")
@click.option("--why", help="The reason; a correction needs one.")
@click.option("--url", help="A page that shows it.")
@click.option("--stance", metavar="ID", help="A stance that shows it.")
@click.option("--correct", is_flag=True, help="The present state is wrong; this one is right.")
@BY
@pass_setup
def set_(setup: Setup, /, id_: str, date: datetime, by: str | None, **given: Any) -> None:
    """Say where a promise stands from a day on; earlier states are kept.

    Kept, partly_kept and broken need a page or stance that is not only the company's own word.

    Example: tracker commitments set microsoft-2020-01-16-carbon-promise --state in_progress
    --date 2026-01-10 --url https://example.org/report
    """
    from tracker.domain.model import CommitmentStep, StanceId
    from tracker.pipeline.committing import move_commitment

    app = setup.app
    step = CommitmentStep(
        CommitmentState(given["state"]),
        date.date(),
        why=given["why"],
        stance=StanceId(given["stance"]) if given["stance"] else None,
        url=given["url"],
        corrects=given["correct"],
    )
    moved = move_commitment(app.database, id_, step, who(by), app.now())
    click.echo(f"{id_}: {moved.now.state} since {moved.now.date}", err=True)


def _decide(setup: Setup, id_: str, verdict: str, terms: "Terms", by: str | None) -> None:
    from tracker.domain.codes import ReviewState
    from tracker.pipeline.committing import decide_commitment

    app = setup.app
    found = decide_commitment(app.database, id_, ReviewState(verdict), terms, who(by), app.now())
    click.echo(f"{id_}: {found.review_state}", err=True)


def _terms(given: dict[str, Any]) -> "Terms":
    from tracker.pipeline.committing import Terms

    due = given["due"].date() if given["due"] else None
    return Terms(given["promised"], due, Precision(given["due_precision"]), given["condition"])


def _row(one: "Commitment") -> dict[str, Any]:
    from tracker.store.exports.forms import plain

    names = (
        "id company company_name brand topic stance promised scope date precision due "
        "due_precision condition review_state origin note"
    )
    row = {name: plain(getattr(one, name)) for name in names.split()}
    steps = [{name: plain(getattr(step, name)) for name in step.__slots__} for step in one.steps]
    return {**row, "state": one.now.state.value, "since": plain(one.now.date), "steps": steps}


def _line(one: "Commitment") -> str:
    until = f"by {one.due} ({one.due_precision})" if one.due else f"condition: {one.condition}"
    stands = f"{one.now.state} since {one.now.date}"
    return f"{one.id}\n  {one.company}: {one.promised}, {until}\n  {stands}"
