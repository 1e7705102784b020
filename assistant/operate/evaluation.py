"""Asks the running engine all held-out requests, and evaluates its answers."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.adapters.citizen_voices import CitizenVoices
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.evaluation import Evaluation, changes, evaluation_of, read_evaluation
from assistant.content.held_out import HeldOut, read_held_out
from assistant.content.judging import Answer, judge
from assistant.content.project import read_content
from assistant.content.pronunciations import read_wording
from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed, OperationFailed
from assistant.core.languages import Language
from assistant.core.ports import Dialogue
from assistant.core.turns import Transcript, Understanding
from assistant.operate.engine_client import engine_client
from assistant.operate.evaluation_origin import check_model, read_origin
from assistant.operate.evaluation_spoken import SayEverything
from assistant.operate.evaluation_text import changes_text, evaluation_text, write_files
from assistant.settings import Settings

RECORDING_SECONDS = 60.0
PROGRESS_REQUESTS = 100

Say = Callable[[str], None]


@dataclass(frozen=True)
class AskEverything:
    """Puts requests to the engine one at a time, so that the time of each is its own."""

    dialogue: Dialogue
    seconds: float
    progress: Say

    async def typed(self, requests: Sequence[HeldOut]) -> list[Answer]:
        """Each request as it is written.

        Raises:
            DialogueFailed: the engine fails on a request.
        """
        await self._warm(requests)
        answers = []
        for number, request in enumerate(requests):
            if number % PROGRESS_REQUESTS == 0:
                self.progress(f"asking {number} of {len(requests)}")
            begin = time.perf_counter()
            understood = await self._parse(request.text, request.language)
            milliseconds = (time.perf_counter() - begin) * 1000
            answers.append(Answer(request, understood, milliseconds, await self._elsewhere(request, understood)))
        return answers

    async def heard(self, transcript: Transcript) -> Understanding:
        """What a transcript means; nothing, if nothing was heard.

        Raises:
            DialogueFailed: the engine fails on it.
        """
        return await self._parse(transcript, transcript.language) if transcript.text else Understanding()

    async def check(self) -> str:
        """The id of the model that the engine serves.

        Raises:
            OperationFailed: the engine is not running.
        """
        try:
            return await self.dialogue.check()
        except DialogueFailed as error:
            raise OperationFailed(f"the engine is not running ({error}): start it with `make run`") from None

    async def _warm(self, requests: Sequence[HeldOut]) -> None:
        for language in Language:  # the first request of a language loads its dictionary
            await self._parse(next((each.text for each in requests if each.language is language), "?"), language)

    async def _elsewhere(self, request: HeldOut, understood: Understanding) -> Understanding | None:
        if understood.language is None:
            return None
        languages = list(Language)
        other = languages[(languages.index(request.language) + 1) % len(languages)]
        return await self._parse(request.text, other)

    async def _parse(self, said: str | Transcript, language: Language) -> Understanding:
        return await self.dialogue.parse(said, language, Deadline.after(self.seconds))


@dataclass(frozen=True)
class Wanted:
    """What a person at a terminal may ask for: `sample` requests of each language, None for all."""

    is_spoken: bool
    sample: int | None
    pictures: Path | None
    against: Path | None


async def evaluate_and_tell(settings: Settings, wanted: Wanted, say: Say, progress: Say) -> None:
    """Evaluate the running engine, tell the figures and what changed, and keep both.

    Raises:
        ContentError: the content or the earlier evaluation cannot be read.
        OperationFailed: see `evaluate`.
        DialogueFailed: the engine fails on a request.
    """
    before = read_evaluation(wanted.against) if wanted.against else None
    evaluation = await evaluate(settings, progress, is_spoken=wanted.is_spoken, sample=wanted.sample)
    say(evaluation_text(evaluation))
    if before:
        say(f"\n{changes_text(changes(before, evaluation))}")
    pictures = wanted.pictures or settings.state / "evaluation"
    for file in write_files(evaluation, settings.models / "evaluations", pictures):
        progress(f"wrote {file}")


async def evaluate(settings: Settings, progress: Say, *, is_spoken: bool, sample: int | None) -> Evaluation:
    """Evaluate the running engine, with `sample` requests of each language or all.

    Raises:
        ContentError: the content cannot be read.
        OperationFailed: the engine is not running or serves an older model; nothing to ask, or nothing to speak with.
        DialogueFailed: the engine fails on a request.
    """
    requests = sample_of(read_held_out(settings.content), sample)
    if not requests:
        raise OperationFailed(f"{settings.content} has no held-out requests")
    services, origin = read_content(settings.content).services, read_origin(settings, sample)
    async with engine_client(settings) as dialogue:
        ask = AskEverything(dialogue, settings.turn_seconds, progress)
        check_model(settings, await ask.check())
        typed = judge(await ask.typed(requests), services)
        spoken = judge(await _spoken(ask, settings, requests), services) if is_spoken else ()
    return evaluation_of(origin, typed, spoken)


def sample_of(requests: Sequence[HeldOut], number: int | None) -> list[HeldOut]:
    """So many requests of each language, spread evenly over its file; all without a number."""
    chosen: list[HeldOut] = []
    for language in Language:
        some = [each for each in requests if each.language is language]
        size = min(number or len(some), len(some))
        chosen += [some[place * len(some) // size] for place in range(size)]
    return chosen


async def _spoken(ask: AskEverything, settings: Settings, requests: Sequence[HeldOut]) -> list[Answer]:
    voices = CitizenVoices()
    if missing := voices.missing():
        raise OperationFailed(f"to speak the requests, install {' and '.join(missing)}")
    at_once, wording = os.cpu_count() or 1, read_wording(settings.content)
    speech, sounds = VoskSpeech(models_in(settings.models / "speech"), at_once), SoundFiles(RECORDING_SECONDS)
    try:
        return await SayEverything(ask.heard, voices, sounds, speech, wording, at_once, ask.progress)(requests)
    finally:
        speech.close()
        sounds.close()
