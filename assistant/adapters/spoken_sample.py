"""Requests that synthetic citizens speak to the recogniser, before a draft is published."""

import asyncio
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.speaking_to_ears import hear_said, open_voices, side_by_side
from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.pronunciations import SpokenWord
from assistant.content.spoken_requests import Heard, Request
from assistant.core.errors import KrattError, OperationFailed
from assistant.core.languages import Language
from assistant.core.state_folder import make_private_folder
from assistant.core.turns import Transcript

VOICES: Mapping[Language, tuple[str, ...]] = {
    Language.EN: ("en-us", "en"),
    Language.ET: ("et", "et+f5"),
    Language.RU: ("ru", "ru+f5"),
}
"""espeak-ng's names. Each text has always the same of them; none has spoken the examples (`kratt speech hear`)."""
AT_ONCE = 2
MOST_KEPT = 6
"""Files of what recognisers have heard; those of older vocabularies are forgotten."""

_HEARD = TypeAdapter(list[tuple[str, Transcript]])


@dataclass(frozen=True)
class HearSample:
    """Speaks in quiet; what a recogniser made of a text is kept in the folder `kept`, and never spoken to it again.

    `models` is the folder of speech models. `unheard` are the words of a content folder that the English one lacks, and
    `with_words_of` a copy of it that has them.
    """

    models: Path
    kept: Path
    unheard: Callable[[Path], tuple[SpokenWord, ...]]
    with_words_of: Callable[[Path], Path]

    def __call__(self, content: Path, requests: Sequence[Request]) -> Heard:
        """What is heard of each request; a language that cannot be heard is left out, and the reason told.

        Raises:
            ContentError: the content cannot be read.
        """
        models, skipped = dict(models_in(self.models)), {}
        transcripts: dict[Request, Transcript] = {}
        unknown: tuple[str, ...] = ()
        is_of_draft = False
        for language in Language:
            texts = [text for text, each in requests if each is language]
            if not texts:
                continue
            if language not in models:
                skipped[language] = f"there is no speech model of it (`kratt speech pull {language}`)"
                continue
            try:
                if language is Language.EN:
                    models[language], unknown, is_of_draft = self._with_words(content, models[language])
                heard = self._heard(language, models[language], texts)
            except KrattError as error:
                skipped[language] = f"it could not be heard: {error.detail}"
            else:
                transcripts |= {(text, language): each for text, each in heard.items()}
        return Heard(transcripts, skipped, unknown, is_of_draft)

    def _with_words(self, content: Path, model: Path) -> tuple[Path, tuple[str, ...], bool]:
        """The recogniser in use if it has every word, else one with those words; if that fails, what stays unheard."""
        words = tuple(each.word for each in self.unheard(content))
        if not words:
            return model, (), False
        try:
            return self.with_words_of(content), (), True
        except OperationFailed:
            return model, words, False

    def _heard(self, language: Language, model: Path, texts: Sequence[str]) -> Mapping[str, Transcript]:
        file = self.kept / f"{language}-{_fingerprint(model)}.json"
        known = _read(file)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            known |= asyncio.run(_hear(language, model, missing))
            _keep(file, known)
        return {text: known[text] for text in texts}


async def _hear(language: Language, model: Path, texts: Sequence[str]) -> dict[str, Transcript]:
    speech = VoskSpeech({language: model}, AT_ONCE)
    heard: dict[str, Transcript] = {}
    waiting = iter(texts)
    with closing(speech):
        async with open_voices(language, VOICES[language]) as voices:

            async def hear_waiting() -> None:
                for text in waiting:
                    voice = voices[zlib.crc32(text.encode()) % len(voices)]
                    heard[text] = await hear_said(text, language, voice, speech)

            await side_by_side(AT_ONCE, hear_waiting)
    return heard


def _fingerprint(model: Path) -> str:
    digest = hashlib.sha256(EspeakVoice().name(Language.EN).encode())
    for path in sorted(each for each in model.rglob("*") if each.is_file()):
        digest.update(str(path.relative_to(model)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _read(file: Path) -> dict[str, Transcript]:
    try:
        return dict(_HEARD.validate_json(file.read_bytes()))
    except (OSError, ValidationError):
        return {}


def _keep(file: Path, heard: Mapping[str, Transcript]) -> None:
    make_private_folder(file.parent)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(_HEARD.dump_python(list(heard.items()), mode="json")), encoding="utf-8")
    fresh.replace(file)
    for old in sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink()
