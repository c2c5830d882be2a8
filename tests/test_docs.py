"""The documents say what the program does: every setting, every command, every link."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker.cli import main
from tracker.config import Settings
from tracker.config.faults import known_keys

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config.example.toml"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = ROOT / "docs" / "commands.md"

UNSET = {"extract.llm_key_file", "mail.dkim_key_file", "mail.smtp_password_file"}
"""Settings without a default: the example shows them as a comment."""


def keys(table: dict[str, object], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from keys(value, f"{above}{key}.")
        else:
            yield above + key


def shown() -> dict[str, object]:
    """The example, with the settings that it shows as comments taken in."""
    text = re.sub(r"^# (\w+ = )", r"\1", EXAMPLE.read_text(), flags=re.MULTILINE)
    return tomllib.loads(text)


def test_every_setting_is_in_the_example_and_no_other() -> None:
    assert sorted(keys(shown())) == sorted(known_keys(Settings))


def test_every_value_of_the_example_is_the_default() -> None:
    written = tomllib.loads(EXAMPLE.read_text())
    assert Settings.model_validate(written) == Settings()
    assert set(known_keys(Settings)) - set(keys(written)) == UNSET


def test_every_setting_is_explained() -> None:
    """A comment stands above each setting, or above the group that it belongs to."""
    lines = EXAMPLE.read_text().splitlines()
    for section in Settings.model_fields:
        start = lines.index(f"[{section}]")
        body = [line for line in lines[start + 1 : start + 5] if line]
        assert any(line.startswith("# ") for line in body), section


def commands(group: click.Group, above: str = "tracker") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


EVERY_COMMAND = dict(commands(main))


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_is_described(name: str) -> None:
    assert f"`{name}" in COMMANDS.read_text(), f"docs/commands.md does not show {name}"


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_has_help_with_an_example(name: str) -> None:
    help_text = EVERY_COMMAND[name].help or ""
    assert f"{name.removeprefix('tracker ')}" in help_text.partition("xample")[2], help_text


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`tracker {name}`" in (ROOT / "README.md").read_text()


def test_no_document_names_a_command_that_does_not_exist() -> None:
    groups = {name.rsplit(" ", 1)[0] for name in EVERY_COMMAND} - {"tracker"}
    known = set(EVERY_COMMAND) | groups
    for document in DOCUMENTS:
        for line in re.findall(r"(?:`|^\s*\$? ?)(tracker [a-z][a-z ]*)", document.read_text()):
            words = line.split()
            assert any(" ".join(words[:n]) in known for n in (2, 3)), f"{document.name}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_documents_resolves(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path) if path else document
        assert file.exists(), f"{document.name}: {target}"
        if anchor:
            assert anchor in anchors(file), f"{document.name}: {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    for name in re.findall(
        r"(?<![\w/.:-])[\w/]+\.(?:py|toml|jsonl|md|lock)\b", document.read_text()
    ):
        if "NNNN" in name or name in MADE_BY_USERS:
            continue
        places = (ROOT, ROOT / "tracker", document.parent)
        found = any((place / name).exists() for place in places) or any(
            path.match(name) for path in WRITTEN if "/" not in name
        )
        assert found, f"{document.name}: {name}"


MADE_BY_USERS = {"config.toml", "sources.toml", "stances.jsonl"}
WRITTEN = [path for path in (ROOT / "tracker").rglob("*") if path.is_file()]


def anchors(document: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ("promises", "## Manners"),
        ("alerts", "## What shows"),
        ("dashboard", "## What shows"),
        ("ingestion", "## What shows"),
    ],
)
def test_what_is_promised_is_shown_with_a_test_that_exists(document: str, title: str) -> None:
    text = (ROOT / "docs" / f"{document}.md").read_text()
    table = text.partition(title)[2].partition("\n\nT")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if "/test_" in line]
    assert len(rows) > 10
    for manner, files, names in rows:
        where = "".join((ROOT / "tests" / f"{file}.py").read_text() for file in files.split(", "))
        for name in names.split(", "):
            assert name in where, f"{manner}: no test is called {name}"
