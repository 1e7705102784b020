"""Somebody is made to ask, or walks in: one word ends it, on every channel (services.md 2.2, 14)."""

from collections.abc import Iterator

import httpx
import pytest

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from tests.attacks.test_devices import ask, words

pytestmark = pytest.mark.attack

MARY = "EE60001019906"
NEUTRAL = {"en": "Done.", "et": "Tehtud.", "ru": "Готово."}


@pytest.fixture
def mary(kratt) -> Iterator[httpx.Client]:
    with kratt.client() as page:
        kratt.log_in(page, MARY)
        yield page


WORDS = [
    ("lock", "en"),
    ("Lock me out!", "en"),
    ("log out now", "en"),
    ("lukusta", "et"),
    ("logi mind kohe välja", "et"),
    ("заблокируй", "ru"),
    ("Выйди из системы.", "ru"),
]


def locks_of(kratt) -> list[str]:
    """The channels on which Mary locked herself out, as she finds it among what is kept of her."""
    with kratt.client() as page:
        kratt.log_in(page, MARY)
        kept = page.get("/v1/own-data").json()["kept"]
    return [each["channel"] for each in kept["acts"] if each["kind"] == "access" and each["purpose"] == "lock"]


@pytest.mark.parametrize(("text", "language"), WORDS)
def test_page_when_the_word_is_said_in_the_middle_of_a_form_then_nothing_of_it_is_left(
    kratt, mary, text, language
) -> None:
    before = locks_of(kratt)
    ask(mary, "i would like to change my registered address")
    ask(mary, "Kreutzwaldi 12-4, Tartu")
    assert ask(mary, "tomorrow")["outcome"] in {"asked_confirmation", "asked_detail"}
    old = mary.cookies["kratt_conversation"]
    reply = ask(mary, text)  # in any language, whatever the talk was in
    assert words(reply).startswith(NEUTRAL[language])
    assert (reply["outcome"], reply["sources"], reply["locked_out"]) == ("answered", [], True)
    assert mary.get("/v1/session").json()["logged_in"] is False
    assert mary.cookies["kratt_conversation"] == reply["conversation_id"] != old
    for after in ("yes", "i confirm", "say that again", "and my id card"):
        said = ask(mary, after)
        assert said["sources"] == []
        assert "Kreutzwaldi" not in words(said)
    with kratt.client() as other:  # who kept the old name of the conversation
        assert other.post("/v1/turns", json={"text": "yes", "conversation_id": old}).status_code == 404
    assert locks_of(kratt) == ["web", *before]


@pytest.mark.parametrize(("text", "language"), [("lock", "en"), ("lukusta kohe", "et"), ("заблокируйся", "ru")])
def test_speaker_when_the_word_is_said_then_it_is_locked_and_the_dialogue_is_out_of_reach(
    kratt, speaker, text, language
) -> None:
    before = locks_of(kratt)
    ask(speaker, "when does my passport expire")
    assert words(ask(speaker, text)).startswith(NEUTRAL[language])
    assert speaker.get("/v1/devices/own").json()["is_locked"]
    for after in ("say that again", "and my id card", "when does my passport expire"):
        assert ask(speaker, after)["sources"] == []
    assert locks_of(kratt) == ["unlocked_speaker", *before]


def test_word_when_it_is_said_otherwise_then_the_page_logs_out_as_well(mary) -> None:
    reply = ask(mary, "could you please go and lock yourself")
    assert (reply["intent"]["name"], reply["locked_out"]) == ("lock_speaker", True)
    assert mary.get("/v1/session").json()["logged_in"] is False


@pytest.mark.parametrize("text", ["lock my data", "i want to log out my car", "stop", "logi", "выйди замуж"])
def test_words_when_they_say_something_else_then_nobody_is_logged_out(mary, text) -> None:
    assert ask(mary, text)["locked_out"] is False
    assert mary.get("/v1/session").json()["logged_in"] is True


def test_person_at_the_desk_when_the_word_is_said_then_hears_no_more(kratt, mary) -> None:
    ask(mary, "i want to talk to a person")
    ask(mary, "yes")
    ask(mary, "no")
    reply = ask(mary, "lock me out")
    assert reply["locked_out"] is True
    assert mary.get("/v1/session").json()["logged_in"] is False


def test_chat_of_somebody_elses_when_the_word_is_said_then_its_form_is_gone(kratt) -> None:
    with kratt.client() as http:

        def say(text: str) -> str:
            answer = http.post("/webhooks/rest/webhook", json={"sender": "lock-1", "message": text})
            return " ".join(each.get("text", "") for each in answer.json())

        first = say("when is the office open")
        assert say("lock").startswith("Done.")
        assert say("yes") != first


@pytest.mark.parametrize("text", ["lock", "lock me out", "log out"])
async def test_word_when_spoken_to_the_speaker_then_it_is_heard_and_locks(speaker, text) -> None:
    voice = EspeakVoice()
    recording = (await voice.speak(text, Language.EN, Deadline.after(10))).to_wav()
    await voice.close()
    ask(speaker, "when does my passport expire")
    answer = speaker.post("/v1/turns/audio?language=en", content=recording, headers={"Content-Type": "audio/wav"})
    assert (answer.json()["locked_out"], answer.json()["transcript"]["text"]) == (True, text)
    assert speaker.get("/v1/devices/own").json()["is_locked"]
