"""A citizen's account at a voice assistant of somebody else's becomes a speaker of theirs (docs/adr/0039)."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field

from assistant.core.account_links import AccountLinks, Consent, Tokens
from assistant.core.devices import Device, Devices
from assistant.core.errors import UnknownDevice, WrongCode
from assistant.core.ports import Session
from assistant.pipeline.recent import Recent
from assistant.pipeline.take_turn import Caller

PAUSE_SECONDS = 30.0
"""Whoever wakes it after so long may be somebody else, as with a satellite (docs/adr/0028)."""


@dataclass(frozen=True)
class LinkAccount:
    """Consents become speakers, locked as any new one is; what their citizen unlinks is linked no more."""

    links: AccountLinks
    devices: Devices
    name: str
    """What the speaker is called at first."""
    spoke_at: Recent[float] = field(default_factory=Recent)
    """When each device last spoke for its citizen, in seconds of the machine's clock."""

    async def consent(self, consent: Consent) -> str:
        """The code that the account's side gets."""
        return await self.links.note(consent)

    async def exchange(self, code: str, redirect_uri: str, code_verifier: str) -> Tokens:
        """The tokens for a code, once, for whoever began.

        Raises:
            WrongCode: there is no such code, or not for this address or verifier.
            TooManyGuesses, Busy: no speaker can be linked now.
        """
        consent = await self.links.take(code)
        if consent.redirect_uri != redirect_uri or not _proves(code_verifier, consent.code_challenge):
            raise WrongCode
        person = consent.person
        _, device_token, pairing_code = await self.devices.register()
        owner = Session("", "", person.subject, person.given_name, person.assurance)
        await self.devices.link(pairing_code, self.name, owner)
        return await self.links.add(code, device_token)

    async def refresh(self, refresh_token: str) -> Tokens:
        """Other tokens, as long as the speaker is linked.

        Raises:
            WrongCode: it is not, or there is no such token.
        """
        tokens = await self.links.refresh(refresh_token)
        if await self._device(tokens.access_token) is None:
            raise WrongCode
        return tokens

    async def caller(self, access_token: str, *, is_woken: bool) -> Caller | None:
        """Whose turn it is; None if the account is linked no more."""
        found = await self._device(access_token)
        if found is None:
            return None
        device_token, device = found
        spoke_at, now = self.spoke_at.of(device.device_id), time.monotonic()
        is_another = is_woken and spoke_at is not None and now - spoke_at > PAUSE_SECONDS
        device = await self.devices.begin_turn(device_token, relock=is_another)
        self.spoke_at.note(device.device_id, now if device.session.subject else None)
        return Caller(device.session, device.channel, device.device_id)

    async def _device(self, access_token: str) -> tuple[str, Device] | None:
        device_token = await self.links.device_of(access_token)
        if device_token is None:
            return None
        try:
            device = await self.devices.find(device_token)
        except UnknownDevice:
            device = None
        if device is None or device.subject is None:
            await self.links.end(access_token)
            return None
        return device_token, device


def _proves(code_verifier: str, code_challenge: str) -> bool:
    """RFC 7636, section 4.6, by S256."""
    digest = hashlib.sha256(code_verifier.encode(errors="surrogatepass")).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(made, code_challenge.encode(errors="surrogatepass"))
