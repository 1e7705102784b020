"""The gateway's way into Rasa.

Rasa's own REST channel answers a failure with `200 []`, writes what the citizen said to its log, and gives a request
without a sender the shared id `default` (docs/adr/0002). This one answers every request with messages, or with an error
that has a code.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.engine.dialogue_store import OWNER, DialogueStore
from assistant.engine.meaning import said_words, understanding_of
from assistant.engine.rasa_speed import speed_up_rasa
from assistant.engine.turn_trace import ACTIONS

QUESTION_PREFIX = "utter_ask_"
MOST_ALTERNATIVES = 10

HEARD_SHAPE = "heard has confidences, 0-1, one per word of the text, and alternatives, a list of texts"

_OWNER = re.compile(r"[0-9a-f]{64}")

Json = dict[str, Any]


class CollectedMessages(OutputChannel):
    """Keeps what the bot utters in one turn, in order."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.messages: list[Json] = []

    @classmethod
    def name(cls) -> str:
        """The name that responses for this channel may be conditioned on."""
        return "kratt"

    async def send_response(self, recipient_id: str, message: Json) -> None:
        """Keep a message whole: its words, buttons, name and facts belong together."""
        self.messages.append(
            {
                "text": message.get("text") or "",
                "response": message.get("utter_action") or "",
                "buttons": [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or ()],
                "facts": message.get("custom") or {},
            }
        )

    @property
    def awaiting(self) -> str | None:
        """The slot that the last message asks for, if it asks for one."""
        last = self.messages[-1]["response"] if self.messages else ""
        return last[len(QUESTION_PREFIX) :] if last.startswith(QUESTION_PREFIX) else None


