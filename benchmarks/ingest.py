"""What a pass of polling costs, beside a peer on the same feeds in the same run.

    python benchmarks/ingest.py BENCH [--feeds N] [--entries N] [--peer PYTHON] [--work FOLDER]

BENCH is the folder of the load server (feedserver.py, farmctl.py, measure.py, peers/); PYTHON an
interpreter that has the peer (`pip install reader`). One host a feed, for a host is asked once a
second at most. Three passes each: all is new, nothing changed (304), a tenth changed. CPU counts
the whole process tree, start of the program included; "start" is a poll with nothing due.
"""

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PASSES = ("first", "304", "changed")
PORT = 8941
PR_SET_CHILD_SUBREAPER = 36
"""What orphans us then becomes our child, and what it used is told to us (Linux)."""

Measured = dict[str, Any]


def main() -> None:
    """Measure ours, then the peer; print a table."""
    asked = _arguments()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    sys.path.insert(0, str(asked.bench))
    work = Path(asked.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    ours = _ours(asked, work)
    _print("tracker", asked.feeds, ours)
    if asked.peer:
        theirs = _peer(asked, work)
        _print("reader", asked.feeds, theirs)
        for name in PASSES:
            print(f"{name:<8} {theirs[name]['wall'] / ours[name]['wall']:6.2f} × the peer's rate")
    shutil.rmtree(work, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--peer", help="interpreter that has lemon24/reader")
    parser.add_argument("--work", default="/dev/shm/stance-tracker-ingest")
    return parser.parse_args()


def _ours(asked: argparse.Namespace, work: Path) -> dict[str, Measured]:
    environment = dict(
        os.environ,
        TRACKER_DATABASE__URL=f"sqlite:///{work}/tracker.db",
        TRACKER_FETCH__ALLOW_NETWORKS="127.0.0.0/8",
        TRACKER_LOG__LEVEL="error",
    )
    command = (sys.executable, "-m", "tracker")

    def set_up(urls: list[str]) -> None:
        _run((*command, "init", "--without-history"), environment)
        _pause_starter(work)
        listed = "".join(f'<outline type="rss" xmlUrl="{url}"/>\n' for url in urls)
        opml = work / "farm.opml"
        opml.write_text(f'<opml version="2.0"><body>\n{listed}</body></opml>')
        _run((*command, "sources", "import", str(opml)), environment)

    measured = _passes(
        asked, set_up, lambda: _run((*command, "poll", "--all", "--no-read"), environment)
    )
    return measured | {"start": _run((*command, "poll", "--no-read"), environment)}


def _pause_starter(work: Path) -> None:
    """Sources of the starter data are elsewhere on the network."""
    from tracker.domain.codes import SourceStatus
    from tracker.store.database import Database
    from tracker.store.schema import SourceRow

    database = Database(f"sqlite:///{work}/tracker.db")
    with database.transaction() as session:
        session.query(SourceRow).update({"status": SourceStatus.PAUSED})
    database.close()


def _peer(asked: argparse.Namespace, work: Path) -> dict[str, Measured]:
    script = str(asked.bench / "peers" / "peer_reader.py")
    command = (asked.peer, script, str(work / "peer.sqlite"))

    def set_up(urls: list[str]) -> None:
        given = work / "urls"
        given.write_text("\n".join(urls))
        with given.open() as stdin:
            _run((*command, "setup"), dict(os.environ), stdin)

    return _passes(asked, set_up, lambda: _run((*command, "update", "1"), dict(os.environ)))


def _passes(
    asked: argparse.Namespace, set_up: Callable[[list[str]], None], poll: Callable[[], Measured]
) -> dict[str, Measured]:
    from farmctl import FarmProc  # type: ignore[import-not-found]

    farm = FarmProc(PORT, feeds=asked.feeds, entries=asked.entries, hosts=asked.feeds)
    measured = {}
    with farm:
        set_up(farm.get("/urls").decode().split())
        for name in PASSES:
            if name == "changed":
                farm.advance(0.1, 2)
            measured[name] = poll()
    return measured


def _run(command: tuple[str, ...], environment: dict[str, str], stdin: Any = None) -> Measured:
    """Run a command; its CPU counts whatever it started, orphans too."""
    import measure  # type: ignore[import-not-found]

    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    ours = set(_children())
    before = _spent()
    done: Measured = measure.run(command, env=environment, stdin=stdin)
    if done["rc"]:
        raise SystemExit(f"{command}: {done['err']}")
    for orphan in set(_children()) - ours:
        os.waitpid(orphan, 0)
    return done | {"cpu": _spent() - before}


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended
            found += map(int, (task / "children").read_text().split())
    return found


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(who: str, feeds: int, measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        rate, cpu = feeds / one["wall"], one["cpu"] / feeds * 1000
        print(f"{who:<8} {name:<8} {rate:8.1f} feeds/s {cpu:7.2f} ms CPU {one['rss_mb']:7.1f} MB")


if __name__ == "__main__":
    main()
