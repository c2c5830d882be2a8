"""The commands about the extractor itself: extract, train, reextract."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.files import read_bytes
from tracker.cli.main import Failure, Setup, pass_setup
from tracker.cli.numbers import NUMBER
from tracker.domain.errors import UsageError

if TYPE_CHECKING:
    from tracker.pipeline.reextract import Difference


@click.command("extract")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE…]")
@pass_setup
def extract_(setup: Setup, files: tuple[Path, ...]) -> None:
    """Find stances, reactions and calls in JSON documents: one JSON line out for each in.

    Each FILE holds one document, or one a line; without FILE they are read from standard input.

    Example: echo '{"id": "x1", "title": "…", "text": "…"}' | tracker extract
    """
    from tracker import config
    from tracker.app import extractor
    from tracker.extraction.documents import DocumentError, document_from_json, findings_to_json
    from tracker.starter.reader import load_registry

    extract, registry = extractor(setup.settings, config.clock), load_registry()
    for place, line in _documents(files):
        try:
            document = document_from_json(line, _read_html)
        except DocumentError as error:
            raise Failure(f"{place}: {error}") from error
        findings = extract(document, registry)
        click.echo(findings_to_json(document, findings, from_html='"html"' in line))


@click.command("train")
@click.option("--dry-run", is_flag=True, help="Only report.")
@pass_setup
def train_(setup: Setup, dry_run: bool) -> None:
    """Fit the model's last layer anew to what people accepted, edited and rejected here.

    Both are first compared on decisions about articles that the new one never saw; it takes the
    place of the old one only when it is less surprised by them. Scheduler and workers use it from
    their next start; `tracker reextract --diff` shows what it would change.

    Example: tracker train --dry-run
    """
    from tracker.extraction import heads, refit
    from tracker.pipeline.verdicts import answered

    model = heads.load()
    if model is None:
        raise UsageError("the trained model is missing: install the package again")
    told, registry = answered(setup.app.database)
    verdicts = [
        refit.Verdict(
            each.document,
            refit.COMPANY if each.about_company else refit.ACTOR,
            each.actor,
            each.quote,
            each.answers,
        )
        for each in told
    ]
    fitted = refit.refit(model, verdicts, registry)
    if fitted is None:
        raise UsageError(
            f"{len(verdicts)} decided findings: {refit.LEAST} in {refit.FOLDS} articles are needed"
        )
    click.echo(
        f"{fitted.verdicts} verdicts in {fitted.articles} articles; mean surprise on unseen ones:"
        f" {fitted.before:.3f} with the present model, {fitted.after:.3f} with the new one"
    )
    if not fitted.is_better:
        click.echo("the present model stays")
    elif not dry_run:
        file = setup.settings.extract.heads_file
        _replace(file, fitted.raw)
        click.echo(f"written to {file}; restart scheduler and workers to use it")


def _replace(file: Path, raw: bytes) -> None:
    half = file.with_name(f"{file.name}.half")
    try:
        half.write_bytes(raw)
        half.replace(file)
    except OSError as error:
        raise UsageError(f"extract.heads_file: {file}: {error.strerror}") from error


@click.command("reextract")
@click.option("--diff", is_flag=True, required=True, help="Show the differences.")
@click.option("--limit", type=NUMBER, help="Only so many texts, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@pass_setup
def reextract_(setup: Setup, diff: bool, limit: int | None, as_json: bool) -> None:
    """Show what this version of the extractor would find in texts that were analysed already.

    + comes, - goes, ~ is shown otherwise. Nothing is written and nobody is told.

    Example: tracker reextract --diff --limit 500
    """
    from tracker.pipeline.reextract import differences

    assert diff
    count = 0
    for each in differences(setup.app.database, setup.app.extract, limit):
        count += 1
        click.echo(_as_json(each) if as_json else _in_words(each))
    click.echo(f"{count} differences; nothing was written", err=True)


def _as_json(each: "Difference") -> str:
    row = {"sign": each.sign, "snapshot": each.document, "url": each.url, "kind": each.kind.value}
    return json.dumps(row | {"before": each.before, "now": each.now}, ensure_ascii=False)


def _in_words(each: "Difference") -> str:
    from tracker.pipeline.reextract import NAMED, SHOWN

    claim = each.now or each.before or {}
    names = " · ".join(str(claim.get(field) or "") for field in NAMED[each.kind])
    shown = " ".join(str(claim[field]) for field in SHOWN if claim.get(field))
    if each.sign == "~" and each.before:
        before = " ".join(str(each.before[field]) for field in SHOWN if each.before.get(field))
        shown = f"{before} → {shown}"
    quote = (claim.get("span") or {}).get("quote", "")
    return f"{each.sign} {each.kind.value} {names} ({shown}) “{quote}” {each.url or ''}".rstrip()


def _read_html(html: str, url: str | None) -> tuple[str, str, datetime | None]:
    """Title, text and date of a page; an empty text where it holds no article."""
    from tracker.domain.errors import ParseError
    from tracker.domain.model import Response
    from tracker.engine.careful import read_page

    headers = {"content-type": "text/html; charset=utf-8"}
    body = html.encode("utf-8", "replace")
    try:
        page = read_page(Response(url or "https://page.invalid/", 200, body, headers))
    except ParseError:
        return "", "", None
    return page.title, page.text, page.published


def _documents(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """Each document, and where it stands."""
    if not files:
        for number, raw in enumerate(sys.stdin.buffer, 1):
            place = f"standard input, line {number}"
            if raw.strip():
                yield place, _decoded(raw, place)
    for file in files:
        yield from _lines(file)


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """A file with one document (over several lines, perhaps), or with one a line."""
    text = _decoded(read_bytes(file), str(file))
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    one_a_line = all(line.strip()[0] + line.strip()[-1] == "{}" for _, line in lines)
    if one_a_line:
        yield from ((f"{file}, line {number}", line) for number, line in lines)
    else:
        yield str(file), text


def _decoded(raw: bytes, place: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{place}: this is not UTF-8 text: {error.reason}") from error
