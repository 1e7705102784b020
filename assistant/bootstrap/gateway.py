"""The gateway's process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain
from typing import Protocol

from fastapi import FastAPI

from assistant import __version__
from assistant.adapters.actions_data import ActionsData
from assistant.adapters.json_logs import configure_logs
from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.adapters.process_health import ProcessHealth
from assistant.adapters.prometheus_metrics import PrometheusMetrics
from assistant.adapters.smart_id_linking import SmartIdLinking
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.speech_models import models_in
from assistant.adapters.tara_login import TaraLogin
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.bootstrap import LOGIN_CALLBACK
from assistant.bootstrap.connectors import connectors_of
from assistant.bootstrap.desk import build_desk
from assistant.bootstrap.desk_webhook import desk_webhook_of
from assistant.bootstrap.engines import build_engines
from assistant.bootstrap.phones import smart_id_of
from assistant.bootstrap.stores import Store, Stores, build_stores
from assistant.bootstrap.voices import voice_of
from assistant.content.notices import FILE as NOTICES
from assistant.content.notices import NoticeBoard
from assistant.content.project import Content, read_content
from assistant.content.pronunciations import read_wording
from assistant.core.errors import KrattError, ServiceUnavailable
from assistant.core.languages import Language
from assistant.core.ports import Counted, Dialogue
from assistant.database import SqlDatabase
from assistant.gateway.app import Lifespan, create_app
from assistant.gateway.parts import Check, GatewayParts, Limits
from assistant.gateway.repeats import Repeats
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.link_app import LinkApp
from assistant.pipeline.listen import Listen
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.present import Responses
from assistant.pipeline.speaking import Speak
from assistant.pipeline.tell_editors import TellEditors
from assistant.production import settings_fit_to_serve
from assistant.settings import Settings

PURGE_SECONDS = 60.0
"""How often what has expired is deleted, whether anybody comes or not."""

_log = logging.getLogger("kratt.gateway")


def create() -> FastAPI:
    """The process that citizens' devices talk to."""
    settings = settings_fit_to_serve()
    configure_logs()
    content, sounds, speech = read_content(settings.content), SoundFiles(settings.speech_seconds), _speech(settings)
    database, (actions, acts) = SqlDatabase(settings.database_url, "KRATT_DATABASE"), _actions(settings)
    stores, smart_id, rate_limiter = build_stores(settings, database), smart_id_of(settings), _rate_limiter(settings)
    voice, dialogue = voice_of(settings, content), build_engines(settings, stores.publishing, database)
    tara, repeats, metrics, responses = _tara_login(settings), Repeats(), PrometheusMetrics(), content.plain_responses()
    desk_parts, talking, talks = build_desk(settings, stores.desk, dialogue, responses)
    answer_turn = _answer_turn(settings, Listen(sounds, speech), talking, Speak(voice), responses, metrics)
    tell_editors = _tell_editors(stores, content)
    memories = (voice.forget, answer_turn.expectations.forget, repeats.forget, tell_editors.before.forget, *talks)
    parts = GatewayParts(
        answer_turn=answer_turn,
        sessions=stores.sessions,
        devices=stores.devices,
        own_screens=stores.own_screens,
        hand_overs=stores.hand_overs,
        identity=tara,
        link_app=LinkApp(SmartIdLinking(smart_id), stores.apps, responses),
        speech=speech,
        sound_intake=SpeechSound,
        voice_activity=WebRtcVoice,
        responses=responses,
        words=content.page,
        limits=Limits(settings.text_characters, settings.speech_seconds),
        default_language=settings.default_language,
        public_url=settings.gateway_url,
        checks=_checks(
            engine=dialogue, actions=actions, recogniser=speech, voice=voice, login=tara, database=stores.sessions
        ),
        version={"kratt": __version__},
        metrics=metrics.exposition,
        metrics_token=settings.secret("metrics_token"),
        rate_limiter=rate_limiter,
        own_data=OwnData({**stores.kept, "dialogues": dialogue, "acts": acts}, memories),
        granted_logins=stores.granted_logins,
        feedback=stores.feedback,
        rate_model=dialogue.rate,
        notices=NoticeBoard(settings.content / "common" / NOTICES),
        repeats=repeats,
        embedders=settings.embedders - {settings.gateway_url},
        desk=desk_parts,
        tell_editors=tell_editors if settings.console_editors else None,
        uploads=asyncio.Semaphore(settings.speech_streams),
    )
    connections = (database, *stores.connections, tara, smart_id, actions, acts, dialogue, voice, rate_limiter)
    routers = (*connectors_of(settings, parts, content), *desk_webhook_of(settings, database))
    return create_app(parts, _lifespan(stores, connections, (speech, sounds)), routers)


