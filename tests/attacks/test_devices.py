"""A voice in a room is nobody: what speakers, codes and links must never give away (services.md 2.2, no. 1 and 4)."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_hand_overs import SqlHandOvers
from assistant.core.deadline import Deadline
from assistant.core.devices import CODE_DIGITS, MOST_GUESSES, Change, HandOver
from assistant.core.errors import TooManyGuesses, WrongCode
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.attack

MARY = Session("conversation-1", "dialogue-1", "EE60001019906", "MARY", Assurance.HIGH)
THIEF = Session("conversation-2", "dialogue-2", "EE38001085718", "JAAK", Assurance.HIGH)


@pytest.fixture
async def devices(tmp_path: Path) -> AsyncIterator[SqlDevices]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    store = SqlDevices(database, 120, "a secret")
    await store.open()
    yield store
    await database.close()


async def test_codes_when_guessed_one_after_the_other_then_the_right_one_is_never_reached(devices: SqlDevices) -> None:
    _, _, code = await devices.register()
    wrong = (guess for guess in (f"{number:0{CODE_DIGITS}}" for number in range(10**CODE_DIGITS)) if guess != code)
    for guess in itertools.islice(wrong, MOST_GUESSES):
        with pytest.raises(WrongCode):
            await devices.link(guess, "mine", THIEF)
    for guess in (*itertools.islice(wrong, MOST_GUESSES), code):
        with pytest.raises(TooManyGuesses):
            await devices.link(guess, "mine", THIEF)


async def test_speaker_when_a_victim_links_the_thiefs_then_it_gives_the_thief_nothing(devices: SqlDevices) -> None:
    # The thief reads the code of his own speaker to the victim on the telephone, and she enters it.
    _, token, code = await devices.register()
    await devices.link(code, "Ministry", MARY)
    device = await devices.begin_turn(token)
    assert (device.session.subject, device.session.given_name) == (None, "")


async def test_dialogue_when_it_was_begun_before_the_link_then_it_does_not_become_the_citizens(
    devices: SqlDevices,
) -> None:
    before, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    assert (await devices.begin_turn(token)).dialogue_id != before.dialogue_id


async def test_second_voice_when_it_is_heard_then_the_first_ones_dialogue_is_out_of_its_reach(
    devices: SqlDevices,
) -> None:
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    await devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
    first = await devices.begin_turn(token)
    second = await devices.begin_turn(token, relock=True)
    assert (first.session.subject, second.session.subject) == (MARY.subject, None)
    assert second.dialogue_id != first.dialogue_id


@pytest.fixture
async def hand_overs(tmp_path: Path, devices: SqlDevices) -> AsyncIterator[SqlHandOvers]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    store = SqlHandOvers(database)
    await store.open()
    yield store
    await database.close()


@pytest.mark.parametrize("use", ["again", "replaced", "guessed"])
async def test_hand_over_when_its_token_is_not_the_latest_unused_one_then_it_is_dead(
    hand_overs: SqlHandOvers, use: str
) -> None:
    token = await hand_overs.offer(HandOver("device", "dialogue"))
    if use == "again":
        await hand_overs.take(token)
    elif use == "replaced":
        await hand_overs.offer(HandOver("device", "dialogue-2"))
    with pytest.raises(WrongCode):
        await hand_overs.take("guessed" if use == "guessed" else token)


async def test_hand_over_when_taken_by_many_at_once_then_one_has_it(hand_overs: SqlHandOvers) -> None:
    token = await hand_overs.offer(HandOver("device", "dialogue"))
    taken = await asyncio.gather(*(hand_overs.take(token) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(each, HandOver) for each in taken) == 1


async def test_hand_over_when_two_minutes_have_passed_then_it_is_dead(tmp_path: Path) -> None:
    database, now = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}", "KRATT_DATABASE"), [1_800_000_000.0]
    store = SqlHandOvers(database, lambda: now[0])
    await store.open()
    token = await store.offer(HandOver("device", "dialogue"))
    assert len(token) * 6 >= 128
    now[0] += 120
    for use in (store.find, store.take):
        with pytest.raises(WrongCode):
            await use(token)
    await database.close()


@pytest.mark.parametrize("end", ["lock", "unlink", "another"])
async def test_hand_over_when_the_speaker_has_begun_another_dialogue_then_there_is_nothing_to_take(
    devices: SqlDevices, end: str
) -> None:
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    await devices.change(device.device_id, Change(is_locked=False), MARY)
    dialogue = (await devices.begin_turn(token)).dialogue_id
    match end:
        case "lock":
            await devices.lock(device.device_id)
        case "unlink":
            await devices.unlink(device.device_id, MARY.subject or "")
        case "another":
            await devices.leave_dialogue(device.device_id, dialogue)
    for use in (devices.owner_of_dialogue, devices.leave_dialogue):
        with pytest.raises(WrongCode):
            await use(device.device_id, dialogue)


async def test_dialogue_when_the_speaker_has_fallen_idle_meanwhile_then_it_is_still_its_citizens(
    tmp_path: Path,
) -> None:
    database, now = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}", "KRATT_DATABASE"), [1_800_000_000.0]
    devices = SqlDevices(database, 120, "a secret", lambda: now[0])
    await devices.open()
    device, token, code = await devices.register()
    await devices.link(code, "Kitchen", MARY)
    await devices.change(device.device_id, Change(is_locked=False), MARY)
    dialogue = (await devices.begin_turn(token)).dialogue_id
    now[0] += 121
    assert (await devices.find(token)).is_locked
    assert await devices.owner_of_dialogue(device.device_id, dialogue) == MARY.subject
    await database.close()


def test_link_when_the_thief_opens_it_then_the_citizens_dialogue_is_not_his_and_the_link_is_dead(
    kratt, speaker, mary
) -> None:
    ask(speaker, "when does my passport expire")
    token = speaker.post("/v1/handovers").json()["token"]
    with kratt.client() as thief:
        kratt.log_in(thief, THIEF.subject)
        assert thief.post("/v1/handovers/take", json={"token": token}).status_code == 403
        assert not any(character.isdigit() for character in words(ask(thief, "say that again")))
    assert mary.post("/v1/handovers/take", json={"token": token}).status_code == 404


def test_link_when_the_victim_opens_the_thiefs_then_he_stays_nobody(kratt) -> None:
    with kratt.client() as thief, kratt.client() as victim:
        known = thief.post("/v1/devices").json()
        thief.headers["Authorization"] = f"Bearer {known['token']}"
        ask(thief, "when is the tartu office open")
        token = thief.post("/v1/handovers").json()["token"]
        assert victim.post("/v1/handovers/take", json={"token": token}).status_code == 200
        kratt.log_in(victim, MARY.subject)
        said = words(ask(victim, "when does my passport expire"))
        assert any(character.isdigit() for character in said)
        assert ask(thief, "when does my passport expire")["outcome"] == "asked_login"
        assert words(ask(thief, "say that again")) != said


def test_dialogue_when_handed_over_then_its_citizen_goes_on_where_it_was(kratt, speaker, mary) -> None:
    said = words(ask(speaker, "when does my passport expire"))
    token = speaker.post("/v1/handovers").json()["token"]
    assert mary.post("/v1/handovers/take", json={"token": token}).status_code == 200
    assert words(ask(mary, "say that again")) == said
    assert words(ask(speaker, "say that again")) != said


@pytest.fixture
def mary(kratt) -> httpx.Client:
    with kratt.client() as page:
        kratt.log_in(page, MARY.subject)
        yield page


def ask(client: httpx.Client, text: str, **more: object) -> dict:
    answer = client.post("/v1/turns", json={"text": text, "language": "en", **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def words(reply: dict) -> str:
    return " ".join(part["text"] for part in reply["reply"])


def test_second_voice_when_it_asks_for_what_was_said_then_hears_nothing_of_it(speaker) -> None:
    said = words(ask(speaker, "when does my passport expire"))
    assert any(character.isdigit() for character in said)
    for text in ("say that again", "and my id card", "when does my passport expire", "go on"):
        reply = ask(speaker, text, relock=True)
        assert not any(character.isdigit() for character in words(reply)), text
        assert reply["sources"] == []


async def test_recording_when_it_is_played_to_the_locked_speaker_then_is_anybodys_voice(speaker) -> None:
    voice = EspeakVoice()
    recording = (await voice.speak("when does my passport expire", Language.EN, Deadline.after(10))).to_wav()
    await voice.close()

    def play() -> dict:
        answer = speaker.post("/v1/turns/audio?language=en", content=recording, headers={"Content-Type": "audio/wav"})
        return answer.json()

    assert play()["outcome"] == "answered"
    assert speaker.post("/v1/devices/lock").status_code == 204
    replayed = play()
    assert (replayed["outcome"], replayed["sources"]) == ("asked_login", [])


def test_sensitive_request_when_the_speaker_is_unlocked_then_only_the_own_screen_answers_it(speaker, mary) -> None:
    question = "what prescriptions do i have"
    reply = ask(speaker, question)
    assert (reply["outcome"], reply["sources"]) == ("answered_elsewhere", [])
    assert mary.post("/v1/waiting").json() == {"requests": [{"text": question, "language": "en", "hand_over": None}]}
    assert ask(mary, question)["outcome"] == "answered"


def test_act_when_a_voice_confirms_it_then_nothing_is_written(speaker, mary) -> None:
    for text in ("i want a new passport", "yes", "i confirm", "yes i confirm"):
        assert ask(speaker, text)["outcome"] not in {"asked_confirmation", "answered_later"}
    assert mary.post("/v1/waiting").json()["requests"][0]["text"] == "i want a new passport"


@pytest.mark.parametrize(
    ("text", "language"),
    [("stop", "en"), ("stopp", "et"), ("стоп", "ru")],
)
def test_stop_when_said_to_the_speaker_then_it_is_locked(speaker, text, language) -> None:
    assert ask(speaker, text, language=language)["outcome"] == "answered"
    assert speaker.get("/v1/devices/own").json()["is_locked"]
    assert ask(speaker, "when does my passport expire")["outcome"] == "asked_login"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("could you please go and lock yourself", "en"),
        ("pane end palun kohe lukku", "et"),
        ("заблокируйся сейчас же", "ru"),
    ],
)
def test_speaker_when_told_to_lock_itself_then_does(speaker, text, language) -> None:
    assert ask(speaker, text, language=language)["intent"]["name"] == "lock_speaker"
    assert speaker.get("/v1/devices/own").json()["is_locked"]


@pytest.mark.parametrize(
    ("text", "yes", "language"),
    [
        ("please unlink this very speaker from me", "yes", "en"),
        ("palun seo see kõlar nüüd minust lahti", "jah", "et"),
        ("отвяжи пожалуйста от меня эту колонку", "да", "ru"),
    ],
)
def test_speaker_when_unlinked_by_voice_then_is_nobodys_from_its_next_word_on(
    speaker, mary, text, yes, language
) -> None:
    assert "Kitchen" in words(ask(speaker, text, language=language))
    assert len(mary.get("/v1/devices").json()) == 1
    assert "Kitchen" in words(ask(speaker, yes, language=language))
    assert speaker.get("/v1/devices/own").json() == {"is_linked": False, "is_locked": True}
    assert mary.get("/v1/devices").json() == []
    after = ask(speaker, "when does my passport expire")
    assert (after["outcome"], after["sources"]) == ("asked_login", [])


def test_speaker_when_renamed_by_voice_then_is_called_so_everywhere(speaker, mary) -> None:
    ask(speaker, "i would like to rename this speaker")
    ask(speaker, "living room")
    ask(speaker, "yes")
    assert [each["name"].casefold() for each in mary.get("/v1/devices").json()] == ["living room"]
    assert "living room" in words(ask(speaker, "which speakers are mine")).casefold()


def test_speaker_when_unlinked_on_the_page_by_its_name_then_at_once(speaker, mary) -> None:
    assert "Kitchen" in words(ask(mary, "please unlink the speaker in the kitchen now"))
    ask(mary, "yes")
    assert ask(speaker, "when does my passport expire")["outcome"] == "asked_login"


@pytest.mark.parametrize("state", ["locked", "nobodys"])
@pytest.mark.parametrize("text", ["which speakers are linked to me", "unlink this speaker", "rename this speaker"])
def test_speakers_when_asked_for_where_nobody_knows_who_asks_then_nothing_of_them_is_said(
    kratt, speaker, mary, state, text
) -> None:
    with kratt.client() as stranger:
        stranger.headers["Authorization"] = f"Bearer {stranger.post('/v1/devices').json()['token']}"
        speaker.post("/v1/devices/lock")
        reply = ask(speaker if state == "locked" else stranger, text)
    assert (reply["outcome"], reply["sources"]) == ("asked_login", [])
    assert "kitchen" not in words(reply).casefold()
    assert len(mary.get("/v1/devices").json()) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("please let me go on with this on my phone", "en"),
        ("ma sooviksin sellega telefonis edasi minna", "et"),
        ("пожалуйста давай дальше на моём телефоне", "ru"),
    ],
)
def test_dialogue_when_its_citizen_goes_on_on_a_screen_by_voice_then_their_own_page_has_it(
    speaker, mary, text, language
) -> None:
    assert ask(speaker, "when is your office open")["outcome"] == "asked_detail"
    token = ask(speaker, text, language=language)["hand_over"]
    (waiting,) = mary.post("/v1/waiting").json()["requests"]
    assert waiting["hand_over"] == token
    assert mary.post("/v1/handovers/take", json={"token": token}).status_code == 200
    assert ask(mary, "the one in narva")["outcome"] == "answered"


def test_dialogue_when_a_locked_speaker_is_to_go_on_on_a_screen_then_its_citizens_page_gets_nothing(
    speaker, mary
) -> None:
    speaker.post("/v1/devices/lock")
    assert ask(speaker, "let us go on with this on my phone")["hand_over"]
    assert mary.post("/v1/waiting").json() == {"requests": []}


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_speaker_when_another_citizen_changes_it_then_is_refused_like_one_that_is_not(kratt, mary, method) -> None:
    with kratt.client() as thief, kratt.client() as http:
        kratt.log_in(thief, THIEF.subject)
        known = http.post("/v1/devices").json()
        mary.post("/v1/devices/link", json={"code": known["code"], "name": "Kitchen"})
        body = {"json": {"is_locked": False}} if method == "PATCH" else {}
        answers = [thief.request(method, f"/v1/devices/{name}", **body) for name in (known["device_id"], "guessed")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
        assert [each["device_id"] for each in mary.get("/v1/devices").json()].count(known["device_id"]) == 1
        mary.delete(f"/v1/devices/{known['device_id']}")


@pytest.mark.parametrize("path", ["/v1/devices/link", "/v1/waiting"])
def test_page_when_of_another_origin_then_cannot_act_for_the_citizen(kratt, mary, path) -> None:
    answer = mary.post(path, json={"code": "1", "name": "x"}, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403


def test_speaker_when_it_asks_whose_it_is_then_is_not_told(speaker) -> None:
    assert speaker.get("/v1/devices/own").json() == {"is_linked": True, "is_locked": False}
    assert speaker.get("/v1/session").json() == {"logged_in": False, "given_name": ""}
    for path in ("/v1/devices", "/v1/waiting"):
        answer = speaker.get(path) if path == "/v1/devices" else speaker.post(path)
        assert answer.status_code == 403
