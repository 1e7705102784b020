"""What a client wishes: the `config` of vosk-server."""

import json
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.core.audio import HIGHEST_RATE_HERTZ, LOWEST_RATE_HERTZ
from assistant.core.errors import MalformedTurn, NotAllowed
from assistant.core.languages import Language, parse_language
from connectors.vosk_websocket import DEFAULT_RATE_HERTZ

MOST_ALTERNATIVES = 10
MOST_PHRASES = 5_000
LONGEST_PHRASE = 500


def _phrases(value: object) -> object:
    """C++ clients send the list as JSON in a text, as Vosk's own interface takes it."""
    return json.loads(value) if isinstance(value, str) else value


class _Wishes(BaseModel):
    """All keys may be left out; unknown ones are no fault, as with the original."""

    model_config = ConfigDict(extra="ignore")

    sample_rate: float | None = Field(None, ge=LOWEST_RATE_HERTZ, le=HIGHEST_RATE_HERTZ)
    phrase_list: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_PHRASE)]] | None,
        BeforeValidator(_phrases),
        Field(max_length=MOST_PHRASES),
    ] = None
    words: bool | None = None
    max_alternatives: int | None = Field(None, ge=0, le=MOST_ALTERNATIVES)
    language: str | None = None
    dialogue: bool | None = None
    speech_rate: float | None = Field(None, ge=LOWEST_RATE_HERTZ, le=HIGHEST_RATE_HERTZ)
    caller: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Configuration:
    """How a connection wants to be heard and answered."""

    language: Language
    rate_hertz: int = DEFAULT_RATE_HERTZ
    phrases: tuple[str, ...] = ()
    alternatives: int = 0
    words: bool = True
    is_dialogue: bool = False
    speech_rate_hertz: int | None = None
    caller: str = ""
    """The bridge's name for the call; its session goes on by it."""
    named_language: str | None = None

    def changed(self, config: object) -> "Configuration":
        """The same after a client's `config`.

        Raises:
            MalformedTurn: a value is none.
            UnknownLanguage: Kratt has no content in that language.
            NotAllowed: a model is named by its path.
        """
        try:
            wishes = _Wishes.model_validate(config)
        except (ValidationError, ValueError):
            raise MalformedTurn("not a configuration") from None  # the message would quote the input
        if wishes.model is not None:
            raise NotAllowed("a model is chosen by its language")
        named: dict[str, Any] = {
            "language": parse_language(wishes.language) if wishes.language else None,
            "rate_hertz": round(wishes.sample_rate) if wishes.sample_rate else None,
            "phrases": None if wishes.phrase_list is None else tuple(wishes.phrase_list),
            "alternatives": wishes.max_alternatives,
            "words": wishes.words,
            "is_dialogue": wishes.dialogue,
            "speech_rate_hertz": round(wishes.speech_rate) if wishes.speech_rate else None,
            "caller": wishes.caller,
            "named_language": wishes.language,
        }
        return replace(self, **{name: value for name, value in named.items() if value is not None})

    @property
    def of_stream(self) -> tuple[object, ...]:
        """What a stream is opened by: where it changes, another one has to be."""
        return self.language, self.rate_hertz, self.phrases, self.alternatives, self.is_dialogue
