"""How a carrier shows that it is ours."""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

SIGNATURE_HEADER = "x-twilio-signature"
KEY_PARAMETER = "key"
_DEFAULT_PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True)
class Access:
    """Twilio signs its handshake with `auth_token`; who signs nothing sends `key` as a parameter of the call.

    What is empty lets nobody in.
    """

    public_url: str
    path: str
    auth_token: str = ""
    key: str = ""

    def is_signed(self, connection: HTTPConnection) -> bool:
        """Whether the handshake has Twilio's signature of our address (Twilio, "Security", validating requests)."""
        given = connection.headers.get(SIGNATURE_HEADER, "").encode()
        query = connection.scope["query_string"].decode("latin-1")
        signed = [_signature(self.auth_token, address) for address in self._addresses(query)]
        return bool(self.auth_token) and any(hmac.compare_digest(given, each) for each in signed)

    def has_key(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the call brings the key among its parameters."""
        given = parameters.get(KEY_PARAMETER)
        matches = hmac.compare_digest(str(given).encode(errors="replace"), self.key.encode())
        return bool(self.key) and isinstance(given, str) and matches

    def _addresses(self, query: str) -> Iterator[str]:
        """Our address in all ways of writing that Twilio is known to sign: with the port or a slash at the end, or not.

        It is the setting's, never the request's, which a proxy or the caller may have changed.
        """
        public = urlsplit(self.public_url)
        scheme = "wss" if public.scheme == "https" else "ws"
        hosts = [public.netloc] if public.port else [public.netloc, f"{public.netloc}:{_DEFAULT_PORTS[scheme]}"]
        for host in hosts:
            for slash in ("", "/"):
                yield f"{scheme}://{host}{public.path.rstrip('/')}{self.path}{slash}{'?' if query else ''}{query}"


def _signature(auth_token: str, address: str) -> bytes:
    return base64.b64encode(hmac.new(auth_token.encode(), address.encode(), hashlib.sha1).digest())
