"""The full-text index over search_documents, and the guard that keeps history append-only."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "title, body, content='search_documents', content_rowid='id', "
    'tokenize="unicode61 remove_diacritics 2")',
    "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN "
    "INSERT INTO search_index(rowid, title, body) VALUES (new.id, new.title, new.body); END",
    "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, title, body) "
    "VALUES ('delete', old.id, old.title, old.body); END",
    "CREATE TRIGGER search_documents_changed AFTER UPDATE OF title, body ON search_documents BEGIN "
    "INSERT INTO search_index(search_index, rowid, title, body) "
    "VALUES ('delete', old.id, old.title, old.body); "
    "INSERT INTO search_index(rowid, title, body) VALUES (new.id, new.title, new.body); END",
    "CREATE TRIGGER history_kept_on_update BEFORE UPDATE ON history BEGIN "
    "SELECT RAISE(ABORT, 'history is only ever added to'); END",
    "CREATE TRIGGER history_kept_on_delete BEFORE DELETE ON history BEGIN "
    "SELECT RAISE(ABORT, 'history is only ever added to'); END",
)

POSTGRESQL = (
    "CREATE INDEX search_index ON search_documents "
    "USING gin (to_tsvector('english', title || ' ' || body))",
    "CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'history is only ever added to'; END $$",
    "CREATE TRIGGER history_kept BEFORE UPDATE OR DELETE ON history "
    "FOR EACH ROW EXECUTE FUNCTION keep_history()",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
