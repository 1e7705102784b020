"""Is the access record whole? Reads all of it, row by row."""

from dataclasses import dataclass

from sqlalchemy import select

from actions.record.chain import Head, find_fault
from actions.record.tables import ACCESSES, HEAD
from assistant.core.errors import OperationFailed
from assistant.database import SqlDatabase


@dataclass(frozen=True)
class Fault:
    """The first place where the chain is broken, and how."""

    seq: int
    what: str

    def __str__(self) -> str:
        """For operators."""
        return f"row {self.seq} is {self.what}"


@dataclass(frozen=True)
class Verification:
    """How many rows were read in order, and the head: the hash of the last of them."""

    count: int
    head: str
    fault: Fault | None = None


async def verify(database: SqlDatabase, noted_head: str | None = None) -> Verification:
    """Follow the chain to its first fault or its end.

    `noted_head` is a head that an earlier run printed. It must be among the hashes: only then the rows up to there are
    those of that day. Without it, a record whose end was cut off in all tables, or that was written anew, looks whole.

    Raises:
        OperationFailed: there is no access record.
        ServiceUnavailable: the database does not answer.
    """
    if database.file and not database.file.exists():
        raise OperationFailed(f"there is no access record: {database.file} does not exist")
    head = Head()
    is_noted_head_seen = noted_head in {None, head.hash}
    async with database.snapshot() as connection:
        kept = (await connection.execute(select(HEAD.c.seq, HEAD.c.hash))).one_or_none()
        async for row in (await connection.stream(select(ACCESSES).order_by(ACCESSES.c.seq))).mappings():
            if what := find_fault(head, dict(row)):
                return Verification(head.seq, head.hash, Fault(min(row["seq"], head.seq + 1), what))
            head = Head(row["seq"], row["hash"])
            is_noted_head_seen |= head.hash == noted_head
    fault = _find_fault_at_the_end(head, Head(*kept) if kept else None, is_noted_head_seen=is_noted_head_seen)
    return Verification(head.seq, head.hash, fault)


def _find_fault_at_the_end(head: Head, kept: Head | None, *, is_noted_head_seen: bool) -> Fault | None:
    if kept is None or kept.seq > head.seq:
        return Fault(head.seq + 1, "missing, and all after it: the end was cut off")
    if kept != head:
        return Fault(kept.seq + 1, "inserted") if kept.seq < head.seq else Fault(head.seq, "written anew")
    if not is_noted_head_seen:
        return Fault(head.seq + 1, "missing: no row has the noted head; the end was cut off, or all was written anew")
    return None
