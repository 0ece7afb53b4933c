"""The turns of each conversation."""

import sqlalchemy as sa
from alembic import op

revision = "conversations_1"
down_revision = None
branch_labels = ("conversations",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("conversation", sa.Text, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("opens_session", sa.Boolean, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_index("ix_turns_written_at", "turns", ["written_at"])


def downgrade() -> None:
    op.drop_table("turns")
