"""The authentication request that a client sends to TARA (TechnicalSpecification 1.21, section 4.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

_SCOPES = {"openid", "idcard", "mid", "smartid", "eidas", "eidasonly", "email", "phone"}
_COUNTRY_SCOPE = "eidas:country:"
_ASSURANCE_LEVELS = {"low", "substantial", "high"}
_SHORTEST_STATE = 8


@dataclass(frozen=True)
class AuthenticationRequest:
    """A request whose client and return address are known; only such a one may be answered by a redirect."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    scope: str
    response_type: str
    acr_values: str
    ui_locales: str

    @property
    def fault(self) -> str | None:
        """The OIDC error code of what is wrong with the request, None if nothing is."""
        scopes = self.scope.split(" ")
        if self.response_type != "code":
            return "unsupported_response_type"
        if "openid" not in scopes or not all(scope in _SCOPES or scope.startswith(_COUNTRY_SCOPE) for scope in scopes):
            return "invalid_scope"
        # TARA lets the nonce be absent. It has no PKCE, so a client that forgets the nonce has to notice it here.
        if len(self.state) < _SHORTEST_STATE or not self.nonce or self.acr_values not in _ASSURANCE_LEVELS:
            return "invalid_request"
        return None

    def answer_url(self, **answer: str) -> str:
        """Where the citizen's browser goes with the answer."""
        separator = "&" if "?" in self.redirect_uri else "?"
        return self.redirect_uri + separator + urlencode(answer | {"state": self.state})

    def fields(self) -> dict[str, str]:
        """The parameters by name, for the page that posts them back."""
        return dict(vars(self))


@dataclass(frozen=True)
class Client:
    """The one client that is registered."""

    client_id: str
    client_secret: str
    redirect_uris: frozenset[str]

    def read_request(self, parameters: Iterable[tuple[str, str]]) -> AuthenticationRequest | None:
        """The request, None if it is not this client's own; parameters that TARA does not know are ignored."""
        pairs = list(parameters)
        values = dict(pairs)
        if len(values) != len(pairs):  # a parameter given twice means two things
            return None
        request = AuthenticationRequest(
            client_id=values.get("client_id", ""),
            redirect_uri=values.get("redirect_uri", ""),
            state=values.get("state", ""),
            nonce=values.get("nonce", ""),
            scope=values.get("scope", ""),
            response_type=values.get("response_type", ""),
            acr_values=values.get("acr_values", "substantial"),
            ui_locales=values.get("ui_locales", "et"),
        )
        is_ours = request.client_id == self.client_id and request.redirect_uri in self.redirect_uris
        return request if is_ours else None
