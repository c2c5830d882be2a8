"""The commands for an editor: review, merge, split and history."""

import json
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.cli.numbers import NUMBER

if TYPE_CHECKING:
    from tracker.pipeline.editor import Editor

WHY = click.option("--why", help="The reason, kept in the history.")


@click.group("review")
def review_() -> None:
    """List, show, accept, edit and reject what waits for a person.

    Example: tracker review list
    """


@review_.command("list")
@click.option("--limit", type=NUMBER, default=50, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines.")
@pass_setup
def list_command(setup: Setup, limit: int, as_json: bool) -> None:
    """List what waits, oldest first; then answers and promises that are proposed.

    Example: tracker review list --limit 10
    """
    from tracker.pipeline.review import list_waiting

    for item in list_waiting(setup.app.database, limit):
        if as_json:
            row = {"review": item.id, "kind": item.kind, "record": item.record}
            row |= {"question": item.question, "about": item.about}
            click.echo(json.dumps({**row, "reason": item.reason}, ensure_ascii=False))
        else:
            name = (
                item.proposed.get("page")
                or item.record
                or item.proposed.get("company")
                or item.proposed.get("actor")
                or "?"
            )
            click.echo(f"{item.id:>5}  {item.kind:<11}  {name}  ({item.reason})")
    _list_what_waits_elsewhere(setup, limit, as_json)


def _list_what_waits_elsewhere(setup: "Setup", limit: int, as_json: bool) -> None:
    """Answers, reversals and ends of promises, and promises: each with the command that decides."""
    from tracker.pipeline.committing import list_commitments
    from tracker.pipeline.deciding import list_proposals

    database = setup.app.database
    for proposal, words in list_proposals(database)[:limit]:
        command = f"tracker proposals accept {proposal.id}"
        row = {"proposal": proposal.id, "kind": proposal.new.kind, "record": proposal.new.stance}
        _tell(as_json, {**row, "reason": words, "decide": command}, f"{words}")
    for promise in list_commitments(database, proposed=True)[:limit]:
        command = f"tracker commitments accept {promise.id}"
        row = {"commitment": promise.id, "kind": "promise", "record": promise.stance}
        _tell(as_json, {**row, "reason": promise.promised, "decide": command}, promise.promised)


def _tell(as_json: bool, row: dict[str, Any], words: str) -> None:
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        click.echo(f"    –  {row['kind']:<11}  {row['record']}  ({words}; {row['decide']})")


@review_.command("show")
@click.argument("number", type=NUMBER)
@pass_setup
def show_command(setup: Setup, number: int) -> None:
    """Show a record with its reasons and its quotes, or a watched page with what changed in it.

    Example: tracker review show 7
    """
    from tracker.pipeline.review import describe

    told = describe(setup.app.database, number)
    difference = told.pop("difference", None)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if difference is not None:
        click.echo(difference)


def _editor(setup: Setup, by: str | None, why: str | None) -> "Editor":
    from tracker.pipeline.editor import Editor

    return Editor(who(by), setup.app.now(), setup.app.mail_domain, why)


@review_.command("accept")
@click.argument("number", type=NUMBER)
@click.option("--as", "kind", help="Enter the unknown name as an organisation of this kind.")
@click.option("--name", help="With --as: its canonical name, where it is not the one written.")
@click.option("--slug", help="With --as: its place in addresses (default: made of the name).")
@pass_setup
def accept_command(
    setup: Setup,
    number: int,
    kind: str | None,
    name: str | None,
    slug: str | None,
    by: str | None,
    why: str | None,
) -> None:
    """Say yes: a record is shown, and who follows it is told if it is fresh; a relation holds.

    A finding that waits for a name is read again once the name is entered with --as.

    Example: tracker review accept 7 --why "read the letter"
    """
    from tracker.pipeline.review import accept

    editor = _editor(setup, by, why)
    if kind is None:
        owed = accept(setup.app.database, number, editor)
        click.echo(f"accepted; {owed} mails owed", err=True)
    else:
        _accept_name(setup, number, editor, kind, name, slug)


def _accept_name(
    setup: Setup, number: int, editor: "Editor", kind: str, name: str | None, slug: str | None
) -> None:
    from tracker.cli.organisations import kind_of
    from tracker.domain.model import Organisation
    from tracker.pipeline.review import accept_name

    new = Organisation(slug or "", name or "", kind_of(kind))
    added = accept_name(setup.app.database, number, new, editor)
    click.echo(
        f"added {added.slug}; {added.articles} articles are read again at the next poll", err=True
    )


@review_.command("edit")
@click.argument("number", type=NUMBER)
@click.option("--set", "edits", multiple=True, required=True, metavar="FIELD=VALUE")
@pass_setup
def edit_command(
    setup: Setup, number: int, edits: tuple[str, ...], by: str | None, why: str | None
) -> None:
    """Accept a record with changes.

    Example: tracker review edit 7 --set act=pauses --set date=2020-06-10
    """
    from tracker.pipeline.review import accept

    owed = accept(setup.app.database, number, _editor(setup, by, why), _wanted(edits))
    click.echo(f"accepted with changes; {owed} mails owed", err=True)


def _wanted(edits: tuple[str, ...]) -> dict[str, str]:
    from tracker.domain.errors import UsageError

    pairs = [edit.partition("=") for edit in edits]
    if any(not sign for _, sign, _ in pairs):
        raise UsageError("write each change as FIELD=VALUE, for example --set act=pauses")
    return {name.strip(): value for name, _, value in pairs}


@review_.command("amend")
@click.argument("record")
@click.option("--set", "edits", multiple=True, required=True, metavar="FIELD=VALUE")
@pass_setup
def amend_command(
    setup: Setup, record: str, edits: tuple[str, ...], by: str | None, why: str | None
) -> None:
    """Correct a record that is public; readers who were told otherwise get a correction.

    Example: tracker review amend ibm-2020-06-08-ends-facial-recognition --set date=2020-06-09
    """
    from tracker.pipeline.review import amend

    amend(setup.app.database, record, _wanted(edits), _editor(setup, by, why))
    click.echo("amended; who was told otherwise is told", err=True)


@review_.command("withdraw")
@click.argument("record")
@pass_setup
def withdraw_command(setup: Setup, record: str, by: str | None, why: str | None) -> None:
    """Take back a record that is public; readers who were told of it hear that it was wrong.

    Example: tracker review withdraw ibm-2020-06-08-ends-facial-recognition --why "a hoax"
    """
    from tracker.pipeline.review import withdraw

    withdraw(setup.app.database, record, _editor(setup, by, why))
    click.echo("withdrawn; who was told of it is told", err=True)


@review_.command("reject")
@click.argument("number", type=NUMBER)
@pass_setup
def reject_command(setup: Setup, number: int, by: str | None, why: str | None) -> None:
    """Reject a record: it is not shown, and what is still owed for it is not sent.

    Example: tracker review reject 7 --why "satire"
    """
    from tracker.pipeline.review import reject

    reject(setup.app.database, number, _editor(setup, by, why))
    click.echo("rejected", err=True)


@review_.command("relate")
@click.argument("stance")
@click.argument("kind")
@click.argument("to")
@pass_setup
def relate_command(
    setup: Setup, stance: str, kind: str, to: str, by: str | None, why: str | None
) -> None:
    """Decide that a stance reverses, contradicts, extends … another one.

    Example: tracker review relate ring-2025-axon reverses ring-2024-end-requests
    """
    from tracker.domain.codes import RelationKind
    from tracker.domain.errors import UsageError
    from tracker.domain.model import StanceId
    from tracker.pipeline.relations import decide_relation

    if kind not in set(RelationKind):
        raise UsageError(f"{kind!r} is no relation; these are: {', '.join(RelationKind)}")
    editor = _editor(setup, by, why)
    database = setup.app.database
    owed = decide_relation(database, StanceId(stance), RelationKind(kind), StanceId(to), editor)
    click.echo(f"decided; positions follow; {owed} mails owed", err=True)


@click.command("merge")
@click.argument("old")
@click.argument("into")
@pass_setup
def merge_(setup: Setup, old: str, into: str, by: str | None, why: str | None) -> None:
    """Make one event of two records. The old id leads to the other one from then on.

    Quotes, links, reactions and answers to calls go over; where the records differ on a fact,
    both values are kept. `tracker split` takes it back.

    Example: tracker merge ibm-2020-06-09-ends-2 ibm-2020-06-08-fr-exit --why "same letter"
    """
    from tracker.domain.model import StanceId
    from tracker.pipeline.merging import merge_stances

    merge_stances(setup.app.database, StanceId(old), StanceId(into), _editor(setup, by, why))
    click.echo(f"merged: {old} leads to {into}", err=True)


@click.command("split")
@click.argument("old", metavar="STANCE")
@click.option("--report", metavar="URL", help="Take only the report at this address out of it.")
@click.option("--to", metavar="STANCE", help="With --report: the event of which it tells.")
@click.option("--set", "edits", multiple=True, metavar="FIELD=VALUE", help="With --report.")
@pass_setup
def split_(
    setup: Setup,
    old: str,
    report: str | None,
    to: str | None,
    edits: tuple[str, ...],
    by: str | None,
    why: str | None,
) -> None:
    """Take a merge back, or a report that tells of another event out of the one it was joined to.

    A report without --to gets a record of its own, which waits in the review queue; --set gives
    its facts where the report was read wrongly. `tracker merge` brings it back.

    Example: tracker split ibm-2020-06-09-ends-2 --why "a second letter"

    Example: tracker split ibm-2020-06-08-ends --report https://example.org/a --set date=2020-07-01
    """
    from tracker.domain.errors import UsageError
    from tracker.domain.model import StanceId
    from tracker.pipeline.merging import split_stance
    from tracker.pipeline.parting import part_report

    if report is not None:
        other = part_report(
            setup.app.database,
            StanceId(old),
            report,
            _editor(setup, by, why),
            to=StanceId(to) if to else None,
            edits=_wanted(edits),
        )
        click.echo(f"parted: {report} tells of {other} now", err=True)
        return
    if to or edits:
        raise UsageError("--to and --set go with --report")
    new = split_stance(setup.app.database, StanceId(old), _editor(setup, by, why))
    click.echo(f"split: {old} stands beside {new} again", err=True)


for _command in (
    accept_command,
    edit_command,
    amend_command,
    withdraw_command,
    reject_command,
    relate_command,
    merge_,
    split_,
):
    WHY(BY(_command))


@click.command("history")
@click.argument("record")
@pass_setup
def history_(setup: Setup, record: str) -> None:
    """Show everything that was done to a stance, reaction, call or organisation, oldest first.

    What operators did with the outbox is at “outbox”.

    Example: tracker history ibm-2020-06-08-fr-exit
    """
    from tracker.domain.errors import UsageError
    from tracker.pipeline.review import history_of

    steps = history_of(setup.app.database, record)
    if not steps:
        raise UsageError(f"there is no record {record!r}; `tracker export` names them by id")
    for kind, step in steps:
        change = json.dumps(dict(step.change), ensure_ascii=False) if step.change else ""
        why = f"  ({step.why})" if step.why else ""
        click.echo(f"{step.at:%Y-%m-%d %H:%M} UTC  {kind} {step.action} by {step.by} {change}{why}")
