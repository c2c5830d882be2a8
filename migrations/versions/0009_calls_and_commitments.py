"""What becomes of calls and promises: demands, classes, proposals, commitments, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(length=40)

COLUMNS = (
    "ALTER TABLE call_targets ADD COLUMN of_class TEXT",
    "ALTER TABLE call_target_statuses ADD COLUMN met JSON NOT NULL DEFAULT '[]'",
    "ALTER TABLE call_target_statuses ADD COLUMN corrects BOOLEAN NOT NULL DEFAULT false",
    "ALTER TABLE call_target_statuses ADD COLUMN why TEXT",
)
"""Columns as both databases take them."""

ONLY_ADDED = "a step of a commitment is only ever added"
SQLITE = tuple(
    f"CREATE TRIGGER commitment_steps_kept_on_{what} BEFORE {what} ON commitment_steps BEGIN "
    f"SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
    for what in ("update", "delete")
)
POSTGRESQL = (
    "CREATE FUNCTION keep_commitment_steps() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{ONLY_ADDED}'; END $$",
    "CREATE TRIGGER commitment_steps_kept BEFORE UPDATE OR DELETE ON commitment_steps "
    "FOR EACH ROW EXECUTE FUNCTION keep_commitment_steps()",
)
PRECISIONS = "'day', 'month', 'quarter', 'year', 'range'"
VERDICTS = "verdict IN ('accepted', 'refused')"


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    _create_demands()
    _create_class_members()
    _create_commitments()
    _create_commitment_steps()
    _create_proposals()
    _create_notices()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _create_demands() -> None:
    op.create_table(
        "call_demands",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("topic", CODE, nullable=True),
        sa.CheckConstraint(
            "kind IN ('stop', 'pause', 'limit', 'adopt', 'disclose', 'answer', 'keep', 'back_law', "
            "'meet')",
            name=op.f("ck_call_demands_kind"),
        ),
        _key("call_demands", "call_id", "calls.id"),
        _key("call_demands", "topic", "topics.code"),
        sa.PrimaryKeyConstraint("call_id", "place", name=op.f("pk_call_demands")),
    )


def _create_class_members() -> None:
    op.create_table(
        "class_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=False),
        *_verdict("class_members"),
        _key("class_members", "company_id", "organisations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_members")),
        sa.UniqueConstraint("key", "company_id", name=op.f("uq_class_members_key_company_id")),
    )


def _create_commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("topic", CODE, nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("promised", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("precision", CODE, nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_precision", CODE, nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("review_state", CODE, nullable=False),
        sa.Column("origin", CODE, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        _check("commitments", "precision", PRECISIONS),
        _check("commitments", "due_precision", PRECISIONS),
        _check("commitments", "review_state", "'proposed', 'accepted', 'edited', 'rejected'"),
        _check("commitments", "origin", "'starter', 'extracted', 'imported', 'editor'"),
        _key("commitments", "company_id", "organisations.id"),
        _key("commitments", "topic", "topics.code"),
        _key("commitments", "stance_id", "stances.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index("ix_commitments_company_id_topic", "commitments", ["company_id", "topic"])
    op.create_index("ix_commitments_stance_id", "commitments", ["stance_id"])
    op.create_index("ix_commitments_due", "commitments", ["due"])


def _create_commitment_steps() -> None:
    op.create_table(
        "commitment_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Text(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("precision", CODE, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        _check(
            "commitment_steps",
            "state",
            "'not_due', 'in_progress', 'kept', 'partly_kept', 'overdue', 'broken', 'withdrawn', "
            "'superseded', 'untestable'",
        ),
        _check("commitment_steps", "precision", PRECISIONS),
        _key("commitment_steps", "commitment_id", "commitments.id"),
        _key("commitment_steps", "stance_id", "stances.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_steps")),
    )
    op.create_index("ix_commitment_steps_commitment_id", "commitment_steps", ["commitment_id"])


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Text(), nullable=True),
        sa.Column("status", CODE, nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        *_verdict("proposals"),
        _check("proposals", "kind", "'answer', 'undone', 'state'"),
        _key("proposals", "stance_id", "stances.id"),
        _key("proposals", "call_id", "calls.id"),
        _key("proposals", "company_id", "organisations.id"),
        _key("proposals", "commitment_id", "commitments.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("key", name=op.f("uq_proposals_key")),
    )
    op.create_index("ix_proposals_decided_at_id", "proposals", ["decided_at", "id"])
    for column in ("stance_id", "call_id", "commitment_id"):
        op.create_index(f"ix_proposals_{column}", "proposals", [column])


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("topic", CODE, nullable=True),
        sa.Column("happens_on", sa.Date(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("commitment_id", sa.Text(), nullable=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        _check("notices", "kind", "'deadline', 'pause_ends', 'overdue', 'answer', 'undone'"),
        _key("notices", "company_id", "organisations.id"),
        _key("notices", "topic", "topics.code"),
        _key("notices", "stance_id", "stances.id"),
        _key("notices", "call_id", "calls.id"),
        _key("notices", "commitment_id", "commitments.id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_told_at_noticed_at", "notices", ["told_at", "noticed_at"])


def _check(table: str, column: str, codes: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({codes})", name=op.f(f"ck_{table}_{column}"))


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def _verdict(table: str) -> tuple[sa.Column[str] | sa.CheckConstraint, ...]:
    return (
        sa.Column("verdict", CODE, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint(VERDICTS, name=op.f(f"ck_{table}_verdict")),
    )


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
