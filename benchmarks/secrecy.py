"""Does the time of an answer tell who subscribes, or who has an account (promise 26)?

    python benchmarks/secrecy.py [--times N]

Asks for alerts to addresses that are confirmed, suspended and unknown, and signs in as somebody who
exists and as nobody, in turns. Prints the median of each in milliseconds and the ratio of the
slowest to the quickest of a group. Ends with 1 where a ratio is 3 or more.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import structlog
from flask.testing import FlaskClient
from lxml import html

from tests.mail.conftest import World
from tests.parts.clock import Clock
from tracker.app import App
from tracker.config import Settings
from tracker.domain.codes import UserRole
from tracker.pipeline import staff
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import SubscriberRow
from tracker.web import create_app

PASSWORD = "seven grey herons"
MOST = 3.0


def main() -> int:
    """Measure in turns, so that the load of the machine falls on all alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        strangers = Strangers(Path(folder))
        took: dict[tuple[str, str], list[float]] = defaultdict(list)
        for number in range(-2, times):
            for group, whom, ask in strangers.questions(number):
                began = time.perf_counter()
                ask()
                if number >= 0:
                    took[group, whom].append(time.perf_counter() - began)
    return report(took)


class Strangers:
    """They ask from a network of their own each time, so that no limit answers for us."""

    def __init__(self, folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'tracker.db'}")
        migrate.upgrade(database)
        self.world = World(database, Clock())
        self.world.fill()
        settings = Settings.model_validate({"web": {"secret_key_file": str(folder / "key")}})
        staff.add(database, "ana", UserRole.OPERATOR, PASSWORD, self.world.clock())
        self.client = create_app(App(settings, now=self.world.clock, database=database))
        for number in range(500):
            self.world.follow(f"reader{number}@ngo.example", company="ibm")
        with database.transaction() as session:
            row = session.query(SubscriberRow).filter_by(address="reader1@ngo.example").one()
            row.state = "suspended"
        self.asked = 0

    def questions(self, number: int) -> list[tuple[str, str, Callable[[], None]]]:
        """One of each kind."""
        whom = {
            "confirmed": "reader0@ngo.example",
            "suspended": "reader1@ngo.example",
            "unknown": f"nobody{number}-{self.asked}@ngo.example",
        }
        self.world.clock.advance(hours=2)
        asking = [("ask", name, self.form("/subscribe", address)) for name, address in whom.items()]
        names = {"known": "ana", "unknown": f"no{number}"}
        return asking + [("sign in", name, self.door(who)) for name, who in names.items()]

    def form(self, path: str, address: str) -> Callable[[], None]:
        """Asks for alerts to an address."""
        client = self.visitor()

        def ask() -> None:
            answer = client.post(path, data={"address": address, "topic": "police-tech"})
            assert answer.status_code == 303, answer.status_code

        return ask

    def door(self, name: str) -> Callable[[], None]:
        """Tries to sign in, with the form already open."""
        client = self.visitor()
        page = html.fromstring(client.get("/login").get_data())
        [token] = page.xpath("//input[@name='token']/@value")

        def ask() -> None:
            form = {"name": name, "password": "seven grey geese!", "token": token}
            assert client.post("/login", data=form).status_code == 400

        return ask

    def visitor(self) -> FlaskClient:
        """A browser of its own."""
        self.asked += 1
        client = self.client.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.{self.asked // 250}.{self.asked % 250 + 1}"
        return client


def report(took: dict[tuple[str, str], list[float]]) -> int:
    """Medians and ratios."""
    worst = 0.0
    for group in dict.fromkeys(group for group, _ in took):
        medians = {whom: median(took[one, whom]) for one, whom in took if one == group}
        ratio = max(medians.values()) / min(medians.values())
        worst = max(worst, ratio)
        said = ", ".join(f"{whom} {1000 * value:.1f} ms" for whom, value in medians.items())
        print(f"{group}: {said}; ratio {ratio:.2f}")
    return 0 if worst < MOST else 1


if __name__ == "__main__":
    sys.exit(main())
