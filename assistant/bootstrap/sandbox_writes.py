"""Single acts of a draft's service, for editors: in a sandbox made for one of them, which is gone with it."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from actions.register_reading import read_item
from actions.values.saying import SpokenValues
from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState, confirmation_hash
from actions.writing.journal import WriteJournal
from actions.writing.submit_once import SubmitOnce
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path
from assistant.console.parts import Attempted, Exchanged
from assistant.content.exchange_spec import KEY, SUBJECT, Write
from assistant.content.spec import Terms
from assistant.core.errors import ServiceError
from assistant.core.languages import Language
from assistant.database import SqlDatabase
from assistant.sandbox.app import create_app
from assistant.settings import Settings

ACT_SECONDS = 5.0
_NOWHERE = "http://sandbox.invalid"
"""An address that nothing has (RFC 2606): requests go to an application in this process, not to a socket."""


@dataclass(frozen=True)
class SandboxWrites:
    """Does acts as the action server does: by a journal, which is as short-lived as the registers."""

    client: str

    async def __call__(
        self, service: str, write: Write, values: Mapping[str, str], body: Mapping[str, str | bool], terms: Terms
    ) -> Attempted:
        """An act with values for what stands in braces; `terms` are the draft's, for codes in words."""
        key = confirmation_hash(service, values.get(SUBJECT, ""), secrets.token_hex(), body)
        try:
            act = _confirmed(service, write, {**values, KEY: key}, body)
        except ServiceError as error:
            return Attempted(WriteState.UNSENT.value, error=f"{error.code}: {error.detail}")
        async with _sandbox(self.client) as (xroad, asked):
            result, words, error_text = await self._submit(act, xroad), {}, ""
            try:
                if result.state is WriteState.DONE:
                    words = dict(read_item(dict(result.answer), write, SpokenValues(Language.EN, terms)).words)
                    # Whether the register tells it by the key, as it will be asked to when no answer comes.
                    await xroad.get(act.status_question, ACT_SECONDS)
            except ServiceError as error:
                error_text = f"{error.code}: {error.detail}"
        return Attempted(result.state.value, tuple(asked.exchanges), words, result.problem or "", error_text)

    async def _submit(self, act: ConfirmedWrite, xroad: XRoadClient) -> WriteResult:
        database = SqlDatabase("sqlite+aiosqlite:///:memory:", "the journal of a try")
        try:
            journal = WriteJournal(database, lambda _: None)
            await journal.open()
            submit_once = SubmitOnce(journal, xroad)
            result = await submit_once(act, ACT_SECONDS)
            await submit_once.finish()
            return result
        finally:
            await database.close()


def build_sandbox_writes(settings: Settings) -> SandboxWrites | None:
    """None where calls are not tried either: in production, and where another security server stands in its place."""
    return None if settings.is_production or settings.xroad_url else SandboxWrites(settings.xroad_client)


@dataclass
class _Watched(httpx.AsyncBaseTransport):
    """Passes requests to an application, and remembers them with its replies."""

    application: httpx.ASGITransport
    exchanges: list[Exchanged] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As `httpx.AsyncBaseTransport`."""
        response = await self.application.handle_async_request(request)
        reply = await response.aread()
        headers = (f"{name}: {value}" for name, value in request.headers.items() if name.startswith(_SHOWN))
        line = f"{request.method} {request.url.raw_path.decode()}"
        asked = "\n".join((line, *headers, "", _pretty(request.content))).rstrip()
        self.exchanges.append(Exchanged(asked, response.status_code, _pretty(reply)))
        return httpx.Response(response.status_code, headers=response.headers, content=reply)


_SHOWN = ("x-road-", "idempotency-key")


@asynccontextmanager
async def _sandbox(client: str) -> AsyncIterator[tuple[XRoadClient, _Watched]]:
    """A client of a sandbox in this process, as it is at first, and what it is asked."""
    app = await asyncio.to_thread(
        create_app,
        issuer=_NOWHERE,
        client_id="kratt",
        client_secret=secrets.token_hex(),
        redirect_uris=frozenset(),
        xroad_client=client,
    )
    watched = _Watched(httpx.ASGITransport(app))
    xroad = XRoadClient(_NOWHERE, ClientId.parse(client), watched)
    async with app.router.lifespan_context(app):
        try:
            yield xroad, watched
        finally:
            await xroad.close()


def _confirmed(service: str, write: Write, values: Mapping[str, str], body: Mapping[str, str | bool]) -> ConfirmedWrite:
    return ConfirmedWrite(
        key=values[KEY],
        subject=values.get(SUBJECT, ""),
        service=service,
        write_id=write.id,
        register=ServiceId.parse(write.service),
        path=build_path(write.path, values),
        status_path=build_path(write.status_path, values),
        body=body,
        kept=tuple(read.from_ for read in write.reads.values()),
        language=Language.EN.value,
    )


def _pretty(content: bytes) -> str:
    try:
        return json.dumps(json.loads(content), ensure_ascii=False, indent=2) if content else ""
    except ValueError:
        return content.decode(errors="replace")
