"""Builds the speech model that comes with Kratt."""

from assistant.operate.speech_words import model_folder, towns
from assistant.settings import Settings
from assistant.speech_model.build import BuildSpeechModel


def speech_model_builder(settings: Settings) -> BuildSpeechModel:
    """From the content and the towns that addresses may name."""
    return BuildSpeechModel(settings.content, model_folder(settings), towns())
