"""Indexes that answer what pages count by themselves.

The day stands first: nearly every record is published, and an index that begins with that looks
to SQLite like a short way to anything.
"""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JOINT = text("joint_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_stances_joint_id", table_name="stances")
    op.create_index(
        "ix_stances_joint_id", "stances", ["joint_id"], sqlite_where=JOINT, postgresql_where=JOINT
    )
    op.drop_index("ix_stances_published_date_level", table_name="stances")
    op.create_index("ix_stances_date_published_level", "stances", ["date", "published", "level"])
    op.drop_index("ix_reactions_date", table_name="reactions")
    op.create_index(
        "ix_reactions_date_published_level", "reactions", ["date", "published", "level"]
    )


def downgrade() -> None:
    op.drop_index("ix_reactions_date_published_level", table_name="reactions")
    op.create_index("ix_reactions_date", "reactions", ["date"])
    op.drop_index("ix_stances_date_published_level", table_name="stances")
    op.create_index("ix_stances_published_date_level", "stances", ["published", "date", "level"])
    op.drop_index("ix_stances_joint_id", table_name="stances")
    op.create_index("ix_stances_joint_id", "stances", ["joint_id"])
