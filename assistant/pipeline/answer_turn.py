"""One request in, exactly one reply out, whatever fails on the way."""

import asyncio
import logging
import math
import unicodedata
import uuid
from dataclasses import dataclass, field, replace
from functools import partial

from assistant.core.channels import Channel
from assistant.core.deadline import Deadline
from assistant.core.desk_now import NO_DESK, DeskNow
from assistant.core.errors import (
    CallerError,
    DialogueFailed,
    DialogueUnreachable,
    MalformedTurn,
    SpeechToTextFailed,
    TooMuch,
)
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Dialogue, Session, SpeechStream, TurnMetrics, TurnSigner
from assistant.core.redaction import places_of
from assistant.core.turns import Part, Reply, Transcript, Turn, Understanding
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.listen import Listen
from assistant.pipeline.manners import Manners
from assistant.pipeline.present import (
    Responses,
    act_milliseconds,
    consent_url_of,
    expected_of,
    has_failed,
    is_called_off,
    is_forgotten,
    is_locked_out,
    is_moving,
    is_stopped,
    open_questions_of,
    outcome_of,
    own_screen_of,
    own_words,
    parts_of,
    service_of,
    sources_of,
)
from assistant.pipeline.speaking import Speak, Speech
from assistant.pipeline.stopwatch import Stopwatch

PRESENT_RESERVE_SECONDS = 1.5
"""Kept back from the deadline for the voice."""

_log = logging.getLogger("kratt.turn")

_NOT_TEXT = frozenset({"Cc", "Cs", "Co"})
"""Unicode categories that no keyboard types: control, surrogate, private use. An unassigned one may be a new emoji."""

_OUTCOMES_OF_ERRORS: dict[type[Exception], Outcome] = {
    SpeechToTextFailed: Outcome.FAILED_SPEECH,
    DialogueFailed: Outcome.FAILED_DIALOGUE,
    DialogueUnreachable: Outcome.FAILED_DIALOGUE,
    TimeoutError: Outcome.FAILED_DEADLINE,
}


@dataclass(frozen=True)
class Request:
    """What a channel received: typed text, a WAV file, or a stream whose speaker has stopped speaking.

    `is_read_aloud`: a voice that is not ours reads the reply to the citizen.
    `is_any_language`: what a WAV file says may be in another language, which its first words decide.
    `noticed_ms`: how long it took to notice that, None if the speaker or their device said so.
    `most_seconds`: the channel waits no longer. `desk`: what may be promised of it.
    """

    said: str | bytes | SpeechStream
    language: Language
    channel: str = Channel.WEB.value
    speak: bool = False
    is_read_aloud: bool = False
    is_any_language: bool = False
    noticed_ms: float | None = None
    speech_rate_hertz: int | None = None
    most_seconds: float = math.inf
    desk: DeskNow = NO_DESK


@dataclass(frozen=True)
class Answer:
    """The reply, and how it sounds if that was asked for and the voice could.

    Of the reply's durations, `speak` is the time to the first piece of the sound. `hand_over` is the token by which a
    speaker's dialogue goes on on a screen (`HandOvers`), if its citizen wanted that. `session` is the one in place of a
    session that this turn ended.
    """

    reply: Reply
    speech: Speech | None = None
    hand_over: str | None = None
    session: Session | None = None


@dataclass
class _Run:
    """What one turn has come to so far."""

    request: Request
    session: Session
    deadline: Deadline
    turn_id: str
    watch: Stopwatch
    transcript: Transcript | None = None
    understanding: Understanding = field(default_factory=Understanding)
    model: str = ""

    @property
    def language(self) -> Language:
        """That of the citizen's words, once they are understood; until then the one heard, or named by the client."""
        heard = self.transcript.language if self.transcript and self.transcript.text else self.request.language
        return self.understanding.language or heard

    @property
    def answer_deadline(self) -> Deadline:
        """When the answer must be there, so that it, or an apology, can still be spoken."""
        return self.deadline.earlier_by(PRESENT_RESERVE_SECONDS)

    def reply(self, outcome: Outcome, parts: tuple[Part, ...], sources: tuple[str, ...] = ()) -> Reply:
        return Reply(
            turn_id=self.turn_id,
            conversation_id=self.session.conversation_id,
            language=self.language,
            outcome=outcome,
            parts=parts,
            understanding=self.understanding,
            transcript=self.transcript,
            sources=sources,
        )


