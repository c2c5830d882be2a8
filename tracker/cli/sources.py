"""The commands around sources: add, list, import, export, pause, resume, check."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.backfilling import backfill
from tracker.cli.files import read_bytes, write_lines
from tracker.cli.main import Failure, Misuse, Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.codes import SourceKind, Tier

if TYPE_CHECKING:
    from tracker.pipeline.watching import Seen, Watching
    from tracker.store.sources import WatchedSource

KINDS = click.Choice([kind.value for kind in SourceKind])
TIERS = click.Choice([tier.value for tier in Tier])


@click.group("sources")
def sources_() -> None:
    """Add, list, import, export, pause, resume and check what is watched.

    Example: tracker sources add https://example.org/feed.xml
    """


sources_.add_command(backfill)


@sources_.command("add")
@click.argument("url")
@click.option("--title", help="What to call it (default: the title of the feed).")
@click.option("--organisation", metavar="SLUG", help="Whose source it is, such as ibm.")
@click.option("--tier", type=TIERS, default=Tier.RELIABLE.value, show_default=True)
@click.option("--language", help="Such as en; default: what each article says.")
@click.option("--timezone", help="Where the publisher sits, such as America/New_York.")
@click.option(
    "--kind",
    type=KINDS,
    help="Take it as it is: a feed, a page that links articles, a sitemap, a page to watch.",
)
@pass_setup
def add(
    setup: Setup, /, url: str, kind: str | None, title: str | None, **fields: str | None
) -> None:
    """Watch a feed. The address of a site will do: its feed is looked for.

    An address that does not answer now is added all the same and tried again later. The id of the
    source goes to standard output.

    Example: tracker sources add https://example.org/ --organisation eff --tier advocacy
    """
    from tracker.domain.model import Source
    from tracker.pipeline.watching import add_source, plain_address

    app = setup.app
    _require_timezone(fields["timezone"])
    given = SourceKind(kind) if kind else None
    address, feed_title = _settle(_watching(setup), plain_address(url), given)
    source = Source(
        url=address,
        title=title or feed_title or address,
        kind=given or SourceKind.FEED,
        tier=Tier(fields["tier"] or Tier.RELIABLE),
        organisation=fields["organisation"],
        language=fields["language"],
        timezone=fields["timezone"],
    )
    id_, new = add_source(app.database, source, app.now())
    click.echo(f"{'added' if new else 'known already'}: {source.title} ({address})", err=True)
    click.echo(id_)


def _require_timezone(name: str | None) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misuse(f"--timezone {name!r} is not known; write it as Europe/Berlin") from None


def _settle(watching: "Watching", url: str, given: SourceKind | None) -> tuple[str, str]:
    """The address to watch and its title; looks for the feed of a site unless a kind is given."""
    from tracker.pipeline.watching import find_feeds, look

    seen = look(watching, url, given)
    if seen.feed is not None:
        return seen.address, seen.feed.title
    if seen.never_works:
        raise Misuse(f"{seen.error}; {seen.mend}")
    if seen.is_site and given is None:
        return _choose(seen, find_feeds(watching, seen, _say_looking))
    if given is not SourceKind.PAGE or seen.listing is None:
        click.echo(f"it gives nothing now, and is tried again later: {seen.error}", err=True)
        click.echo(seen.mend, err=True)
    return url, seen.listing.title if seen.listing else ""


def _say_looking(url: str) -> None:
    click.echo(f"looking at {url}", err=True)


def _choose(seen: "Seen", found: "list[Seen]") -> tuple[str, str]:
    if len(found) == 1 and found[0].feed is not None:
        return found[0].address, found[0].feed.title
    if not found:
        raise Misuse(f"{seen.error}; {seen.mend}")
    if sys.stdin.isatty():
        return _ask_which(seen, found)
    for feed in found:
        click.echo(f"{feed.address}\t{feed.feed.title if feed.feed else ''}")
    raise Misuse(f"{seen.url} has {len(found)} feeds, listed above: add the one you want")


def _ask_which(seen: "Seen", found: "list[Seen]") -> tuple[str, str]:
    """Let the person at the terminal choose one."""
    click.echo(f"{seen.url} has {len(found)} feeds:", err=True)
    for number, feed in enumerate(found, 1):
        click.echo(f"{number:>3}  {feed.feed.title if feed.feed else ''}  {feed.address}", err=True)
    number = click.prompt("Which one", type=click.IntRange(1, len(found)), default=1, err=True)
    chosen = found[number - 1]
    return chosen.address, chosen.feed.title if chosen.feed else ""


def _watching(setup: Setup) -> "Watching":
    from tracker.pipeline.watching import Watching

    app = setup.app
    return Watching(app.fetch, app.readers, app.feed_links, app.now)


@sources_.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@click.option("--failing", is_flag=True, help="Only those that could not be had last time.")
@pass_setup
def list_(setup: Setup, as_json: bool, failing: bool) -> None:
    """List what is watched, with its health.

    Example: tracker sources list --failing
    """
    from tracker.store import sources

    with setup.app.database.reading() as session:
        rows = [s for s in sources.every(session) if not failing or s.failing_since is not None]
    for source in rows:
        click.echo(json.dumps(_row(source), ensure_ascii=False) if as_json else _line(source))
    click.echo(f"{len(rows)} sources", err=True)


def _row(source: "WatchedSource") -> dict[str, Any]:
    moments = ("next_due", "last_polled", "last_ok", "last_new", "failing_since")
    plain = (
        "id url title kind status tier organisation language failures last_error error_cause "
        "error_fault"
    )
    row = {name: getattr(source, name) for name in plain.split()}
    return row | {name: _moment(getattr(source, name)) for name in moments}


def _moment(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _line(source: "WatchedSource") -> str:
    health = f"ok {source.last_ok:%Y-%m-%d %H:%M}" if source.last_ok else "never read"
    line = f"{source.id:>5}  {source.status:<6}  {health:<19}  {source.title}  {source.url}"
    if source.failing_since is None:
        return line
    whose = "our own fault" if source.error_fault == "ours" else "their fault"
    since = f"{source.failing_since:%Y-%m-%d %H:%M}"
    return f"{line}\n       failing since {since} ({whose}): {source.last_error}"


@sources_.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@pass_setup
def import_(setup: Setup, file: Path) -> None:
    """Watch every feed of an OPML or TOML file; one line of report for each.

    Ends with 0 if at least one was added or known, with 1 if every one was refused.

    Example: tracker sources import subscriptions.opml
    """
    from tracker.pipeline.watching import import_sources
    from tracker.sources import lists

    listed = lists.read(read_bytes(file), str(file))
    app = setup.app
    report = import_sources(app.database, listed, app.now())
    counts = dict.fromkeys(("added", "known", "refused"), 0)
    for one in report:
        counts[one.outcome] += 1
        why = f": {one.reason}" if one.reason else ""
        click.echo(f"line {one.line}: {one.outcome}: {one.name}{why}")
    click.echo(", ".join(f"{number} {what}" for what, number in counts.items()), err=True)
    if not counts["added"] + counts["known"]:
        raise Failure(f"{file}: no source could be taken from it")


@sources_.command("export")
@click.option("--format", "form", type=click.Choice(["opml", "toml"]), default="opml")
@pass_setup
def export(setup: Setup, form: str) -> None:
    """Write every source as OPML (for feed readers) or TOML (with all that is known of each).

    Example: tracker sources export --format toml > sources.toml
    """
    from tracker.sources import lists
    from tracker.store.exports import source_list

    write = lists.opml if form == "opml" else lists.toml
    with setup.app.database.reading() as session:
        write_lines(write(source_list(session), "Sources of Stance Tracker"))


@sources_.command("pause")
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID…")
@pass_setup
def pause(setup: Setup, ids: tuple[int, ...]) -> None:
    """Ask these sources no more until they are resumed.

    Example: tracker sources pause 12 13
    """
    from tracker.pipeline import watching

    watching.pause(setup.app.database, ids, setup.app.now())
    _say_done("paused", ids)


@sources_.command("resume")
@click.argument("ids", nargs=-1, required=True, type=NUMBER, metavar="ID…")
@pass_setup
def resume(setup: Setup, ids: tuple[int, ...]) -> None:
    """Ask these sources again, from now on.

    Example: tracker sources resume 12 13
    """
    from tracker.pipeline import watching

    watching.resume(setup.app.database, ids, setup.app.now())
    _say_done("resumed", ids)


def _say_done(what: str, ids: Iterable[int]) -> None:
    click.echo(f"{what}: {', '.join(str(id_) for id_ in ids)}", err=True)


@sources_.command("check")
@click.argument("place", metavar="URL_OR_ID")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@pass_setup
def check(setup: Setup, place: str, as_json: bool) -> None:
    """Ask an address, or a source by its id, once and say what is there; nothing is changed.

    Ends with 1 when there is no feed, with the reason and the mend.

    Example: tracker sources check https://example.org/feed.xml
    """
    from tracker.pipeline.watching import look, plain_address

    url, kind = _known(setup, int(place)) if place.isdecimal() else (plain_address(place), None)
    seen = look(_watching(setup), url, kind)
    told = _told(seen)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for name, value in told.items():
            click.echo(f"{name}: {value}" if value not in (None, [], "") else f"{name}: none")
    if seen.feed is None and (kind is not SourceKind.PAGE or seen.listing is None):
        raise Failure(f"{seen.error}; {seen.mend}")


def _known(setup: Setup, id_: int) -> tuple[str, SourceKind]:
    from tracker.pipeline.watching import known_sources
    from tracker.store import sources

    known_sources(setup.app.database, [id_])
    with setup.app.database.reading() as session:
        return next((s.url, s.kind) for s in sources.every(session) if s.id == id_)


def _told(seen: "Seen") -> dict[str, Any]:
    from tracker.pipeline.watching import kind_of

    response, feed, kind = seen.response, seen.feed or seen.listing, kind_of(seen)
    told: dict[str, Any] = {
        "url": seen.url,
        "kind": kind.value if kind else None,
        "title": feed.title if feed else None,
        "entries": len(feed.entries) if feed else None,
        "newest": _moment(seen.newest),
        "etag": response.validators.etag if response else None,
        "last_modified": response.validators.last_modified if response else None,
        "moved_to": response.moved_to if response else None,
        "damaged": feed.damaged if feed else None,
    }
    if seen.feed is None:
        told |= {"error": str(seen.error), "mend": seen.mend}
        told["feeds"] = [link.url for link in seen.links]
    return told
