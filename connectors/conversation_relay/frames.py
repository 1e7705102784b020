"""What is sent to and fro (Twilio, "WebSocket messages"; Telnyx, "ConversationRelay WebSocket channel")."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assistant.core.languages import Language
from connectors.carriers.line import Protocol

LOCALES: Mapping[Language, str] = {Language.EN: "en-US", Language.ET: "et-EE", Language.RU: "ru-RU"}


class _Frame(BaseModel):
    """A frame of the carrier's; what it has besides is passed over."""

    model_config = ConfigDict(frozen=True, alias_generator=AliasGenerator(validation_alias=to_camel))


class Setup(_Frame):
    """The call begins. Who calls is not looked at: a number is no proof of anything."""

    type: Literal["setup"]
    session_id: Annotated[str, Field(min_length=1, max_length=200)]
    custom_parameters: Mapping[str, Any] = {}


class Prompt(_Frame):
    """Something was said; while `last` is false, more of it comes."""

    type: Literal["prompt"]
    voice_prompt: str
    lang: str | None = None
    last: bool = True


class Dtmf(_Frame):
    """A key was pressed."""

    type: Literal["dtmf"]
    digit: Annotated[str, Field(pattern=r"^[0-9A-D*#]$")]


class Interrupt(_Frame):
    """The caller spoke into the reply, of which so much was heard."""

    type: Literal["interrupt"]
    utterance_until_interrupt: str = ""
    duration_until_interrupt_ms: float | None = None


class Failure(_Frame):
    """The carrier could not do what it was told. Its description quotes that."""

    type: Literal["error"]


Frame = Setup | Prompt | Dtmf | Interrupt | Failure
PROTOCOL: Protocol[Frame] = Protocol(
    "ConversationRelay",
    "type",
    {"setup": Setup, "prompt": Prompt, "dtmf": Dtmf, "interrupt": Interrupt, "error": Failure},
)


def text_frame(token: str, *, last: bool) -> str:
    """Words to be spoken; the `last` of a reply ends it."""
    return json.dumps({"type": "text", "token": token, "last": last}, ensure_ascii=False)


def language_frame(language: Language) -> str:
    """From now on this language is spoken and heard."""
    locale = LOCALES[language]
    return json.dumps({"type": "language", "ttsLanguage": locale, "transcriptionLanguage": locale})


def end_frame(reason: str) -> str:
    """The relay ends; the carrier goes on with the call as its own instructions say, which get the reason."""
    return json.dumps({"type": "end", "handoffData": json.dumps({"reason": reason})})
