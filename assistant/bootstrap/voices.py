"""The voices that Kratt speaks in."""

from pathlib import Path

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.kept_voice import KeptVoice
from assistant.adapters.piper_voice import PiperVoice
from assistant.adapters.sound_folder import SoundFolder
from assistant.adapters.worker_voice import WorkerVoice
from assistant.content.project import Content
from assistant.core.languages import Language
from assistant.pipeline.spoken.pieces import pieces_of
from assistant.settings import Settings

FOLDER = "spoken"
PIPER_ENDING = ".onnx"
_MEGABYTE = 1024 * 1024


def voice_of(settings: Settings, content: Content) -> KeptVoice:
    """What speaks, and remembers what the content says word for word.

    Raises:
        SettingsError: a voice cannot be used.
    """
    megabytes = settings.spoken_megabytes
    folder = SoundFolder(settings.state / FOLDER, megabytes * _MEGABYTE) if megabytes else None
    return KeptVoice(_voices(settings), folder, fixed_sentences(content))


def _voices(settings: Settings) -> dict[Language, WorkerVoice]:
    wanted = {language: getattr(settings, f"voice_{language.value}") for language in Language}
    files = {language: Path(name).expanduser() for language, name in wanted.items() if name.endswith(PIPER_ENDING)}
    espeak = EspeakVoice(voices={each: name for each, name in wanted.items() if name and each not in files})
    piper = PiperVoice(settings.piper_python, files) if files else espeak
    return {language: piper if language in files else espeak for language in Language}


def fixed_sentences(content: Content) -> frozenset[tuple[str, Language]]:
    """The sentences of all responses that hold no value, as they are read aloud."""
    return frozenset(
        (piece.text, piece.language)
        for by_language in content.responses.values()
        for language, variants in by_language.items()
        for variant in variants
        for piece in pieces_of(variant.text, language)
        if "{" not in piece.text
    )
