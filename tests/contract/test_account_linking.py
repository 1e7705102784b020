"""Account linking as Amazon's cloud does it (ASK, "Configure an Authorization Code Grant"), and what comes of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.core.account_links import ACCESS_SECONDS
from assistant.core.channels import Channel
from assistant.core.devices import Change
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.pipeline import link_account
from tests.alexa import says
from tests.alexa_gateway import AlexaWorld
from tests.linking import ASKED, LINK, LinkingWorld, linking_world
from tests.unit.gateway.conftest import PERSON

pytestmark = pytest.mark.contract

MARY = Session("c", "d", PERSON.subject, PERSON.given_name, Assurance.SUBSTANTIAL)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[LinkingWorld]:
    async with linking_world(tmp_path) as world:
        yield world


async def test_account_when_linked_then_it_is_a_locked_speaker_of_the_citizen(world: LinkingWorld) -> None:
    tokens = await world.linked()
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", ACCESS_SECONDS)
    (device,) = await world.devices.of(PERSON.subject)
    assert (device.name, device.is_locked, device.may_speak) == ("Alexa", True, False)


async def test_tokens_when_the_client_is_in_the_body_and_the_answer_was_lost_then_they_are_given_again(
    world: LinkingWorld,
) -> None:
    tokens = await world.linked()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "alexa"}
    async with world.browser() as server:
        for _ in range(2):
            answer = await server.post(
                f"{LINK}/token", data={**form, "client_secret": "a client secret of more than 32 signs"}
            )
            assert answer.status_code == 200
    assert await world.link_account.caller(answer.json()["access_token"], is_woken=False)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "password", "username": "u", "password": "p"}, "unsupported_grant_type"),
    ],
)
async def test_tokens_when_asked_for_otherwise_then_the_error_is_oauths(
    world: LinkingWorld, form: dict[str, str], error: str
) -> None:
    answer = await world.tokens(**form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})
    assert answer.headers["cache-control"] == "no-store"


async def test_alexa_when_the_account_is_linked_then_speaks_for_the_citizen_while_unlocked(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await world.linked())["access_token"]
    (device,) = await world.devices.of(PERSON.subject)

    async def ask(alexa: AlexaWorld, *, token: str, is_new: bool = False) -> tuple[str, str | None]:
        envelope = alexa.amazon.envelope("IntentRequest", **says("do i have fines"))
        envelope["context"]["System"]["user"]["accessToken"] = token
        envelope["session"]["new"] = is_new
        assert (await alexa.post(envelope)).status_code == 200
        request, session = alexa.gateway.taken[-1]
        return request.channel, session.subject

    async with AlexaWorld(link_account=world.link_account) as alexa:
        assert await ask(alexa, token=token) == (Channel.LOCKED_SPEAKER, None)
        await world.devices.change(device.device_id, Change(may_speak=True, is_locked=False), MARY)
        assert await ask(alexa, token=token, is_new=True) == (Channel.UNLOCKED_SPEAKER, PERSON.subject)
        monkeypatch.setattr(link_account, "PAUSE_SECONDS", 0.0)
        assert await ask(alexa, token=token) == (Channel.UNLOCKED_SPEAKER, PERSON.subject)
        assert await ask(alexa, token=token, is_new=True) == (Channel.LOCKED_SPEAKER, None)
        assert await ask(alexa, token="another") == (Channel.SHARED_SPEAKER, None)


@pytest.mark.parametrize("is_linking", [True, False])
async def test_alexa_when_somebody_must_be_known_then_the_app_shows_how_to_link(
    world: LinkingWorld, is_linking: bool
) -> None:
    async with AlexaWorld(link_account=world.link_account if is_linking else None) as alexa:
        body = (await alexa.post(alexa.amazon.envelope("IntentRequest", **says("asked_login")))).json()
    assert body["response"]["card"]["type"] == ("LinkAccount" if is_linking else "Simple")


async def test_question_when_the_browser_is_unfamiliar_then_it_warns_of_that_first(world: LinkingWorld) -> None:
    pages = []
    for _ in range(2):
        async with world.browser() as browser:
            begun = await browser.get(LINK, params=ASKED)
            login = await browser.get(begun.headers["location"])
            question = (await browser.get(login.headers["location"])).headers["location"]
            pages.append((await browser.get(question)).text)
    warning = world.gateway.parts().words[Language.EN]["unfamiliar_browser"]
    assert [f"</h1><p>{warning}</p>" in page for page in pages] == [False, True]
