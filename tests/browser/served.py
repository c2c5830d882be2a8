"""The dashboard over the starter history, served on loopback: for tests and for screenshots."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from werkzeug.serving import make_server

from tests.parts.clock import Clock
from tests.web.conftest import Parts
from tests.web.ledger import Ledger
from tracker.config import Settings
from tracker.pipeline import catalog
from tracker.store import migrate
from tracker.store.database import Database
from tracker.store.schema import OrganisationRow
from tracker.web import create_app

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


@contextmanager
def served_history(file: Path) -> Iterator[str]:
    """The address of a dashboard with the starter history and one stance with a quote."""
    database = Database(f"sqlite:///{file}")
    migrate.upgrade(database)
    catalog.load_starter(database, NOW, with_history=True)
    with database.transaction() as session:
        ledger = Ledger(session)
        ibm = session.query(OrganisationRow).filter_by(slug="ibm").one().id
        ledger.stance("read-today", ibm, date(2026, 3, 10), origin="extracted", summary=None)
        ledger.quote("read-today")
    web = create_app(Parts(Settings(), database, Clock(NOW)))
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()
