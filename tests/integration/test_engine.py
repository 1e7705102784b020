"""The engine's channel, components and tracker store, inside a running Rasa."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

TURN = {
    "dialogue_id": "engine-test",
    "text": "hello",
    "language": "en",
    "channel": "web",
    "turn_id": "t1",
    "turn_context": "unsigned",
}


OWNER = "5" * 64


def stored_events(kratt, dialogue_id: str) -> list[dict]:
    """What lies in the engine's database, opened as the engine opens it."""
    script = (
        "import json, sqlite3, sys\n"
        "from assistant.sealing import Sealer\n"
        "file, dialogue, secret = json.load(sys.stdin)\n"
        "query = 'SELECT events, wrapped_key, owner FROM sealed_dialogues JOIN dialogue_keys USING (owner)'\n"
        "row = sqlite3.connect(file).execute(query + ' WHERE dialogue_id = ?', (dialogue,)).fetchone()\n"
        "print(Sealer(secret).open(*row, dialogue))\n"
    )
    file = str(kratt.settings.state / "dialogues.db")
    given = json.dumps([file, dialogue_id, kratt.settings.secret("data_key")])
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=PROJECT, timeout=60)
    return json.loads(done.stdout)


@pytest.fixture
def engine(kratt):
    token = kratt.settings.secret("engine_token")
    with httpx.Client(
        base_url=kratt.settings.process_url("engine") + "/webhooks/kratt",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=10,
    ) as client:
        yield client


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic a3JhdHQ="])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/turns"), ("POST", "/parse"), ("GET", "/ready"), ("GET", "/owners/x"), ("DELETE", "/owners/x")],
)
def test_channel_when_the_token_is_wrong_lets_nobody_in(engine, authorization, method, path) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = httpx.request(method, f"{engine.base_url}{path.lstrip('/')}", json=TURN, headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_allowed")


@pytest.mark.parametrize("missing", TURN)
def test_turn_when_a_field_is_missing_is_refused(engine, missing) -> None:
    if missing == "channel":
        pytest.fail("every field but the channel is needed") if engine.post("/turns", json=TURN).is_error else None
        return
    for wrong in ({k: v for k, v in TURN.items() if k != missing}, TURN | {missing: ""}, TURN | {missing: 7}):
        answer = engine.post("/turns", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_turn")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff"])
