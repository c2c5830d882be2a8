"""The tables of polling are loaded by themselves; many values are asked for as one."""

import subprocess
import sys
from datetime import date

from sqlalchemy import event, select

from tests.web.ledger import Ledger
from tracker.store.among import among
from tracker.store.database import Database
from tracker.store.schema import StanceRow

PROGRAM = """
import sys
from tracker.app import App
from tracker.config import Settings
from tracker.store.schema import Base, EntryRow
App(Settings(), only_polls=True)
assert "tracker.store.schema.world" not in sys.modules
few = len(Base.metadata.tables)
App(Settings())  # before any thread of a program begins
from tracker.store.schema.base import Base
assert few < len(Base.metadata.tables)
import tracker.store.schema as schema
assert len(Base.metadata.tables) == len(schema.all_tables().tables)
assert {m.class_.__name__ for m in Base.registry.mappers} <= set(schema.__all__)
for table in list(Base.metadata.tables.values()):
    assert all(key.column is not None for key in table.foreign_keys), table
for name in schema.__all__:
    assert getattr(schema, name).__name__ == name
try:
    schema.StanzaRow
except AttributeError as error:
    print(error)
"""


def test_polling_loads_few_tables_and_every_key_finds_the_table_it_points_to() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.returncode) == (
        "module 'tracker.store.schema' has no attribute 'StanzaRow'\n",
        0,
    ), done.stderr


def test_many_values_are_one_parameter(database: Database) -> None:
    with database.transaction() as session:
        ledger = Ledger(session)
        ledger.topic()
        company = ledger.organisation("Acme")
        for n in range(3):
            ledger.stance(f"s'{n}", company, date(2020, 6, 8))
    asked: list[int] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def hear(_connection: object, _cursor: object, _text: str, given: object, *_: object) -> None:
        asked.append(len(given))  # type: ignore[arg-type]

    with database.reading() as session:
        asked.clear()
        for wanted in ([f"s'{n}" for n in range(2, 900)], ["s'0", "s'1"], []):
            found = session.scalars(select(StanceRow.id).where(among(StanceRow.id, wanted)))
            assert sorted(found) == [one for one in ("s'0", "s'1", "s'2") if one in wanted]
    assert set(asked) <= {0, 1, 2}
