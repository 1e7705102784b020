"""What the citizen said in a turn, as the dialogue engine understood it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rasa_sdk import Tracker

from assistant.content.compile import LANGUAGE_SLOT
from assistant.core.calendar import citizens_today
from assistant.core.languages import Language, parse_language

SURE = 0.6
"""From here on an intent counts inside an open dialogue: the engine's own threshold in nlu_data/config.yml."""

VERY_SURE = 0.8
"""From here on an intent counts although the words could be an answer as well."""


MOST_REQUESTS = 3
"""Nobody keeps more apart in one sentence; what is said beyond them is not taken."""


@dataclass(frozen=True)
class Mention:
    """A value of fixed ones that the words name; `start` and `end` are character offsets."""

    slot: str
    value: str
    start: int
    end: int


Ranking = Sequence[tuple[str, float]]
"""Intents that words may mean, each with its probability, the likeliest first."""


@dataclass(frozen=True)
class Heard:
    """One turn's words; `today` is the citizen's day.

    `requests` are those to several services that they hold, if they do, each with its own words, in the order said.
    `confidences` tell how surely each word of a spoken text was heard, 0-1; None if it was typed. `alternatives` are
    other readings of the sound, the best first.
    """

    text: str
    intent: str
    confidence: float
    mentions: tuple[Mention, ...]
    language: Language
    today: date
    requests: tuple["Heard", ...] = ()
    ranking: Ranking = ()
    confidences: tuple[float, ...] | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def is_spoken(self) -> bool:
        """Whether it was said rather than typed."""
        return self.confidences is not None

    def means(self, *intents: str) -> bool:
        """Whether it is surely one of these intents."""
        return self.intent in intents and self.confidence >= SURE

    def part(self, start: int, end: int) -> "Heard":
        """The same with nothing said but the words from `start` to `end`."""
        kept = (each for each in self.mentions if start <= each.start and each.end <= end)
        mentions = tuple(replace(each, start=each.start - start, end=each.end - start) for each in kept)
        confidences = self.confidences
        if confidences is not None:
            first = len(self.text[:start].split())
            confidences = confidences[first : first + len(self.text[start:end].split())]
        return replace(self, text=self.text[start:end], mentions=mentions, confidences=confidences, alternatives=())

    def otherwise(self) -> Iterator["Heard"]:
        """The other readings, with nothing known of them but the words."""
        for text in self.alternatives:
            yield replace(self, text=text, mentions=(), confidences=None, alternatives=())


def hear(tracker: Tracker, language_of_context: str) -> Heard:
    """The latest message of a tracker."""
    message: Mapping[str, Any] = tracker.latest_message
    intent: Mapping[str, Any] = message.get("intent") or {}
    # The language is found in the whole text, and is no value that words name.
    entities = [each for each in message.get("entities") or () if each["entity"] != LANGUAGE_SLOT]
    heard = Heard(
        text=str(message.get("text") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        mentions=tuple(
            Mention(str(e["entity"]), str(e["value"]), int(e.get("start", 0)), int(e.get("end", 0))) for e in entities
        ),
        language=parse_language(str(tracker.slots.get("language") or language_of_context)),
        today=citizens_today(),
        ranking=tuple((str(i["name"]), float(i["confidence"])) for i in message.get("intent_ranking") or ()),
        **_as_heard(message.get("heard")),
    )
    requests: Sequence[Mapping[str, Any]] = (message.get("requests") or ())[:MOST_REQUESTS]
    return replace(heard, requests=tuple(_one_of_them(heard, each) for each in requests) if len(requests) > 1 else ())


def _as_heard(heard: object) -> dict[str, Any]:
    if not isinstance(heard, Mapping):
        return {}
    return {
        "confidences": tuple(map(float, heard["confidences"])),
        "alternatives": tuple(map(str, heard["alternatives"])),
    }


def _one_of_them(whole: Heard, request: Mapping[str, Any]) -> Heard:
    """One of several requests in a sentence, as if nothing else had been said."""
    part = whole.part(int(request["start"]), int(request["end"]))
    return replace(part, intent=str(request["intent"]), confidence=float(request["confidence"]))
