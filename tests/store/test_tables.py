"""The tables of polling are loaded by themselves; all others together with them."""

import subprocess
import sys

PROGRAM = """
import sys
from tracker.store.schema import Base, EntryRow
assert "tracker.store.schema.ledger" not in sys.modules
for table in list(Base.metadata.tables.values()):
    assert all(key.column is not None for key in table.foreign_keys), table
few = len(Base.metadata.tables)
from tracker.store.schema import AlertRow, all_tables
assert few < len(Base.metadata.tables) == len(all_tables().tables)
import tracker.store.schema as schema
assert {m.class_.__name__ for m in Base.registry.mappers} <= set(schema.__all__)
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
