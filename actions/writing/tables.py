"""Tables of what is written to registers."""

from sqlalchemy import Column, Double, Index, Integer, MetaData, String, Table

METADATA = MetaData()

WRITES = Table(
    "writes",
    METADATA,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("service", String, nullable=False),
    Column("write_id", String, nullable=False),
    Column("register", String, nullable=False),
    Column("path", String, nullable=False),
    Column("status_path", String, nullable=False),
    Column("represented_party", String),
    Column("language", String, nullable=False),
    Column("kept", String, nullable=False),
    Column("state", String, nullable=False),
    Column("problem", String),
    Column("answer", String, nullable=False, default="{}"),
    Column("message_id", String),
    Column("request_hash", String),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try", Double),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("told_at", Double),
    Index("writes_by_state", "state", "next_try"),
)

NOTICES = Table(
    "notices",
    METADATA,
    Column("key", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("body", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try", Double, nullable=False),
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Index("notices_by_state", "state", "next_try"),
)
