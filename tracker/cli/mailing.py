"""The commands around mail: deliver, subscribe, subscriptions."""

import csv
import json
import sys

import click

from tracker.cli.main import Setup, pass_setup


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
    counts = (
        ("sent", sent.sent),
        ("tried again later", sent.failed),
        ("still waiting", sent.waiting),
    )
    click.echo(", ".join(f"{number} {what}" for what, number in counts), err=True)
    if sent.outage:
        click.echo(f"stopped early: {sent.outage}", err=True)
    if sent.paused:
        click.echo("alerts.pause is set: nothing was sent, nothing is lost", err=True)


@click.command("subscribe")
@click.argument("address")
@click.option("--company", help="Slug of a company, such as ibm.")
@click.option("--topic", help="Code or slug of a topic, such as facial_recognition.")
@click.option("--everything", is_flag=True, help="Every company and topic.")
@click.option("--confirmed", is_flag=True, help="Without a confirmation mail: you vouch for it.")
@pass_setup
def subscribe_(
    setup: Setup,
    address: str,
    company: str | None,
    topic: str | None,
    everything: bool,
    confirmed: bool,
) -> None:
    """Subscribe an address to a company, a topic, both, or everything.

    Example: tracker subscribe ana@example.org --company ibm --topic facial_recognition
    """
    from tracker.domain.errors import UsageError
    from tracker.pipeline import subscribing

    if everything == bool(company or topic):
        raise UsageError("name a --company, a --topic or both, or else --everything")
    app = setup.app
    said = subscribing.subscribe_by_operator(
        app.database, address, company, topic, app.now(), app.mail_domain, confirmed=confirmed
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
    writer.writerow(("address", "company", "topic", "state", "since"))
    writer.writerows(row.values() for row in rows)
