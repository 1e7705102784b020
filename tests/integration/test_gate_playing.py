"""The gate plays test conversations: a real second Kratt with a draft's content and the live model (decision 41)."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.bootstrap.try_outs import build_try_outs
from assistant.console.playing import STAGE, PlayConversations
from assistant.content.compare_models import kept_comparison
from assistant.content.comparison import Comparison
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.history import Editor
from assistant.content.model_bank import ModelBank
from assistant.core.progress import Progress
from assistant.core.try_outs import Subject
from assistant.database import SqlDatabase
from assistant.pipeline.listen import Listen
from assistant.pipeline.speaking import Speak

pytestmark = [pytest.mark.integration, pytest.mark.timeout(480)]

SERVICE = "services/pension"
PROMISED, INSTEAD = "say: utter_pension_second_pillar_not_joined", "say: utter_pension_third_pillar_not_joined"
NEVER_HELD = """
  - name: what never held
    language: en
    as: EE38001085718
    turns:
      - say: at which age am i able to retire
        intent: pension
        outcome: answered
        reply: [a pony]
"""


@pytest.fixture
def drafts(kratt) -> Drafts:
    return Drafts(kratt.settings.content, kratt.settings.state)


@pytest.fixture
def draft(drafts) -> Iterator[Draft]:
    """The service answers otherwise, and a conversation promises what Kratt never held; every sentence means the same.

    A model carries its words with it, so another wording needs a training; what a service says when does not.
    """

    def change(files: ContentFiles) -> None:
        service, tests = f"{SERVICE}/service.yml", f"{SERVICE}/tests.yml"
        assert PROMISED in files.read(service)
        files.change(service, files.read(service).replace(PROMISED, INSTEAD))
        files.change(tests, files.read(tests).rstrip("\n") + "\n" + NEVER_HELD)

    draft = drafts.open("pillars")
    draft.edit(change, Editor("Mari", "mari@example.ee"), "The wrong pillar")
    yield draft
    drafts.discard("pillars")


@pytest.fixture
async def play(kratt, drafts, tmp_path) -> AsyncIterator[PlayConversations]:
    """What the console plays with; what comes of it goes into a bank of its own, not to the model that others use."""
    database, voice = SqlDatabase(kratt.settings.database_url, "KRATT_DATABASE"), EspeakVoice()
    sounds, speech = SoundFiles(1), VoskSpeech({}, streams=1)  # nobody speaks here
    try_outs = build_try_outs(kratt.settings, database, Listen(sounds, speech), Speak(voice))
    assert try_outs.parts
    yield PlayConversations(
        kratt.settings.content, try_outs.parts.store, try_outs.parts.talks, drafts, ModelBank(tmp_path)
    )
    for connection in (*try_outs.connections, voice, database):
        await connection.close()
    speech.close()
    sounds.close()


async def test_conversation_when_a_draft_answers_otherwise_then_the_gate_refuses_it_and_what_never_held_is_let_be(
    kratt, draft: Draft, play: PlayConversations
) -> None:
    live = ModelBank(kratt.settings.models).live
    assert live
    Path(play.bank.archive(live.version)).parent.mkdir(parents=True)
    told: list[Progress] = []
    compared = Comparison(live.version, live.version, {}, {}, (), (), (), 700)
    subject = Subject(draft.name, draft.head(), live.version, "Mari")
    played = await play(subject, compared, told.append)
    names = {each.conversation: each for each in played.broken}
    broken = names["pension-en: the second pillar was never joined"]
    assert (broken.turn, broken.wanted) == (1, "answered with “have not joined the second pillar”")
    assert "You have no third pillar." in broken.got
    assert "pension-en: what never held" not in names
    assert played.refusals == tuple(f"a test conversation breaks. {each}" for each in played.broken)
    assert {each.stage for each in told} == {STAGE}
    assert played.played == told[0].of > 10  # those of the service, in three languages
    assert kept_comparison(play.bank, live.version) == played
