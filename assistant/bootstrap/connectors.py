"""The connectors that are on."""

from collections.abc import Callable, Mapping

import httpx
from fastapi import APIRouter

from assistant.adapters.sound_samples import mu_law_of
from assistant.content.project import Content
from assistant.core.errors import SettingsError
from assistant.gateway.parts import GatewayParts
from assistant.pipeline.outside_turns import OutsideTurns
from assistant.setting_values import names_in
from assistant.settings import Settings
from connectors.alexa.chains import Chains, read_roots
from connectors.alexa.endpoint import build_alexa
from connectors.alexa.hold_on import HoldOn
from connectors.alexa.skill import Skill
from connectors.alexa.verification import VerifyRequest
from connectors.alexa.words import sentences_of
from connectors.carriers.access import Access as CarrierAccess
from connectors.chat_widget.router import build_router as build_widget
from connectors.conversation_relay import PATH as RELAY_PATH
from connectors.conversation_relay.endpoint import build_conversation_relay
from connectors.media_streams import PATH as MEDIA_STREAMS_PATH
from connectors.media_streams.endpoint import build_media_streams
from connectors.rasa_channels import Access
from connectors.rasa_channels.rest import build_rest
from connectors.rasa_channels.socket_io import build_socket_io
from connectors.vosk_websocket.server import Address, VoskServer, build_vosk
from connectors.wyoming.arbitration import Arbitration
from connectors.wyoming.info import describe
from connectors.wyoming.registry import read_registry
from connectors.wyoming.satellite import Ground
from connectors.wyoming.satellites import Satellites
from connectors.wyoming.server import Address as WyomingAddress
from connectors.wyoming.server import build_wyoming, tls_context
from connectors.wyoming.service import Service

Build = Callable[[Settings, GatewayParts, OutsideTurns, Content], APIRouter]


def connectors_of(settings: Settings, parts: GatewayParts, content: Content) -> tuple[APIRouter, ...]:
    """What the gateway has to include, in the order in which the setting names it, and the widget if sites carry it."""
    secret = settings.secret("turn_secret")
    turns = OutsideTurns(
        parts.take_turn, parts.sessions, secret, parts.responses, parts.default_language, calls=parts.calls
    )
    names = dict.fromkeys(names_in(settings.connectors))
    named = tuple(BUILDS[name](settings, parts, turns, content) for name in names)
    return (*named, build_widget(parts.words, parts.public_url)) if parts.embedders else named


def _rasa_channels(settings: Settings, parts: GatewayParts, turns: OutsideTurns, _: Content) -> APIRouter:
    origins = frozenset(names_in(settings.rasa_origins))
    access = Access(parts.public_url, origins, settings.given_secret("rasa_jwt_key"))
    router = APIRouter()
    router.include_router(build_rest(turns, access))
    router.include_router(build_socket_io(turns, access))
    return router


def _alexa(settings: Settings, parts: GatewayParts, turns: OutsideTurns, content: Content) -> APIRouter:
    skill_ids = frozenset(names_in(settings.alexa_skill_ids))
    if not skill_ids:
        raise SettingsError("KRATT_ALEXA_SKILL_IDS: the connector alexa needs the ids of the skills it answers")
    client = httpx.AsyncClient(trust_env=False, follow_redirects=False)
    hold_on = HoldOn(client, {language: words["thinking"] for language, words in parts.words.items()})
    title = {language: words["title"] for language, words in parts.words.items()}
    link_account = parts.linking.link_account if parts.linking else None
    skill = Skill(turns, hold_on, sentences_of(content), parts.public_url, title, link_account)
    return build_alexa(VerifyRequest(Chains(client, read_roots(settings.alexa_roots)), skill_ids), skill, client)


def _conversation_relay(settings: Settings, parts: GatewayParts, turns: OutsideTurns, _: Content) -> APIRouter:
    return build_conversation_relay(turns, _carrier_access(settings, parts, RELAY_PATH))


def _media_streams(settings: Settings, parts: GatewayParts, turns: OutsideTurns, _: Content) -> APIRouter:
    return build_media_streams(turns, parts.ears, _carrier_access(settings, parts, MEDIA_STREAMS_PATH), mu_law_of)


def _carrier_access(settings: Settings, parts: GatewayParts, path: str) -> CarrierAccess:
    token, key = settings.given_secret("relay_auth_token"), settings.given_secret("relay_key")
    if not token and not key:
        raise SettingsError("KRATT_RELAY_AUTH_TOKEN: telephone calls need it, or KRATT_RELAY_KEY")
    return CarrierAccess(parts.public_url, path, token, key)


def _vosk_websocket(settings: Settings, parts: GatewayParts, turns: OutsideTurns, _: Content) -> APIRouter:
    address = Address(settings.vosk_host or settings.host, settings.vosk_port, parts.public_url)
    return build_vosk(VoskServer(turns, parts.ears, address))


def _wyoming(settings: Settings, parts: GatewayParts, turns: OutsideTurns, _: Content) -> APIRouter:
    info = describe(parts.speech.languages(), parts.version["kratt"], parts.public_url)
    service = Service(turns, parts.ears, parts.answer_turn.speak, info)
    files = (settings.wyoming_certificate, settings.wyoming_key, settings.wyoming_clients)
    tls = tls_context(*files) if all(files) else None
    satellites = Satellites(
        read_registry(settings.wyoming_satellites), Ground(turns, parts.ears, parts.answer_turn.speak, Arbitration())
    )
    return build_wyoming(service, WyomingAddress(settings.wyoming_host, settings.wyoming_port, tls), satellites)


BUILDS: Mapping[str, Build] = {
    "rasa_channels": _rasa_channels,
    "alexa": _alexa,
    "conversation_relay": _conversation_relay,
    "media_streams": _media_streams,
    "vosk_websocket": _vosk_websocket,
    "wyoming": _wyoming,
}
