"""How fast pages answer: uncached, kept and unchanged, beside a bare gunicorn page of their size.

    python benchmarks/web.py [--companies 500 --stances 100000 --articles 0] [--seconds 2]

Makes a database in a temporary folder, serves it with two workers on loopback, and asks one page
after the other. CPU is that of this process with the pages made in it, so other work on the machine
hardly shows; requests a second are told as a share of the bare page, asked for in the same run.
"""

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert  # noqa: E402

from tracker.app import App  # noqa: E402
from tracker.config import Settings  # noqa: E402
from tracker.store import facts, searchable  # noqa: E402
from tracker.store.schema import (  # noqa: E402
    OrganisationRow,
    PositionSpanRow,
    StanceRow,
    StanceTopicRow,
    TopicRow,
)
from tracker.store.searchable import Searchable  # noqa: E402
from tracker.web import create_app  # noqa: E402

BARE = """
def app(environ, start_response):
    body = b"x" * {size}
    start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "text/html")])
    return [body]
"""
WORDS = ("stopped", "paused", "limited", "unclear", "continues", "expands")
FILL = "The company said that it would end the sale of cameras to the police after a review. "
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
        app.initialise(with_history=False)
        topic, company = fill(app, asked)
        paths = [(name, path.format(topic=topic, company=company)) for name, path in PAGES]
        print(f"{asked.stances} stances, {asked.companies} companies, {asked.articles} articles")
        make(app, paths)
        served(settings, paths, Path(folder), asked.seconds)


def fill(app: App, asked: argparse.Namespace) -> tuple[str, str]:
    """Stances spread over companies, the first with 500; two spans and a text each."""
    chance = random.Random(1)
    with app.database.transaction() as session:
        topics = [(row.code, row.slug) for row in session.query(TopicRow).order_by(TopicRow.place)]
        names = [{"slug": f"bench-{n}", "name": f"Bench {n}", "kind": "company"}
                 for n in range(asked.companies)]  # fmt: skip
        session.execute(insert(OrganisationRow), names)
        ids = {row.slug: row.id for row in session.query(OrganisationRow)}
        for start in range(0, asked.stances, 5_000):
            rows = [_stance(n, asked, chance, topics) for n in range(start, start + 5_000)]
            _put(session, rows[: asked.stances - start], ids)
        for start in range(0, asked.articles, 5_000):
            searchable.put(session, [_article(start + n) for n in range(5_000)])
        facts.touch(session, datetime.now(UTC))
    return topics[0][1], "bench-0"


def _stance(n, asked, chance, topics):
    company = 0 if n < 500 else int(asked.companies * chance.random() ** 2.2)
    topic = topics[chance.randrange(14)]
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3_400))
    return n, f"bench-{company}", topic, day, chance.choice(WORDS), chance.choice(WORDS)


def _put(session, rows, ids):
    session.execute(insert(StanceRow), [
        {"id": f"s{n}", "company_id": ids[slug], "act": "ends", "direction": 2, "date": day,
         "precision": "day", "trigger": "voluntary", "novelty": "new", "modality": "asserted",
         "disposition": "publish", "level": "reported", "review_state": "proposed",
         "origin": "extracted", "published": True, "known_on": day,
         "summary": f"Bench {n} ends sales to the police after a review."}
        for n, slug, _, day, _, _ in rows])  # fmt: skip
    session.execute(insert(StanceTopicRow), [
        {"stance_id": f"s{n}", "place": 0, "topic": topic[0], "direction": 2}
        for n, _, topic, *_ in rows])  # fmt: skip
    latest = {(slug, topic[0], track): (n, day, word)
              for n, slug, topic, day, *words in sorted(rows, key=lambda row: row[3])
              for track, word in zip(("says", "does"), words, strict=True)}  # fmt: skip
    session.execute(insert(PositionSpanRow), [
        {"company_id": ids[slug], "topic": topic, "track": track, "word": word,
         "word_before": "no_statement", "since": day, "precision": "day", "change": "first",
         "stance_id": f"s{n}", "rests_on": [f"s{n}"], "last_evidence": day, "compelled": False}
        for (slug, topic, track), (n, day, word) in latest.items()])  # fmt: skip
    searchable.put(session, [
        Searchable("stance", f"s{n}", f"{slug}: {topic[1]}", FILL * 2, day,
                   {"company": [slug], "topic": [topic[1]], "level": ["reported"]})
        for n, slug, topic, day, *_ in rows])  # fmt: skip


def _article(n: int) -> Searchable:
    rare = " quokka" if n % 25_013 == 7 else ""
    day = date(2016, 1, 1) + timedelta(days=n % 3_650)
    return Searchable(
        "article", str(n), f"On sales {n}", FILL * 8 + rare, day, {"source": ["x.example"]}
    )


def make(app: App, paths: list[tuple[str, str]]) -> None:
    """Milliseconds to make each page anew."""
    client = create_app(app).test_client()
    print("| page | kB | made anew, ms (CPU) | unchanged 304, ms |\n|---|---|---|---|")
    for name, path in paths:
        times = []
        for turn in range(6):
            with app.database.transaction() as session:
                facts.touch(session, app.now())
            start = time.process_time()
            answer = client.get(path, base_url="http://127.0.0.1")
            times.append(time.process_time() - start)
            assert answer.status_code == 200, (path, answer.status_code, turn)
        tag = {"If-None-Match": answer.headers["ETag"]}
        start = time.process_time()
        for _ in range(50):
            assert client.get(path, base_url="http://127.0.0.1", headers=tag).status_code == 304
        again = (time.process_time() - start) / 50
        middle = statistics.median(times[1:])
        size = len(answer.get_data()) / 1024
        print(f"| {name} | {size:.0f} | {middle * 1000:.0f} | {again * 1000:.1f} |", flush=True)


def served(settings: Settings, paths: list[tuple[str, str]], folder: Path, seconds: float) -> None:
    """Requests a second of kept pages and of 304, as shares of a bare page of that size."""
    print("| page | kept | 304 | p99, ms |\n|---|---|---|---|")
    with serving([sys.executable, "-m", "tracker", "web"], settings, folder) as port:
        for name, path in paths[:4]:
            for _ in range(8):  # until both workers have made it
                body, tag = ask(port, path)
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
                base, _ = load(other, "/", {}, seconds)
                kept, worst = load(port, path, {}, seconds)
                same, _ = load(port, path, {"If-None-Match": tag}, seconds)
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
    parser.add_argument("--companies", type=int, default=500)
    parser.add_argument("--stances", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--database")
    return parser.parse_args()


if __name__ == "__main__":
    main()
