"""How much memory many huge answers take at once (promise 3: at most 300 MB).

    python benchmarks/memory.py [--hosts N] [--folder FOLDER] [--run]

N hosts on loopback each serve a feed as large as one may be, a third of them each as plain bytes,
as gzip, and as a bomb that unpacks to far more; then each serves a page of that size for the
entries of a small feed; then articles, usual ones, some in a language that they do not declare, and
some as large as they may be, which are analysed too. `tracker poll` asks all at once. Prints the
peak of the program with its workers (resident, each page counted where it lies), and what became of
the sources. With --run it is `tracker run` instead: the articles come first, so that the sentence
model is loaded, then the huge feeds; told are the peaks before and after they came.
"""

import argparse
import gzip
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from tests.parts.site import Site

WORDS = "The council of the harbour town voted on Tuesday to end its contract. "
ITEM = (
    "<item><title>Vote {0}</title><guid>{0}</guid><link>SITE/{0}</link>"
    "<description>{1}</description></item>"
)
PROGRAM = (sys.executable, "-m", "tracker")
PAUSE = 20
"""Seconds in which what is under way comes to its end."""

ON_THE_WIRE, INFLATED, BOMB, LARGEST = 9_900_000, 29_000_000, 400_000_000, 2_900_000
ARTICLE = (
    "The council of the harbour town voted on Tuesday to end its contract with the company that "
    "had watched the gates for three years. It will not be renewed, said the mayor, who has been "
    "asked about it by many of those who live there and by a union which represents the dockers. "
)
FOREIGN = (
    "Der Rat der Hafenstadt hat am Dienstag beschlossen, den Vertrag mit dem Unternehmen zu "
    "beenden, das drei Jahre lang die Tore überwacht hat. Er wird nicht verlängert, sagte die "
    "Vorsitzende. "
)