class KrattChannel(InputChannel):
    """/turns, /parse, /owners/... and /ready below /webhooks/kratt; every request carries the bearer token."""

    def __init__(self, token: str) -> None:
        """Keep the token; an empty one would let everybody in."""
        if not token:
            raise ValueError("the channel needs a token (KRATT_ENGINE_TOKEN)")
        self._expected = f"Bearer {token}".encode()
        self._running: set[asyncio.Task[Any]] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        """The channel's part of the address."""
        return "kratt"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> "KrattChannel":
        """The channel of a credentials.yml entry with a `token`; Rasa builds it before it loads the model."""
        speed_up_rasa()
        return cls(str((credentials or {}).get("token") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; `on_new_message` is Rasa's, and holds the conversation's lock while it runs."""
        routes = Blueprint("kratt_channel")

        @routes.post("/turns")
        async def take_turn(request: Request) -> HTTPResponse:
            return self._refusal(request) or await self._turn(request, on_new_message)

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return self._refusal(request) or await self._parse(request)

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return self._refusal(request) or json({"model": _model(request), "turns": len(self._running)})

        @routes.get("/owners/<owner>")
        async def show_owner(request: Request, owner: str) -> HTTPResponse:
            return self._refusal(request) or json({"dialogues": await _store(request).kept_of(owner)})

        @routes.delete("/owners/<owner>")
        async def forget_owner(request: Request, owner: str) -> HTTPResponse:
            return self._refusal(request) or await self._forget(request, owner)

        return routes

    async def _forget(self, request: Request, owner: str) -> HTTPResponse:
        # A turn that is under way would be stored afterwards. Turns are short, and no new one can be this owner's: the
        # gateway has ended their sessions.
        await asyncio.gather(*self._running, return_exceptions=True)
        return json({"dialogues": await _store(request).forget(owner)})

    def _refusal(self, request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._expected):
            return _error(401, "not_allowed", "wrong or missing token")
        if not request.app.ctx.agent.is_ready():
            return _error(503, "dialogue_failed", "no model is loaded")
        return None

    async def _turn(self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
        body = _body(request, "text", "dialogue_id", "language", "turn_id", "turn_context")
        if body is None:
            return _error(400, "malformed_turn", "text, dialogue_id, language, turn_id and turn_context are needed")
        if (heard := _heard(request)) is None:
            return _error(400, "malformed_turn", HEARD_SHAPE)
        collected = CollectedMessages()
        message = UserMessage(
            said_words(body["text"]),
            collected,
            body["dialogue_id"],
            input_channel=self.name(),
            metadata=_metadata(body),
        )
        # A gateway that hangs up must not leave half a turn behind.
        actions: list[str] = []
        task = asyncio.ensure_future(self._handle(request, message, heard, actions, on_new_message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)
        return json(
            understanding_of(message.parse_data)
            | {
                "messages": collected.messages,
                "awaiting": collected.awaiting,
                # Rasa logs the failure of an action and goes on with nothing to say.
                "failed_action": not collected.messages,
                "actions": actions,
                "model": _model(request),
            }
        )

    async def _handle(
        self,
        request: Request,
        message: UserMessage,
        heard: Json,
        actions: list[str],
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> None:
        ACTIONS.set(actions)  # in this task's own context
        # Rasa's own lock is asked for again once a second; behind this one it is always free.
        async with self._locks.setdefault(message.sender_id, asyncio.Lock()):
            # Parsed here, so that the ranking can be told; Rasa takes the result over and does not parse again.
            # In a message of its own: a message's metadata is stored. What was heard beside the words is needed in this
            # turn alone, and the store keeps nothing of it (_kept in dialogue_store.py).
            said = UserMessage(message.text, sender_id=message.sender_id, metadata=message.metadata | heard)
            message.parse_data = await request.app.ctx.agent.processor.parse_message(said)
            message.parse_data.pop("metadata", None)
            message.parse_data.update(heard)
            await on_new_message(message)

    async def _parse(self, request: Request) -> HTTPResponse:
        body = _body(request, "text", "language")
        if body is None:
            return _error(400, "malformed_turn", "text and language are needed")
        if (heard := _heard(request)) is None:
            return _error(400, "malformed_turn", HEARD_SHAPE)
        message = UserMessage(said_words(body["text"]), metadata={"language": body["language"]} | heard)
        parsed = await request.app.ctx.agent.processor.parse_message(message)
        return json(understanding_of(parsed) | {"model": _model(request)})


def _body(request: Request, *needed: str) -> dict[str, str] | None:
    body = request.json if isinstance(request.json, dict) else {}
    return body if all(isinstance(body.get(key), str) and body[key] for key in needed) else None


def _metadata(body: Mapping[str, str]) -> dict[str, str]:
    owner = body.get(OWNER)
    known = {OWNER: owner} if isinstance(owner, str) and _OWNER.fullmatch(owner) else {}
    return {key: body[key] for key in ("turn_context", "language", "turn_id")} | known


def _store(request: Request) -> DialogueStore:
    safe = request.app.ctx.agent.tracker_store  # Rasa's FailSafeTrackerStore, which hands nothing else on
    store: DialogueStore = safe._tracker_store  # noqa: SLF001
    return store


def _heard(request: Request) -> Json | None:
    """What the gateway says of a spoken text, as metadata: empty for a typed one, None if it is malformed."""
    heard = request.json.get("heard")
    if heard is None:
        return {}
    if not isinstance(heard, dict):
        return None
    confidences, others = heard.get("confidences"), heard.get("alternatives")
    if not isinstance(confidences, list) or not isinstance(others, list) or len(others) > MOST_ALTERNATIVES:
        return None
    is_whole = len(confidences) == len(request.json["text"].split())
    is_sound = all(type(each) in (int, float) and 0 <= each <= 1 for each in confidences)
    if not (is_whole and is_sound and all(isinstance(other, str) for other in others)):
        return None
    return {"heard": {"confidences": confidences, "alternatives": others}}


def _model(request: Request) -> str:
    return str(request.app.ctx.agent.model_id)


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return json({"code": code, "message": message}, status=status)
