"""The recogniser that citizens talk to."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.pronunciations import read_wording
from assistant.core.languages import Language
from assistant.core.turns import Transcript
from assistant.pipeline.listen import Listen
from assistant.settings import Settings


def ears_of(settings: Settings, streams: int) -> VoskSpeech:
    """With every language that there is a model of, for so many utterances at the same time."""
    wordings = {Language.EN: read_wording(settings.content).words}
    return VoskSpeech(models_in(settings.models / "speech"), streams, wordings=wordings)


@dataclass(frozen=True)
class EditorsEars:
    """The console's `Ears`: they hear editors as citizens are heard."""

    listen: Listen
    speech: VoskSpeech

    def languages(self) -> frozenset[Language]:
        """The languages that there is a model of."""
        return self.speech.languages()

    async def hear(self, recording: bytes, language: Language) -> Transcript:
        """What is heard in a WAV file.

        Raises:
            KrattError: as `Listen`.
        """
        return await self.listen(recording, language)

    def lacking(self, language: Language, words: Sequence[str]) -> tuple[str, ...]:
        """Those of the words that the model cannot hear."""
        return self.speech.lacking(language, words)
