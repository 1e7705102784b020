"""What the registers of a draft that is tried were asked, and their beginning anew."""

import uuid
from collections.abc import Mapping

import httpx
from pydantic import TypeAdapter, ValidationError

from assistant.core.errors import ServiceUnavailable
from assistant.core.try_outs import RegisterCall

ANSWER_SECONDS = 5.0
_CALLS = TypeAdapter(tuple[RegisterCall, ...])


class TriedRegisters:
    """The second Kratt's sandbox, and its action server, which keeps what citizens have closed; `xroad_client` is it.

    `transport` is the seam for tests.
    """

    def __init__(
        self, sandbox_url: str, actions_url: str, xroad_client: str, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._sandbox = sandbox_url
        self._restrictions = f"{actions_url}/xroad/restrictions/v1/persons"
        self._xroad_client = xroad_client
        self._client = httpx.AsyncClient(
            timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False, transport=transport
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def after(self, number: int) -> tuple[RegisterCall, ...]:
        """The calls behind a number, in order (assistant/sandbox/call_log.py).

        Raises:
            ServiceUnavailable: the sandbox does not answer.
        """
        response = await self._ask(self._client.build_request("GET", f"{self._sandbox}/sandbox/calls?after={number}"))
        try:
            return _CALLS.validate_json(response.content)
        except ValidationError:
            raise ServiceUnavailable("the sandbox answered in another shape than promised") from None

    async def begin_anew(self, person: str) -> None:
        """Let all registers hold what they held at first; what this person has closed is open again.

        Raises:
            ServiceUnavailable: the sandbox or the action server does not answer.
        """
        for method, what in (("POST", "reset"), ("DELETE", "faults"), ("DELETE", "phones")):
            await self._ask(self._client.build_request(method, f"{self._sandbox}/sandbox/{what}"))
        if person:
            headers = {
                "X-Road-Client": self._xroad_client,
                "X-Road-UserId": person,
                "Idempotency-Key": uuid.uuid4().hex,
            }
            address, everything = f"{self._restrictions}/{person}/restrictions", {"scope": "all", "blocked": False}
            await self._ask(self._client.build_request("POST", address, json=everything, headers=headers))

    async def disturb(self, faults: Mapping[str, str], phones: Mapping[str, str]) -> None:
        """Let services fail in a way, and phones of people behave in one, until begun anew.

        Raises:
            ServiceUnavailable: the sandbox does not answer, or knows no such service, fault or behaviour.
        """
        bodies = {f"faults/{service}": {"fault": fault} for service, fault in faults.items()}
        bodies |= {f"phones/{person}": {"behaviour": behaviour} for person, behaviour in phones.items()}
        for path, body in bodies.items():
            await self._ask(self._client.build_request("PUT", f"{self._sandbox}/sandbox/{path}", json=body))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        try:
            return (await self._client.send(request)).raise_for_status()
        except httpx.HTTPError as error:
            raise ServiceUnavailable(f"no answer from the second Kratt: {type(error).__name__}") from None
