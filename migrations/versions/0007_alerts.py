"""What an alert may ask for and when it goes out, corrections, and readers who move."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('stance', 'change', 'reaction', 'call', 'answer', 'deadline', 'silence', 'overdue', "
    "'awaiting', 'correction', 'confirmation', 'move', 'operator')"
)
CORRECTIONS = "kind IN ('changed', 'vanished', 'withdrawn', 'amended')"
PACES = "pace IN ('at_once', 'daily', 'weekly')"
AS_QUERY = """UPDATE subscriptions SET query =
coalesce((SELECT 'company=' || slug FROM organisations WHERE id = company_id), '')
|| CASE WHEN company_id IS NULL OR topic IS NULL THEN '' ELSE '&' END
|| coalesce((SELECT 'topic=' || slug FROM topics WHERE code = subscriptions.topic), '')"""


def upgrade() -> None:
    _extend_subscribers()
    _extend_subscriptions()
    _extend_alerts()
    _add_address_changes()
    _extend_corrections()


def _extend_subscribers() -> None:
    for column in (
        sa.Column("paused_until", sa.DateTime(timezone=True)),
        sa.Column("language", sa.String(40), nullable=False, server_default="en"),
        sa.Column("zone", sa.Text(), nullable=False, server_default="UTC"),
        sa.Column("digest_hour", sa.Integer(), nullable=False, server_default="7"),
        sa.Column("digest_weekday", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("subscribers", column)


def _extend_subscriptions() -> None:
    """A company and a topic become a query, which can ask for more."""
    op.add_column("subscriptions", sa.Column("query", sa.Text(), server_default=""))
    op.add_column("subscriptions", sa.Column("pace", sa.String(40), server_default="at_once"))
    op.execute(AS_QUERY)
    op.drop_index("ix_subscriptions_state_company_id_topic", table_name="subscriptions")
    with op.batch_alter_table("subscriptions") as table:
        table.create_check_constraint(op.f("ck_subscriptions_pace"), PACES)
        table.alter_column("query", existing_type=sa.Text(), nullable=False, server_default=None)
        table.alter_column("pace", existing_type=sa.String(40), nullable=False, server_default=None)
        table.drop_constraint("fk_subscriptions_company_id", type_="foreignkey")
        table.drop_constraint("fk_subscriptions_topic", type_="foreignkey")
        table.drop_column("company_id")
        table.drop_column("topic")
        table.create_index("ix_subscriptions_state", ["state"])


def _extend_alerts() -> None:
    op.add_column("alerts", sa.Column("pace", sa.String(40), server_default="at_once"))
    with op.batch_alter_table("alerts") as table:
        table.drop_constraint(op.f("ck_alerts_kind"), type_="check")
        table.create_check_constraint(op.f("ck_alerts_kind"), KINDS)
        table.create_check_constraint(op.f("ck_alerts_pace"), PACES)
        table.alter_column("pace", existing_type=sa.String(40), nullable=False, server_default=None)
        for column, target in (
            ("reaction_id", sa.Column("reaction_id", sa.Text())),
            ("call_id", sa.Column("call_id", sa.Text())),
            ("replies_to", sa.Column("replies_to", sa.Integer())),
        ):
            table.add_column(target)
            table.create_index(f"ix_alerts_{column}", [column])
        table.create_foreign_key("fk_alerts_reaction_id", "reactions", ["reaction_id"], ["id"])
        table.create_foreign_key("fk_alerts_call_id", "calls", ["call_id"], ["id"])
        table.create_foreign_key("fk_alerts_replies_to", "alerts", ["replies_to"], ["id"])


def _add_address_changes() -> None:
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("old_token", sa.Text(), nullable=False),
        sa.Column("new_token", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_address_changes_subscriber_id"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["subscribers.id"], name="fk_address_changes_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address_changes"),
        sa.UniqueConstraint("old_token", name="uq_address_changes_old_token"),
        sa.UniqueConstraint("new_token", name="uq_address_changes_new_token"),
    )
    op.create_index("ix_address_changes_subscriber_id", "address_changes", ["subscriber_id"])
    op.create_index("ix_address_changes_to_id", "address_changes", ["to_id"])


def _extend_corrections() -> None:
    """What was noticed before is not told now: nobody was promised it."""
    op.add_column("corrections", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE corrections SET told_at = noticed_at")
    with op.batch_alter_table("corrections") as table:
        table.drop_constraint(op.f("ck_corrections_kind"), type_="check")
        table.create_check_constraint(op.f("ck_corrections_kind"), CORRECTIONS)
        table.create_index("ix_corrections_told_at", ["told_at"])


def downgrade() -> None:
    raise RuntimeError("migrations only go forward: restore a backup to go back")
