import asyncio
import dataclasses
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from assistant.core.errors import (
    CallerError,
    DialogueFailed,
    MalformedTurn,
    SpeechToTextFailed,
    TextToSpeechFailed,
    TooMuch,
    UnsupportedAudio,
)
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES, Outcome
from assistant.core.ports import Message
from assistant.core.turns import Button, Expected, Part, Transcript
from assistant.pipeline import answer_turn

pytestmark = pytest.mark.unit

World = Any  # the class lives in conftest.py, which no test module can import
WAV = b"RIFF"
CANARY = "mari maasikas 60001019906"
ALMOST_NO_SECONDS = answer_turn.PRESENT_RESERVE_SECONDS + 0.003


async def test_typed_turn_when_all_goes_well_then_engines_words_are_the_reply(world: World) -> None:
    world.dialogue.answer = dataclasses.replace(
        world.dialogue.answer,
        messages=(
            Message("Two documents."),
            Message("Which one?", "utter_found", (Button("Passport", "passport"),), {"sources": ["Police"]}),
        ),
    )
    reply = (await world.ask()).reply
    assert reply.outcome is Outcome.ANSWERED
    assert reply.parts == (Part("Two documents."), Part("Which one?", (Button("Passport", "passport"),)))
    assert reply.text == "Two documents. Which one?"
    assert reply.sources == ("Police",)
    assert reply.understanding.intent is not None
    assert reply.understanding.intent.name == "document_expiry"
    assert (reply.conversation_id, reply.language, reply.transcript) == ("secret-conversation", Language.EN, None)


async def test_typed_turn_when_asked_then_engine_gets_it_stripped_signed_and_under_its_dialogue(world: World) -> None:
    reply = (await world.ask("  kus on kontor \n", Language.ET)).reply
    [(turn, dialogue_id, turn_context)] = world.dialogue.asked
    assert (turn.text, turn.language, turn.channel) == ("kus on kontor", Language.ET, "web")
    assert turn.turn_id == reply.turn_id
    assert dialogue_id == "dialogue-1"
    assert turn_context == f"signed {reply.turn_id} None"


async def test_turns_when_repeated_then_each_has_its_own_id(world: World) -> None:
    assert (await world.ask()).reply.turn_id != (await world.ask()).reply.turn_id


async def test_recording_when_heard_then_engine_gets_its_words_and_reply_carries_them(world: World) -> None:
    reply = (await world.ask(WAV)).reply
    turn = world.dialogue.asked[0][0]
    assert (turn.text, turn.transcript) == ("hello kratt", world.stream.transcript)
    assert reply.transcript == world.stream.transcript
    assert reply.transcript.confidence == 0.5


async def test_recording_when_it_answers_a_question_then_the_recogniser_knows_what_was_asked(world: World) -> None:
    answered = world.dialogue.answer
    world.dialogue.answer = dataclasses.replace(
        answered,
        messages=(Message("Which child?", facts={"expected": {"kind": "choice", "phrases": ["mari", "juku"]}}),),
    )
    asked = (await world.ask()).reply.expected
    assert asked == Expected("choice", ("mari", "juku"))
    world.dialogue.before = world.raising(DialogueFailed())  # the question stays open
    await world.ask(WAV)
    world.dialogue = type(world.dialogue)(answered)
    await world.ask(WAV)
    await world.ask(WAV)
    assert [phrases[:2] for phrases in world.speech.phrases] == [("mari", "juku"), ("mari", "juku"), ()]


async def test_turn_when_it_ends_then_its_stages_sum_to_the_whole_and_are_counted(world: World) -> None:
    typed = (await world.ask()).reply
    heard = (await world.ask(world.stream, speak=True, noticed_ms=720.0)).reply
    assert list(heard.durations_ms) == ["end_of_speech", "listen", "understand", "act", "present", "speak", "total"]
    assert heard.durations_ms["end_of_speech"] == 720.0
    for reply in (typed, heard):
        *stages, total = reply.durations_ms.values()
        assert abs(sum(stages) - total) < 1.0
    assert world.metrics.turns == [
        (typed.outcome, typed.durations_ms, False),
        (heard.outcome, heard.durations_ms, True),
    ]


