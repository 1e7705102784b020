"""How citizens' accounts at Alexa are linked, if they are."""

from assistant.bootstrap.stores import Stores
from assistant.core.errors import SettingsError
from assistant.gateway.parts import Linking
from assistant.pipeline.link_account import LinkAccount
from assistant.setting_values import names_in
from assistant.settings import Settings

NAME = "Alexa"
SHORTEST_SECRET = 32


def linking_of(settings: Settings, stores: Stores) -> Linking | None:
    """None without a secret.

    Raises:
        SettingsError: the secret is short, or there is no address, or one that is not encrypted.
    """
    secret, addresses = settings.given_secret("alexa_link_secret"), frozenset(names_in(settings.alexa_link_addresses))
    if not secret:
        return None
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"KRATT_ALEXA_LINK_SECRET: needs at least {SHORTEST_SECRET} characters")
    if not addresses or not all(each.startswith("https://") for each in addresses):
        raise SettingsError("KRATT_ALEXA_LINK_ADDRESSES: needs the addresses of the console, which begin with https://")
    return Linking(LinkAccount(stores.account_links, stores.devices, NAME), addresses, secret)
