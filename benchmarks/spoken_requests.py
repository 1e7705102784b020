"""How much of what is said arrives: `.venv/bin/python benchmarks/spoken_requests.py`.

Every English request of nlu_data/**/tests.yml, said by six synthetic voices, and every one of nlu_data/held_out/en.yml,
said by one of them in turns, goes through Kratt's recogniser as a recording and then through the running engine,
outside any dialogue. `--held-out` measures the latter alone, `--every 5` each fifth request alone.

* transcript exact: the words are those that were said (case and punctuation aside).
* word errors: words inserted, deleted and replaced, over the words said.
* intent right: the intent that tests.yml or held_out/en.yml names, else the one that the engine sees in the typed
  request. One that the engine is not sure enough of to act upon is not right.
* values right: the same entity values as in the typed request.

Beside it the typed requests themselves: what is lost in those is lost by the engine, not by listening. "words alone"
are the held-out requests once more, without the confidences and other readings that the engine is told of a spoken one.
None of the voices is one that `kratt speech hear` speaks the examples in.
"""

import argparse
import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from citizens import VOICES, english_conversations, said_aloud, samples_of
from running import running_kratt, table

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.speech_models import models_in
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.conversations import Exchange
from assistant.content.held_out import HeldOut, read_held_out
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.turns import Transcript, Understanding
from assistant.settings import PROJECT

PARSE_SECONDS = 10.0
NOTHING = Understanding()


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
    by_words_alone: Understanding = NOTHING


@dataclass(frozen=True)
class Listener:
    """A recogniser and the engine behind it."""

    speech: VoskSpeech
    dialogue: RasaDialogue

    async def heard(self, request: Request, voice: str) -> Heard:
        """Say it, listen, understand."""
        sound = samples_of(said_aloud(request.text, voice))
        stream = await self.speech.open_stream(Language.EN, sound.rate_hertz)
        await stream.accept(sound.samples)
        transcript = await stream.finish()
        if not transcript.text:
            return Heard(request, "", NOTHING)
        meanings = [await _parse(self.dialogue, said) for said in (transcript, transcript.text)]
        return Heard(request, transcript.text, *meanings)


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


async def measure_tests(listener: Listener, every: int) -> None:
    """Hear the requests of tests.yml in every voice, and print."""
    turns = [turn for each in english_conversations(only_spoken=False) for turn in each.turns]
    chosen = list({turn.say: turn for turn in turns}.values())[::every]
    requests = [await _request(turn, listener.dialogue) for turn in chosen]
    by_voice = {voice: [await listener.heard(request, voice) for request in requests] for voice in VOICES}
    rows = [row_of("typed", _typed(requests))]
    rows += [row_of(voice, everything) for voice, everything in by_voice.items()]
    together = [each for everything in by_voice.values() for each in everything]
    _print("Requests of tests.yml", [*rows, row_of("all voices", together)], together)


async def measure_held_out(listener: Listener, every: int) -> None:
    """Hear the held-out requests in voices that take turns, and print."""
    chosen = [each for each in read_held_out(PROJECT / "nlu_data") if each.language is Language.EN][::every]
    requests = [await _held_out_request(each, listener.dialogue) for each in chosen]
    spoken = [await listener.heard(request, VOICES[number % len(VOICES)]) for number, request in enumerate(requests)]
    alone = [replace(each, understood=each.by_words_alone) for each in spoken]
    rows = [row_of("typed", _typed(requests)), row_of("spoken", spoken), row_of("spoken, words alone", alone)]
    _print("Held-out requests", rows, spoken)


def _print(title: str, rows: Sequence[Sequence[object]], everything: Sequence[Heard]) -> None:
    print(f"\n{title}:\n")
    print(table(["voice", "requests", "transcript exact", "word errors", "intent right", "values right"], rows))
    print("\nMisunderstood:\n")
    lost = {_loss(each) for each in everything if not _is_understood(each)}
    print(table(["said", "heard", "understood as"], sorted(lost)))


def _typed(requests: Sequence[Request]) -> list[Heard]:
    return [Heard(request, request.text, request.typed) for request in requests]


async def _request(turn: Exchange, dialogue: RasaDialogue) -> Request:
    typed = await _parse(dialogue, turn.say)
    return Request(turn.say, turn.intent or (typed.intent.name if typed.intent else None), typed)


async def _held_out_request(each: HeldOut, dialogue: RasaDialogue) -> Request:
    return Request(each.text, each.intent, await _parse(dialogue, each.text))


async def _parse(dialogue: RasaDialogue, said: str | Transcript) -> Understanding:
    return await dialogue.parse(said, Language.EN, Deadline.after(PARSE_SECONDS))


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


async def measure(url: str, token: str, every: int, *, only_held_out: bool) -> None:
    """Measure against a running engine."""
    speech = VoskSpeech(models_in(PROJECT / "models" / "speech"), streams=1)
    listener = Listener(speech, RasaDialogue(url, token))
    if not only_held_out:
        await measure_tests(listener, every)
    await measure_held_out(listener, every)
    await listener.dialogue.close()
    speech.close()


def main() -> None:
    """Start Kratt, measure, stop it."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--held-out", action="store_true")
    options.add_argument("--every", type=int, default=1)
    chosen = options.parse_args()
    with running_kratt() as kratt:
        url, token = kratt.settings.process_url("engine"), kratt.settings.secret("engine_token")
        asyncio.run(measure(url, token, chosen.every, only_held_out=chosen.held_out))


if __name__ == "__main__":
    main()
