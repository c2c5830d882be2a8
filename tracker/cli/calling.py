"""The commands around calls: list, add, deliver, answer."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.domain.codes import Act, ActorType, CallStatus
from tracker.domain.outcomes import DemandKind

if TYPE_CHECKING:
    from tracker.domain.model import Call

DATE = click.DateTime(["%Y-%m-%d"])
ACTS = click.Choice([act.value for act in Act])
ACTORS = click.Choice([kind.value for kind in ActorType])
DEMANDS = click.Choice([kind.value for kind in DemandKind])
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
    from tracker.store.exports.forms import plain

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
@click.option("--target", "targets", multiple=True, metavar="SLUG", help="Whom it names.")
@click.option("--class", "target_class", metavar="WORDS", help="A class of targets it speaks of.")
@click.option("--asked", required=True, help="What is asked, in a few words.")
@click.option("--topic", required=True, metavar="CODE", help="Such as facial_recognition.")
@click.option("--date", "date", type=DATE, required=True, help="When it was made.")
@click.option("--deadline", type=DATE, help="Until when an answer is asked for.")
@click.option("--channel", help="Such as letter, petition, complaint, press_question.")
@click.option("--public-url", help="Where its wording can be read.")
@click.option("--act", type=ACTS, help="The act that would answer it.")
@click.option(
    "--demand",
    "demands",
    multiple=True,
    type=(DEMANDS, str, str),
    metavar="KIND TOPIC TEXT",
    help="One of several things it asks for (repeatable).",
)
@BY
@pass_setup
def add(setup: Setup, /, by: str | None, **given: Any) -> None:
    """Enter a call. Its id goes to standard output.

    KIND of a demand: stop, pause, limit, adopt, disclose, answer, keep, back_law, meet.

    Example: tracker calls add --caller ACLU --target amazon --asked "stop selling face
    recognition to the police" --topic facial_recognition --date 2020-06-08 --act ends
    """
    from tracker.domain.model import Demand, TopicCode
    from tracker.domain.outcomes import DemandKind
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
        target_class=given["target_class"],
        demands=tuple(
            Demand(DemandKind(kind), text, TopicCode(topic))
            for kind, topic, text in given["demands"]
        ),
    )
    click.echo(add_call(app.database, new, who(by), app.now()))


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
    record_delivery(app.database, id_, date.date(), proof, who(by), app.now())
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
    record_answer(app.database, id_, target, new, who(by), app.now())
    click.echo(f"{id_}: {target} {status} since {date:%Y-%m-%d}", err=True)


@calls_.command("correct")
@click.argument("id_", metavar="ID")
@click.option("--target", required=True, metavar="SLUG")
@click.option("--status", type=STATUSES, required=True, help="What is right.")
@click.option("--date", "date", type=DATE, required=True, help="From when on.")
@click.option("--why", required=True, help="Why the present status is wrong.")
@click.option("--stance", "answered_by", multiple=True, metavar="ID", help="What answered it.")
@BY
@pass_setup
def correct(setup: Setup, /, id_: str, target: str, by: str | None, **given: Any) -> None:
    """Correct the present status of a target. The wrong one stays on record, with the reason.

    Example: tracker calls correct c020 --target amazon --status open --date 2020-06-09
    --why "the pause was of another product"
    """
    from tracker.domain.model import StanceId, TargetStatus
    from tracker.pipeline.calling import record_answer

    app = setup.app
    new = TargetStatus(
        CallStatus(given["status"]),
        given["date"].date(),
        answered_by=tuple(StanceId(stance) for stance in given["answered_by"]),
        corrects=True,
        why=given["why"],
    )
    record_answer(app.database, id_, target, new, who(by), app.now())
    click.echo(f"{id_}: {target} corrected to {new.status} since {new.date}", err=True)


@calls_.command("classes")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def classes(setup: Setup, as_json: bool) -> None:
    """List classes of targets, such as "IBM's competitors", and whom each means.

    Example: tracker calls classes
    """
    from tracker.pipeline.target_classes import list_classes
    from tracker.store.classes import key_of
    from tracker.store.exports.forms import plain

    members, asked = list_classes(setup.app.database)
    listed = {key_of(member.class_name) for member in members}
    for member in members:
        row = {name: plain(getattr(member, name)) for name in member.__slots__}
        span = f"{member.since or '…'} to {member.until or '…'}"
        line = f"{member.class_name}: {member.company}, {member.verdict or 'waits'} ({span})"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else line)
    classes_asked = {key_of(name): name for call in asked if (name := call.target_class)}
    for name in (classes_asked[key] for key in sorted(classes_asked.keys() - listed)):
        row = {"class_name": name, "company": None}
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{name}: nobody yet")


@calls_.command("class")
@click.argument("name", metavar="WORDS")
@click.option("--company", "companies", multiple=True, required=True, metavar="SLUG")
@click.option("--since", type=DATE, help="For calls from this day on.")
@click.option("--until", type=DATE, help="For calls before this day.")
@click.option("--refuse", is_flag=True, help="It does not mean these companies.")
@click.option("--why", help="The reason.")
@BY
@pass_setup
def class_(setup: Setup, /, name: str, refuse: bool, by: str | None, **given: Any) -> None:
    """Say which companies a class of targets means; calls of that class gain them.

    Example: tracker calls class "IBM's competitors" --company amazon --company microsoft
    --since 2020-06-01
    """
    from tracker.domain.outcomes import Verdict
    from tracker.pipeline.target_classes import decide_member
    from tracker.store.classes import Member

    app = setup.app
    verdict = Verdict.REFUSED if refuse else Verdict.ACCEPTED
    since = given["since"].date() if given["since"] else None
    until = given["until"].date() if given["until"] else None
    for company in given["companies"]:
        member = Member(name, company, since, until, why=given["why"])
        reached = decide_member(app.database, member, verdict, who(by), app.now())
        click.echo(f"{company}: {verdict}; calls that gained it: {len(reached)}", err=True)
