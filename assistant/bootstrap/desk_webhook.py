"""What tells an outside desk of its cases, if there is one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import APIRouter

from assistant.adapters.desk_webhook import DeskWebhook, webhook_key
from assistant.core.errors import SettingsError
from assistant.database import SqlDatabase
from assistant.settings import Settings


def desk_webhook_of(settings: Settings, database: SqlDatabase) -> tuple[APIRouter, ...]:
    """A router without routes that tells for as long as the gateway runs; none without an address.

    Raises:
        SettingsError: there is no desk to tell of, or no key to sign with.
    """
    if not settings.desk_webhook:
        return ()
    if not settings.desk_agents:
        raise SettingsError("KRATT_DESK_WEBHOOK: needs an agent in KRATT_DESK_AGENTS, by whose token it answers")
    try:
        key = webhook_key(settings.given_secret("desk_webhook_secret"))
    except ValueError as error:
        raise SettingsError(f"KRATT_DESK_WEBHOOK_SECRET: {error}") from None
    webhook = DeskWebhook(database, settings.desk_webhook, key)

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        await webhook.open()
        telling = asyncio.create_task(webhook.run())
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            await webhook.close()

    return (APIRouter(lifespan=lifespan),)