@dataclass(frozen=True)
class AnswerTurn:
    """Takes a turn through its stages: listen, understand and act, present, speak."""

    listen: Listen
    dialogue: Dialogue
    speak: Speak
    signer: TurnSigner
    responses: Responses
    turn_seconds: float
    text_characters: int
    metrics: TurnMetrics
    expectations: Expectations = field(default_factory=Expectations)
    manners: Manners = field(default_factory=Manners)

    async def __call__(self, request: Request, session: Session) -> Answer:
        """The answer to a request, at the latest when the turn's or the channel's seconds are over.

        Raises:
            CallerError: the request cannot become a turn; nothing was asked of the engine.
        """
        deadline = Deadline.after(min(self.turn_seconds, request.most_seconds))
        noticed = {} if request.noticed_ms is None else {"end_of_speech": request.noticed_ms}
        run = _Run(request, session, deadline, uuid.uuid4().hex, Stopwatch(**noticed))
        reply = await self._reply(run)
        run.watch.lap("present")
        speech = await self._speak(run, reply) if request.speak else None
        reply = replace(reply, durations_ms=run.watch.durations_ms())
        is_heard = run.transcript is not None
        self.metrics.turn(request.channel, reply.language, reply.outcome, reply.durations_ms, is_heard=is_heard)
        _log.info("turn", extra={"facts": _facts(run, reply, is_spoken=speech is not None)})
        return Answer(reply, speech)

    async def _reply(self, run: _Run) -> Reply:
        try:
            async with asyncio.timeout(run.answer_deadline.remaining_seconds):
                return await self._understand(run, await self._hear(run))
        except CallerError:
            raise
        except Exception as error:  # noqa: BLE001  # the turn boundary: whatever failed, the citizen gets a reply
            outcome = _OUTCOMES_OF_ERRORS.get(type(error), Outcome.FAILED_UNEXPECTED)
            _note_failure(run, error)
            return run.reply(outcome, own_words(outcome, run.language, self.responses))

    async def _hear(self, run: _Run) -> str:
        said = run.request.said
        if isinstance(said, str):
            return checked_text(said, self.text_characters)
        try:
            expected = self.expectations.of(run.session.dialogue_id)
            is_any = run.request.is_any_language
            run.transcript = await self.listen(said, run.request.language, expected, is_any_language=is_any)
        finally:
            run.watch.lap("listen")
        return run.transcript.text

    async def _understand(self, run: _Run, text: str) -> Reply:
        if not text:
            outcome = Outcome.UNANSWERABLE_NO_SPEECH
            return run.reply(outcome, own_words(outcome, run.language, self.responses))
        request = run.request
        is_spoken = request.speak or request.is_read_aloud
        turn = Turn(run.turn_id, request.channel, run.language, text, run.transcript, is_spoken, request.desk)
        signed = self.signer.sign(turn, run.session, run.answer_deadline)
        try:
            answer = await self.dialogue.respond(turn, run.session, signed, run.deadline)
        finally:
            run.watch.lap("understand")
        run.watch.move("understand", "act", act_milliseconds(answer))
        run.understanding, run.model = answer.understanding, answer.model
        outcome = outcome_of(answer)
        parts = parts_of(answer)
        if has_failed(answer):
            parts += own_words(outcome, run.language, self.responses)
        expected = expected_of(answer)
        self.expectations.note(run.session.dialogue_id, expected)
        self.manners.note(run.session.dialogue_id, [message.response for message in answer.messages])
        reply = run.reply(outcome, parts, sources_of(answer))
        return replace(
            reply,
            service=service_of(answer),
            expected=expected,
            own_screen=own_screen_of(answer),
            is_stopped=is_stopped(answer),
            is_locked_out=is_locked_out(answer),
            is_forgotten=is_forgotten(answer),
            is_moving=is_moving(answer),
            consent_url=consent_url_of(answer),
            open_questions=open_questions_of(answer),
            is_called_off=is_called_off(answer),
        )

    async def _speak(self, run: _Run, reply: Reply) -> Speech | None:
        failed = partial(_note_failure, run)
        manner = replace(self.manners.of(run.session.dialogue_id), rate_hertz=run.request.speech_rate_hertz)
        try:
            async with asyncio.timeout(run.deadline.remaining_seconds):
                return await self.speak(reply.spoken, reply.language, run.deadline, failed, manner)
        except Exception as error:  # noqa: BLE001  # the turn boundary: the words are there, and a screen still shows them
            failed(error)
            return None
        finally:
            run.watch.lap("speak")


def checked_text(text: str, most_characters: int) -> str:
    """The text without surrounding blanks.

    Raises:
        MalformedTurn: empty, or holds control characters: binary, not words.
        TooMuch: longer than allowed.
    """
    text = text.strip()
    if len(text) > most_characters:
        raise TooMuch(f"a text has at most {most_characters} characters")
    if not text or any(
        unicodedata.category(character) in _NOT_TEXT and character not in "\n\t\r" for character in text
    ):
        raise MalformedTurn("a turn needs words")
    return text


def _note_failure(run: _Run, error: Exception) -> None:
    # Its type and places alone: an exception's text may hold what was said.
    facts = {"turn_id": run.turn_id, "error": type(error).__name__, "at": places_of(error)}
    _log.warning("stage failed", extra={"facts": facts})


def _facts(run: _Run, reply: Reply, *, is_spoken: bool) -> dict[str, object]:
    intent = reply.understanding.intent
    return {
        "turn_id": run.turn_id,
        "dialogue": run.session.dialogue_id,
        "channel": run.request.channel,
        "language": reply.language.value,
        "outcome": reply.outcome.value,
        "intent": intent.name if intent else None,
        "confidence": round(intent.confidence, 3) if intent else None,
        "is_heard": run.transcript is not None,
        "is_spoken": is_spoken,
        "model": run.model,
        "durations_ms": reply.durations_ms,
    }
