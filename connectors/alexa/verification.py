"""Whether a request comes from Alexa, for one of our skills, now and for the first time.

The order is Amazon's (ASK, "Host a Custom Skill as a Web Service"): nothing of the body is read before its signature is
checked.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import ValidationError

from assistant.core.errors import NotAllowed
from connectors.alexa.chain_address import chain_address
from connectors.alexa.chains import Chains
from connectors.alexa.envelope import Envelope
from connectors.alexa.replays import Replays

CHAIN_HEADER, SIGNATURE_HEADER = "signaturecertchainurl", "signature-256"
LATEST = timedelta(seconds=150)
LATEST_EVENT = timedelta(hours=1)
"""Amazon sends an event of a skill again until it is taken."""
LATE_EVENTS = frozenset({
    "AlexaSkillEvent.SkillEnabled",
    "AlexaSkillEvent.SkillDisabled",
    "AlexaSkillEvent.SkillPermissionChanged",
    "AlexaSkillEvent.SkillPermissionAccepted",
    "AlexaSkillEvent.SkillAccountLinked",
})  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class VerifyRequest:
    """Lets in what is Alexa's and for a skill of `skill_ids`."""

    chains: Chains
    skill_ids: frozenset[str]
    clock: Callable[[], datetime] = _now
    replays: Replays = field(default_factory=Replays)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> Envelope:
        """The request; `headers` by their names in lower case.

        Raises:
            NotAllowed: it is not from Alexa, not for us, not of now, or was taken before; the message names the check.
        """
        now = self.clock()
        address, signature = headers.get(CHAIN_HEADER), headers.get(SIGNATURE_HEADER)
        if not address or not signature:
            raise NotAllowed("headers")
        key = await self.chains.key_of(chain_address(address), now)
        _check_signature(key, signature, body)
        try:
            envelope = Envelope.model_validate_json(body)
        except ValidationError:
            raise NotAllowed("form") from None  # pydantic's message quotes what was said
        request = envelope.request
        latest = LATEST_EVENT if request.type in LATE_EVENTS else LATEST
        if abs(now - request.timestamp) > latest:
            raise NotAllowed("time stamp")
        if not envelope.application_ids or not envelope.application_ids <= self.skill_ids:
            raise NotAllowed("skill id")
        if not self.replays.is_first(request.request_id, request.timestamp + latest, now):
            raise NotAllowed("replay")
        return envelope


def _check_signature(key: RSAPublicKey, signature: str, body: bytes) -> None:
    try:
        key.verify(base64.b64decode(signature, validate=True), body, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        raise NotAllowed("signature") from None
