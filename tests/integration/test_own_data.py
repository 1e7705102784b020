"""A citizen sees, takes along and deletes what the whole of Kratt keeps about them; an operator can do it for them."""

import json
import sqlite3
from contextlib import closing

import pytest

from assistant.adapters.sealed_people import SealedPeople

pytestmark = pytest.mark.integration

MARY, JAAK = "EE60001019906", "EE38001085718"
ASKED = "when does my passport expire"


@pytest.fixture
def asked(kratt):
    """Mary and Jaak have asked for something; their clients."""
    with kratt.client() as mary, kratt.client() as jaak:
        for person, client in ((MARY, mary), (JAAK, jaak)):
            kratt.log_in(client, person)
            assert client.post("/v1/turns", json={"text": ASKED, "language": "en"}).json()["outcome"] == "answered"
        yield mary, jaak


def test_own_data_when_exported_then_holds_each_store_and_nobody_elses(asked) -> None:
    mary, _ = asked
    exported = mary.get("/v1/own-data")
    kept = exported.json()["kept"]
    assert kept["sessions"]
    assert kept["browsers"][-1]["browser"]
    assert (kept["browsers"][-1]["acr"], kept["browsers"][-1]["amr"]) == ("high", ["mID"])
    assert kept["browsers"][-1]["identity_token"].count(".") == 2
    assert any("passport" in " ".join(dialogue["last_reply"]).casefold() for dialogue in kept["dialogues"])
    assert {"access"} <= {record["kind"] for record in kept["acts"]}
    assert JAAK not in exported.text


def test_own_data_when_forgotten_then_only_the_record_is_left_and_others_keep_theirs(kratt, asked) -> None:
    mary, jaak = asked
    accesses = [each for each in mary.get("/v1/own-data").json()["kept"]["acts"] if each["kind"] == "access"]
    forgotten = mary.delete("/v1/own-data").json()["forgotten"]
    assert forgotten["sessions"] >= 1
    assert forgotten["dialogues"] >= 1
    assert mary.get("/v1/session").json()["logged_in"] is False
    assert jaak.get("/v1/session").json()["logged_in"] is True
    assert "passport" in jaak.get("/v1/own-data").text
    left = json.loads(kratt.command("citizen", "show", MARY).stdout)
    assert (left["sessions"], left["dialogues"]) == ([], [])
    assert {each["browser"] for each in left["browsers"]} == {None}  # that they logged in is to be proven for a year
    assert [each for each in left["acts"] if each["kind"] == "access"] == accesses
    assert {each["kind"] for each in left["acts"]} <= {"access", "restriction", "write", "notice"}
    with closing(sqlite3.connect(kratt.settings.state / "kratt.db")) as sessions:
        people = {person for (person,) in sessions.execute("SELECT person FROM citizen_sessions")}
    secret = kratt.settings.secret("data_key")
    assert SealedPeople(secret).pseudonym(MARY) not in people
    assert SealedPeople(secret).pseudonym(JAAK) in people


def test_operator_when_forgetting_a_citizen_then_they_are_logged_out_and_twice_is_nothing(kratt, asked) -> None:
    mary, _ = asked
    first = kratt.command("citizen", "forget", MARY)
    assert first.returncode == 0, first.stderr
    assert not first.stdout.startswith("0 sessions")
    assert (
        kratt.command("citizen", "forget", MARY).stdout
        == "0 sessions, 0 speakers, 0 apps, 0 browsers, 0 waiting, 0 desk, 0 inbox, 0 dialogues, 0 acts deleted\n"
    )
    assert mary.get("/v1/session").json()["logged_in"] is False
