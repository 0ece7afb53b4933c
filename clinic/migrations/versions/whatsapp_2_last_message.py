"""WhatsApp: when an id of a patient was last seen, so that only the unused are deleted."""

import sqlalchemy as sa
from alembic import op

revision = "whatsapp_2"
down_revision = "whatsapp_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("whatsapp_ids", sa.Column("heard_at", sa.Float))
    op.execute("UPDATE whatsapp_ids SET heard_at = since")


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("whatsapp_ids") as table:
        table.drop_column("heard_at")
