"""Asking a running Kratt over HTTP, as any client does."""

from typing import Any
from urllib.parse import parse_qsl

import httpx
from pydantic import ValidationError

from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.gateway.conversations import COOKIE
from assistant.gateway.wire import ReplyBody
from assistant.operate.kept_speaker import KeptSpeaker


class GatewayClient:
    """One conversation; the client's cookies carry it. `http` has the gateway's address as its base."""

    def __init__(self, http: httpx.Client, language: Language) -> None:
        self._http = http
        self._language = language

    def log_in(self, person: str) -> None:
        """Log a test person (`EE60001019906`) in, through the sandbox's login service.

        Raises:
            OperationFailed: Kratt is not running, or there is no such test person.
        """
        login = self._redirect(self._send("GET", "/v1/login", params={"language": self._language.value}))
        fields = dict(parse_qsl(login.query.decode())) | {"person": person}
        chosen = self._send("POST", str(login.copy_with(query=None)), data=fields)
        if not chosen.is_redirect:
            raise OperationFailed(f"the login service at {login.host}:{login.port} does not know this person")
        finished = self._send("GET", str(self._redirect(chosen)))
        if COOKIE not in finished.cookies:
            raise OperationFailed("the login did not succeed")

    def become(self, speaker: KeptSpeaker) -> str:
        """Speak as a speaker from now on; what it says first, which is its pairing code while it is linked to nobody.

        Raises:
            OperationFailed: Kratt is not running, or makes no more speakers known.
        """
        params = {"language": self._language.value}
        if speaker.token is not None:
            self._http.headers["Authorization"] = f"Bearer {speaker.token}"
            own = self._send("GET", "/v1/devices/own")
            if own.is_success and self._json(own)["is_linked"]:
                return ""
            if own.is_success:
                return str(self._json(self._send("POST", "/v1/devices/code", params=params))["say"])
        known = self._json(self._send("POST", "/v1/devices", params=params))
        speaker.keep(str(known["token"]))
        self._http.headers["Authorization"] = f"Bearer {known['token']}"
        return str(known["say"])

    def relock(self) -> None:
        """Lock the speaker that this client is, as one does that hears its wake word or another voice.

        Raises:
            OperationFailed: Kratt is not running, or does not know the speaker.
        """
        self._json(self._send("POST", "/v1/devices/lock"))

    def ask(self, text: str, *, speak: bool = False) -> ReplyBody:
        """The reply to a typed request.

        Raises:
            OperationFailed: Kratt is not running, or refused the request.
        """
        body = {"text": text, "language": self._language.value, "speak": speak}
        return self._reply(self._send("POST", "/v1/turns", json=body))

    def ask_aloud(self, recording: bytes, *, speak: bool = False) -> ReplyBody:
        """The reply to a WAV file.

        Raises:
            OperationFailed: as for a typed request.
        """
        params = {"language": self._language.value, "speak": str(speak).lower()}
        headers = {"Content-Type": "audio/wav"}
        return self._reply(self._send("POST", "/v1/turns/audio", params=params, content=recording, headers=headers))

    def _send(self, method: str, url: str, **content: Any) -> httpx.Response:
        try:
            return self._http.request(method, url, **content)
        except httpx.ConnectError:
            host = self._http.base_url.join(url).copy_with(path="/", query=None)
            raise OperationFailed(f"Kratt is not running at {host}: start it with `make run`") from None
        except httpx.TimeoutException:
            raise OperationFailed("Kratt did not answer in time: see `kratt status`") from None
        except httpx.HTTPError as error:
            raise OperationFailed(f"Kratt cannot be asked: {type(error).__name__}") from None

    def _redirect(self, response: httpx.Response) -> httpx.URL:
        if not response.is_redirect:
            raise OperationFailed(f"the login did not succeed ({response.status_code})")
        return response.url.join(response.headers["location"])

    def _reply(self, response: httpx.Response) -> ReplyBody:
        try:
            return ReplyBody.model_validate(self._json(response))
        except ValidationError:
            raise self._is_no_kratt(response) from None

    def _json(self, response: httpx.Response) -> Any:
        try:
            if response.is_success:
                return response.json() if response.content else None
            refusal = response.json()
            raise OperationFailed(f"{refusal['code']}: {refusal['message']}")
        except (ValueError, KeyError, TypeError):
            raise self._is_no_kratt(response) from None

    def _is_no_kratt(self, response: httpx.Response) -> OperationFailed:
        return OperationFailed(f"what answers at {self._http.base_url} ({response.status_code}) is not this Kratt")
