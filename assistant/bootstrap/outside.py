"""What the gateway talks to and computes with, apart from its own tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.adapters.actions_data import ActionsData
from assistant.adapters.kept_voice import KeptVoice
from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.adapters.process_health import ProcessHealth
from assistant.adapters.smart_id import SmartId
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.tara_login import TaraLogin
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.bootstrap.ears import ears_of
from assistant.bootstrap.engines import build_engines
from assistant.bootstrap.lifespan import Connection, Threads
from assistant.bootstrap.phones import smart_id_of
from assistant.bootstrap.stores import Stores
from assistant.bootstrap.tara import citizens_login
from assistant.bootstrap.voices import voice_of
from assistant.content.project import Content
from assistant.core.ports import Counted, KeptData
from assistant.database import SqlDatabase
from assistant.gateway.parts import Check
from assistant.pipeline.route_models import RouteModels
from assistant.settings import Settings


@dataclass(frozen=True)
class Outside:
    """All of it; `actions` is whether the action server lives, `acts` what it keeps of citizens."""

    sounds: SoundFiles
    speech: VoskSpeech
    voice: KeptVoice
    dialogue: RouteModels
    actions: ProcessHealth
    acts: ActionsData
    tara: TaraLogin
    smart_id: SmartId
    rate_limiter: LimitsRateLimiter

    @property
    def connections(self) -> tuple[Connection, ...]:
        """What has to be given back at the end."""
        asked = (self.tara, self.smart_id, self.actions, self.acts, self.dialogue)
        return (*asked, self.voice, self.rate_limiter)

    @property
    def threads(self) -> tuple[Threads, ...]:
        """Those that decode and resample."""
        return self.speech, self.sounds

    def kept(self, stores: Stores) -> dict[str, KeptData]:
        """All that keep something about citizens, in the order in which they forget."""
        return {**stores.kept, "dialogues": self.dialogue, "acts": self.acts}

    def checks(self, stores: Stores) -> Mapping[str, Check]:
        """Whether each can be used now."""
        parts: dict[str, _Checked] = {
            "engine": self.dialogue,
            "actions": self.actions,
            "recogniser": self.speech,
            "voice": self.voice,
            "login": self.tara,
            "database": stores.sessions,
        }
        return {name: part.check for name, part in parts.items()}


def build_outside(settings: Settings, content: Content, stores: Stores, database: SqlDatabase) -> Outside:
    """All of it, as the settings say; nothing is asked yet."""
    url = settings.process_url("actions")
    return Outside(
        sounds=SoundFiles(settings.speech_seconds),
        speech=ears_of(settings, settings.speech_streams),
        voice=voice_of(settings, content),
        dialogue=build_engines(settings, stores.publishing, database),
        actions=ProcessHealth(f"{url}/healthz"),
        acts=ActionsData(url, settings.secret("actions_token")),
        tara=citizens_login(settings),
        smart_id=smart_id_of(settings),
        rate_limiter=_rate_limiter(settings),
    )


class _Checked(Protocol):
    async def check(self) -> object: ...


def _rate_limiter(settings: Settings) -> LimitsRateLimiter:
    per_minute = {
        Counted.TURN_OF_ADDRESS: settings.address_turns_per_minute,
        Counted.TURN_OF_DEVICE: settings.turns_per_minute,
        Counted.TURN_OF_PERSON: settings.turns_per_minute,
        Counted.LOGIN_OF_ADDRESS: settings.address_logins_per_minute,
    }
    return LimitsRateLimiter(per_minute, settings.secret("turn_secret"), settings.rate_limit_redis)
