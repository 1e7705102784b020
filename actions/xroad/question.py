"""What is asked of a service, and on whose behalf."""

import re
from dataclasses import KW_ONLY, dataclass

from actions.xroad.identifiers import EncodedPath, EncodedQuery, ServiceId, parse_represented_party
from assistant.core.errors import ServiceRefused

NO_QUERY = EncodedQuery("")

_HEADER_VALUE = re.compile(r"[!-~]{1,100}")
_LONGEST_TARGET = 2000  # PR-REST 4.3


@dataclass(frozen=True)
class Question:
    """One call of a service, without what is the same for all calls.

    `subject` is on whose behalf we ask, `represented_party` for whom they act (`[class/]code`), and `issue` what made
    us ask: the access record of a read, the confirmation of a write. All three end in the provider's message log.
    """

    service: ServiceId
    path: EncodedPath
    query: EncodedQuery = NO_QUERY
    _: KW_ONLY
    subject: str | None
    issue: str | None
    represented_party: str | None = None

    @property
    def target(self) -> str:
        """Path and query at the security server.

        Raises:
            ServiceRefused: it is longer than X-Road advises.
        """
        target = f"/r1/{self.service}{self.path}" + (f"?{self.query}" if self.query else "")
        if len(target) > _LONGEST_TARGET:
            raise ServiceRefused("the address is too long")
        return target

    @property
    def headers(self) -> dict[str, str]:
        """The headers that this question brings.

        Raises:
            ServiceRefused: a value could mean something in a header; the message does not hold it.
        """
        party = self.represented_party
        values = {
            "X-Road-UserId": self.subject,
            "X-Road-Issue": self.issue,
            "X-Road-Represented-Party": parse_represented_party(party) if party is not None else None,
        }
        return {name: header_value(value) for name, value in values.items() if value is not None}


def header_value(value: str) -> str:
    """The value, if it is one that a header can carry.

    Raises:
        ServiceRefused: it is empty, too long, or has a character other than visible ASCII.
    """
    if not _HEADER_VALUE.fullmatch(value):
        raise ServiceRefused("a value does not fit into a header")
    return value
