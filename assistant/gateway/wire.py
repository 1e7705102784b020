"""The JSON of requests and replies."""

import base64

from pydantic import BaseModel, ConfigDict, Field

from assistant.core.audio import HIGHEST_RATE_HERTZ, LOWEST_RATE_HERTZ, Pcm
from assistant.core.outcomes import Outcome
from assistant.core.turns import Reply
from assistant.pipeline.answer_turn import Answer

_RELOCK = "Of a speaker: lock it first, as its wake word or another voice was heard"


class TurnBody(BaseModel):
    """One request of a citizen, typed."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="What the citizen wrote")
    language: str | None = Field(None, description="`en`, `et` or `ru`; the gateway's default otherwise")
    conversation_id: str | None = Field(
        None, max_length=200, description="From an earlier reply; otherwise the cookie's conversation, or a new one"
    )
    relock: bool = Field(False, description=_RELOCK)
    speak: bool = Field(False, description="Whether the reply should be spoken, too")
    speech_rate_hertz: int | None = Field(
        None, ge=LOWEST_RATE_HERTZ, le=HIGHEST_RATE_HERTZ, description="Rate of the spoken reply; the voice's otherwise"
    )


class SpokenTurnQuery(BaseModel):
    """What goes with a recording."""

    language: str | None = Field(None, description="`en`, `et` or `ru`")
    relock: bool = Field(False, description=_RELOCK)
    speak: bool = Field(True, description="Whether the reply should be spoken")
    speech_rate_hertz: int | None = Field(
        None, ge=LOWEST_RATE_HERTZ, le=HIGHEST_RATE_HERTZ, description="Rate of the spoken reply; the voice's otherwise"
    )


class _FromDomain(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class WordBody(_FromDomain):
    """One recognised word."""

    text: str
    start_seconds: float
    end_seconds: float
    confidence: float = Field(description="0-1")


class TranscriptBody(_FromDomain):
    """What the recogniser heard."""

    text: str = Field(description="Lower-case and unpunctuated; empty for silence")
    confidence: float = Field(description="Mean of the words' confidences, 0-1")
    words: list[WordBody]


class IntentBody(_FromDomain):
    """An intent, and how sure the engine is of it."""

    name: str
    confidence: float = Field(description="0-1")


class EntityBody(_FromDomain):
    """A value found in the text, at character offsets."""

    name: str
    value: str
    start: int
    end: int


class ButtonBody(_FromDomain):
    """An answer to choose."""

    title: str = Field(description="What the citizen reads")
    payload: str = Field(description="What to send as `text` when it is chosen")


class PartBody(_FromDomain):
    """One thing said, with the choices that belong to it."""

    text: str
    buttons: list[ButtonBody]


class SoundBody(BaseModel):
    """The reply, spoken."""

    content_type: str = "audio/wav"
    base64: str


class ReplyBody(BaseModel):
    """The one reply to a request."""

    turn_id: str
    conversation_id: str = Field(description="Secret: whoever holds it speaks for the citizen")
    language: str
    outcome: Outcome = Field(description="How the turn ended; failures are told in `reply`, too")
    reply: list[PartBody] = Field(description="What to show or say, in order")
    transcript: TranscriptBody | None = Field(description="What was heard; null for a typed request")
    intent: IntentBody | None = Field(description="The best of `ranking`")
    confidence: float | None = Field(description="Confidence in the intent, 0-1")
    ranking: list[IntentBody] = Field(description="Intents considered, best first")
    entities: list[EntityBody]
    sources: list[str] = Field(description="Institutions whose registers were read")
    expects: str | None = Field(
        None, description="The kind of answer that the last question asks for: yes_no, choice, date ..."
    )
    durations_ms: dict[str, float] = Field(description="Milliseconds by stage, and `total`, their sum")
    hand_over: str | None = Field(
        None,
        description="Secret, of a speaker that is to go on on a screen: the page opens with `/#continue=` and this",
    )
    consent_url: str | None = Field(
        None,
        description="Where the citizen can give the consent that a register wants: https, works once, to be opened "
        "without a referrer",
    )
    locked_out: bool = Field(
        False,
        description="Whether this turn locked the speaker, or logged out: what was shown is shown no more, and the "
        "conversation goes on under this reply's `conversation_id`",
    )
    speech: SoundBody | None = Field(description="Null if not asked for, or if the voice failed")


class SessionBody(BaseModel):
    """Whether somebody is logged in."""

    logged_in: bool
    given_name: str = ""


def reply_body(answer: Answer, sound: Pcm | None = None) -> ReplyBody:
    """An answer as JSON, with its sound unless that travels apart."""
    reply = answer.reply
    intent = reply.understanding.intent
    return ReplyBody(
        turn_id=reply.turn_id,
        conversation_id=reply.conversation_id,
        language=reply.language.value,
        outcome=reply.outcome,
        reply=[PartBody.model_validate(part) for part in reply.parts],
        transcript=_transcript(reply),
        intent=IntentBody.model_validate(intent) if intent else None,
        confidence=intent.confidence if intent else None,
        ranking=[IntentBody.model_validate(entry) for entry in reply.understanding.ranking],
        entities=[EntityBody.model_validate(entity) for entity in reply.understanding.entities],
        sources=list(reply.sources),
        expects=reply.expected.kind if reply.expected else None,
        durations_ms=dict(reply.durations_ms),
        hand_over=answer.hand_over,
        consent_url=reply.consent_url or None,
        locked_out=reply.is_locked_out,
        speech=_sound(sound) if sound else None,
    )


def _transcript(reply: Reply) -> TranscriptBody | None:
    return TranscriptBody.model_validate(reply.transcript) if reply.transcript else None


def _sound(speech: Pcm) -> SoundBody:
    return SoundBody(base64=base64.b64encode(speech.to_wav()).decode())
