"""The voices that Kratt speaks in."""

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.kept_voice import KeptVoice
from assistant.adapters.sound_folder import SoundFolder
from assistant.content.project import Content
from assistant.core.languages import Language
from assistant.pipeline.spoken.pieces import pieces_of
from assistant.settings import Settings

FOLDER = "spoken"
_MEGABYTE = 1024 * 1024


def voice_of(settings: Settings, content: Content) -> KeptVoice:
    """What speaks, and remembers what the content says word for word."""
    espeak = EspeakVoice()
    megabytes = settings.spoken_megabytes
    folder = SoundFolder(settings.state / FOLDER, megabytes * _MEGABYTE) if megabytes else None
    return KeptVoice(dict.fromkeys(Language, espeak), folder, fixed_sentences(content))


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
