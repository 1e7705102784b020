"""ACSP_V2, the protocol that Smart-ID signs by, and the codes around it (RP API 3.2: signature_protocols.html)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode

PROTOCOL = "ACSP_V2"
_LINK_VERSION = "1.0"


@dataclass(frozen=True)
class Challenge:
    """What we asked for, and what is signed of it.

    `scheme` is `smart-id`, or `smart-id-demo` at the demo service. `challenge` and `interactions` are texts in base64,
    exactly as they were sent. `callback_url` is empty unless the app and the page are on the same device. `brokered`
    names for whom we ask, if not for ourselves.
    """

    scheme: str
    name: str
    challenge: str
    interactions: str
    callback_url: str = ""
    brokered: str = ""


@dataclass(frozen=True)
class Signed:
    """What the other side adds to it."""

    server_random: str
    user_challenge: str
    interaction: str
    flow: str


def payload(asked: Challenge, signed: Signed) -> bytes:
    """What the signature is over."""
    digest = hashlib.sha256(asked.interactions.encode()).digest()
    parts = (
        asked.scheme,
        PROTOCOL,
        signed.server_random,
        asked.challenge,
        signed.user_challenge,
        _base64(asked.name),
        _base64(asked.brokered),
        base64.b64encode(digest).decode(),
        signed.interaction,
        asked.callback_url,
        signed.flow,
    )
    return "|".join(parts).encode()


def verification_code(challenge: bytes) -> str:
    """The code that is compared with the one on the phone (notification_based_flows.html)."""
    return f"{int.from_bytes(hashlib.sha256(challenge).digest()[-2:]) % 10000:04d}"


def auth_code(asked: Challenge, unprotected_link: str, session_secret: str) -> str:
    """What proves to the app that a link is ours (authcode.html)."""
    parts = (
        asked.scheme,
        PROTOCOL,
        asked.challenge,
        _base64(asked.name),
        _base64(asked.brokered),
        asked.interactions,
        asked.callback_url,
        unprotected_link,
    )
    code = hmac.digest(base64.b64decode(session_secret), "|".join(parts).encode(), "sha256")
    return _url_base64(code)


def device_link(base: str, token: str, kind: str, language: str, elapsed_seconds: int | None = None) -> str:
    """A link without its `authCode` (authcode.html, whose order of parameters this is).

    `kind` is QR, Web2App or App2App; only a QR code tells its age.
    """
    age = {} if elapsed_seconds is None else {"elapsedSeconds": elapsed_seconds}
    parameters = {"deviceLinkType": kind, **age, "sessionToken": token, "sessionType": "auth"}
    return f"{base}?{urlencode({**parameters, 'version': _LINK_VERSION, 'lang': language})}"


def session_secret_digest(session_secret: str) -> str:
    """What a callback proves by that it belongs to a session (callback_urls.html)."""
    return _url_base64(hashlib.sha256(base64.b64decode(session_secret)).digest())


def user_challenge(verifier: str) -> str:
    """The challenge that was signed for the verifier of a callback."""
    return _url_base64(hashlib.sha256(verifier.encode()).digest())


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _url_base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
