"""A correction may concern one thing that was told of a record, such as one answer to a call;
readers change what a wish asks for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("corrections", sa.Column("told_as", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("former", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscriptions", "former")
    op.drop_column("corrections", "told_as")
