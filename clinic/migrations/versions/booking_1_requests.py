"""Booking requests, and the notes about them that go to the team."""

import sqlalchemy as sa
from alembic import op

revision = "booking_1"
down_revision = None
branch_labels = ("booking",)
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "requests",
        sa.Column("reference", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    for column in ("conversation", "fingerprint", "created_at"):
        op.create_index(f"ix_requests_{column}", "requests", [column])
    op.create_table(
        "notes",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(32)),
        sa.Column("failure", sa.String(100), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_index("ix_notes_reference", "notes", ["reference"])
    op.create_index("ix_notes_conversation", "notes", ["conversation"])
    op.create_index("ix_notes_state", "notes", ["state", "due_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("notes")
    op.drop_table("requests")
