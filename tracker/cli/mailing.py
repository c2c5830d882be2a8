"""The commands around mail: deliver, subscribe, subscriptions."""

import csv
import json
import sys
from typing import TYPE_CHECKING

import click

from tracker.cli.main import Setup, pass_setup

if TYPE_CHECKING:
    from tracker.pipeline.alert import Sent


@click.command("deliver")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON summary.")
@pass_setup
def deliver_(setup: Setup, as_json: bool) -> None:
    """Send all that is owed now, and end. The scheduler keeps to mail.rate_per_minute.

    Example: tracker deliver --json
    """
    from dataclasses import asdict

    sent = setup.app.deliver(at_once=True)
    if as_json:
        click.echo(json.dumps(asdict(sent)))
        return
    say_sent(sent)


def say_sent(sent: "Sent") -> None:
    """Tell a person what came of a delivery."""
    counts = (
        ("sent", sent.sent),
        ("refused for good", sent.refused),
        ("tried again later", sent.failed),
        ("withdrawn", sent.withdrawn),
        ("still waiting", sent.waiting),
    )
    click.echo(", ".join(f"{number} {what}" for what, number in counts), err=True)
    if sent.outage:
        click.echo(f"stopped early: {sent.outage}", err=True)
    if sent.paused:
        click.echo("alerts.pause is set: nothing was sent, nothing is lost", err=True)


@click.command("subscribe")
@click.argument("address")
@click.option("--company", multiple=True, help="Slug of a company, such as ibm; repeatable.")
@click.option("--topic", multiple=True, help="Code or slug of a topic; repeatable.")
@click.option("--by", multiple=True, help="Slug of a group that reacts or calls; repeatable.")
@click.option("--tell", multiple=True, help="stance, change, reversal, reaction, call, answer …")
@click.option("--level", default="", help="confirmed, or reported too (the default).")
@click.option("--track", multiple=True, help="says or does; both if not given.")
@click.option("--days", default="", help="Of silence, after which to tell of it.")
@click.option("--words", default="", help="Words that the record must hold, as in the search.")
@click.option("--search", default="", help="All of that as the address of a search has it.")
@click.option("--pace", default="", help="at_once (the default), daily or weekly.")
@click.option("--zone", default="", help="Time zone of gathered mail, such as Europe/Berlin.")
@click.option("--hour", default="", help="Hour of gathered mail in that zone, 0 to 23.")
@click.option("--weekday", default="", help="Day of weekly mail, 0 is Monday.")
@click.option("--language", type=click.Choice(["en", "de"]), default="en", help="Of the mails.")
@click.option("--everything", is_flag=True, help="Every company and topic.")
@click.option("--confirmed", is_flag=True, help="Without a confirmation mail: you vouch for it.")
@pass_setup
def subscribe_(
    setup: Setup,
    /,
    address: str,
    words: str,
    search: str,
    language: str,
    everything: bool,
    confirmed: bool,
    **fields: str | tuple[str, ...],
) -> None:
    """Subscribe an address to what companies say and do, and to what others say of it.

    Example: tracker subscribe ana@example.org --company ibm --topic facial_recognition
    """
    from dataclasses import replace
    from urllib.parse import parse_qsl

    from tracker.domain.errors import UsageError
    from tracker.domain.wishes import from_search
    from tracker.pipeline import subscribing

    from_search(search)
    pairs = [*parse_qsl(search.rpartition("?")[2]), ("q", words)]
    for name, given in fields.items():
        pairs += [(name, value) for value in ([given] if isinstance(given, str) else given)]
    wanted = replace(subscribing.wanted_from(pairs), language=language)
    if everything and wanted.wish.filters:
        raise UsageError("--everything goes with no limit: leave it out, or the limits")
    if not everything and not wanted.wish.filters:
        raise UsageError("name a --company, a --topic or another limit, or else --everything")
    app = setup.app
    said = subscribing.subscribe_by_operator(
        app.database, address, wanted, app.now(), app.mail_domain, confirmed=confirmed
    )
    click.echo(said, err=True)


@click.command("subscriptions")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines in place of CSV.")
@pass_setup
def subscriptions_(setup: Setup, as_json: bool) -> None:
    """List who wants what, and whether it is confirmed.

    Example: tracker subscriptions
    """
    from tracker.pipeline import subscribing

    rows = subscribing.list_subscriptions(setup.app.database)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("address", "company", "topic", "asks_for", "pace", "state", "since"))
    writer.writerows(row.values() for row in rows)
