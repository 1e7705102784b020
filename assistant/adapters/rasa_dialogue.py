"""Talks to the dialogue engine over its channel (assistant/engine/channel.py)."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Strict, ValidationError

from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed, DialogueUnreachable
from assistant.core.languages import Language
from assistant.core.ports import DialogueAnswer, Kept, Message, Session
from assistant.core.pseudonyms import pseudonym
from assistant.core.turns import Entity, Intent, Transcript, Turn, Understanding

CONNECT_SECONDS = 1.0
RECONNECT_PAUSE_SECONDS = 0.2
CHECK_SECONDS = 2.0
KEPT_SECONDS = 5.0
FORGET_SECONDS = 20.0
"""The engine lets the turns that are under way end first."""
CONNECTIONS = 128
KEPT_CONNECTIONS = 4
"""Few: httpx looks at every idle connection whenever a request begins or ends, which shows when 100 converse at once. A
new connection to a neighbour costs next to nothing."""
KEEPALIVE_SECONDS = 60.0
"""Less than the 120 seconds after which Rasa closes an idle connection, so that no turn is sent into a closing one."""


class _Wire(BaseModel):
    """Strict in what is there, silent about what an engine newer than this adds."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Ready(_Wire):
    model: str
    turns: int = 0


class _Parsed(_Wire):
    language: Annotated[Language, Strict(False)]  # strict models take no strings for enumerations
    intent_ranking: tuple[Intent, ...]
    entities: tuple[Entity, ...]
    also: tuple[str, ...] = ()
    model: str

    def understanding(self) -> Understanding:
        return Understanding(self.intent_ranking, self.entities, self.language, self.also)


class _Answered(_Parsed):
    messages: tuple[Message, ...]
    awaiting: str | None
    failed_action: bool
    actions: tuple[str, ...] = ()


class _Dialogues(_Wire):
    dialogues: tuple[Mapping[str, Any], ...]


class _Forgotten(_Wire):
    dialogues: int


_Shape = TypeVar("_Shape", bound=_Wire)


class RasaDialogue:
    """One client for the life of the process; `token` is what the engine asks for.

    `data_key` makes the pseudonyms under which the engine keeps dialogues of citizens.
    """

    def __init__(
        self, base_url: str, token: str, data_key: str = "", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._data_key = data_key
        self._client = httpx.AsyncClient(
            base_url=f"{base_url.rstrip('/')}/webhooks/kratt/",
            headers={"Authorization": f"Bearer {token}"},
            limits=httpx.Limits(
                max_connections=CONNECTIONS,
                max_keepalive_connections=KEPT_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
            ),
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),  # the deadline of each request is in _ask
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """Take one turn of the dialogue.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        body = {
            "dialogue_id": session.dialogue_id,
            "owner": self._owner(session.subject) if session.subject else "",
            "text": turn.text,
            "language": turn.language.value,
            "channel": turn.channel,
            "turn_id": turn.turn_id,
            "turn_context": turn_context,
            **_heard(turn.transcript),
        }
        answered = await self._ask(_Answered, self._client.build_request("POST", "turns", json=body), deadline)
        return DialogueAnswer(
            messages=answered.messages,
            understanding=answered.understanding(),
            awaiting=answered.awaiting,
            failed_action=answered.failed_action,
            model=answered.model,
            actions=answered.actions,
        )

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """What a text, typed or heard, would mean outside any dialogue.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        transcript = said if isinstance(said, Transcript) else None
        text = said if isinstance(said, str) else said.text
        body = {"text": text, "language": language.value, **_heard(transcript)}
        request = self._client.build_request("POST", "parse", json=body)
        return (await self._ask(_Parsed, request, deadline)).understanding()

    async def kept_of(self, subject: str) -> Kept:
        """What the engine keeps of a citizen's dialogues.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        request = self._client.build_request("GET", f"owners/{self._owner(subject)}")
        return (await self._ask(_Dialogues, request, Deadline.after(KEPT_SECONDS))).dialogues

    async def forget(self, subject: str) -> int:
        """Destroy the key of a citizen's dialogues, and them; how many there were.

        Raises:
            DialogueFailed: the engine is down, late or broken; they may be there still.
        """
        request = self._client.build_request("DELETE", f"owners/{self._owner(subject)}")
        return (await self._ask(_Forgotten, request, Deadline.after(FORGET_SECONDS))).dialogues

    def _owner(self, subject: str) -> str:
        return pseudonym(self._data_key, "dialogues", subject)

    async def check(self) -> str:
        """The model that is loaded.

        Raises:
            DialogueFailed: there is none.
        """
        return (await self._ready()).model

    async def turns_under_way(self) -> int:
        """How many turns the engine has begun and not ended.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        return (await self._ready()).turns

    async def _ready(self) -> _Ready:
        return await self._ask(_Ready, self._client.build_request("GET", "ready"), Deadline.after(CHECK_SECONDS))

    async def _ask(self, shape: type[_Shape], request: httpx.Request, deadline: Deadline) -> _Shape:
        try:
            async with asyncio.timeout(deadline.remaining_seconds):
                response = await self._send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise DialogueUnreachable(f"no answer from the engine: {type(error).__name__}") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueFailed(f"no answer from the engine: {type(error).__name__}") from None
        if response.status_code != HTTPStatus.OK:
            raise DialogueFailed(f"the engine answered {response.status_code}")
        try:
            return shape.model_validate_json(response.content)
        except ValidationError:
            raise DialogueFailed("the engine answered in another shape than promised") from None

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            await asyncio.sleep(RECONNECT_PAUSE_SECONDS)  # nothing was sent, so nothing can happen twice
            return await self._client.send(request)


def _heard(transcript: Transcript | None) -> dict[str, object]:
    """How surely each word was heard, and what else it may have been; nothing for typed words."""
    if transcript is None:
        return {}
    confidences = [word.confidence for word in transcript.words]
    return {"heard": {"confidences": confidences, "alternatives": list(transcript.alternatives)}}