def main() -> None:
    """Poll and read, and watch the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=24)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--run", action="store_true")
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        with ExitStack() as stack:
            sites = [stack.enter_context(Site(f"127.3.0.{n + 1}")) for n in range(asked.hosts)]
            fill(sites)
            if asked.run:
                small, huge = ([f"{s.url}/{path}" for s in sites] for path in ("news", "feed"))
                measure_run(work, small, huge)
                return
            measure(work, [f"{site.url}/feed" for site in sites], "poll", "--no-read")
            measure(work / "pages", [f"{site.url}/small" for site in sites], "poll")
            measure(work / "articles", [f"{site.url}/news" for site in sites], "poll")
    finally:
        shutil.rmtree(work)


def fill(sites: list[Site]) -> None:
    """Put the huge answers on the hosts, each in its turn."""
    bomb = gzip.compress(bytes(BOMB))
    xml, html = {"Content-Type": "application/rss+xml"}, {"Content-Type": "text/html"}
    packed = {"Content-Encoding": "gzip"}
    feeds = [(feed(ON_THE_WIRE), xml), (gzip.compress(feed(INFLATED)), xml | packed)]
    pages = [(page(ON_THE_WIRE), html), (gzip.compress(page(INFLATED)), html | packed)]
    for number, site in enumerate(sites):
        body, headers = [*feeds, (bomb, xml | packed)][number % 3]
        site.put("/feed", body, headers=headers)
        site.put("/small", listing(range(4)), headers=xml)
        for one in range(4):
            body, headers = [*pages, (bomb, html | packed)][(number + one) % 3]
            site.put(f"/{one}", body, headers=headers)
        site.put("/news", listing(range(4, 8)), headers=xml)
        for one in range(4, 8):
            words = FOREIGN if one == 5 else f"{ARTICLE} Report {number} of {one}. "
            size = LARGEST if (number + one) % 8 == 0 else 8_000
            site.put(f"/{one}", page(size, words * 4), headers=html)


def listing(numbers: range) -> str:
    """A small feed that leads to these pages."""
    items = "".join(ITEM.format(one, "A short one.") for one in numbers)
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def feed(size: int) -> bytes:
    """A feed of about so many bytes, in order, with entries of 20,000."""
    items = "".join(ITEM.format(n, WORDS * 280) for n in range(size // 20_000))
    return f"<rss version='2.0'><channel><title>Large</title>{items}</channel></rss>".encode()


def page(size: int, words: str = WORDS) -> bytes:
    """A page of about so many bytes with an article in it."""
    paragraphs = f"<p>{words}</p>" * (size // (len(words) + 7))
    return f"<html><body><article>{paragraphs}</article></body></html>".encode()


def measure(folder: Path, feeds: list[str], *command: str) -> None:
    """Run a command on a new database with these feeds; print its peak and its last words."""
    environment = set_up(folder)
    take(folder, feeds, environment)
    began = time.monotonic()
    done = subprocess.Popen(
        [*PROGRAM, *command, "--all"], env=environment, stdout=subprocess.PIPE, text=True
    )
    peaks: list[tuple[int, int]] = []
    watcher = threading.Thread(target=watch, args=(done, peaks))
    watcher.start()
    said, _ = done.communicate()
    watcher.join()
    whole, own = max(peaks), max(own for _, own in peaks)
    print(
        f"{' '.join(command)}: peak {whole[0]} MB (the program itself {own}), "
        f"{time.monotonic() - began:.0f} s, exit {done.returncode}\n  {said.strip()[-300:]}"
    )


def measure_run(folder: Path, small: list[str], huge: list[str]) -> None:
    """Run the whole program until it has read articles, then let it meet the huge feeds."""
    environment = set_up(folder)
    take(folder, small, environment)
    with socket.create_server(("127.0.0.1", 0)) as free:
        environment["TRACKER_WEB__PORT"] = str(free.getsockname()[1])
    done = subprocess.Popen(
        [*PROGRAM, "run"], env=environment, stdout=subprocess.PIPE, text=True, cwd=folder
    )
    peaks: list[tuple[int, int]] = []
    watcher = threading.Thread(target=watch, args=(done, peaks))
    watcher.start()
    wait_until(folder, "SELECT count(*) FROM snapshots WHERE analysed_at IS NOT NULL", 8)
    time.sleep(PAUSE)
    rest = peaks[-1][0]
    before, begin = max(peaks)[0], len(peaks)
    take(folder, huge, environment)
    wait_until(folder, "SELECT count(*) FROM sources WHERE last_polled IS NOT NULL", 2 * len(huge))
    time.sleep(PAUSE)
    print(f"run: peak {before} MB with the articles, then {rest}; with the huge feeds ", end="")
    print(f"{max(peaks[begin:])[0]}, afterwards {peaks[-1][0]}")
    done.send_signal(signal.SIGTERM)
    done.communicate()
    watcher.join()


def wait_until(folder: Path, question: str, least: int) -> None:
    """Wait until a count in the database is so high."""
    with closing(sqlite3.connect(folder / "tracker.db")) as database:
        while database.execute(question).fetchone()[0] < least:
            time.sleep(1)


def set_up(folder: Path) -> dict[str, str]:
    """Make a database without active sources; return the environment of programs over it."""
    folder.mkdir(exist_ok=True)
    environment = dict(
        os.environ,
        TRACKER_DATABASE__URL=f"sqlite:///{folder}/tracker.db",
        TRACKER_FETCH__ALLOW_NETWORKS="127.0.0.0/8",
        TRACKER_LOG__LEVEL="error",
    )
    do(environment, "init", "--without-history")
    pause_starter(folder)
    return environment


def take(folder: Path, feeds: list[str], environment: dict[str, str]) -> None:
    """Watch these feeds."""
    listed = "".join(f'<outline type="rss" xmlUrl="{url}"/>' for url in feeds)
    opml = folder / "feeds.opml"
    opml.write_text(f'<opml version="2.0"><body>{listed}</body></opml>')
    do(environment, "sources", "import", str(opml))


def do(environment: dict[str, str], *command: str) -> None:
    """Run a command to its end."""
    subprocess.run([*PROGRAM, *command], env=environment, check=True, stdout=subprocess.DEVNULL)


def pause_starter(folder: Path) -> None:
    """Sources of the starter data are elsewhere on the network."""
    from tracker.domain.codes import SourceStatus
    from tracker.store.database import Database
    from tracker.store.schema import SourceRow

    database = Database(f"sqlite:///{folder}/tracker.db")
    with database.transaction() as session:
        session.query(SourceRow).update({"status": SourceStatus.PAUSED})
    database.close()


def watch(process: "subprocess.Popen[str]", peaks: list[tuple[int, int]]) -> None:
    """Note the memory of a process with its children, and its own, in MB, until it ends."""
    while process.poll() is None:
        sizes = {number: resident(number) for number in family(process.pid)}
        peaks.append((sum(sizes.values()), sizes.get(process.pid, 0)))
        time.sleep(0.05)


def family(root: int) -> Iterator[int]:
    """A process and all that it started."""
    yield root
    try:
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))
    except OSError:
        return


def resident(number: int) -> int:
    """The memory that a process has to itself or shares, in MB; 0 when it is gone."""
    try:
        told = Path(f"/proc/{number}/smaps_rollup").read_text().split("\nPss:")[1].split()
        return int(told[0]) // 1024
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main()
