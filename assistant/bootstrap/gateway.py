"""The gateway's process."""

import asyncio
import logging
from itertools import chain

from fastapi import FastAPI

from assistant import __version__
from assistant.adapters.json_logs import configure_logs
from assistant.adapters.prometheus_metrics import PrometheusMetrics
from assistant.adapters.smart_id_linking import SmartIdLinking
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.bootstrap.connectors import connectors_of
from assistant.bootstrap.desk import build_desk
from assistant.bootstrap.desk_webhook import desk_webhook_of
from assistant.bootstrap.lifespan import Connection, lifespan_of
from assistant.bootstrap.linking import linking_of
from assistant.bootstrap.outside import Outside, build_outside
from assistant.bootstrap.stores import Stores, build_stores
from assistant.content.lock_words import read_lock_words
from assistant.content.notices import FILE as NOTICES
from assistant.content.notices import NoticeBoard
from assistant.content.project import Content, read_content
from assistant.core.ports import Dialogue
from assistant.database import SqlDatabase
from assistant.gateway.app import create_app
from assistant.gateway.parts import GatewayParts, Limits
from assistant.gateway.repeats import Repeats
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.follow_forms import FollowForms
from assistant.pipeline.follow_requests import FollowRequests
from assistant.pipeline.link_app import LinkApp
from assistant.pipeline.listen import Listen
from assistant.pipeline.living_only import LivingOnly
from assistant.pipeline.lock_out import WithLock
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.present import Responses
from assistant.pipeline.speaking import Speak
from assistant.pipeline.tell_editors import TellEditors
from assistant.production import settings_fit_to_serve
from assistant.settings import Settings

_log = logging.getLogger("kratt.gateway")


def create() -> FastAPI:
    """The process that citizens' devices talk to."""
    settings = settings_fit_to_serve()
    configure_logs()
    content, database = read_content(settings.content), SqlDatabase(settings.database_url, "KRATT_DATABASE")
    stores, repeats, metrics = build_stores(settings, database), Repeats(), PrometheusMetrics()
    outside, responses = build_outside(settings, content, stores, database), content.plain_responses()
    desk_parts, talking, talks = build_desk(settings, stores.desk, outside.dialogue, responses)
    answer_turn = _answer_turn(settings, outside, talking, responses, metrics)
    tell_editors = _tell_editors(stores, content)
    memories = (answer_turn.expectations.forget, repeats.forget, tell_editors.forget, *talks)
    parts = GatewayParts(
        answer_turn=answer_turn,
        sessions=stores.sessions,
        devices=stores.devices,
        own_screens=stores.own_screens,
        hand_overs=stores.hand_overs,
        identity=LivingOnly(outside.tara, outside.acts),
        logins=stores.logins,
        link_app=LinkApp(SmartIdLinking(outside.smart_id), stores.apps, responses),
        speech=outside.speech,
        sound_intake=SpeechSound,
        voice_activity=WebRtcVoice,
        responses=responses,
        words=content.page,
        limits=Limits(settings.text_characters, settings.speech_seconds),
        default_language=settings.default_language,
        public_url=settings.gateway_url,
        checks=outside.checks(stores),
        version={"kratt": __version__},
        metrics=metrics.exposition,
        metrics_token=settings.secret("metrics_token"),
        rate_limiter=outside.rate_limiter,
        own_data=OwnData(outside.kept(stores), (outside.voice.forget, *memories)),
        granted_logins=stores.granted_logins,
        calls=stores.calls,
        feedback=stores.feedback,
        rate_model=outside.dialogue.rate,
        notices=NoticeBoard(settings.content / "common" / NOTICES),
        repeats=repeats,
        embedders=settings.embedders - {settings.gateway_url},
        desk=desk_parts,
        tell_editors=tell_editors if settings.console_editors else None,
        lock_record=outside.acts,
        linking=linking_of(settings, stores),
        uploads=asyncio.Semaphore(settings.speech_streams),
    )
    connections: list[Connection] = [database, *stores.connections, *outside.connections]
    routers = (*connectors_of(settings, parts, content), *desk_webhook_of(settings, database))
    return create_app(parts, lifespan_of(tuple(stores), connections, outside.threads, _log), routers)


def _tell_editors(stores: Stores, content: Content) -> TellEditors:
    harmless = frozenset(chain.from_iterable(content.values().values()))
    services = frozenset(service.service for service in content.services)
    follow = FollowRequests(services, stores.request_counts)
    with_form = frozenset(service.service for service in content.services if service.inputs or service.writes)
    forms = FollowForms(with_form, stores.form_counts)
    return TellEditors(stores.inbox, stores.turn_counts, follow, forms, harmless)


def _answer_turn(
    settings: Settings, outside: Outside, dialogue: Dialogue, responses: Responses, metrics: PrometheusMetrics
) -> AnswerTurn:
    return AnswerTurn(
        listen=Listen(outside.sounds, outside.speech),
        dialogue=WithLock(dialogue, read_lock_words(settings.content), responses),
        speak=Speak(outside.voice),
        signer=JwtTurnSigner(settings.secret("turn_secret")),
        responses=responses,
        turn_seconds=settings.turn_seconds,
        text_characters=settings.text_characters,
        metrics=metrics,
    )
