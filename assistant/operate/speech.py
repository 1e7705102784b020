"""Builds the speech model that comes with Kratt."""

import re

from actions.values.words.towns import TOWNS
from assistant.core.languages import Language
from assistant.settings import Settings
from assistant.speech_model.build import BuildSpeechModel

_LATIN = re.compile(r"[A-Za-zÕÄÖÜŠŽõäöüšž]+")


def speech_model_builder(settings: Settings) -> BuildSpeechModel:
    """From the content and the towns that addresses may name."""
    towns = sorted({name for name in TOWNS.values() if _LATIN.fullmatch(name)})
    return BuildSpeechModel(settings.content, settings.models / "speech" / Language.EN.value, towns)
