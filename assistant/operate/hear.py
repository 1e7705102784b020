"""Hears the examples of the content: what becomes of them when they are spoken to the recogniser."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.adapters.speaking_to_ears import hear_said, open_voices, side_by_side
from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.heard import Hearing, examples_to_hear, heard_examples, write_heard
from assistant.content.project import Content, read_content
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.ports import SpeechToText, TextToSpeech
from assistant.settings import Settings

VOICES: dict[Language, tuple[str, ...]] = {
    Language.EN: ("en-us+f3", "en-gb-scotland+m7"),
    Language.ET: ("et+f3", "et+m7"),
    Language.RU: ("ru+f3", "ru+m7"),
}
"""Voices of espeak-ng that speak the examples. Tests and benchmarks use others, or they would test by heart."""
AT_ONCE = 4

Progress = Callable[[int, int], None]
"""Told how many of how many examples have been heard."""


@dataclass(frozen=True)
class HearExamples:
    """Speaks each example in each voice, or in one by turns, and writes how it is heard where that is otherwise."""

    content: Content
    speech: SpeechToText
    voices: Sequence[TextToSpeech]
    is_quick: bool = False

    async def __call__(self, language: Language, progress: Progress) -> tuple[Path, int]:
        """The file that was written, and how many lines it has.

        Raises:
            SettingsError: the language has no speech model.
            SpeechToTextFailed: the recogniser failed.
            TextToSpeechFailed: the voice failed.
        """
        if language not in self.speech.languages():
            raise SettingsError(f"there is no speech model for {language}: kratt speech pull {language}")
        spoken = list(self._spoken(examples_to_hear(self.content, language)))
        hearings: list[Hearing] = []
        waiting = iter(spoken)

        async def hear_waiting() -> None:
            for voice, intent, example in waiting:
                heard = await hear_said(example, language, voice, self.speech)
                hearings.append(Hearing(intent, example, heard.text))
                progress(len(hearings), len(spoken))

        await side_by_side(AT_ONCE, hear_waiting)
        heard = heard_examples(self.content, language, hearings)
        return write_heard(self.content.folder, language, heard), sum(map(len, heard.values()))

    def _spoken(self, examples: Iterable[tuple[str, str]]) -> Iterator[tuple[TextToSpeech, str, str]]:
        for number, (intent, example) in enumerate(examples):
            chosen = [self.voices[number % len(self.voices)]] if self.is_quick else self.voices
            yield from ((voice, intent, example) for voice in chosen)


async def hear_examples(
    settings: Settings, language: Language, progress: Progress, *, is_quick: bool
) -> tuple[Path, int]:
    """Hear the examples of the settings' content with the voices of VOICES."""
    models = models_in(settings.models / "speech")
    speech = VoskSpeech(
        {language: models[language]} if language in models else {}, streams=AT_ONCE, sure_confidence=0.0
    )
    with closing(speech):
        async with open_voices(language, VOICES[language]) as voices:
            return await HearExamples(read_content(settings.content), speech, voices, is_quick)(language, progress)
