"""Signatures are Twilio's, of our own address."""

import pytest
from starlette.requests import HTTPConnection

from connectors.carriers.access import Access
from connectors.conversation_relay import PATH
from connectors.conversation_relay.frames import Setup
from tests.relay import AUTH_TOKEN, PUBLIC_URL, SETUP, signature_of

pytestmark = pytest.mark.unit

MADE_BY_TWILIO = {  # RequestValidator(AUTH_TOKEN).compute_signature(address, {}) of twilio 9.13.0
    "wss://kratt.example.ee/conversation-relay": "IVJT0+dDABT5XK2+v/vsi2UPiMI=",
    "wss://kratt.example.ee/conversation-relay/": "/ZN6QiImfIRWUHPhmC+rX25GQyY=",
    "wss://kratt.example.ee:443/conversation-relay": "VsjnQGfSBr4SgH+B0fVdpxpBY3E=",
    "wss://kratt.example.ee/conversation-relay?a=b": "W0z3a7gdbjjGqhnjeBqHxStZWyA=",
}


def handshake(signature: str | None, query: str = "", host: str = "kratt.example.ee") -> HTTPConnection:
    headers = [(b"host", host.encode())]
    if signature is not None:
        headers.append((b"x-twilio-signature", signature.encode()))
    return HTTPConnection(
        {"type": "websocket", "path": "/conversation-relay", "query_string": query.encode(), "headers": headers}
    )


@pytest.mark.parametrize("address", MADE_BY_TWILIO)
def test_signature_when_made_by_twilios_library_then_is_believed(address: str) -> None:
    signature = MADE_BY_TWILIO[address]
    assert signature == signature_of(address)
    assert Access(PUBLIC_URL, PATH, AUTH_TOKEN).is_signed(handshake(signature, address.partition("?")[2]))


@pytest.mark.parametrize(
    ("signature", "query"),
    [
        (None, ""),
        ("", ""),
        ("IVJT0+dDABT5XK2+v/vsi2UPiMI", ""),
        (MADE_BY_TWILIO["wss://kratt.example.ee/conversation-relay"], "a=b"),
        (MADE_BY_TWILIO["wss://kratt.example.ee/conversation-relay?a=b"], ""),
        (MADE_BY_TWILIO["wss://kratt.example.ee/conversation-relay?a=b"], "a=c"),
        (signature_of("wss://evil.example/conversation-relay"), ""),
        (signature_of("https://kratt.example.ee/conversation-relay"), ""),
        (signature_of("wss://kratt.example.ee/conversation-relay", "another token"), ""),
        (signature_of("wss://kratt.example.ee/conversation-relay", ""), ""),
        ("\xe9", ""),
    ],
)
def test_signature_when_of_something_else_then_is_not_believed(signature: str | None, query: str) -> None:
    assert not Access(PUBLIC_URL, PATH, AUTH_TOKEN).is_signed(handshake(signature, query, "evil.example"))


def test_signature_when_no_token_is_set_then_none_is_believed() -> None:
    assert not Access(PUBLIC_URL, PATH, key="key").is_signed(handshake(signature_of(SIGNED_WITH_NOTHING, "")))


SIGNED_WITH_NOTHING = "wss://kratt.example.ee/conversation-relay"


@pytest.mark.parametrize(
    ("key", "parameters", "is_let_in"),
    [
        ("key", {"key": "key"}, True),
        ("key", {"key": "other"}, False),
        ("key", {}, False),
        ("", {"key": ""}, False),
        ("", {}, False),
        ("None", {"key": None}, False),
        ("1", {"key": 1}, False),
        ("key", {"key": "\ud800"}, False),
    ],
)
def test_key_when_brought_then_has_to_be_the_one_that_is_set(
    key: str, parameters: dict[str, object], is_let_in: bool
) -> None:
    setup = Setup.model_validate({**SETUP, "customParameters": parameters})
    assert Access(PUBLIC_URL, PATH, key=key).has_key(setup.custom_parameters) is is_let_in