async def test_stream_when_its_speaker_has_stopped_then_its_transcript_is_the_turn(world: World) -> None:
    reply = (await world.ask(world.stream)).reply
    assert reply.transcript == world.stream.transcript
    assert world.speech.opened == []


def _dialogue_raises(error: Exception) -> Callable[[World], None]:
    return lambda world: setattr(world.dialogue, "before", world.raising(error))


def _engine_answers(**changes: object) -> Callable[[World], None]:
    return lambda world: setattr(world.dialogue, "answer", dataclasses.replace(world.dialogue.answer, **changes))


def _speech_raises(error: Exception) -> Callable[[World], None]:
    return lambda world: setattr(world.speech, "before", world.raising(error))


def _stream_raises(error: Exception) -> Callable[[World], None]:
    return lambda world: setattr(world.stream, "before", world.raising(error))


async def test_turn_when_the_channel_waits_no_longer_then_it_ends_by_then(world: World) -> None:
    world.dialogue.before = world.hang
    answer = await world.ask(most_seconds=ALMOST_NO_SECONDS)
    assert answer.reply.outcome is Outcome.FAILED_DEADLINE


def _engine_is_late(world: World) -> None:
    world.dialogue.before, world.turn_seconds = world.hang, ALMOST_NO_SECONDS


def _recogniser_is_late(world: World) -> None:
    world.stream.before, world.turn_seconds = world.hang, ALMOST_NO_SECONDS


def _signer_breaks(world: World) -> None:
    world.signer.error = RuntimeError(CANARY)


def _nothing_is_heard(world: World) -> None:
    world.stream.transcript = Transcript("", Language.EN)


FAILURES = [
    pytest.param("hi", _dialogue_raises(DialogueFailed()), Outcome.FAILED_DIALOGUE, id="engine down"),
    pytest.param("hi", _dialogue_raises(RuntimeError(CANARY)), Outcome.FAILED_UNEXPECTED, id="adapter breaks"),
    pytest.param("hi", _engine_is_late, Outcome.FAILED_DEADLINE, id="engine late"),
    pytest.param("hi", _engine_answers(messages=()), Outcome.FAILED_ACTIONS, id="nothing to say"),
    pytest.param("hi", _engine_answers(messages=(Message(" "),)), Outcome.FAILED_ACTIONS, id="blank words"),
    pytest.param(
        "hi",
        _engine_answers(messages=(Message("x", facts={"outcome": "won"}),)),
        Outcome.FAILED_DIALOGUE,
        id="no such outcome",
    ),
    pytest.param("hi", _signer_breaks, Outcome.FAILED_UNEXPECTED, id="signer breaks"),
    pytest.param(WAV, _speech_raises(SpeechToTextFailed()), Outcome.FAILED_SPEECH, id="no speech model"),
    pytest.param(WAV, _stream_raises(SpeechToTextFailed()), Outcome.FAILED_SPEECH, id="recogniser fails"),
    pytest.param(WAV, _recogniser_is_late, Outcome.FAILED_DEADLINE, id="recogniser late"),
    pytest.param(WAV, _nothing_is_heard, Outcome.UNANSWERABLE_NO_SPEECH, id="silence"),
]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("said", "spoil", "outcome"), FAILURES)
async def test_turn_when_a_stage_fails_then_says_so_in_the_citizens_language(
    world: World, said: str | bytes, spoil: Callable[[World], None], outcome: Outcome, language: Language
) -> None:
    spoil(world)
    reply = (await world.ask(said, language)).reply
    assert reply.outcome is outcome
    assert [part.text for part in reply.parts] == [world.own_words(OUTCOME_RESPONSES[outcome], language)]
    assert reply.language is language


async def test_turn_when_an_action_fails_half_way_then_what_was_said_stands_and_the_apology_follows(
    world: World,
) -> None:
    world.dialogue.answer = dataclasses.replace(world.dialogue.answer, failed_action=True)
    reply = (await world.ask()).reply
    assert reply.outcome is Outcome.FAILED_ACTIONS
    assert [part.text for part in reply.parts] == [
        "Your passport expires on 5 May 2027.",
        world.own_words("utter_failed_actions"),
    ]


