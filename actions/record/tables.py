"""The access record's tables."""

from sqlalchemy import CheckConstraint, Column, Connection, Index, Integer, MetaData, String, Table, event

METADATA = MetaData()

ACCESSES = Table(
    "accesses",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, unique=True),
    Column("at", String, nullable=False),  # 2026-11-23T10:00:00.123Z: sorts by time, hashes the same on every database
    Column("subject", String, nullable=False),
    Column("user", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("service", String, nullable=False),
    Column("fields", String, nullable=False),
    Column("assurance", String, nullable=False),
    Column("dialogue_hash", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("confirmation_id", String),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("accesses_of_subject", "subject", "at"),
)

HEAD = Table(
    "accesses_head",
    METADATA,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String, nullable=False),
)
"""The last row, once more: what is locked while a row is added, and what shows that the end was cut off."""


@event.listens_for(ACCESSES, "after_create")
def _forbid_changes(_: Table, connection: Connection, **__: object) -> None:
    # Against our own mistakes; whoever has the file can take the triggers out, and then the chain shows it.
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER accesses_no_{act.lower()} BEFORE {act} ON accesses "
                "BEGIN SELECT RAISE(ABORT, 'the access record is append-only'); END"
            )
