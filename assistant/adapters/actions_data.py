"""What the action server keeps about citizens (actions/citizen_data.py)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from assistant.core.errors import ServiceUnavailable
from assistant.core.ports import Kept, Session

ANSWER_SECONDS = 10.0


class ActionsData:
    """`KeptData` of another process of ours; `token` is what it asks for."""

    def __init__(self, base_url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{base_url.rstrip('/')}/citizen/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def kept_of(self, subject: str) -> Kept:
        """Accesses, restrictions, writes and notices.

        Raises:
            ServiceUnavailable: the action server or its database is down.
        """
        return list((await self._ask("kept", subject))["records"])

    async def forget(self, subject: str) -> int:
        """Delete writes that have ended and notices that were sent; the access record and restrictions stay.

        Raises:
            ServiceUnavailable: the action server or its database is down.
        """
        return int((await self._ask("forget", subject))["records"])

    async def may_log_in(self, subject: str) -> bool:
        """Whether the population register does not know this person as deceased, as far as it can be asked.

        Raises:
            ServiceUnavailable: the action server is down.
        """
        return bool((await self._ask("login", subject))["may_log_in"])

    async def note_lock(self, session: Session, channel: str) -> None:
        """Put on the access record that a citizen had themselves locked out of this session.

        Raises:
            ServiceUnavailable: the action server or its database is down.
        """
        told = {"assurance": session.assurance.name.lower(), "dialogue_id": session.dialogue_id, "channel": channel}
        await self._ask("lock", session.subject or "", **told)

    async def _ask(self, what: str, subject: str, **told: str) -> Mapping[str, Any]:
        try:
            response = await self._client.post(what, json={"subject": subject, **told})
        except httpx.HTTPError as error:
            raise ServiceUnavailable(f"no answer from the action server: {type(error).__name__}") from None
        if response.status_code != HTTPStatus.OK:
            raise ServiceUnavailable(f"the action server answered {response.status_code}")
        answer: Mapping[str, Any] = response.json()
        return answer
