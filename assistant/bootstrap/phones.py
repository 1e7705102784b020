"""The services that reach citizens' own phones, for the processes that ask them."""

from datetime import UTC, datetime

from assistant.adapters.citizen_certificate import Authorities
from assistant.adapters.mobile_id import MobileId
from assistant.adapters.phone_service import PhoneService, RelyingParty
from assistant.adapters.revocation import Revocation
from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import VerifyAnswer
from assistant.settings import Settings


def mobile_id_of(settings: Settings) -> MobileId:
    """A client of Mobile-ID."""
    service = PhoneService(
        settings.mobile_id_url or f"{settings.process_url('sandbox')}/mid-api", settings.phone_tls_ca
    )
    party = RelyingParty(settings.mobile_id_uuid, settings.mobile_id_name)
    revocation = _revocation(settings, is_sandbox=not settings.mobile_id_url)
    return MobileId(service, party, _authorities(settings), _now, revocation)


def smart_id_of(settings: Settings) -> SmartId:
    """A client of Smart-ID."""
    service = PhoneService(
        settings.smart_id_url or f"{settings.process_url('sandbox')}/smart-id-rp/v3", settings.phone_tls_ca
    )
    party = RelyingParty(settings.smart_id_uuid, settings.smart_id_name)
    revocation = _revocation(settings, is_sandbox=not settings.smart_id_url)
    return SmartId(service, party, settings.smart_id_scheme, VerifyAnswer(_authorities(settings), _now), revocation)


def _revocation(settings: Settings, *, is_sandbox: bool) -> Revocation:
    # Real certificates name their responder; the sandbox has one for its own.
    url = settings.ocsp_url or (f"{settings.process_url('sandbox')}/ocsp" if is_sandbox else "")
    return Revocation(_authorities(settings), _now, url)


def _authorities(settings: Settings) -> Authorities:
    return Authorities(settings.phone_authorities_file)


def _now() -> datetime:
    return datetime.now(UTC)