async def test_turn_when_a_register_fails_then_the_actions_words_and_outcome_stand(world: World) -> None:
    message = Message("The fines register does not answer.", facts={"outcome": "failed_register"})
    world.dialogue.answer = dataclasses.replace(world.dialogue.answer, messages=(message,))
    reply = (await world.ask()).reply
    assert (reply.outcome, reply.text) == (Outcome.FAILED_REGISTER, "The fines register does not answer.")


async def test_turn_when_nothing_is_heard_then_engine_is_not_asked(world: World) -> None:
    _nothing_is_heard(world)
    await world.ask(WAV)
    assert world.dialogue.asked == []


async def test_turn_when_engine_fails_after_hearing_then_reply_still_carries_the_transcript(world: World) -> None:
    _dialogue_raises(DialogueFailed())(world)
    assert (await world.ask(WAV)).reply.transcript == world.stream.transcript


@pytest.mark.parametrize(
    ("said", "spoil", "error"),
    [
        pytest.param("", None, MalformedTurn, id="empty"),
        pytest.param(" \n\t ", None, MalformedTurn, id="blank"),
        pytest.param("a\x00b", None, MalformedTurn, id="binary"),
        pytest.param("\x7fELF\x02\x01", None, MalformedTurn, id="a program"),
        pytest.param("a\ud800b", None, MalformedTurn, id="half a character"),
        pytest.param("x" * 101, None, TooMuch, id="one character too many"),
        pytest.param("x" * 1_000_000, None, TooMuch, id="a megabyte"),
        pytest.param(WAV, UnsupportedAudio(), UnsupportedAudio, id="no WAV"),
        pytest.param(WAV, TooMuch(), TooMuch, id="ten minutes"),
    ],
)
async def test_turn_when_the_caller_is_wrong_then_raises_and_engine_is_not_asked(
    world: World, said: str | bytes, spoil: Exception | None, error: type[CallerError]
) -> None:
    if spoil:
        world.sounds.before = world.raising(spoil)
    with pytest.raises(error):
        await world.ask(said)
    assert world.dialogue.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100,
        "  " + "x" * 100 + "\n",
        "line one\nline two\tend",
        "õäöü, привет",
        "thanks \U0001fae8",
        "\u200fa\u200d",
    ],
    ids=["longest", "longest with blanks", "two lines", "letters", "an emoji newer than python", "joiners"],
)
async def test_turn_when_text_is_unusual_but_words_then_is_answered(world: World, text: str) -> None:
    assert (await world.ask(text)).reply.outcome is Outcome.ANSWERED


async def test_speech_when_not_asked_for_then_voice_is_silent(world: World) -> None:
    answer = await world.ask(speak=False)
    assert answer.speech is None
    assert world.voice.spoken == []


async def test_reply_when_another_voice_reads_it_then_it_is_one_that_is_listened_to(world: World) -> None:
    for how in ({}, {"is_read_aloud": True}, {"speak": True}):
        await world.ask(**how)
    assert [turn.is_spoken for turn, *_ in world.dialogue.asked] == [False, True, True]
    assert len(world.voice.spoken) == 1


@pytest.mark.parametrize("language", Language)
async def test_speech_when_engine_is_down_then_the_apology_is_spoken(world: World, language: Language) -> None:
    _dialogue_raises(DialogueFailed())(world)
    answer = await world.ask(language=language, speak=True)
    assert world.voice.spoken == [(world.own_words("utter_failed_dialogue", language), language)]
    assert answer.speech is not None


async def test_speech_when_engine_is_late_then_there_is_time_left_to_apologise(world: World) -> None:
    _engine_is_late(world)
    await world.ask(speak=True)
    [seconds_left] = world.voice.seconds_left
    assert seconds_left > 0.9 * answer_turn.PRESENT_RESERVE_SECONDS


@pytest.mark.parametrize("error", [TextToSpeechFailed(), RuntimeError(CANARY)], ids=["voice fails", "voice breaks"])
async def test_speech_when_voice_fails_then_words_are_answered_without_sound(world: World, error: Exception) -> None:
    world.voice.before = world.raising(error)
    answer = await world.ask(speak=True)
    assert answer.speech is None
    assert (answer.reply.outcome, answer.reply.text) == (Outcome.ANSWERED, "Your passport expires on 5 May 2027.")


