"""What is kept of an article as it changes: versions, rechecks, corrections, watched pages, stories."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(length=40)

# A quote found before is looked at again soon; copies of a report shared its story until now.
QUOTED = (
    "UPDATE articles SET quoted_at = first_seen, recheck_at = first_seen WHERE url LIKE 'http%' "
    "AND id IN (SELECT article_id FROM snapshots JOIN evidence ON snapshot_id = snapshots.id)"
)
COPIES = (
    "UPDATE articles SET copy_of = (SELECT min(first.id) FROM articles AS first "
    "WHERE first.story_id = articles.story_id) WHERE story_id IS NOT NULL AND id > "
    "(SELECT min(first.id) FROM articles AS first WHERE first.story_id = articles.story_id)"
)


def upgrade() -> None:
    _widen("sources", "kind", "kind IN ('feed', 'page', 'sitemap', 'watched')")
    _widen("reviews", "record_kind", "record_kind IN ('stance', 'reaction', 'call', 'page_change')")
    with op.batch_alter_table("stories") as stories:
        stories.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        stories.create_foreign_key("fk_stories_merged_into", "stories", ["merged_into"], ["id"])
        stories.create_index("ix_stories_merged_into", ["merged_into"])
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("copy_of", sa.Integer(), nullable=True))
        articles.add_column(sa.Column("licence", sa.Text(), nullable=True))
        articles.add_column(sa.Column("quoted_at", MOMENT, nullable=True))
        articles.add_column(sa.Column("recheck_at", MOMENT, nullable=True))
        articles.create_foreign_key("fk_articles_copy_of", "articles", ["copy_of"], ["id"])
        articles.create_index("ix_articles_copy_of", ["copy_of"])
        articles.create_index("ix_articles_recheck_at", ["recheck_at"])
    op.execute(QUOTED)
    op.execute(COPIES)
    _make_terms()
    _make_checks()
    _make_corrections()
    _make_page_changes()


def _widen(table: str, column: str, check: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{column}"), check)


def _make_terms() -> None:
    op.create_table(
        "article_terms",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_terms_article_id"
        ),
        sa.PrimaryKeyConstraint("article_id", "term", name="pk_article_terms"),
    )
    op.create_index("ix_article_terms_term_day", "article_terms", ["term", "day"])


def _make_checks() -> None:
    op.create_table(
        "article_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('same', 'edited', 'gone', 'replaced', 'failed')",
            name=op.f("ck_article_checks_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_article_checks_article_id"
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name="fk_article_checks_snapshot_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_checks"),
    )
    op.create_index("ix_article_checks_article_id", "article_checks", ["article_id"])


def _make_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("record_kind", CODE, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), nullable=True),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("now", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('changed', 'vanished', 'withdrawn')", name=op.f("ck_corrections_kind")
        ),
        sa.CheckConstraint(
            "record_kind IN ('stance', 'reaction', 'call')", name=op.f("ck_corrections_record_kind")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name="fk_corrections_evidence_id"
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name="fk_corrections_snapshot_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("evidence_id", name="uq_corrections_evidence_id"),
    )
    op.create_index("ix_corrections_noticed_at", "corrections", ["noticed_at"])
    op.create_index(
        "ix_corrections_record_kind_record_id", "corrections", ["record_kind", "record_id"]
    )


def _make_page_changes() -> None:
    op.create_table(
        "page_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('first', 'changed', 'removed', 'returned')", name=op.f("ck_page_changes_kind")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_page_changes_source_id"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_page_changes_article_id"),
        sa.ForeignKeyConstraint(["before_id"], ["snapshots.id"], name="fk_page_changes_before_id"),
        sa.ForeignKeyConstraint(["after_id"], ["snapshots.id"], name="fk_page_changes_after_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page_changes"),
    )
    op.create_index("ix_page_changes_source_id", "page_changes", ["source_id"])
    op.create_index("ix_page_changes_noticed_at", "page_changes", ["noticed_at"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