def test_turn_when_the_body_is_no_object_is_refused(engine, body) -> None:
    answer = engine.post("/turns", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("text", ["/stop", "/speak_to_person", ' //greet{"language": "ru"}', "/restart", "/"])
def test_turn_when_a_citizen_types_rasas_commands_commands_nothing(engine, text) -> None:
    answer = engine.post("/turns", json=TURN | {"text": text, "dialogue_id": "slash"}).json()
    # A command would be certain by definition; words never are, but a text without any is certainly none.
    best = answer["intent_ranking"][0]
    assert best["confidence"] < 1.0 or best["name"] == "nlu_fallback"
    assert answer["messages"][0]["text"]


@pytest.mark.parametrize(
    ("language", "text", "entities"),
    [
        ("en", "how much does a Passport cost", {"document_type": "passport", "office_topic": "price"}),
        ("en", "when does my id card run out", {"document_type": "id_card"}),
        ("en", "passports compassport", {}),
        ("et", "kus asub tartu teenindus", {"office": "tartu", "office_topic": "place"}),
        ("et", "mis kell on narvas lahti", {"office": "narva", "office_topic": "opening_hours"}),
        ("ru", "сколько стоит паспорт", {"document_type": "passport", "office_topic": "price"}),
    ],
)
def test_parse_when_phrases_stand_in_the_text_finds_their_values(engine, language, text, entities) -> None:
    found = engine.post("/parse", json={"text": text, "language": language}).json()["entities"]
    values = {entity["name"]: entity["value"] for entity in found}
    assert {name: values.get(name) for name in entities} == entities
    for entity in found:
        assert 0 <= entity["start"] < entity["end"] <= len(text)
    assert "language" not in values
    if not entities:
        assert {text[entity["start"] : entity["end"]] for entity in found} <= {"passports"}


def test_turn_when_the_language_changes_answers_in_the_new_one(engine) -> None:
    said = [
        engine.post("/turns", json=TURN | {"dialogue_id": "polyglot", "language": language, "text": text}).json()
        for language, text in (("en", "what can you do"), ("et", "mida sa oskad"), ("ru", "что ты умеешь"))
    ]
    words = [answer["messages"][0]["text"] for answer in said]
    assert all(answer["messages"][0]["response"] == "utter_help" for answer in said)
    assert len(set(words)) == 3


def test_dialogue_when_it_grows_long_keeps_its_last_words_and_few_events(kratt, engine) -> None:
    dialogue = TURN | {"dialogue_id": "long-talk"}
    for _ in range(12):
        help_text = engine.post("/turns", json=dialogue | {"text": "what can you do"}).json()["messages"][0]["text"]
        again = engine.post("/turns", json=dialogue | {"text": "say that again please"}).json()["messages"][0]
        assert again["text"] == help_text
        assert len(stored_events(kratt, "long-talk")) < 80
    language = [event["value"] for event in stored_events(kratt, "long-talk") if event.get("name") == "language"]
    assert set(language) == {"en"}


def test_dialogue_when_it_is_cut_inside_a_form_goes_on_with_the_form(kratt, engine) -> None:
    dialogue = TURN | {"dialogue_id": "long-form"}
    engine.post("/turns", json=dialogue | {"text": "how much does it cost"})
    for _ in range(14):
        answer = engine.post("/turns", json=dialogue | {"text": "what can you do"}).json()
        assert answer["awaiting"] == "document_type"
        assert len(stored_events(kratt, "long-form")) < 80
    answer = engine.post("/turns", json=dialogue | {"text": "passport"}).json()
    assert (answer["awaiting"], answer["actions"]) == (None, ["action_continue"])
    assert answer["messages"][-1]["facts"]["outcome"] == "answered"


def test_dialogue_when_it_is_stored_does_not_keep_who_asked(kratt, engine) -> None:
    engine.post("/turns", json=TURN | {"dialogue_id": "discreet", "turn_context": "canary-context"})
    stored = json.dumps(stored_events(kratt, "discreet"))
    assert "utter_greet" in stored
    assert "hello" not in stored
    assert "canary-context" not in stored


HEARD = {"confidences": [0.5, 1.0], "alternatives": ["canary alternative", "yellow crate"]}


def test_turn_when_it_was_heard_is_answered_and_how_it_was_heard_is_not_stored(kratt, engine) -> None:
    turn = TURN | {"dialogue_id": "heard", "text": "hello kratt", "heard": HEARD}
    said = [message["text"] for message in engine.post("/turns", json=turn).json()["messages"]]
    events = stored_events(kratt, "heard")
    assert said
    assert [event["text"] for event in events if event["event"] == "bot"] == said
    stored = json.dumps(events)
    assert "canary" not in stored
    assert "confidences" not in stored


def test_turn_when_a_value_was_hardly_heard_is_asked_about_it_and_goes_on_at_a_yes(engine) -> None:
    turn = TURN | {"dialogue_id": "doubtful", "text": "when is the tartu office open"}
    doubted = {"confidences": [0.9, 0.9, 0.9, 0.2, 0.9, 0.9], "alternatives": []}
    asked = engine.post("/turns", json=turn | {"heard": doubted}).json()["messages"]
    assert [message["response"] for message in asked] == ["utter_heard_right"]
    assert "Tartu" in asked[0]["text"]
    answered = engine.post("/turns", json=turn | {"text": "yes"}).json()["messages"]
    assert answered[0]["response"] == "utter_office_information_hours"


def test_parse_when_a_word_was_not_heard_surely_is_less_sure(engine) -> None:
    def confidences(**heard: object) -> dict[str, float]:
        body = {"text": "when does my passport expire", "language": "en", **heard}
        return {each["name"]: each["confidence"] for each in engine.post("/parse", json=body).json()["intent_ranking"]}

    typed = confidences()
    sure = confidences(heard={"confidences": [1.0] * 5, "alternatives": []})
    torn = confidences(heard={"confidences": [1.0] * 5, "alternatives": ["do i have any fines"]})
    assert sure == pytest.approx(typed)
    assert torn["document_expiry"] < typed["document_expiry"]
    assert torn["debts_and_fines"] > typed.get("debts_and_fines", 0.0)  # the ranking names ten intents


@pytest.mark.parametrize(
    "heard",
    [
        [],
        "hello",
        {},
        {"confidences": [1.0, 1.0]},
        {"confidences": [1.0], "alternatives": []},
        {"confidences": [1.0, 1.1], "alternatives": []},
        {"confidences": [1.0, True], "alternatives": []},
        {"confidences": [1.0, 1.0], "alternatives": [7]},
        {"confidences": [1.0, 1.0], "alternatives": ["a"] * 11},
    ],
)
@pytest.mark.parametrize("path", ["/turns", "/parse"])
def test_turn_when_how_it_was_heard_is_malformed_is_refused(engine, path, heard) -> None:
    answer = engine.post(path, json=TURN | {"text": "hello kratt", "heard": heard})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_turn")


@pytest.mark.parametrize(
    "text", ["😀", "?!", "...", "12345 67890", "asdf qwer zxcv", "fhqwhgads", "שלום מה שלומך", "日本語"]
)
@pytest.mark.parametrize("language", ["en", "et", "ru"])
def test_parse_when_a_text_is_like_no_example_understands_nothing(engine, text, language) -> None:
    best = engine.post("/parse", json={"text": text, "language": language}).json()["intent_ranking"][0]
    assert best["name"] == "nlu_fallback"


def test_dialogue_when_turns_come_at_once_takes_them_one_by_one_without_waiting(engine) -> None:
    def take(number: int) -> dict:
        turn = TURN | {"dialogue_id": "hasty", "turn_id": f"t{number}", "text": "what can you do"}
        return engine.post("/turns", json=turn).json()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(take, range(20)))
    # Rasa's own lock would have made the last of twenty wait for nineteen seconds; the client waits for ten.
    assert all(answer["messages"][0]["response"] == "utter_help" for answer in answers)