async def test_speech_when_voice_hangs_then_words_are_answered_at_the_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_turn, "PRESENT_RESERVE_SECONDS", 0.0)
    world.voice.before, world.turn_seconds = world.hang, 0.005
    async with asyncio.timeout(1):
        answer = await world.ask(speak=True)
    assert answer.speech is None
    assert answer.reply.outcome is Outcome.ANSWERED


async def test_deadline_when_signed_for_the_actions_then_leaves_time_to_speak(world: World) -> None:
    await world.ask()
    assert world.signer.seconds_left == [pytest.approx(8.5, abs=0.2)]


@pytest.mark.parametrize(
    ("said", "speak", "stages"),
    [
        ("hi", False, {"understand", "act", "present", "total"}),
        ("hi", True, {"understand", "act", "present", "speak", "total"}),
        (WAV, True, {"listen", "understand", "act", "present", "speak", "total"}),
    ],
)
async def test_durations_when_summed_then_are_exactly_the_total(
    world: World, said: str | bytes, speak: bool, stages: set[str]
) -> None:
    world.dialogue.before = lambda: asyncio.sleep(0.002)
    _engine_answers(messages=(Message("x", facts={"act_ms": 1.23}),))(world)
    durations = dict((await world.ask(said, speak=speak)).reply.durations_ms)
    assert set(durations) == stages
    assert durations["act"] == 1.2
    total = Decimal(str(durations.pop("total")))
    assert sum(Decimal(str(milliseconds)) for milliseconds in durations.values()) == total


@pytest.mark.parametrize(
    ("said", "spoil", "stage"),
    [(WAV, _stream_raises(SpeechToTextFailed()), "listen"), ("hi", _dialogue_raises(DialogueFailed()), "understand")],
)
async def test_durations_when_a_stage_fails_then_its_time_is_booked_to_it(
    world: World, said: str | bytes, spoil: Callable[[World], None], stage: str
) -> None:
    spoil(world)
    assert stage in (await world.ask(said)).reply.durations_ms


async def test_log_when_a_turn_ends_then_one_line_tells_how(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "kratt"):
        reply = (await world.ask(speak=True)).reply
    [record] = caplog.records
    assert record.message == "turn"
    assert record.facts == {  # type: ignore[attr-defined]
        "turn_id": reply.turn_id,
        "dialogue": "dialogue-1",
        "channel": "web",
        "language": "en",
        "outcome": "answered",
        "intent": "document_expiry",
        "confidence": 0.988,
        "is_heard": False,
        "is_spoken": True,
        "model": "model-1",
        "durations_ms": reply.durations_ms,
    }


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: None, id="answered"),
        pytest.param(_engine_answers(messages=(Message(CANARY, facts={"sources": [CANARY]}),)), id="in the answer"),
        pytest.param(_dialogue_raises(RuntimeError(CANARY)), id="in the engine's error"),
        pytest.param(_stream_raises(RuntimeError(CANARY)), id="in the recogniser's error"),
        pytest.param(lambda world: setattr(world.voice, "before", world.raising(RuntimeError(CANARY))), id="in speech"),
        pytest.param(_signer_breaks, id="in the signer's error"),
    ],
)
async def test_log_when_citizens_words_are_everywhere_then_has_none_of_them(
    world: World, spoil: Callable[[World], None], caplog: pytest.LogCaptureFixture
) -> None:
    world.stream.transcript = Transcript(CANARY, Language.EN)
    world.session = dataclasses.replace(world.session, subject=CANARY, given_name=CANARY)
    spoil(world)
    with caplog.at_level(logging.DEBUG):
        await world.ask(CANARY, speak=True)
        await world.ask(WAV, speak=True)
    logged = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "dialogue-1" in logged
    assert not [word for word in CANARY.split() if word in logged]
    assert world.session.conversation_id not in logged


@pytest.mark.parametrize("late_part", ["dialogue", "stream", "voice"])
async def test_turn_when_cancelled_then_cancellation_passes_through(world: World, late_part: str) -> None:
    is_waiting = asyncio.Event()

    async def wait_for_ever() -> None:
        is_waiting.set()
        await world.hang()

    getattr(world, late_part).before = wait_for_ever
    task = asyncio.ensure_future(world.ask(WAV, speak=True))
    await is_waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.stream.is_abandoned
