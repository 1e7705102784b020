"""What the gateway is built from."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from assistant.content.notices import Notice
from assistant.core.audio import SoundFormat
from assistant.core.calls import Calls, CallsHere
from assistant.core.desk import Desk
from assistant.core.desk_agents import Agents
from assistant.core.devices import Devices, HandOvers, OwnScreens
from assistant.core.feedback import Feedbacks
from assistant.core.granted_logins import GrantedLogins
from assistant.core.languages import Language
from assistant.core.logins import Logins
from assistant.core.ports import IdentityProvider, RateLimiter, Sessions, SoundIntake, SpeechToText, VoiceActivity
from assistant.gateway.repeats import Repeats
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.link_account import LinkAccount
from assistant.pipeline.link_app import LinkApp
from assistant.pipeline.lock_out import LockOut, LockRecord
from assistant.pipeline.own_data import OwnData
from assistant.pipeline.present import Responses
from assistant.pipeline.take_turn import TakeTurn
from assistant.pipeline.tell_editors import TellEditors
from assistant.pipeline.utterance import Ears
from assistant.pipeline.with_desk import DeskDuty

Check = Callable[[], Awaitable[object]]
"""Raises `KrattError` unless a dependency can be used now; a text it returns is shown beside its name."""


@dataclass(frozen=True)
class Limits:
    """The most that one request may bring."""

    text_characters: int
    speech_seconds: float
    json_bytes: int = 64 * 1024
    audio_bytes: int = 24 * 1024 * 1024  # 60 s of 48 kHz stereo float samples, the fattest WAV in ordinary use


@dataclass(frozen=True)
class DeskParts:
    """Where people answer: `store` keeps the cases, `duty` knows whether anybody is there."""

    store: Desk
    agents: Agents
    duty: DeskDuty


@dataclass(frozen=True)
class Linking:
    """How accounts of a voice assistant are linked: to its addresses alone, and for who has its secret."""

    link_account: LinkAccount
    redirect_uris: frozenset[str]
    client_secret: str


@dataclass(frozen=True)
class GatewayParts:
    """Everything the gateway needs; `public_url` is the address that citizens' browsers use."""

    answer_turn: AnswerTurn
    sessions: Sessions
    devices: Devices
    own_screens: OwnScreens
    hand_overs: HandOvers
    identity: IdentityProvider
    logins: Logins
    link_app: LinkApp
    speech: SpeechToText
    sound_intake: Callable[[SoundFormat], SoundIntake]
    voice_activity: Callable[[], VoiceActivity]
    """These two begin an utterance."""
    responses: Responses
    words: Mapping[Language, Mapping[str, str]]
    limits: Limits
    default_language: Language
    public_url: str
    checks: Mapping[str, Check]
    version: Mapping[str, str]
    metrics: Callable[[], bytes]
    """All figures, in Prometheus' format; shown to who has `metrics_token`."""
    metrics_token: str
    rate_limiter: RateLimiter
    own_data: OwnData
    granted_logins: GrantedLogins
    feedback: Feedbacks
    notices: Callable[[], Sequence[Notice]]
    """What is to be shown now."""
    rate_model: Callable[[str, int], Awaitable[None]] | None = None
    """Counts a grade for the model that answers a dialogue."""
    repeats: Repeats = field(default_factory=Repeats)
    calls: Calls = field(default_factory=CallsHere)
    """Telephone calls that are served, by whichever gateway."""
    embedders: frozenset[str] = frozenset()
    """Origins of the web sites that carry the chat widget; never our own."""
    desk: DeskParts | None = None
    """None: nobody answers, and nobody is promised."""
    tell_editors: TellEditors | None = None
    """Leaves requests for editors."""
    lock_record: LockRecord | None = None
    """Where a citizen finds that they had themselves locked out."""
    linking: Linking | None = None
    """None: no accounts are linked."""
    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(16))
    """Recordings held at the same time: each takes up to `limits.audio_bytes` of memory."""

    @property
    def take_turn(self) -> TakeTurn:
        """What every turn goes through."""
        stores = (self.devices, self.own_screens, self.hand_overs, self.own_data)
        duty, desk = (self.desk.duty, self.desk.store) if self.desk else (None, None)
        lock_out = LockOut(self.devices, self.sessions, self.answer_turn.expectations, desk, self.lock_record)
        return TakeTurn(self.answer_turn, *stores, self.rate_limiter, lock_out, duty, self.tell_editors)

    @property
    def ears(self) -> Ears:
        """What speech is heard with, while it is spoken."""
        return Ears(self.speech, self.sound_intake, self.voice_activity, self.limits.speech_seconds)

    @property
    def is_https(self) -> bool:
        """Whether cookies may be kept to encrypted connections."""
        return self.public_url.startswith("https://")


async def _parts(connection: HTTPConnection) -> GatewayParts:  # FastAPI gives a plain function a thread, each time
    parts: GatewayParts = connection.app.state.parts
    return parts


Parts = Annotated[GatewayParts, Depends(_parts)]
"""The parameter of a route that wants the gateway's parts."""
