"""The tables of polling are loaded by themselves; all others together with them."""

import subprocess
import sys

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
