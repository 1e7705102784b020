"""How much of what is said arrives: `.venv/bin/python benchmarks/spoken_requests.py`.

Every English request of nlu_data/**/tests.yml, said by six synthetic voices, goes through Kratt's recogniser as a
recording and then through the running engine, outside any dialogue.

* transcript exact: the words are those that were said (case and punctuation aside).
* word errors: words inserted, deleted and replaced, over the words said.
* intent right: the intent that tests.yml names, else the one that the engine sees in the typed request.
* values right: the same entity values as in the typed request.

Beside it the typed requests themselves: what is lost in those is lost by the engine, not by listening.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from citizens import VOICES, english_conversations, said_aloud, samples_of
from running import running_kratt, table

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.conversations import Exchange
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.turns import Understanding
from assistant.settings import PROJECT

PARSE_SECONDS = 10.0


@dataclass(frozen=True)
class Request:
    """What is said, and what it means."""

    text: str
    intent: str | None
    typed: Understanding

    def is_intent_right(self, understood: Understanding) -> bool:
        """Whether it was understood as what it is."""
        return understood.intent is not None and understood.intent.name == self.intent

    def are_values_right(self, understood: Understanding) -> bool:
        """Whether the same values were found."""
        return _values(understood) == _values(self.typed)


@dataclass(frozen=True)
class Heard:
    """What became of one request in one voice."""

    request: Request
    transcript: str
    understood: Understanding


async def heard(request: Request, voice: str, speech: VoskSpeech, dialogue: RasaDialogue) -> Heard:
    """Say it, listen, understand."""
    sound = samples_of(said_aloud(request.text, voice))
    stream = await speech.open_stream(Language.EN, sound.rate_hertz)
    await stream.accept(sound.samples)
    transcript = (await stream.finish()).text
    return Heard(request, transcript, await _parse(dialogue, transcript) if transcript else Understanding())


def word_errors(said: str, transcript: str) -> int:
    """Levenshtein's distance in words."""
    words, others = _words(said), _words(transcript)
    row = list(range(len(others) + 1))
    for i, word in enumerate(words, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(others, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def row_of(name: str, everything: Sequence[Heard]) -> tuple[object, ...]:
    """A row of the table."""
    errors = [word_errors(each.request.text, each.transcript) for each in everything]
    exact = sum(error == 0 for error in errors)
    intents = sum(each.request.is_intent_right(each.understood) for each in everything)
    values = sum(each.request.are_values_right(each.understood) for each in everything)
    spoken = sum(len(_words(each.request.text)) for each in everything)
    shares = [f"{100 * part / len(everything):.0f} %" for part in (exact, intents, values)]
    return (name, len(everything), shares[0], f"{100 * sum(errors) / spoken:.1f} %", *shares[1:])


async def measure(url: str, token: str) -> None:
    """Hear every request in every voice and print."""
    dialogue = RasaDialogue(url, token)
    speech = VoskSpeech(models_in(PROJECT / "models" / "speech"), streams=1)
    turns = [turn for each in english_conversations(only_spoken=False) for turn in each.turns]
    requests = [await _request(turn, dialogue) for turn in {turn.say: turn for turn in turns}.values()]
    by_voice = {voice: [await heard(request, voice, speech, dialogue) for request in requests] for voice in VOICES}
    typed = [Heard(request, request.text, request.typed) for request in requests]
    rows = [row_of("typed", typed), *(row_of(voice, everything) for voice, everything in by_voice.items())]
    rows.append(row_of("all voices", [each for everything in by_voice.values() for each in everything]))
    print(table(["voice", "requests", "transcript exact", "word errors", "intent right", "values right"], rows))
    lost = [each for everything in by_voice.values() for each in everything if not _is_understood(each)]
    print("\nMisunderstood:\n")
    print(table(["said", "heard", "understood as"], sorted({_loss(each) for each in lost})))
    await dialogue.close()
    speech.close()


async def _request(turn: Exchange, dialogue: RasaDialogue) -> Request:
    typed = await _parse(dialogue, turn.say)
    return Request(turn.say, turn.intent or (typed.intent.name if typed.intent else None), typed)


async def _parse(dialogue: RasaDialogue, text: str) -> Understanding:
    return await dialogue.parse(text, Language.EN, Deadline.after(PARSE_SECONDS))


def _is_understood(each: Heard) -> bool:
    return each.request.is_intent_right(each.understood) and each.request.are_values_right(each.understood)


def _loss(each: Heard) -> tuple[str, str, str]:
    intent = each.understood.intent.name if each.understood.intent else "nothing"
    values = ", ".join(f"{name}={value}" for name, value in sorted(_values(each.understood)))
    return each.request.text, each.transcript, f"{intent} {values}".strip()


def _values(understood: Understanding) -> frozenset[tuple[str, str]]:
    return frozenset((entity.name, entity.value) for entity in understood.entities)


def _words(text: str) -> list[str]:
    return re.sub(r"[^\w' ]", " ", text.lower()).split()


def main() -> None:
    """Start Kratt, measure, stop it."""
    with running_kratt() as kratt:
        asyncio.run(measure(kratt.settings.process_url("engine"), kratt.settings.secret("engine_token")))


if __name__ == "__main__":
    main()
