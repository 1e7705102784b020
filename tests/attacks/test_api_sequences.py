"""Whatever citizens, a guest, a speaker and an agent send, with the ids of each other, nobody reads another's.

`make test ARGS="tests/attacks/test_api_sequences.py --hypothesis-profile=long"` plays a hundred sequences.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import strategies as st

from assistant.sandbox.population import JAAK, MARY, POPULATION
from tests.attacks.test_api import CHECKS, OPERATIONS, leave_desk, speaker_of

pytestmark = pytest.mark.attack

STEPS = 30
ASKED = "when does my passport expire"
NAMES = {who: {who[2:], POPULATION[who].given_name, POPULATION[who].family_name} for who in (MARY, JAAK)}
FOUND = {"device_id", "turn_id", "case_id", "hand_over", "address", "url"}
"""Fields whose values somebody else may get to see, or guess; a conversation's id and a speaker's token are keys."""
LOGGING_IN = {"GET /v1/login", "GET /v1/login/callback"}
"""Who is logged in changes by these alone; they are tested apart."""
LABELS = sorted(set(OPERATIONS) - LOGGING_IN)


@dataclass
class Actor:
    """Somebody who sends requests; `person` is whose data they may be shown."""

    session: requests.Session
    person: str | None = None


@dataclass
class World:
    """Everybody, and the ids that one of them was told."""

    kratt: Any
    actors: dict[str, Actor]
    found: list[str] = field(default_factory=list)
    own: dict[str, set[str]] = field(default_factory=lambda: {who: set(names) for who, names in NAMES.items()})
    """What is in a reply only for this person."""

    def ask(self) -> None:
        """Have the citizens ask for what is theirs alone: it has a day in it, and not the same for both."""
        for name in ("mary", "jaak"):
            actor = self.actors[name]
            body = {"text": ASKED, "language": "en"}
            parts = actor.session.post(f"{self.kratt.url}/v1/turns", json=body, timeout=20).json()["reply"]
            told = {part["text"] for part in parts if re.search(r"\d", part["text"])}
            assert told
            self.own[actor.person or ""] |= told
        assert not self.own[MARY] & self.own[JAAK]

    def send(self, name: str, case: schemathesis.Case) -> None:
        """Send it as this actor; nothing breaks, and nothing of another person comes back."""
        actor = self.actors[name]
        answer = case.call(base_url=self.kratt.url, session=actor.session, allow_redirects=False)
        case.validate_response(answer, checks=CHECKS)
        told = f"{answer.headers} {answer.text}".casefold()
        others = {word.casefold() for who, words in self.own.items() if who != actor.person for word in words}
        assert not [word for word in others if word in told], f"{name} was told of another by {case.formatted_path}"
        self.found += [value for key, value in _fields(answer) if key in FOUND and value]

    def log_in_again(self) -> None:
        """Who has logged out, or was forgotten, comes back."""
        for actor in self.actors.values():
            if actor.person and "Authorization" not in actor.session.headers:
                _log_in(self.kratt, actor)


def _fields(answer: requests.Response) -> Iterator[tuple[str, str]]:
    waiting = [answer.json()] if answer.headers.get("content-type") == "application/json" else []
    while waiting:
        each = waiting.pop()
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        yield from ((key, value) for key, value in getattr(each, "items", tuple)() if isinstance(value, str))


def _log_in(kratt: Any, actor: Actor) -> None:
    told = actor.session.get(f"{kratt.url}/v1/session", timeout=20).json()
    if not told["logged_in"]:
        with kratt.client() as client:
            kratt.log_in(client, actor.person)
            actor.session.cookies.clear()
            actor.session.cookies.update(dict(client.cookies))


@pytest.fixture
def world(kratt: Any) -> Iterator[World]:
    names = {"mary": MARY, "jaak": JAAK, "guest": None, "speaker": MARY, "agent": None}
    actors = {name: Actor(requests.Session(), person) for name, person in names.items()}
    for actor in actors.values():
        actor.session.trust_env = False
    actors["agent"].session.headers["Authorization"] = f"Bearer {kratt.agent_token}"
    with kratt.client() as client:
        kratt.log_in(client, MARY)
        actors["speaker"].session.headers["Authorization"] = f"Bearer {speaker_of(client)}"
    yield World(kratt, actors)
    leave_desk(kratt)


def _with_found(case: schemathesis.Case, found: list[str], draw: Any) -> None:
    """Put ids that somebody was told where the description asks for text."""

    def mixed(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: draw(st.sampled_from(found)) if isinstance(value, str) and draw(st.booleans()) else value
            for name, value in values.items()
        }

    if found and case.path_parameters:
        case.path_parameters = mixed(case.path_parameters)
    if found and isinstance(case.body, dict):
        case.body = mixed(case.body)
    if isinstance(case.body, dict) and "text" in case.body and draw(st.booleans()):
        case.body = {"text": ASKED}


def test_requests_when_each_uses_the_ids_of_the_others_then_nobody_is_told_of_another(world: World) -> None:
    @hypothesis.given(data=st.data())
    @hypothesis.settings(max_examples=hypothesis.settings().max_examples // 10, database=None)
    def play(data: st.DataObject) -> None:
        world.log_in_again()
        world.ask()
        for _ in range(STEPS):
            name, label = data.draw(st.sampled_from(sorted(world.actors))), data.draw(st.sampled_from(LABELS))
            case = data.draw(OPERATIONS[label].as_strategy())
            _with_found(case, world.found[-20:], data.draw)
            world.send(name, case)

    play()
