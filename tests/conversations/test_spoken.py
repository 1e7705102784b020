"""The spoken conversations of nlu_data/**/tests.yml, said aloud by two synthetic citizens to the real recogniser."""

import base64
import io
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.content.conversations import Conversation, Exchange, read_conversations
from assistant.settings import PROJECT

pytestmark = pytest.mark.conversation

SPOKEN = {name: each for name, each in read_conversations(PROJECT / "nlu_data").items() if each.spoken}
VOICES: dict[str, Callable[[str, Path], list[str]]] = {
    "flite-slt": lambda text, file: ["flite", "-voice", "slt", "-t", text, str(file)],
    "espeak-gb": lambda text, file: ["espeak-ng", "-v", "en-gb", "-w", str(file), text],
}


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
@pytest.mark.parametrize("conversation", SPOKEN.values(), ids=SPOKEN)
def test_conversation_when_spoken_goes_as_promised(
    kratt, prepared, conversation: Conversation, voice, tmp_path: Path
) -> None:
    prepared(conversation)
    file = tmp_path / "citizen.wav"
    with kratt.client() as client:
        if conversation.as_:
            kratt.log_in(client, conversation.as_)
        query = {"language": conversation.language.value}
        for exchange in conversation.turns:
            subprocess.run(voice(exchange.say, file), check=True, timeout=20)
            headers = {"content-type": "audio/wav"}
            answer = client.post("/v1/turns/audio", params=query, content=file.read_bytes(), headers=headers)
            assert answer.status_code == 200, answer.text
            assert_heard_and_answered(answer.json(), exchange)
            query["conversation_id"] = answer.json()["conversation_id"]


def assert_heard_and_answered(reply: dict, exchange: Exchange) -> None:
    said = " ".join(part["text"] for part in reply["reply"])
    shown = f"{exchange.say!r} heard as {reply['transcript']['text']!r} -> {reply['outcome']}: {said}"
    assert reply["outcome"] == exchange.outcome.value, shown
    for words in exchange.reply:
        assert words.lower() in said.lower(), shown
    with wave.open(io.BytesIO(base64.b64decode(reply["speech"]["base64"]))) as speech:
        assert speech.getnframes() / speech.getframerate() > 0.5
        assert max(speech.readframes(speech.getnframes())) > 0
