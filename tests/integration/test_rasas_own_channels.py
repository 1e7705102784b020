"""What our channels send is what Rasa's own code sends for the same answer."""

import json
import subprocess

import pytest

from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.turns import Button, Part, Reply
from assistant.settings import PROJECT, Settings
from connectors.rasa_channels.messages import rest_messages, socket_messages

pytestmark = pytest.mark.integration

BUTTONS = (Button("Tallinn", "in tallinn"), Button('"Tartu" & Õ', "in tartu"))
PARTS = (
    Part("One sentence."),
    Part("Two.\n\nParagraphs."),
    Part("  Blanks around.\n"),
    Part("Three.\n\n\n\nWith a gap."),
    Part("A choice?", BUTTONS),
    Part("A long\n\nchoice?", BUTTONS),
)


def test_messages_when_sent_then_are_those_of_rasas_own_channels():
    responses = [
        {"text": part.text, "buttons": [{"title": each.title, "payload": each.payload} for each in part.buttons]}
        for part in PARTS
    ]
    script = PROJECT / "tests" / "integration" / "rasas_own_channels.py"
    command = [str(Settings().engine_python), "-W", "ignore", str(script)]
    done = subprocess.run(command, input=json.dumps(responses), capture_output=True, text=True, timeout=120, check=True)
    rasas = json.loads(done.stdout.splitlines()[-1])
    reply = Reply("turn", "conversation", Language.EN, Outcome.ANSWERED, PARTS)
    assert rest_messages(reply, "anna") == rasas["rest"]
    assert [["bot_uttered", message, "anna"] for message in socket_messages(reply)] == rasas["socketio"]
