"""WhatsApp: patients and their ids, the send queue, statuses; the numbers that patients use."""

import sqlalchemy as sa
from alembic import op

revision = "whatsapp_1"
down_revision = None
branch_labels = ("whatsapp",)
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "contact_book",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    _make_patients()
    _make_queue()
    op.create_table(
        "whatsapp_statuses",
        sa.Column("message", sa.String(40), primary_key=True),
        sa.Column("status", sa.String(10), primary_key=True),
        sa.Column("conversation", sa.String(64), index=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _make_patients() -> None:
    op.create_table(
        "whatsapp_patients",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.Float, nullable=False),
        sa.Column("wished_at", sa.Float, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("told_at", sa.Float, nullable=False),
        sa.Column("paced_to", sa.Float, nullable=False),
        sa.Column("greeted", sa.Boolean, nullable=False),
    )
    op.create_table(
        "whatsapp_ids",
        sa.Column("print", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("since", sa.Float, nullable=False),
    )


def _make_queue() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "whatsapp_queue",
        sa.Column("id", number, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(32), nullable=False, unique=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("claimed_until", sa.Float, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("sent_key", sa.String(40), index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("source", "part"),
        sqlite_autoincrement=True,
    )
    op.create_index("whatsapp_queue_order", "whatsapp_queue", ["conversation", "state", "id"])
    op.create_index("whatsapp_queue_due", "whatsapp_queue", ["state", "due_at"])


def downgrade() -> None:
    """Remove the tables."""
    for name in ("whatsapp_statuses", "whatsapp_queue", "whatsapp_ids", "whatsapp_patients"):
        op.drop_table(name)
    op.drop_table("contact_book")