def _tell_editors(stores: Stores, content: Content) -> TellEditors:
    harmless = frozenset(chain.from_iterable(content.values().values()))
    return TellEditors(stores.inbox, stores.turn_counts, harmless)


def _speech(settings: Settings) -> VoskSpeech:
    wordings = {Language.EN: read_wording(settings.content).words}
    return VoskSpeech(models_in(settings.models / "speech"), settings.speech_streams, wordings=wordings)


def _actions(settings: Settings) -> tuple[ProcessHealth, ActionsData]:
    url = settings.process_url("actions")
    return ProcessHealth(f"{url}/healthz"), ActionsData(url, settings.secret("actions_token"))


class _Checked(Protocol):
    async def check(self) -> object: ...


def _checks(**parts: _Checked) -> dict[str, Check]:
    return {name: part.check for name, part in parts.items()}


def _answer_turn(
    settings: Settings,
    listen: Listen,
    dialogue: Dialogue,
    speak: Speak,
    responses: Responses,
    metrics: PrometheusMetrics,
) -> AnswerTurn:
    return AnswerTurn(
        listen=listen,
        dialogue=dialogue,
        speak=speak,
        signer=JwtTurnSigner(settings.secret("turn_secret")),
        responses=responses,
        turn_seconds=settings.turn_seconds,
        text_characters=settings.text_characters,
        metrics=metrics,
    )


def _rate_limiter(settings: Settings) -> LimitsRateLimiter:
    per_minute = {
        Counted.TURN_OF_ADDRESS: settings.address_turns_per_minute,
        Counted.TURN_OF_DEVICE: settings.turns_per_minute,
        Counted.TURN_OF_PERSON: settings.turns_per_minute,
        Counted.LOGIN_OF_ADDRESS: settings.address_logins_per_minute,
    }
    return LimitsRateLimiter(per_minute, settings.secret("turn_secret"), settings.rate_limit_redis)


class _Connections(Protocol):
    async def close(self) -> None: ...


class _Threads(Protocol):
    def close(self) -> None: ...


def _lifespan(stores: Iterable[Store], connections: Sequence[_Connections], threads: Sequence[_Threads]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            for part in connections:
                opened.push_async_callback(part.close)
            for pool in threads:
                opened.callback(pool.close)
            try:
                for store in stores:
                    await store.open()
            except KrattError as error:  # uvicorn writes a traceback, of which JSON lines keep no words
                _log.critical("the gateway cannot start", extra={"facts": {"code": error.code, "detail": error.detail}})
                raise
            purge = asyncio.create_task(_purge_for_ever(stores))
            opened.callback(purge.cancel)
            yield

    return lifespan


async def _purge_for_ever(stores: Iterable[Store]) -> None:
    while True:
        await asyncio.sleep(PURGE_SECONDS)
        try:
            for store in stores:
                await store.purge()
        except ServiceUnavailable as error:
            _log.error("what has expired was not deleted", extra={"facts": {"detail": error.detail}})


def _tara_login(settings: Settings) -> TaraLogin:
    return TaraLogin(
        settings.tara_url or settings.process_url("sandbox"),
        settings.tara_client_id,
        settings.secret("tara_client_secret"),
        settings.gateway_url + LOGIN_CALLBACK,
        authorities=settings.tara_tls_ca,
    )
