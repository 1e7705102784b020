"""What a client is told that Kratt can do: the same all the time, so that it is told at once."""

from collections.abc import Iterable

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
)

from assistant.core.languages import Language

_NAMES = {Language.EN: "English", Language.ET: "Eesti", Language.RU: "Русский"}


def describe(heard: Iterable[Language], version: str, url: str) -> Info:
    """Speech to text in the languages that are `heard`; dialogue, and text to speech, in all."""
    attribution = Attribution("Kratt", url)
    models = [
        AsrModel(f"kratt-{each}", attribution, True, _NAMES[each], version, [each.value]) for each in sorted(heard)
    ]
    voices = [TtsVoice(f"kratt-{each}", attribution, True, _NAMES[each], version, [each.value]) for each in Language]
    asr = AsrProgram(
        "kratt",
        attribution,
        bool(models),
        "Kratt hears",
        version,
        models,
        supports_transcript_streaming=True,
        requires_external_vad=False,
        prefers_auto_gain_enabled=False,
        prefers_noise_reduction_enabled=False,
    )
    dialogue = HandleModel("kratt", attribution, True, "Kratt", version, [each.value for each in Language])
    return Info(
        asr=[asr],
        tts=[
            TtsProgram("kratt", attribution, True, "Kratt speaks", version, voices, supports_synthesize_streaming=True)
        ],
        handle=[
            HandleProgram("kratt", attribution, True, "Kratt", version, [dialogue], supports_handled_streaming=True)
        ],
    )
