"""Home Assistant, as it uses the Wyoming protocol, with the whole of Kratt: a connection for each request."""

from typing import Any

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize

from tests.wyoming_port import HOST, RATE, said, sound

pytestmark = pytest.mark.conversation

CONTEXT = {"conversation_id": "01JDKRATT", "device_id": "0a1b", "satellite_id": "assist_satellite.kitchen"}


async def ask(kratt: Any, *messages: Eventable, until: str) -> list[Event]:
    events: list[Event] = []
    async with AsyncTcpClient(HOST, kratt.settings.wyoming_port, connect_timeout=1, read_timeout=20) as client:
        for message in messages:
            await client.write_event(message.event())
        while event := await client.read_event():
            events.append(event)
            if event.type == until:
                break
    return events


async def test_citizen_when_asking_home_assistant_then_kratt_hears_answers_and_speaks(kratt: Any) -> None:
    info = Info.from_event((await ask(kratt, Describe(), until="info"))[0])
    assert all((info.asr, info.tts, info.handle))
    samples = said("when is the tartu office open")
    recording = [Transcribe(language="en"), AudioStart(RATE, 2, 1), *sound(samples), AudioStop()]
    words = (await ask(kratt, *recording, until="transcript"))[-1].data["text"]
    reply = (await ask(kratt, Transcript(words, CONTEXT, "en"), until="handled"))[-1]
    assert "Tartu" in reply.data["text"]
    spoken = await ask(kratt, Synthesize(reply.data["text"]), until="audio-stop")
    assert sum(len(event.payload or b"") for event in spoken) > 2 * spoken[0].data["rate"]


@pytest.mark.parametrize(
    ("language", "question", "office", "answer"),
    [
        ("en", "when is your office open", "tartu", "Tartu"),
        ("et", "millal teie büroo lahti on", "tartu", "Tartu"),
        ("ru", "когда открыт ваш офис", "тарту", "Тарту"),
    ],
)
async def test_question_when_asked_back_then_the_next_words_of_the_conversation_answer_it(
    kratt: Any, language: str, question: str, office: str, answer: str
) -> None:
    context = {"conversation_id": f"01J{language}"}
    asked = (await ask(kratt, Transcript(question, context, language), until="handled"))[-1]
    assert asked.data["context"] == {**context, "continue_conversation": True}
    told = (await ask(kratt, Transcript(office, context, language), until="handled"))[-1]
    assert answer in told.data["text"]


@pytest.mark.parametrize(
    ("language", "question", "told"),
    [
        ("en", "when does my passport expire", "own page"),
        ("et", "millal mu pass aegub", "oma lehel"),
        ("ru", "когда заканчивается мой паспорт", "своей странице"),
    ],
)
async def test_personal_question_when_asked_in_a_room_then_the_citizen_is_sent_to_their_own_page(
    kratt: Any, language: str, question: str, told: str
) -> None:
    (reply,) = [
        each
        for each in await ask(kratt, Transcript(question, CONTEXT, language), until="handled")
        if each.type == "handled"
    ]
    assert told in reply.data["text"]
