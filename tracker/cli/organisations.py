"""The commands for the register of organisations."""

import json
from datetime import datetime

import click

from tracker.cli.editors import BY, who
from tracker.cli.main import Setup, pass_setup
from tracker.domain.codes import NameKind, OrganisationKind
from tracker.domain.errors import UsageError

DATE = click.DateTime(["%Y-%m-%d"])


@click.group("organisations")
def organisations_() -> None:
    """List organisations, enter new ones, give them more names.

    Example: tracker organisations list --kind company
    """


@organisations_.command("list")
@click.option("--kind", help="Only those of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON lines.")
@pass_setup
def list_command(setup: Setup, kind: str | None, as_json: bool) -> None:
    """List the organisations by slug, with their names.

    Example: tracker organisations list --kind advocacy_group
    """
    from tracker.store import organisations

    wanted = kind_of(kind) if kind else None
    with setup.app.database.reading() as session:
        known = organisations.registry(session).organisations
    for one in known:
        if wanted in (None, one.kind):
            names = [name.text for name in one.names]
            if as_json:
                row = {"slug": one.slug, "name": one.name, "kind": one.kind, "names": names}
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                also = f"  (also {', '.join(names)})" if names else ""
                click.echo(f"{one.slug}  {one.kind}  {one.name}{also}")


@organisations_.command("add")
@click.argument("name")
@click.option("--kind", required=True, help="company, advocacy_group, union, regulator …")
@click.option("--slug", default="", help="Its place in addresses (default: made of the name).")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--brand", "brands", multiple=True, help="A brand of it; may be repeated.")
@click.option("--owner", help="Slug of who owns it.")
@click.option("--domain", help="Host of its own site: what it says there is its own word.")
@click.option("--country", help="Where it is at home: two letters, such as US.")
@BY
@pass_setup
def add_command(
    setup: Setup,
    name: str,
    kind: str,
    slug: str,
    aliases: tuple[str, ...],
    brands: tuple[str, ...],
    owner: str | None,
    domain: str | None,
    country: str | None,
    by: str | None,
) -> None:
    """Enter an organisation; articles whose findings waited for its name are read again.

    Example: tracker organisations add "Acme Vision" --kind company --domain acme.example
    """
    from tracker.domain.model import Name, Organisation, Parent
    from tracker.pipeline.registering import add_organisation

    names = (*map(Name, aliases), *(Name(brand, NameKind.BRAND) for brand in brands))
    new = Organisation(
        slug=slug,
        name=name,
        kind=kind_of(kind),
        names=names,
        parents=(Parent(owner),) if owner else (),
        domain=domain,
        country=country,
    )
    added = add_organisation(setup.app.database, new, who(by), setup.app.now())
    click.echo(added.slug)
    _say_what_is_read_again(added.articles)


@organisations_.command("name")
@click.argument("slug")
@click.argument("name")
@click.option(
    "--kind", default=NameKind.ALIAS.value, show_default=True, help="alias, brand, former"
)
@click.option("--since", type=DATE, help="First day of the name.")
@click.option("--until", type=DATE, help="First day on which it no longer holds.")
@BY
@pass_setup
def name_command(
    setup: Setup,
    slug: str,
    name: str,
    kind: str,
    since: datetime | None,
    until: datetime | None,
    by: str | None,
) -> None:
    """Give an organisation one more name: an alias, a brand, or one that it had before.

    Example: tracker organisations name x Twitter --kind former --until 2023-07-24
    """
    from tracker.domain.model import Name
    from tracker.pipeline.registering import add_name

    if kind not in set(NameKind):
        raise UsageError(f"{kind!r} is no kind of name; these are: {', '.join(NameKind)}")
    more = Name(
        name,
        NameKind(kind),
        since.date() if since else None,
        until.date() if until else None,
    )
    added = add_name(setup.app.database, slug, more, who(by), setup.app.now())
    _say_what_is_read_again(added.articles)


def kind_of(text: str) -> OrganisationKind:
    """The kind of organisation that a user named. Raises UsageError."""
    if text not in set(OrganisationKind):
        known = ", ".join(OrganisationKind)
        raise UsageError(f"{text!r} is no kind of organisation; these are: {known}")
    return OrganisationKind(text)


def _say_what_is_read_again(articles: int) -> None:
    if articles:
        click.echo(f"{articles} articles are read again at the next poll", err=True)
