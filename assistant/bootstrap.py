"""The one place where processes are put together: settings in, applications out; uvicorn calls a factory of these."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from actions.server import create_app as create_actions
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant import __version__
from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.json_logs import configure_logs
from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.speech_models import models_in
from assistant.adapters.sql_sessions import SqlSessions
from assistant.adapters.tara_login import TaraLogin
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.project import read_content
from assistant.content.service_spec import read_services, read_terms
from assistant.gateway.app import create_app as create_gateway
from assistant.gateway.parts import GatewayParts, Limits
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.listen import Listen
from assistant.sandbox.app import create_app as create_sandbox
from assistant.settings import Settings, read_settings

LOGIN_CALLBACK = "/v1/login/callback"


def gateway() -> FastAPI:
    """The process that citizens' devices talk to."""
    settings = read_settings()
    configure_logs("INFO")
    content = read_content(settings.content)
    sounds = SoundFiles(settings.speech_seconds)
    speech = VoskSpeech(models_in(settings.models / "speech"), settings.speech_streams)
    voice = EspeakVoice()
    dialogue = RasaDialogue(settings.process_url("engine"), settings.secret("engine_token"))
    sessions = SqlSessions(settings.database_url, settings.session_minutes * 60)
    tara = _tara_login(settings)
    phrases = content.phrases()
    parts = GatewayParts(
        answer_turn=AnswerTurn(
            listen=Listen(sounds, speech),
            dialogue=dialogue,
            voice=voice,
            signer=JwtTurnSigner(settings.secret("turn_secret")),
            phrases=phrases,
            turn_seconds=settings.turn_seconds,
            text_characters=settings.text_characters,
        ),
        sessions=sessions,
        identity=tara,
        speech=speech,
        phrases=phrases,
        words=content.page,
        limits=Limits(settings.text_characters, settings.speech_seconds),
        default_language=settings.default_language,
        public_url=settings.gateway_url,
        checks={"engine": dialogue.check, "voice": voice.check, "database": sessions.check},
        version={"kratt": __version__},
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            for part in (sessions, tara, dialogue, voice):
                opened.push_async_callback(part.close)
            for threads in (speech, sounds):
                opened.callback(threads.close)
            await sessions.open()
            yield

    return create_gateway(parts, lifespan)


def actions() -> FastAPI:
    """The process that calls government services."""
    settings = read_settings()
    configure_logs("INFO")
    return create_actions(
        services=read_services(settings.content),
        terms=read_terms(settings.content),
        xroad=XRoadClient(settings.xroad_url or settings.process_url("sandbox"), ClientId.parse(settings.xroad_client)),
        turn_secret=settings.secret("turn_secret"),
    )


def sandbox() -> FastAPI:
    """The simulated state, for development and tests."""
    settings = read_settings()
    configure_logs("INFO")
    return create_sandbox(
        issuer=settings.process_url("sandbox"),
        client_id=settings.tara_client_id,
        client_secret=settings.secret("tara_client_secret"),
        redirect_uris=frozenset({settings.gateway_url + LOGIN_CALLBACK}),
        xroad_client=settings.xroad_client,
    )


def _tara_login(settings: Settings) -> TaraLogin:
    return TaraLogin(
        settings.tara_url or settings.process_url("sandbox"),
        settings.tara_client_id,
        settings.secret("tara_client_secret"),
        settings.gateway_url + LOGIN_CALLBACK,
    )
