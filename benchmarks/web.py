"""How fast pages answer: uncached, kept and unchanged, beside baselines of the same run.

    python benchmarks/web.py [--stances 100000 --companies 500 …] [--seconds 2]
    python benchmarks/web.py --database sqlite:///FILE      one that big_ledger.py has filled

A page made anew is told in milliseconds of CPU and as a multiple of one plain page: a bare Jinja
template over 500 objects (8 ms on the quiet machine of the design). Pages kept and unchanged are
told as a share of a bare gunicorn page of the same size, asked for in the same run.
"""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient  # noqa: E402
from jinja2 import Environment  # noqa: E402
from sqlalchemy import select, update  # noqa: E402

from benchmarks.big_ledger import Size, fill, sizes  # noqa: E402
from tracker.app import App  # noqa: E402
from tracker.config import Settings  # noqa: E402
from tracker.store import facts, positions  # noqa: E402
from tracker.store.schema import OrganisationRow, StanceRow  # noqa: E402
from tracker.web import create_app  # noqa: E402
from tracker.web.serving import look_at_new_objects_only  # noqa: E402

BARE = """
def app(environ, start_response):
    body = b"x" * {size}
    start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/html")])
    return [body]
"""
PLAIN = """<ol>{% for one in rows %}<li id="{{ one.id }}"><time>{{ one.day }}</time>
<a href="/c/{{ one.slug }}">{{ one.name }}</a> <b>{{ one.word }}</b> {{ one.text }}
{% if one.quote %}<blockquote>{{ one.quote }}</blockquote>{% endif %}
<p>{{ one.level }} {{ one.number }} {{ one.host }} {{ one.state }}</p></li>{% endfor %}</ol>"""
ROUNDS = 8
"""The bare page and ours take turns, so that other work on the machine meets both."""

TOPIC, COMPANY, OTHER = "facial-recognition", "bench-0", "bench-20"
PAGES = (
    ("home", "/"),
    ("topic", "/t/{topic}"),
    ("company, 500 stances", "/c/{company}"),
    ("matrix 50 × 14", "/matrix?rows=50&columns=14"),
    ("events", "/events"),
    ("search, common word", "/search?q=company"),
    ("search, by fit", "/search?q=company&sort=fit"),
    ("search, rare word", "/search?q=quokka"),
    ("search, field", "/search?q=company:{company}"),
)


