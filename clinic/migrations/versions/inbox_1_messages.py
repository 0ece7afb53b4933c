"""The inbox: every message that a channel takes in."""

import sqlalchemy as sa
from alembic import op

revision = "inbox_1"
down_revision = None
branch_labels = ("inbox",)
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "inbox",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("claim", sa.String(32)),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("replies", sa.Text),
        sa.UniqueConstraint("channel", "message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("inbox_order", "inbox", ["conversation", "number"])
    op.create_index("inbox_state", "inbox", ["channel", "state"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("inbox")
