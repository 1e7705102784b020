"""The connectors that are on."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter

from assistant.gateway.parts import GatewayParts
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.settings import Settings, names_in
from connectors.rasa_channels import Access
from connectors.rasa_channels.rest import build_rest
from connectors.rasa_channels.socket_io import build_socket_io

Build = Callable[[Settings, GatewayParts, OutsideTurns], APIRouter]


def connectors_of(settings: Settings, parts: GatewayParts) -> tuple[APIRouter, ...]:
    """What the gateway has to include, in the order in which the setting names it."""
    turns = OutsideTurns(
        parts.take_turn, parts.sessions, settings.secret("turn_secret"), parts.responses, parts.default_language
    )
    return tuple(BUILDS[name](settings, parts, turns) for name in dict.fromkeys(names_in(settings.connectors)))


def _rasa_channels(settings: Settings, parts: GatewayParts, turns: OutsideTurns) -> APIRouter:
    origins = frozenset(names_in(settings.rasa_origins))
    access = Access(parts.public_url, origins, settings.given_secret("rasa_jwt_key"))
    router = APIRouter()
    router.include_router(build_rest(turns, access))
    router.include_router(build_socket_io(turns, access))
    return router


BUILDS: Mapping[str, Build] = {"rasa_channels": _rasa_channels}
