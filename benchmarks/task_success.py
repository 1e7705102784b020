"""Whether citizens get to the service they came for, typed and said: `.venv/bin/python benchmarks/task_success.py`.

The first intent of one sentence, which `kratt evaluate` counts, is not yet what a citizen gets: Kratt asks when it is
not sure, and who is not understood says it again. Here each held-out request for a service is a citizen who

* types or says it, in English, not logged in;
* says "yes" to "do you mean ...?" if that is the service, and "the second one" if it is the second of several;
* else, also when another service has begun, asks for it in other words: the next held-out request for the same service;
* is there when Kratt does what the service does: it answers, asks for what it lacks, or wants a log-in. After TURNS
  turns the citizen gives up.

Spoken words get to the real recogniser as WAV files over HTTP, in the voices of `kratt evaluate --spoken`, by turns.
"""

import argparse
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice

import httpx
import numpy as np
import soundfile
from citizens import said_aloud, samples_of
from running import ANSWER_SECONDS, RunningKratt, running_kratt, table

from assistant.adapters.citizen_voices import VOICES
from assistant.content.held_out import read_held_out
from assistant.content.judging import OUT_OF_SCOPE
from assistant.content.service_spec import read_services
from assistant.core.languages import Language
from assistant.gateway.wire import ReplyBody
from assistant.operate import surroundings
from assistant.operate.gateway_client import GatewayClient
from assistant.operate.surroundings import Condition
from assistant.settings import PROJECT

CONTENT = PROJECT / "nlu_data"
TURNS = 4
AT_ONCE = 2
TALKERS = 8
BABBLE_RATE_HERTZ = 16_000
BABBLE_SECONDS = 10
CONDITIONS = {
    "typed": None,
    "said in quiet": Condition("clean"),
    "in a cafe, 12 dB": Condition("cafe", 12),
    "in a room, 12 dB": Condition("room", 12, is_reverberant=True),
}
ORDINALS = ("the first one", "the second one", "the third one")
OFFERS = ("Do you mean this:", "Which of these do you mean:", "Is it perhaps one of these:", "Is it one of these:")
"""How Kratt asks which service is meant, in nlu_data/common/responses.en.yml."""


@dataclass(frozen=True)
class Citizen:
    """Who wants something: the service, its title, ways to ask for it, first things first, and a voice."""

    service: str
    title: str
    ways: Sequence[str]
    voice: str
    seed: int


@dataclass(frozen=True)
class Visit:
    """In which turn a citizen got there, or None, and whether another service had begun before."""

    turn: int | None
    is_misled: bool


@dataclass(frozen=True)
class Place:
    """Where citizens are: their words are typed, or get to Kratt as sound in some condition."""

    kratt: RunningKratt
    services: frozenset[str]
    condition: Condition | None
    babble: surroundings.Samples

    def visit(self, citizen: Citizen) -> Visit:
        """One conversation."""
        is_misled = False
        with httpx.Client(base_url=self.kratt.url, trust_env=False, timeout=ANSWER_SECONDS) as http:
            client = GatewayClient(http, Language.EN)
            ways = iter(citizen.ways)
            words, accepts = next(ways), False
            for turn in range(1, TURNS + 1):
                reply = self._say(client, words, citizen, turn)
                offer = answer_to_offer(reply, citizen)
                begun = self._begun(reply) if offer is None else None
                if begun == citizen.service or (begun == "" and accepts):
                    return Visit(turn, is_misled)
                is_misled |= bool(begun)
                accepts = bool(offer)
                words = offer or next(ways, "")
        return Visit(None, is_misled)

    def _begun(self, reply: ReplyBody) -> str | None:
        """The service that these words began, "" if they let one begin that was offered, None if nothing has begun."""
        if reply.outcome.family not in {"answered", "asked"} or not reply.intent:
            return None
        return reply.intent.name if reply.intent.name in self.services else ""

    def _say(self, client: GatewayClient, words: str, citizen: Citizen, turn: int) -> ReplyBody:
        if self.condition is None:
            return client.ask(words)
        said = samples_of(said_aloud(words, citizen.voice))
        babble = surroundings.at_rate(said.rate_hertz, self.babble, BABBLE_RATE_HERTZ)
        sound = surroundings.heard_in(self.condition, said, babble, citizen.seed * TURNS + turn)
        file = io.BytesIO()
        soundfile.write(file, np.frombuffer(sound.samples, "<i2"), sound.rate_hertz, format="WAV")
        return client.ask_aloud(file.getvalue())


