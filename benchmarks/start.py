"""How long starts take, beside a bare interpreter in the same run.

    python benchmarks/start.py [ROUNDS]

Prints the median of each in seconds, and how many bare interpreter starts that is.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

TRACKER = (sys.executable, "-m", "tracker")
ANSWER_WITHIN = 60.0


def main() -> None:
    """Measure everything and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, TRACKER_WEB__PORT=str(free_port()))

        def command(*words: str) -> Callable[[], float]:
            return lambda: timed(words, folder, environment)

        first = timed((*TRACKER, "init"), folder, environment)
        rows = {
            "bare interpreter": median(rounds, command(sys.executable, "-c", "pass")),
            "tracker --help": median(rounds, command(*TRACKER, "--help")),
            "tracker init, first": first,
            "tracker init, again": median(rounds, command(*TRACKER, "init")),
            "tracker run, second start to first answer": median(
                rounds, lambda: start_to_answer(folder, environment)
            ),
        }
    bare = rows["bare interpreter"]
    for name, seconds in rows.items():
        print(f"{name:<44}{seconds:8.2f} s {seconds / bare:8.1f} ×")


def median(rounds: int, measure: Callable[[], float]) -> float:
    """The median of some rounds."""
    return statistics.median(measure() for _ in range(rounds))


def timed(command: tuple[str, ...], folder: str, environment: Mapping[str, str]) -> float:
    """Seconds that a command takes."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def start_to_answer(folder: str, environment: Mapping[str, str]) -> float:
    """Seconds from `tracker run` to the first page, on a database that is there already."""
    address = f"http://127.0.0.1:{environment['TRACKER_WEB__PORT']}/"
    began = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen(
            (*TRACKER, "run"), cwd=folder, env=environment, stdout=nowhere, stderr=nowhere
        )
        try:
            while not answers(address):
                if time.perf_counter() - began > ANSWER_WITHIN:
                    raise TimeoutError(f"no answer at {address}")
                time.sleep(0.02)
            return time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def answers(address: str) -> bool:
    """Whether the dashboard answers."""
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


if __name__ == "__main__":
    main()
