"""Home Assistant's requests, sent by the client library that it uses, to the real recogniser and the real voices."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled
from wyoming.info import Describe, Info, SelectProgram
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.languages import Language
from assistant.core.ports import Counted
from assistant.core.turns import YES_NO, Expected
from connectors.wyoming import service
from tests.outside import OutsideWorld
from tests.wyoming_port import HOST, MODEL, RATE, ListeningFor, Port, open_port, recording, said, sound, told

pytestmark = pytest.mark.integration

QUESTION = "when does my passport expire"


@pytest.fixture(scope="module")
def speech() -> Iterator[ListeningFor]:
    speech = ListeningFor({Language.EN: MODEL}, streams=1)
    speech.phrases = []
    yield speech
    speech.close()


@pytest.fixture(scope="module")
async def voice() -> AsyncIterator[EspeakVoice]:
    voice = EspeakVoice()
    yield voice
    await voice.close()


@pytest.fixture
async def port(speech: VoskSpeech, voice: EspeakVoice) -> AsyncIterator[Port]:
    async with open_port(speech, voice, OutsideWorld()) as port:
        yield port


def samples_of(events: list[Event]) -> bytes:
    return b"".join(event.payload or b"" for event in events if event.type == "audio-chunk")


def kinds(events: list[Event]) -> list[str]:
    """The kinds of events; of several alike that follow each other one."""
    return [
        event.type
        for before, event in zip([None, *events], events, strict=False)
        if before is None or before.type != event.type
    ]


async def test_service_when_described_then_home_assistant_makes_three_entities_of_it(port: Port) -> None:
    (event,) = await port.ask(Describe(), until="info")
    info = Info.from_event(event)
    (asr,), (tts,), (handle,) = info.asr, info.tts, info.handle
    assert [model.languages for model in asr.models if model.installed] == [["en"]]
    assert [each.languages for each in tts.voices] == [["en"], ["et"], ["ru"]]
    assert handle.models[0].languages == ["en", "et", "ru"]
    assert asr.supports_transcript_streaming
    assert tts.supports_synthesize_streaming
    assert handle.supports_handled_streaming
    assert not handle.supports_home_control


async def test_speech_when_recorded_then_its_words_come_one_by_one_and_then_all(port: Port) -> None:
    events = await port.ask(*recording(said(QUESTION)), until="transcript-stop")
    assert kinds(events) == ["transcript-start", "transcript-chunk", "transcript", "transcript-stop"]
    chunks = [event.data["text"] for event in events if event.type == "transcript-chunk"]
    transcript = Transcript.from_event(events[-2])
    assert transcript.text == "".join(chunks) == QUESTION
    assert len(chunks) > 1
    assert transcript.language == "en"


async def test_speech_when_the_speaker_has_finished_then_the_transcript_does_not_wait_for_the_client(
    port: Port,
) -> None:
    samples = said(QUESTION) + bytes(2 * RATE)
    async with AsyncTcpClient(HOST, port.port, read_timeout=20) as client:
        for message in recording(samples)[:-1]:
            await client.write_event(message.event())
        assert (await told(client, "transcript"))[-1].data["text"] == QUESTION
        for message in (*sound(bytes(RATE)), AudioStop(), *recording(said("yes"))):  # late, and then another one
            await client.write_event(message.event())
        assert (await told(client, "transcript"))[-1].data["text"] == "yes"


async def test_speech_when_nobody_speaks_then_the_transcript_is_empty(port: Port) -> None:
    events = await port.ask(*recording(bytes(2 * RATE)), until="transcript")
    assert [(event.type, event.data["text"]) for event in events] == [("transcript", "")]


async def test_speech_when_it_lasts_too_long_then_what_was_heard_is_transcribed(
    speech: VoskSpeech, voice: EspeakVoice
) -> None:
    async with open_port(speech, voice, OutsideWorld(), seconds=1) as port:
        events = await port.ask(*recording(said(QUESTION)), until="transcript")
    assert events[-1].data["text"].startswith("when does")


async def test_speech_when_it_answers_a_question_of_a_dialogue_then_the_recogniser_knows_it(
    port: Port, speech: ListeningFor
) -> None:
    context = {"conversation_id": "01J"}
    await port.ask(Transcript("hello", context, "en"), until="handled")
    ((_, session),) = port.world.taken
    port.world.expectations.note(session.dialogue_id, Expected(YES_NO))
    for asked in (Transcribe(language="en", context=context), Transcribe(language="en")):
        await port.ask(asked, *recording(said("yes"))[1:], until="transcript")
    assert ["yes please" in phrases for phrases in speech.phrases[-2:]] == [True, False]


async def test_words_when_answered_then_the_reply_comes_part_by_part_and_whole(port: Port) -> None:
    context = {"conversation_id": "01J", "device_id": "kitchen"}
    events = await port.ask(Transcript("hello", context, "en"), until="handled-stop")
    assert kinds(events) == ["handled-start", "handled-chunk", "handled", "handled-stop"]
    handled = Handled.from_event(events[-2])
    assert handled.text == "You said: hello One.\n\nTwo."
    assert handled.text == "".join(event.data["text"] for event in events if event.type == "handled-chunk")
    assert handled.context == {"conversation_id": "01J", "continue_conversation": False}
    ((request, _),) = port.world.taken
    assert (request.channel, request.is_read_aloud) == ("shared_speaker", True)


async def test_question_when_asked_back_then_the_client_is_told_that_an_answer_is_expected(port: Port) -> None:
    (event,) = [each for each in await port.ask(Transcript("office"), until="handled") if each.type == "handled"]
    assert event.data["context"]["continue_conversation"]


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ({"conversation_id": "a"}, {"conversation_id": "a", "satellite_id": "s"}, True),
        ({"conversation_id": "a"}, {"conversation_id": "b"}, False),
        ({"conversation_id": "a"}, {"satellite_id": "a"}, False),
        ({"satellite_id": "s", "device_id": "d"}, {"satellite_id": "s"}, True),
        (None, None, False),
        ({"conversation_id": ["a"]}, {"conversation_id": ["a"]}, False),
    ],
)
async def test_dialogue_when_contexts_differ_then_so_do_dialogues(
    port: Port, first: Any, second: Any, are_one: bool
) -> None:
    for context in (first, second):
        await port.ask(Transcript("hello", context, "en"), until="handled")
    dialogues = {session.dialogue_id for _, session in port.world.taken}
    assert len(dialogues) == (1 if are_one else 2)


async def test_dialogue_when_the_client_has_no_id_then_it_goes_on_by_the_one_it_is_given(port: Port) -> None:
    handled = (await port.ask(Transcript("hello"), until="handled"))[-1]
    await port.ask(Transcript("hello", handled.data["context"]), until="handled")
    assert len({session.dialogue_id for _, session in port.world.taken}) == 1


async def test_words_when_kratt_fails_then_they_are_not_handled(port: Port) -> None:
    (event,) = await port.ask(Transcript("failed_dialogue"), until="not-handled")
    assert (event.type, event.data["text"]) == ("not-handled", "Sorry.")


async def test_text_when_spoken_then_it_is_in_the_voice_that_is_named(port: Port) -> None:
    voices = [SynthesizeVoice(name="kratt-ru"), SynthesizeVoice(language="ru-RU"), SynthesizeVoice(name="kratt-en")]
    spoken = [await port.ask(Synthesize("Привет.", voice), until="audio-stop") for voice in voices]
    assert kinds(spoken[0]) == ["audio-start", "audio-chunk", "audio-stop"]
    assert spoken[0][0].data["rate"] == 22_050
    russian, by_language, english = (len(samples_of(events)) for events in spoken)
    assert russian == pytest.approx(by_language, rel=0.005)
    assert russian != pytest.approx(english, rel=0.05)
    assert all(len(event.payload or b"") <= 2048 for event in spoken[0])


async def test_reply_when_spoken_without_a_voice_then_it_is_in_the_language_it_was_given_in(port: Port) -> None:
    context = {"conversation_id": "01J"}
    handled = (await port.ask(Transcript("привет", context), until="handled"))[-1]
    text = handled.data["text"]
    voices = (None, SynthesizeVoice(language="ru"), SynthesizeVoice(language="en"))
    spoken = [await port.ask(Synthesize(text, voice), until="audio-stop") for voice in voices]
    unnamed, russian, english = (len(samples_of(events)) for events in spoken)
    assert unnamed == pytest.approx(russian, rel=0.005)
    assert unnamed != pytest.approx(english, rel=0.05)


@pytest.mark.parametrize("size", [1, 7, 100])
async def test_text_when_it_is_still_being_written_then_each_sentence_is_spoken_once(port: Port, size: int) -> None:
    text = "The bed light is off. The kitchen is warm. Anything else?"
    chunks = [SynthesizeChunk(text[first : first + size]) for first in range(0, len(text), size)]
    writing = [SynthesizeStart(), *chunks, Synthesize(text), SynthesizeStop()]  # the whole text is for older services
    events = await port.ask(*writing, until="synthesize-stopped")
    assert kinds(events) == ["audio-start", "audio-chunk", "audio-stop", "synthesize-stopped"]
    whole = samples_of(await port.ask(Synthesize(text), until="audio-stop"))
    assert len(samples_of(events)) == pytest.approx(len(whole), rel=0.01)


async def test_text_when_there_is_no_word_in_it_then_the_sound_has_no_length(port: Port) -> None:
    events = await port.ask(Synthesize(" ... "), until="audio-stop")
    assert [event.type for event in events] == ["audio-start", "audio-stop"]


async def test_markup_when_the_text_is_plain_then_it_has_no_effect(port: Port) -> None:
    marked = 'Yes.<break time="3s"/> No.'
    lengths = [
        len(samples_of(await port.ask(Synthesize(text, text_format=kind), until="audio-stop")))
        for text, kind in ((marked, None), (f"<speak>{marked}</speak>", "ssml"))
    ]
    assert lengths[1] - lengths[0] > 2.5 * 2 * 22_050


async def test_event_when_unknown_then_it_is_passed_over_and_a_ping_is_answered_at_any_time(port: Port) -> None:
    start, *rest = recording(said("yes"))[1:]
    strange = [Event("timer-started", {"id": 1}), SelectProgram("kratt").event(), Event("audio-pause", {}, b"\0")]
    async with AsyncTcpClient(HOST, port.port, read_timeout=20) as client:
        for event in (*strange, start.event(), *strange, Ping("now").event(), *(each.event() for each in rest)):
            await client.write_event(event)
        events = await told(client, "transcript")
    assert events[0] == Event("pong", {"text": "now"})
    assert events[-1].data["text"] == "yes"


async def test_speaker_when_as_many_as_allowed_speak_then_the_next_is_told_busy(port: Port) -> None:
    async with AsyncTcpClient(HOST, port.port, read_timeout=20) as first:
        for message in recording(said(QUESTION))[:10]:
            await first.write_event(message.event())
        await first.write_event(Ping().event())
        await told(first, "pong")
        (error,) = await port.ask(*recording(said("yes")), until="nothing")
        assert (error.type, error.data["code"]) == ("error", "busy")
        for message in recording(said(QUESTION))[10:]:
            await first.write_event(message.event())
        assert (await told(first, "transcript"))[-1].data["text"] == QUESTION


async def test_speech_when_there_is_no_model_for_it_then_that_is_an_error(port: Port) -> None:
    (error,) = await port.ask(*recording(said("yes"), "et"), until="nothing")
    assert error.data["code"] == "speech_to_text_failed"


async def test_client_when_asking_too_often_then_is_told_so_in_its_language(
    speech: VoskSpeech, voice: EspeakVoice
) -> None:
    async with open_port(speech, voice, OutsideWorld(per_minute={Counted.TURN_OF_ADDRESS: 1})) as port:
        await port.ask(Transcript("hello"), until="handled")
        for messages in ([Transcript("hello")], [Synthesize("hello")], [AudioStart(RATE, 2, 1)]):
            (error,) = await port.ask(*messages, until="nothing")
            assert (error.type, error.data["code"]) == ("error", "too_often")
        assert len(port.world.taken) == 1


async def test_connections_when_there_are_too_many_then_the_next_is_told_busy_and_leaves_room(
    port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_CONNECTIONS", 1)
    async with AsyncTcpClient(HOST, port.port) as first:
        await first.write_event(Describe().event())
        await told(first, "info")
        (error,) = await port.ask(Describe(), until="nothing")
        assert error.data["code"] == "busy"
    async with asyncio.timeout(10):
        while (await port.ask(Describe(), until="info"))[0].type != "info":
            pass


async def test_connection_when_nothing_comes_then_it_is_closed(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "IDLE_SECONDS", 0.05)
    assert await port.ask(until="nothing") == []
