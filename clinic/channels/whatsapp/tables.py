"""The tables of the WhatsApp channel. Times are seconds since 1970, but for `created_at`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from clinic.database import metadata

# A patient at one number of the clinic; `sealed` holds the ids that Meta gives.
patients = Table(
    "whatsapp_patients",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("number", String(20), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # The last message of the patient: free text may be sent for 24 hours after it.
    Column("heard_at", Float, nullable=False),
    # The last STOP or START, and whether it was a STOP.
    Column("wished_at", Float, nullable=False),
    Column("stopped", Boolean, nullable=False),
    # When the patient was last told that STOP holds.
    Column("told_at", Float, nullable=False),
    # When the pace of messages to the patient is made good again.
    Column("paced_to", Float, nullable=False),
    # Whether the first reply has been said.
    Column("greeted", Boolean, nullable=False),
)
# A keyed hash of each id of a patient -> the conversation.
ids = Table(
    "whatsapp_ids",
    metadata,
    Column("print", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("conversation", String(64), nullable=False, index=True),
    Column("since", Float, nullable=False),
    # The last message with this id.
    Column("heard_at", Float),
)
# The send queue.
queue = Table(
    "whatsapp_queue",
    metadata,
    Column(
        "id",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    # What Meta repeats in the statuses, and what begins the ids of buttons.
    Column("key", String(32), nullable=False, unique=True),
    Column("conversation", String(64), nullable=False),
    # The message that is answered, and the how-manieth message of the answer this is.
    Column("source", String(80), nullable=False),
    Column("part", Integer, nullable=False),
    # reply | stop (said in spite of STOP) | template
    Column("kind", String(10), nullable=False),
    Column("sealed", Text, nullable=False),
    # waiting | sending | held (window closed) | sent | failed | dropped
    Column("state", String(10), nullable=False),
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("code", Integer),
    # A hash of Meta's id of the sent message.
    Column("sent_key", String(40), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("source", "part"),
    Index("whatsapp_queue_order", "conversation", "state", "id"),
    Index("whatsapp_queue_due", "state", "due_at"),
    sqlite_autoincrement=True,
)
# What became of sent messages, each status once; also which system messages were heeded.
statuses = Table(
    "whatsapp_statuses",
    metadata,
    Column("message", String(40), primary_key=True),
    Column("status", String(10), primary_key=True),
    Column("conversation", String(64), index=True),
    Column("at", Float, nullable=False),
    Column("code", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
