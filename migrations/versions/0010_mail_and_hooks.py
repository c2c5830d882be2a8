"""What becomes of a mail after it left, and hooks: programs that are told as readers are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RESULTS = (
    "result IN ('accepted', 'refused', 'rejected', 'bounced', 'returned', 'delayed', "
    "'complained', 'failed', 'withdrawn')"
)
STATES = "state IN ('owed', 'sent', 'failed', 'withdrawn_before_send')"


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("suspended_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint(op.f("ck_deliveries_result"), type_="check")
        table.create_check_constraint(op.f("ck_deliveries_result"), RESULTS)
        table.create_index("ix_deliveries_at", ["at"])
    _add_hooks()


def _add_hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
        sa.UniqueConstraint("url", "query", name="uq_hooks_url_query"),
    )
    op.create_table(
        "hook_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hook_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("change_key", sa.Text(), nullable=False),
        sa.Column("stance_id", sa.Text(), nullable=True),
        sa.Column("reaction_id", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_hook_alerts_state")),
        sa.ForeignKeyConstraint(["hook_id"], ["hooks.id"], name="fk_hook_alerts_hook_id"),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name="fk_hook_alerts_stance_id"),
        sa.ForeignKeyConstraint(
            ["reaction_id"], ["reactions.id"], name="fk_hook_alerts_reaction_id"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_hook_alerts_call_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_alerts"),
        sa.UniqueConstraint(
            "hook_id", "change_key", "kind", name="uq_hook_alerts_hook_id_change_key_kind"
        ),
    )
    op.create_index("ix_hook_alerts_state_due_at", "hook_alerts", ["state", "due_at"])
    for column in ("stance_id", "reaction_id", "call_id"):
        op.create_index(f"ix_hook_alerts_{column}", "hook_alerts", [column])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
