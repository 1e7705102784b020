"""Rasa's REST and Socket.IO channels, as Rasa 3.6.21 speaks them: chats made for Rasa talk to Kratt unchanged.

What Rasa does and this does not: answer a failure with `200 []`, share one dialogue among all who name no sender, take
`/intent{...}` for a command. docs/guides/channels/rasa.md
"""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from assistant.intake import is_own_page

NAME = "rasa_channels"
MOST_BYTES = 64 * 1024
"""Of a body or a Socket.IO packet: a turn is a few sentences."""


@dataclass(frozen=True)
class Access:
    """Who may connect: our pages and those of `origins` (`*` for any), and over Socket.IO who has a token of `jwt_key`.

    Without a key nobody needs a token; who is no browser has no origin.
    """

    public_url: str
    origins: frozenset[str] = frozenset()
    jwt_key: str = ""

    def lets_in(self, connection: HTTPConnection) -> bool:
        """Whether the page that asks may, if it is one."""
        is_theirs = "*" in self.origins or connection.headers.get("origin") in self.origins
        return is_theirs or is_own_page(connection, self.public_url)
