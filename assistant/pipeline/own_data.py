"""What Kratt itself keeps about a citizen: told, handed over, and forgotten when they wish it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.core.errors import KrattError, ServiceUnavailable
from assistant.core.ports import Kept, KeptData

_log = logging.getLogger("kratt.gateway")


@dataclass(frozen=True)
class OwnData:
    """All stores by name, in the order in which they forget: who has no session any more takes no more turns.

    `memories` drop what this process may still hold of anybody: replies that were spoken, answers that are expected.
    """

    stores: Mapping[str, KeptData]
    memories: Sequence[Callable[[], None]] = ()

    async def tell(self, subject: str) -> Mapping[str, Kept]:
        """Everything that is kept about this person, by store.

        Raises:
            ServiceUnavailable: a store cannot be asked; half the truth would be none.
        """
        try:
            kept = await asyncio.gather(*(store.kept_of(subject) for store in self.stores.values()))
        except KrattError as error:
            raise ServiceUnavailable(error.detail) from None
        return dict(zip(self.stores, kept, strict=True))

    async def forget(self, subject: str) -> Mapping[str, int]:
        """Delete it, except what the law keeps; how many records there were, by store.

        Raises:
            ServiceUnavailable: a store cannot be asked; to ask again deletes what is left.
        """
        forgotten = {}
        for clear in self.memories:
            clear()
        for name, store in self.stores.items():
            try:
                forgotten[name] = await store.forget(subject)
            except KrattError as error:
                facts = {"store": name, "code": error.code, "detail": error.detail}
                _log.error("a citizen was not forgotten", extra={"facts": facts})
                raise ServiceUnavailable(error.detail) from None
        _log.info("a citizen was forgotten", extra={"facts": {"records": forgotten}})
        return forgotten
