"""The login service, as those who log in there come back from it."""

from assistant.adapters.tara_login import TaraLogin
from assistant.bootstrap import CONSOLE_CALLBACK, LOGIN_CALLBACK
from assistant.settings import Settings


def citizens_login(settings: Settings) -> TaraLogin:
    """The one that citizens come back from to the gateway."""
    return _tara(settings, settings.gateway_url + LOGIN_CALLBACK)


def editors_login(settings: Settings) -> TaraLogin:
    """The one that editors come back from to the console."""
    return _tara(settings, settings.console_address + CONSOLE_CALLBACK)


def _tara(settings: Settings, return_address: str) -> TaraLogin:
    return TaraLogin(
        settings.tara_url or settings.process_url("sandbox"),
        settings.tara_client_id,
        settings.secret("tara_client_secret"),
        return_address,
        authorities=settings.tara_tls_ca,
    )