@pytest.mark.parametrize(
    ("named", "text", "answered"),
    [
        ("en", "millal mu pass aegub", "et"),
        ("en", "когда истекает мой паспорт", "ru"),
        ("et", "how much is a new passport", "en"),
        ("ru", "mis on minu e-mail address", "et"),
        ("en", "when does my pass expire", "en"),
        ("en", "pärna tänav viis tartu", "en"),  # a value, said by somebody who speaks English
        ("en", "tere", "en"),
        ("en", "60001019906", "en"),
    ],
)
def test_parse_when_a_request_is_surely_of_another_language_answers_in_that_one(engine, named, text, answered) -> None:
    assert engine.post("/parse", json={"text": text, "language": named}).json()["language"] == answered


def test_turn_when_the_words_are_of_another_language_answers_in_it(engine) -> None:
    turn = TURN | {"dialogue_id": "stray", "language": "en", "text": "mida sa oskad teha"}
    answer = engine.post("/turns", json=turn).json()
    in_estonian = engine.post("/turns", json=turn | {"language": "et"}).json()
    assert answer["language"] == "et"
    assert answer["messages"][0]["text"] == in_estonian["messages"][0]["text"]


def test_owner_when_their_dialogues_are_asked_for_and_forgotten_then_they_are_theirs_alone(engine) -> None:
    for dialogue_id, owner in (("owned", OWNER), ("anothers", "6" * 64)):
        engine.post("/turns", json=TURN | {"dialogue_id": dialogue_id, "owner": owner, "text": "what can you do"})
    (kept,) = engine.get(f"/owners/{OWNER}").json()["dialogues"]
    assert kept["last_reply"]
    assert engine.delete(f"/owners/{OWNER}").json() == {"dialogues": 1}
    assert engine.get(f"/owners/{OWNER}").json() == {"dialogues": []}
    assert len(engine.get(f"/owners/{'6' * 64}").json()["dialogues"]) == 1
    again = TURN | {"dialogue_id": "owned", "owner": OWNER, "text": "say that again please"}
    assert engine.post("/turns", json=again).json()["messages"][0]["response"] == "utter_nothing_to_repeat"
