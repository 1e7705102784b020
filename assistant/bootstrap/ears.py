"""The recogniser that citizens talk to."""

from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.pronunciations import read_wording
from assistant.core.languages import Language
from assistant.settings import Settings


def ears_of(settings: Settings, streams: int) -> VoskSpeech:
    """With every language that there is a model of, for so many utterances at the same time."""
    wordings = {Language.EN: read_wording(settings.content).words}
    return VoskSpeech(models_in(settings.models / "speech"), streams, wordings=wordings)
