"""The commands around calls: list, add, deliver, answer."""

import getpass
import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.main import Setup, pass_setup
from tracker.domain.codes import Act, ActorType, CallStatus

if TYPE_CHECKING:
    from tracker.domain.model import Call

DATE = click.DateTime(["%Y-%m-%d"])
BY = click.option("--by", metavar="NAME", help="Who enters it (default: the user of the system).")
ACTS = click.Choice([act.value for act in Act])
ACTORS = click.Choice([kind.value for kind in ActorType])
STATUSES = click.Choice([status.value for status in CallStatus])


@click.group("calls")
def calls_() -> None:
    """Enter calls by hand, record delivery and answers.

    Example: tracker calls list --open
    """


@calls_.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that still wait.")
@click.option("--company", metavar="SLUG", help="Only those that name this company.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def list_(setup: Setup, only_open: bool, company: str | None, as_json: bool) -> None:
    """List calls with the status of every target.

    Example: tracker calls list --open --company amazon
    """
    from tracker.pipeline.calling import list_calls

    found = list_calls(setup.app.database, only_open=only_open, company=company)
    for call in found:
        click.echo(json.dumps(_row(call), ensure_ascii=False) if as_json else _lines(call))
    click.echo(f"{len(found)} calls", err=True)


def _row(call: "Call") -> dict[str, Any]:
    from tracker.cli.tables import plain

    names = "id callers asked date deadline delivered_on delivery_proof public_url level topic"
    row = {name: plain(getattr(call, name)) for name in names.split()}
    row["targets"] = [
        {"company": t.company, "status": t.now.status.value, "date": plain(t.now.date)}
        for t in call.targets
    ]
    return row


def _lines(call: "Call") -> str:
    head = f"{call.id}\n  {call.date}  {', '.join(call.callers)}: {call.asked}"
    targets = (
        f"  {t.company}: {t.now.status}" + (f" ({t.now.date})" if t.now.date else "")
        for t in call.targets
    )
    return "\n".join([head, *targets])


@calls_.command("add")
@click.option("--caller", "callers", multiple=True, required=True, help="Who asks (repeatable).")
@click.option("--caller-type", type=ACTORS, help="What a caller outside the register is.")
@click.option("--target", "targets", multiple=True, required=True, metavar="SLUG")
@click.option("--asked", required=True, help="What is asked, in a few words.")
@click.option("--topic", required=True, metavar="CODE", help="Such as facial_recognition.")
@click.option("--date", "date", type=DATE, required=True, help="When it was made.")
@click.option("--deadline", type=DATE, help="Until when an answer is asked for.")
@click.option("--channel", help="Such as letter, petition, complaint, press_question.")
@click.option("--public-url", help="Where its wording can be read.")
@click.option("--act", type=ACTS, help="The act that would answer it.")
@BY
@pass_setup
def add(setup: Setup, /, by: str | None, **given: Any) -> None:
    """Enter a call. Its id goes to standard output.

    Example: tracker calls add --caller ACLU --target amazon --asked "stop selling face
    recognition to the police" --topic facial_recognition --date 2020-06-08 --act ends
    """
    from tracker.pipeline.calling import NewCall, add_call

    app = setup.app
    new = NewCall(
        callers=given["callers"],
        targets=given["targets"],
        asked=given["asked"],
        topic=given["topic"],
        date=given["date"].date(),
        caller_type=ActorType(given["caller_type"]) if given["caller_type"] else None,
        act=Act(given["act"]) if given["act"] else None,
        deadline=given["deadline"].date() if given["deadline"] else None,
        channel=given["channel"],
        public_url=given["public_url"],
    )
    click.echo(add_call(app.database, new, _by(by), app.now()))


@calls_.command("deliver")
@click.argument("id_", metavar="ID")
@click.option("--date", "date", type=DATE, required=True, help="When it arrived.")
@click.option(
    "--proof",
    type=click.Choice(["letter", "reply", "receipt", "none"]),
    required=True,
    help="letter: it was published; reply: the target answered; receipt: of post or server.",
)
@BY
@pass_setup
def deliver(setup: Setup, id_: str, date: datetime, proof: str, by: str | None) -> None:
    """Record that a call reached its targets, and what proves it.

    Example: tracker calls deliver c020 --date 2020-06-09 --proof letter
    """
    from tracker.pipeline.calling import record_delivery

    app = setup.app
    record_delivery(app.database, id_, date.date(), proof, _by(by), app.now())
    click.echo(f"{id_}: delivered on {date:%Y-%m-%d} ({proof})", err=True)


@calls_.command("answer")
@click.argument("id_", metavar="ID")
@click.option("--target", required=True, metavar="SLUG")
@click.option("--status", type=STATUSES, required=True)
@click.option("--date", "date", type=DATE, required=True, help="From when on.")
@click.option("--stance", "answered_by", multiple=True, metavar="ID", help="What answered it.")
@BY
@pass_setup
def answer(
    setup: Setup,
    id_: str,
    target: str,
    status: str,
    date: datetime,
    answered_by: tuple[str, ...],
    by: str | None,
) -> None:
    """Record how a target answered a call; earlier answers are kept.

    Example: tracker calls answer c020 --target amazon --status partially_answered
    --date 2020-06-10 --stance amazon-2020-06-10-rekognition-pause
    """
    from tracker.domain.model import StanceId, TargetStatus
    from tracker.pipeline.calling import record_answer

    app = setup.app
    stances = tuple(StanceId(stance) for stance in answered_by)
    new = TargetStatus(CallStatus(status), date.date(), answered_by=stances)
    record_answer(app.database, id_, target, new, _by(by), app.now())
    click.echo(f"{id_}: {target} {status} since {date:%Y-%m-%d}", err=True)


def _by(given: str | None) -> str:
    return given or os.environ.get("USER") or getpass.getuser()
