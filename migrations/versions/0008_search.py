"""Search by fields as well as words: ids that rise with the day, and tags in the index."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HOST = (
    "replace(replace(replace(replace(lower(a.host), '0', '00'), '-', '0d'), '.', '0p'), '_', '0u')"
)
"""Articles are many: they are carried over here. All else is made anew by `tracker init`."""

CARRIED = (
    "INSERT INTO search_documents (id, kind, record_id, day, tags, title, body) "
    "SELECT {ordinal} * 1048576 + row_number() OVER (PARTITION BY o.day ORDER BY o.id), "
    "o.kind, o.record_id, o.day, 'kind0article source0' || " + HOST + ", o.title, o.body "
    "FROM search_documents_before o JOIN articles a ON CAST(a.id AS TEXT) = o.record_id "
    "WHERE o.kind = 'article'"
)

SQLITE = (
    "DROP TRIGGER search_documents_added",
    "DROP TRIGGER search_documents_removed",
    "DROP TRIGGER search_documents_changed",
    "DROP TABLE search_index",
    "DROP INDEX IF EXISTS ix_search_documents_company_id",
    "DROP INDEX IF EXISTS ix_search_documents_day",
    "ALTER TABLE search_documents RENAME TO search_documents_before",
    "CREATE TABLE search_documents ("
    "id INTEGER NOT NULL, kind VARCHAR(40) NOT NULL, record_id TEXT NOT NULL, day DATE, "
    "tags TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, "
    "CONSTRAINT pk_search_documents PRIMARY KEY (id), "
    "CONSTRAINT uq_search_documents_kind_record_id UNIQUE (kind, record_id))",
    CARRIED.format(ordinal="coalesce(CAST(julianday(o.day) - 1721424.5 AS INTEGER), 0)"),
    "DROP TABLE search_documents_before",
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "title, body, tags, content='search_documents', content_rowid='id', "
    'tokenize="unicode61 remove_diacritics 2")',
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN "
    "INSERT INTO search_index(rowid, title, body, tags) "
    "VALUES (new.id, new.title, new.body, new.tags); END",
    "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, title, body, tags) "
    "VALUES ('delete', old.id, old.title, old.body, old.tags); END",
    "CREATE TRIGGER search_documents_changed AFTER UPDATE OF title, body, tags "
    "ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, title, body, tags) "
    "VALUES ('delete', old.id, old.title, old.body, old.tags); "
    "INSERT INTO search_index(rowid, title, body, tags) "
    "VALUES (new.id, new.title, new.body, new.tags); END",
)

ACCENTED = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x250))
    if letter == letter.lower() and len(unicodedata.normalize("NFKD", letter)) > 1
    and unicodedata.normalize("NFKD", letter)[0].isascii()
    and all(map(unicodedata.combining, unicodedata.normalize("NFKD", letter)[1:]))
)  # fmt: skip
PLAIN = "".join(unicodedata.normalize("NFKD", letter)[0] for letter in ACCENTED)
WORDS = f"translate(lower(title || ' ' || left(body, 250000)), '{ACCENTED}', '{PLAIN}')"

POSTGRESQL = (
    "ALTER TABLE search_documents RENAME TO search_documents_before",
    "ALTER TABLE search_documents_before RENAME CONSTRAINT pk_search_documents TO pk_before",
    "ALTER TABLE search_documents_before RENAME CONSTRAINT uq_search_documents_kind_record_id TO uq_before",
    "DROP INDEX search_index",
    "CREATE TABLE search_documents ("
    "id BIGINT NOT NULL, kind VARCHAR(40) NOT NULL, record_id TEXT NOT NULL, day DATE, "
    "tags TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, "
    "vector tsvector GENERATED ALWAYS AS ("
    f"to_tsvector('english', {WORDS}) || to_tsvector('simple', {WORDS}) "
    "|| to_tsvector('simple', tags)) STORED, "
    "CONSTRAINT pk_search_documents PRIMARY KEY (id), "
    "CONSTRAINT uq_search_documents_kind_record_id UNIQUE (kind, record_id))",
    CARRIED.format(ordinal="coalesce(o.day - DATE '0001-01-01' + 1, 0)::bigint"),
    "DROP TABLE search_documents_before",
    "CREATE INDEX search_index ON search_documents USING gin (vector)",
)


def upgrade() -> None:
    op.add_column("organisations", sa.Column("sector", sa.Text(), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
