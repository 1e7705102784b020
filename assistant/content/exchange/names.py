"""What things of other projects are called here: small letters, digits and underscores."""

import re
import unicodedata
from collections.abc import Iterable

_FIT = re.compile(r"[a-z][a-z0-9_]*")


def own_names(names: Iterable[str], kind: str) -> dict[str, str]:
    """A name of ours for each, no two the same; those that fit stay as they are."""
    wanted = tuple(dict.fromkeys(names))
    own = {name: name for name in wanted if _FIT.fullmatch(name)}
    taken = set(own)
    for name in wanted:
        if name not in own:
            own[name] = _free(_plain(name, kind), taken)
            taken.add(own[name])
    return own


def _plain(name: str, kind: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    return joined if joined[:1].isalpha() else f"{kind}_{joined}".strip("_")


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}_{number}"
    return free
