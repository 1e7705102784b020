"""Builds and trains speech models."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.bootstrap.words import towns
from assistant.content.project import read_content
from assistant.core.languages import Language
from assistant.settings import Settings
from assistant.speech_model.acoustic.train import Plan
from assistant.speech_model.acoustic.train_model import Speech, TrainAcousticModel
from assistant.speech_model.build import BuildSpeechModel
from assistant.speech_model.ingredients import ingredients_so_far


@dataclass(frozen=True)
class TrainingWish:
    """What the operator asks for."""

    language: Language
    recordings: Path | None
    output: Path | None
    minutes: float
    synthetic_hours: float


def speech_model_builder(settings: Settings, language: Language) -> BuildSpeechModel:
    """From the content and the towns that addresses may name."""
    return BuildSpeechModel(settings.content, _folder(settings, language), towns(), language)


def train_speech_model(settings: Settings, wish: TrainingWish, tell: Callable[[str], None]) -> None:
    """Train the acoustic network; it is kept, and gone on from, in the state folder.

    Raises:
        SettingsError: there are no transcripts.
        ContentError: content, a transcript or a recording cannot be read.
        OperationFailed: there is nothing to learn from, or a voice failed.
    """
    folder = wish.output or _folder(settings, wish.language)
    train = TrainAcousticModel(
        ingredients_so_far(read_content(settings.content), folder, towns(), wish.language),
        folder,
        Speech(wish.recordings, wish.synthetic_hours),
        settings.state / "speech_train" / wish.language.value,
        Plan(wish.minutes),
    )
    train(tell)


def _folder(settings: Settings, language: Language) -> Path:
    return settings.models / "speech" / language.value
