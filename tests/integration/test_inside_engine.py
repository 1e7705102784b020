"""What can only be seen inside Rasa's environment: inside_engine.py looks, these tests judge."""

import json
import subprocess

import pytest

from assistant.settings import PROJECT, Settings

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def facts(tmp_path_factory) -> dict:
    url = f"sqlite:///{tmp_path_factory.mktemp('d') / 'dialogues.db'}"
    script = PROJECT / "tests" / "integration" / "inside_engine.py"
    command = [str(Settings().engine_python), "-W", "ignore", str(script), url]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_store_when_a_dialogue_is_unknown_has_none(facts) -> None:
    assert facts["store"]["nobody"] is None


def test_store_when_turns_were_taken_keeps_slots_and_the_last_reply(facts) -> None:
    long = facts["store"]["long"]
    assert long["events"] == 6  # session start (2), one slot, two last words, listen
    assert (long["language"], long["said"]) == ("et", ["answer 12", "and more 12"])
    assert facts["store"]["another process"] == "et"


def test_store_when_nothing_was_said_yet_keeps_the_slots(facts) -> None:
    assert (facts["store"]["new"]["events"], facts["store"]["new"]["language"]) == (4, "et")


def test_store_when_a_turn_is_over_forgets_what_was_asked_and_by_whom(facts) -> None:
    row = facts["store"]["long"]["row"]
    assert "answer 12" in row
    assert "question" not in row
    assert "secret" not in row


def test_store_when_its_database_fails_complains_without_the_dialogue(facts) -> None:
    assert "no such table" in facts["store"]["complaint"]
    assert '"event"' not in facts["store"]["complaint"]


def test_store_when_dialogues_are_idle_deletes_them(facts) -> None:
    assert facts["store"]["keys"] == ["long", "new"]
    assert facts["store"]["keys after idle"] == ["fresh"]


def test_store_when_dialogues_have_owners_then_words_are_on_disk_sealed_only(facts) -> None:
    store = facts["store"]
    assert store["kept"] == [["last_reply", "last_turn_epoch_seconds", "values"]] * 2
    assert store["kept replies"] == [["answer 1", "and more 1"]] * 2
    assert not store["words on disk"]


def test_store_when_an_owner_is_forgotten_then_key_and_words_are_gone_from_the_disk(facts) -> None:
    store = facts["store"]
    assert store["owners key was on disk"]
    assert (store["forgotten"], store["forgotten again"], store["retrieved"]) == (2, 0, None)
    assert store["left"] == ["fresh", "jaaks", "nobodys"]
    assert not store["key is on disk"]
    assert not store["sealed is on disk"]


def test_store_when_a_row_is_put_in_anothers_place_or_the_secret_is_another_then_nothing_is_opened(facts) -> None:
    assert facts["store"]["a row of another"] is None
    assert facts["store"]["without the secret"] is None
    assert facts["store"]["begun again"] == "et"


def test_store_when_somebody_logs_in_then_their_key_seals_the_dialogue(facts) -> None:
    assert facts["store"]["owners"] == ["b" * 64]


def test_store_when_the_last_dialogue_is_idle_then_no_key_is_kept(facts) -> None:
    assert facts["store"]["keys after all"] == 0


def test_rasa_when_sped_up_judges_and_resolves_as_before(facts) -> None:
    speed = facts["speed"]
    assert speed["after"] == speed["before"]
    assert speed["before"][0] == ["True", "refused: oneOf", "refused: type", "refused: required"]
    assert speed["before"][2] == [False, True]
    assert speed["before"][3] == [{"sum": 18}, {"again": 12}, {"again": 12, "double": 6}, {"sum": 3}, "refused"]
    assert speed["is cached"]
    assert speed["runner"] == "LoopGraphRunner"


def test_intent_rules_when_asked_what_comes_next_decide_as_rasas_own_policy(facts) -> None:
    policies = facts["policies"]
    ruled = policies["stock"].keys() - {"unruled False", "unruled True"}
    assert {each: policies["own"][each] for each in ruled} == {each: policies["stock"][each] for each in ruled}
    assert policies["own"]["help False"] == ["utter_help", "action_listen"]
    assert policies["own"]["help True"] == ["action_continue", "action_listen"]
    assert policies["own"]["vehicle True"] == ["action_vehicle", "action_listen"]
    # Rasa's own says it over and over, until its circuit breaker stops it.
    assert policies["own"]["unruled False"] == ["utter_nlu_fallback", "action_listen"]


def test_intent_rules_when_rules_are_of_another_kind_name_them(facts) -> None:
    policies = facts["policies"]
    assert "one intent and one action" in policies["two actions"]
    assert "unruled" in policies["two actions"]
    assert "dialogue_stack" in policies["another slot"]
    assert policies["two rules"] == "two rules for help: utter_help, action_repeat"
    assert "no rule for nlu_fallback" in policies["no fallback"]


def test_kept_domain_when_it_is_loaded_is_that_of_rasas_own_provider(facts) -> None:
    (own, loaded), (stock, expected) = facts["domains"]["own"], facts["domains"]["stock"]
    assert (own, stock) == (["domain.json"], ["domain.yml"])
    # Rasa's own keeps the version of the format beside what it is about.
    assert loaded | {"version": "3.1"} == expected | {"version": "3.1"}
