"""The patients' orders to be forgotten, or told what is held."""

import sqlalchemy as sa
from alembic import op

revision = "privacy_1"
down_revision = None
branch_labels = ("privacy",)
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "privacy_orders",
        sa.Column("reference", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("conversation", sa.String(64)),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_over_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_privacy_orders_conversation", "privacy_orders", ["conversation"])
    op.create_index("ix_privacy_orders_asked_at", "privacy_orders", ["asked_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("privacy_orders")
