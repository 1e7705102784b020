"""The action server's process."""

import hashlib
import uuid
from functools import partial

from fastapi import FastAPI

from actions.dialogue.acting import ActResult, ActState
from actions.server import create_app
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from actions.xroad.tls import mutual_tls
from assistant.adapters.json_logs import configure_logs
from assistant.content.service_spec import read_services, read_terms
from assistant.settings import Settings, read_settings


def create() -> FastAPI:
    """The process that calls government services."""
    settings = read_settings()
    configure_logs()
    return create_app(
        services=read_services(settings.content),
        terms=read_terms(settings.content),
        xroad=_xroad(settings),
        permission=_Anything(),
        writer=_Nothing(),
        turn_secret=settings.secret("turn_secret"),
    )


class _Anything:
    async def grant(self, service, calls, asker):
        return {call.id: str(uuid.uuid4()) for call in calls}


class _Nothing:
    def key(self, service, body, asker):
        return hashlib.sha256(repr(sorted(body.items())).encode()).hexdigest()

    async def submit(self, act, asker):
        return ActResult(ActState.DONE, {"receiptNumber": "none yet"})


def _xroad(settings: Settings) -> XRoadClient:
    files = (settings.xroad_certificate, settings.xroad_key, settings.xroad_ca)
    return XRoadClient(
        settings.xroad_url or settings.process_url("sandbox"),
        ClientId.parse(settings.xroad_client),
        tls=mutual_tls(*files) if all(files) else None,
        new_breaker=partial(Breaker, failures=settings.xroad_failures),
    )
