"""The rules that keep the tree what it is (docs/architecture.md says why)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRACKER = ROOT / "tracker"
TESTS = ROOT / "tests"

LONGEST_FILE = 350
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 50
VOCABULARY = {
    "tracker/domain/codes.py": 450,
    "tracker/domain/position_table.py": 400,
    "tracker/store/schema/ledger.py": 450,
}
"""Lists of values or columns without a branch: read as tables, so they may be longer."""

CATCHES_EVERYTHING = {
    "tracker/pipeline/each.py": "one broken item must not stop the others",
    "tracker/worker.py": "a job that breaks is told of and handed out again, the others go on",
    "tracker/engine/workers.py": "a document that breaks its reader is set aside, not the reader",
}
"""Where ``except Exception`` may stand: there it is logged and counted, and the item set aside."""


def modules(*folders: Path) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield str(path.relative_to(ROOT)), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def written_files() -> list[Path]:
    """Every file of the project, as git knows them; without git, what lies in its folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    folders = (TRACKER, TESTS, ROOT / "docs", ROOT / "templates", ROOT / "migrations")
    return [path for folder in folders for path in folder.rglob("*")]


def lines_of_text() -> Iterator[tuple[str, str]]:
    for path in written_files():
        if not path.is_file() or path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, an image, a model
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_imports_point_down() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(program), "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_domain_imports_the_standard_library_only() -> None:
    strangers = {
        f"{path} imports {name}"
        for path, module in modules(TRACKER / "domain")
        for name in imported(module)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("tracker.domain")
    }
    assert strangers == set()


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_only_the_pipeline_opens_a_transaction() -> None:
    opens = {
        path
        for path, module in modules(TRACKER)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "transaction"
    }
    assert {path.split("/")[1] for path in opens} == {"pipeline"}, opens


def test_everything_is_caught_only_where_one_item_must_not_stop_the_others() -> None:
    catches = {
        path
        for path, module in modules(TRACKER)
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    }
    assert catches == set(CATCHES_EVERYTHING)


def catches_everything(handler: ast.ExceptHandler) -> bool:
    if isinstance(handler.body[-1], ast.Raise):
        return False  # it only cleans up on the way
    names = ast.unparse(handler.type) if handler.type else "BaseException"
    return bool(re.search(r"\b(Base)?Exception\b", names))


def test_the_clock_is_a_parameter() -> None:
    layers = [TRACKER / name for name in ("domain", "store", "pipeline")]
    reads = {
        f"{path}:{node.lineno}"
        for path, module in modules(*layers)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and re.search(r"\b(datetime|date|time)\.(now|utcnow|today|time)$", ast.unparse(node.func))
    }
    assert reads == set()


@pytest.mark.parametrize(("folder", "limit"), [(TRACKER, LONGEST_FILE), (TESTS, LONGEST_TEST_FILE)])
def test_files_stay_short(folder: Path, limit: int) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in folder.rglob("*.py")
    }
    long = {path: n for path, n in lengths.items() if n > VOCABULARY.get(path, limit)}
    assert long == {}


def test_functions_stay_short() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}"
        for path, module in modules(TRACKER)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    }
    assert long == set()


def test_every_module_is_named_after_what_it_holds() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common|stuff)(_|$)")
    named = {str(p.relative_to(ROOT)) for p in [*TRACKER.rglob("*"), *TESTS.rglob("*")]}
    assert {name for name in named if vague.search(Path(name).stem)} == set()


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert [where for where, line in lines_of_text() if later.search(line)] == []


def test_no_path_of_one_machine_is_written_down() -> None:
    machine = re.compile(r"(?<![\w.~/-])/(work|root|home|Users|tmp|opt)/\w")
    assert [f"{where}: {line}" for where, line in lines_of_text() if machine.search(line)] == []


@pytest.mark.parametrize("word", ["unittest.mock", "monkeypatch.setattr", "time.sleep("])
def test_tests_use_real_parts_and_never_sleep(word: str) -> None:
    using = {
        str(path.relative_to(ROOT))
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and word in path.read_text()
    }
    assert using == set()


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    """``tracker --help`` answers in 0.4 s only when it loads nothing that it does not use."""
    heavy = ["spacy", "trafilatura", "onnxruntime", "numpy", "flask", "apscheduler", "sqlalchemy"]
    program = f"import sys, tracker.cli; print(*(set({heavy}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
