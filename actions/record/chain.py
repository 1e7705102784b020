"""The chain that binds the rows of the access record to each other.

A row's `hash` is the SHA-256, in hex, of the row's other columns as JSON: names sorted, no white space, ASCII only. One
of these columns is `prev_hash`, the hash of the row before; that of the first row is `GENESIS`. So a hash vouches for
its own row and for every row before it, and whoever has noted one can tell later whether they are still the same.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64

Row = dict[str, Any]
"""Columns of the access record by name."""


@dataclass(frozen=True)
class Head:
    """The last row: its number and its hash."""

    seq: int = 0
    hash: str = GENESIS


def digest(row: Mapping[str, Any]) -> str:
    """The hash that a row must have."""
    hashed = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(json.dumps(hashed, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def link(head: Head, rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with their numbers and hashes, as they follow upon `head`."""
    for row in rows:
        linked = {**row, "seq": head.seq + 1, "prev_hash": head.hash}
        head = Head(linked["seq"], digest(linked))
        yield {**linked, "hash": head.hash}


def find_fault(head: Head, row: Mapping[str, Any]) -> str | None:
    """What is wrong with a row that should follow upon `head`; None if nothing is."""
    if row["seq"] != head.seq + 1:
        return "missing" if row["seq"] > head.seq + 1 else "inserted"
    if digest(row) != row["hash"]:
        return "changed"
    return None if row["prev_hash"] == head.hash else "not the successor of the row before"
