"""When a patient wrote a message, where the channel knows."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_2"
down_revision = "inbox_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("inbox", sa.Column("written_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("inbox") as table:
        table.drop_column("written_at")