def answer_to_offer(reply: ReplyBody, citizen: Citizen) -> str | None:
    """What the citizen says to "do you mean ...?"; "" if theirs is not among it, None if that was not asked."""
    said = " ".join(part.text for part in reply.reply)
    if not any(start in said for start in OFFERS):
        return None
    titles = [button.title for part in reply.reply for button in part.buttons]
    if citizen.title in titles:
        return ORDINALS[titles.index(citizen.title)]
    return "yes" if f": {citizen.title}?" in said else ""


def citizens(every: int) -> list[Citizen]:
    """One for each held-out request for a service; the ways to ask come round."""
    titles = {each.service: each.title[Language.EN] for each in read_services(CONTENT)}
    requests = [each for each in read_held_out(CONTENT) if each.language is Language.EN and each.intent in titles]
    voices = cycle(VOICES[Language.EN])
    found = []
    for number, request in enumerate(requests):
        same = [each.text for each in requests if each.intent == request.intent]
        begin = same.index(request.text)
        ways = [*same[begin:], *same[:begin]]
        found.append(
            Citizen(request.intent, titles[request.intent], list(islice(cycle(ways), TURNS)), next(voices), number)
        )
    return found[::every]


def talk() -> surroundings.Samples:
    """Eight people who want nothing of Kratt, as in `kratt evaluate --spoken`."""
    texts = cycle(
        [each.text for each in read_held_out(CONTENT) if each.intent == OUT_OF_SCOPE and each.language is Language.EN]
    )
    talkers = []
    for voice in islice(cycle(VOICES[Language.EN]), TALKERS):
        said = np.zeros(0)
        while len(said) < BABBLE_SECONDS * BABBLE_RATE_HERTZ:
            sound = samples_of(said_aloud(next(texts), voice))
            own = surroundings.samples_of(sound)
            said = np.concatenate((said, surroundings.at_rate(BABBLE_RATE_HERTZ, own, sound.rate_hertz)))
        talkers.append(said)
    return surroundings.babble_of(talkers)


def column(visits: Sequence[Visit]) -> list[str]:
    """One column of the table."""
    within = [sum(each.turn is not None and each.turn <= most for each in visits) for most in range(1, TURNS + 1)]
    misled = sum(each.is_misled for each in visits)
    return [f"{count / len(visits):.1%}" for count in (*within, misled)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take each so manieth request")
    everyone = citizens(parser.parse_args().every)
    responses = (CONTENT / "common" / "responses.en.yml").read_text(encoding="utf-8")
    if gone := [each for each in OFFERS if f'"{each}' not in responses]:
        raise SystemExit(f"Kratt no longer asks {gone[0]!r}: mend OFFERS")
    services, babble = frozenset(each.service for each in everyone), talk()
    columns = {}
    with running_kratt() as kratt, ThreadPoolExecutor(AT_ONCE) as threads:
        for name, condition in CONDITIONS.items():
            columns[name] = column(list(threads.map(Place(kratt, services, condition, babble).visit, everyone)))
    labels = [*(f"there within {turns} turns" for turns in range(1, TURNS + 1)), "misled to another service first"]
    rows = [[label, *(columns[name][at] for name in columns)] for at, label in enumerate(labels)]
    print(table([f"{len(everyone)} citizens", *columns], rows))


if __name__ == "__main__":
    main()