def main() -> None:
    """Fill a database, make every page, then serve them."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/bench.db"
        settings = Settings.model_validate({"database": {"url": url}})
        app = App(settings)
        if asked.database is None:
            fill(app, Size(asked.stances, asked.companies, asked.entries, asked.articles))
        paths = [(name, path.format(topic=TOPIC, company=COMPANY)) for name, path in PAGES]
        make(app, paths)
        if asked.seconds:
            served(settings, paths, Path(folder), asked.seconds)


def plain_page() -> float:
    """CPU seconds of a bare template over 500 objects: the unit of the table."""
    template = Environment(autoescape=True).from_string(PLAIN)
    names = ("id", "day", "slug", "name", "word", "text", "quote", "level", "number", "host",
             "state")  # fmt: skip
    rows = [type("Row", (), {name: f"{name} {n}" for name in names})() for n in range(500)]
    return min(_cpu(lambda: template.render(rows=rows)) for _ in range(9))


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def make(app: App, paths: list[tuple[str, str]]) -> None:
    """What it costs to make each page when a company has just changed: another one, its own."""
    client = create_app(app).test_client()
    look_at_new_objects_only()
    unit = plain_page()
    print(f"plain page of 500 rows: {unit * 1000:.1f} ms")
    print("| page | kB | made anew, ms (CPU) | it changed itself | plain pages | clock | 304, ms |")
    print("|---|---|---|---|---|---|---|")
    for name, path in paths:
        best, clock = _made_anew(app, client, path, OTHER)
        own, _ = _made_anew(app, client, path, COMPANY)
        answer = client.get(path, base_url="http://127.0.0.1")
        tag = {"If-None-Match": answer.headers["ETag"]}
        start = time.process_time()
        for _ in range(50):
            assert client.get(path, base_url="http://127.0.0.1", headers=tag).status_code == 304
        again = (time.process_time() - start) / 50
        size = len(answer.get_data()) / 1024
        print(
            f"| {name} | {size:.0f} | {best * 1000:.0f} | {own * 1000:.0f} | {best / unit:.1f} "
            f"| {clock * 1000:.0f} | {again * 1000:.2f} |",
            flush=True,
        )


def _made_anew(app: App, client: FlaskClient, path: str, company: str) -> tuple[float, float]:
    """Seconds of CPU and of the clock to make a page, each time after a change of a company."""
    times, clocks = [], []
    for _ in range(7):
        change(app, company)
        start, tick = time.process_time(), time.perf_counter()
        answer = client.get(path, base_url="http://127.0.0.1")
        times.append(time.process_time() - start)
        clocks.append(time.perf_counter() - tick)
        assert answer.status_code == 200, (path, answer.status_code)
    return min(times[1:]), min(clocks[1:])


def change(app: App, company: str) -> None:
    """The newest stance of a company gets another summary; its positions are written anew."""
    with app.database.transaction() as session:
        row = select(OrganisationRow.id).where(OrganisationRow.slug == company)
        id_ = session.execute(row).scalar_one()
        spans = positions.of_companies(session, [company])
        positions.replace(session, [company], spans, {company: id_})
        newest = select(StanceRow.id).where(StanceRow.company_id == id_)
        newest = newest.order_by(StanceRow.date.desc()).limit(1).scalar_subquery()
        told = f"It was looked at again at {time.perf_counter_ns()}."
        again = update(StanceRow).where(StanceRow.id == newest).values(summary=told)
        session.execute(again, execution_options={"synchronize_session": False})
        facts.touch(session, app.now())


def served(settings: Settings, paths: list[tuple[str, str]], folder: Path, seconds: float) -> None:
    """Requests a second of kept pages and of 304, as shares of a bare page of that size."""
    print("| page | kept | 304 | p99, ms |\n|---|---|---|---|")
    with serving([sys.executable, "-m", "tracker", "web"], settings, folder) as port:
        for name, path in paths[:4]:
            body, tag = warm(port, path)
            (folder / "bare.py").write_text(BARE.format(size=len(body)))
            bare = [
                sys.executable,
                "-m",
                "gunicorn",
                "-w",
                "2",
                "-b",
                "127.0.0.1:{port}",
                "bare:app",
            ]
            with serving(bare, settings, folder) as other:
                rounds = [
                    (
                        load(other, "/", {}, seconds / ROUNDS),
                        load(port, path, {}, seconds / ROUNDS),
                        load(port, path, {"If-None-Match": tag}, seconds / ROUNDS),
                    )
                    for _ in range(ROUNDS)
                ]
            base, kept, same = (sum(one[n][0] for one in rounds) for n in range(3))
            worst = max(one[1][1] for one in rounds)
            print(
                f"| {name} | {kept / base:.2f} | {same / base:.2f} | {worst * 1000:.0f} |",
                flush=True,
            )


@contextmanager
def serving(command: list[str], settings: Settings, folder: Path) -> Iterator[int]:
    """A server on a free port, until it is no longer needed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {"TRACKER_DATABASE__URL": settings.database.url, "TRACKER_WEB__PORT": str(port)}
    environ = {**os.environ, **given, "PYTHONPATH": f"{ROOT}:{folder}"}
    words = [word.format(port=port) for word in command]
    with subprocess.Popen(words, cwd=folder, env=environ, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            try:
                ask(port, "/")
                break
            except OSError:
                time.sleep(0.1)
        yield port
        server.terminate()


def ask(port: int, path: str) -> tuple[bytes, str]:
    """The page and its tag."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.read(), answer.getheader("ETag", "")


def warm(port: int, path: str) -> tuple[bytes, str]:
    """Ask until every worker has made the page: one after another might all meet the same."""
    with ThreadPoolExecutor(4) as askers:
        return list(askers.map(lambda _: ask(port, path), range(80)))[-1]


def load(port: int, path: str, headers: dict[str, str], seconds: float) -> tuple[float, float]:
    """Requests a second of one client after another, and the slowest but one in a hundred."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
        connection.close()
        times.append(time.perf_counter() - start)
    times.sort()
    return len(times) / seconds, times[int(len(times) * 0.99)]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    sizes(parser)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--database")
    return parser.parse_args()


if __name__ == "__main__":
    main()
