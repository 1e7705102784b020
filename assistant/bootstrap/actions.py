"""The action server's process."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI

from actions.citizen_data import CitizenData, build_citizen_router
from actions.comings_and_goings import ComingsAndGoings
from actions.confirmed_acts import ConfirmedActs
from actions.consents import Consents
from actions.dialogue.fact_cache import FactCache
from actions.dialogue.flow import ServiceFlow
from actions.news import ComposeNotice, News
from actions.permission import RecordedPermission
from actions.phone.confirm_on_phone import ConfirmOnPhone
from actions.phone.questions import PhoneQuestions
from actions.record.access_record import AccessRecord
from actions.record.find_usage import build_usage_router
from actions.record.memory_api import build_memory_router
from actions.record.provider import Callers
from actions.record.receipts import Receipts
from actions.record.restrictions import Restrictions
from actions.record.restrictions_api import build_restrictions_router
from actions.record.speakers_api import build_speakers_router
from actions.register_reading import RegisterReader
from actions.server import Parts, Secrets, create_app
from actions.standing import Standings
from actions.unfamiliar_browsers import TellOfBrowsers
from actions.writing.follow_ups import FollowUps
from actions.writing.journal import WriteJournal
from actions.writing.notices import Outbox
from actions.writing.rounds import Round, in_background
from actions.writing.send_notices import SendNotices
from actions.writing.submit_once import SubmitOnce
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId
from actions.xroad.preflight import Preflight, endpoints_of
from actions.xroad.tls import mutual_tls
from assistant.adapters.json_logs import configure_logs
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.adapters.sql_logins import SqlLogins
from assistant.bootstrap.phones import mobile_id_of, smart_id_of
from assistant.content.own_responses import PHONE_TEXT, PURPOSE_PREFIX, PURPOSES
from assistant.content.project import read_common_responses
from assistant.content.service_spec import Service, read_services, read_terms
from assistant.content.spec import Terms
from assistant.core.languages import Language
from assistant.database import SqlDatabase
from assistant.production import settings_fit_to_serve
from assistant.settings import Settings

ROUND_SECONDS = 1.0
FORGETTING_SECONDS = 3600.0


def create() -> FastAPI:
    """The process that calls government services."""
    settings = settings_fit_to_serve()
    configure_logs()
    return build(settings)


def build(settings: Settings, services: Sequence[Service] | None = None, xroad: XRoadClient | None = None) -> FastAPI:
    """The action server of these settings; `services` and `xroad` are the seam for tests."""
    known = {each.service: each for each in services or read_services(settings.content)}
    parts = _parts(settings, known, xroad or _xroad(settings))
    return create_app(parts, Secrets(settings.secret("turn_secret"), settings.secret("actions_token")))


def _parts(settings: Settings, services: Mapping[str, Service], xroad: XRoadClient) -> Parts:
    own = ClientId.parse(settings.xroad_client)
    database = SqlDatabase(settings.record_database_url, "KRATT_RECORD_DATABASE", "FULL")
    responses = read_common_responses(settings.content)
    record, restrictions, outbox = AccessRecord(database), Restrictions(database, own), Outbox(database)
    journal = WriteJournal(database, ComposeNotice(services, responses))
    follow_ups = FollowUps(journal, xroad, settings.follow_up_hours)
    notices = SendNotices(outbox, xroad, ServiceId.parse(settings.mailbox), settings.follow_up_hours)
    standings = Standings(xroad, ServiceId.parse(settings.population_register))
    permission = RecordedPermission(restrictions, record, standings)
    consents = Consents(xroad, ServiceId.parse(settings.consent_service), settings.gateway_url)
    gateways = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    mobile_id, smart_id = mobile_id_of(settings), smart_id_of(settings)
    questions = PhoneQuestions(database, settings.phone_questions)
    apps = SqlLinkedApps(gateways, settings.secret("data_key"))
    logins = SqlLogins(gateways, settings.secret("data_key"), settings.login_years)
    of_browsers = TellOfBrowsers(logins, outbox, responses)
    on_phone = ConfirmOnPhone(mobile_id, smart_id, apps, questions, responses[PHONE_TEXT])
    writer = ConfirmedActs(permission, SubmitOnce(journal, xroad), on_phone)
    preflight = Preflight(xroad, endpoints_of(services.values()))
    cache = FactCache()
    data, receipts = CitizenData(record, restrictions, journal, outbox, questions, cache), Receipts(database)
    devices = SqlDevices(gateways, settings.speaker_idle_seconds, settings.secret("data_key"))
    forget = _forgetting(settings.writes_kept_days, (journal, outbox, receipts), questions)

    @asynccontextmanager
    async def lifetime() -> AsyncIterator[None]:
        for each in (record, restrictions, journal, outbox, questions, receipts, devices, apps, logins):
            await each.open()
        rounds: tuple[Round, ...] = (follow_ups.take_round, notices.take_round)
        try:
            told = ((of_browsers.take_round,), ROUND_SECONDS)
            loops = ((rounds, ROUND_SECONDS), told, ((forget,), FORGETTING_SECONDS))
            async with preflight.running(), in_background(*loops):
                yield
        finally:
            for connection in (xroad, mobile_id, smart_id, database, gateways):
                await connection.close()

    return Parts(
        services=tuple(services.values()),
        terms={**read_terms(settings.content), **_purposes(responses)},
        flow=ServiceFlow(RegisterReader(xroad, permission, consents), writer, cache),
        news=News(services, follow_ups),
        lifetime=lifetime,
        own_services=_own_services(settings, services, data, receipts, devices, responses),
        preflight=preflight,
        for_gateway=build_citizen_router(data, ComingsAndGoings(record, standings, f"{settings.xroad_client}/memory")),
    )


def _forgetting(days: float, stores: Sequence[WriteJournal | Outbox | Receipts], questions: PhoneQuestions) -> Round:
    """Deletes what has served its purpose."""

    async def forget() -> None:
        for store in stores:
            await store.forget(days)
        await questions.forget()

    return forget


def _own_services(
    settings: Settings,
    services: Mapping[str, Service],
    data: CitizenData,
    receipts: Receipts,
    devices: SqlDevices,
    responses: Mapping[str, Mapping[Language, str]],
) -> tuple[APIRouter, ...]:
    callers = partial(Callers, networks=settings.networks("xroad_networks"))
    ourselves = callers(frozenset({settings.xroad_client}))
    return (
        build_usage_router(
            data.record,
            services,
            callers(frozenset({settings.data_tracker, settings.xroad_client})),
            _purposes(responses),
        ),
        build_restrictions_router(data.restrictions, ourselves),
        build_memory_router(data, receipts, ourselves),
        build_speakers_router(devices, receipts, ourselves),
    )


def _purposes(responses: Mapping[str, Mapping[Language, str]]) -> Terms:
    """What was done with somebody's data that no service did, in words."""
    return {purpose: responses[f"{PURPOSE_PREFIX}{purpose}"] for purpose in PURPOSES}


def _xroad(settings: Settings) -> XRoadClient:
    files = (settings.xroad_certificate, settings.xroad_key, settings.xroad_ca)
    return XRoadClient(
        settings.xroad_url or settings.process_url("sandbox"),
        ClientId.parse(settings.xroad_client),
        tls=mutual_tls(*files) if all(files) else None,
        new_breaker=partial(Breaker, failures=settings.xroad_failures),
    )
