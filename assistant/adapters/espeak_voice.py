"""Text to speech by espeak-ng, in worker processes (see `espeak_worker`)."""

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType

from assistant.adapters.worker_voice import WorkerVoice
from assistant.core.languages import Language

WORKER = (sys.executable, "-m", "assistant.adapters.espeak_worker")
ATTEMPT_SECONDS = 2.0  # a fresh worker speaks a sentence within 0.1 s; one that takes this long is stuck
OWN_VOICES: Mapping[Language, str] = MappingProxyType({Language.EN: "en", Language.ET: "et", Language.RU: "ru"})
"""espeak-ng's names; `en` is British English."""


class EspeakVoice(WorkerVoice):
    """English, Estonian and Russian, in each language's own voice or in one of `voices`: `et+f3`."""

    def __init__(
        self,
        workers: int = 2,
        command: Sequence[str] = WORKER,
        voices: Mapping[Language, str] = OWN_VOICES,
    ) -> None:
        release = version("espeakng-loader")
        super().__init__(f"espeak-ng {release}", command, {**OWN_VOICES, **voices}, workers, ATTEMPT_SECONDS)
