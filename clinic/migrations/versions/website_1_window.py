"""The chat window: its sessions, the lines of their conversations, and what patients think."""

import sqlalchemy as sa
from alembic import op

revision = "website_1"
down_revision = None
branch_labels = ("website",)
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "website_sessions",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.String(12)),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "website_lines",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("message", sa.String(36)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("website_lines_message", "website_lines", ["conversation", "message"])
    op.create_table(
        "website_feedback",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("topics", sa.String(400), nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("website_feedback", "website_lines", "website_sessions"):
        op.drop_table(table)
