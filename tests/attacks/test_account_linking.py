"""Linking Alexa accounts: what somebody else's account, browser or copy of a token gets, which is nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.core.account_links import CODE_SECONDS, ROTATED_SECONDS
from tests.linking import ASKED, BACK, LINK, PUBLIC, LinkingWorld, linking_world
from tests.unit.gateway.conftest import PERSON

pytestmark = pytest.mark.attack


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LinkingWorld]:
    folder: Path = tmp_path_factory.mktemp("linking")
    async with linking_world(folder) as world:
        yield world


@pytest.fixture
async def browser(world: LinkingWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with world.browser() as browser:
        yield browser


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://evil.test/",
        f"{BACK}/",
        f"{BACK}?a=b",
        f"{BACK}4",
        BACK.upper(),
        f"{BACK}#",
        "https://pitangui.amazon.com",
    ],
)
async def test_link_when_it_would_lead_to_another_address_then_it_leads_nowhere(
    browser: httpx.AsyncClient, redirect_uri: str
) -> None:
    answer = await browser.get(LINK, params={**ASKED, "redirect_uri": redirect_uri})
    assert answer.status_code == 403
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


async def test_link_when_another_client_asks_then_it_leads_nowhere(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(LINK, params={**ASKED, "client_id": "mallory"})).status_code == 403
    twice = f"{LINK}?client_id=alexa&client_id=mallory&redirect_uri={BACK}"
    assert (await browser.get(twice)).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"code_challenge": "short"},
        {"response_type": "token"},
        {"state": ""},
    ],
)
async def test_link_when_it_is_asked_for_with_less_proof_then_it_is_refused_to_the_client(
    browser: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    answer = await browser.get(LINK, params={**ASKED, **changed})
    location = answer.headers["location"]
    assert location.startswith(f"{BACK}?")
    told = parse_qs(urlsplit(location).query)
    assert told["error"][0] in {"invalid_request", "unsupported_response_type"}
    assert "code" not in told


async def test_consent_when_another_page_gives_it_then_it_is_refused(
    world: LinkingWorld, browser: httpx.AsyncClient
) -> None:
    begun = await browser.get(LINK, params=ASKED)
    login = await browser.get(begun.headers["location"])
    await browser.get(login.headers["location"])
    for origin in ("https://evil.test", "null", "https://pitangui.amazon.com"):
        answer = await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers={"Origin": origin})
        assert answer.status_code == 403


async def test_consent_when_nobody_is_logged_in_or_nothing_was_asked_then_there_is_no_code(
    browser: httpx.AsyncClient,
) -> None:
    own = {"Origin": PUBLIC}
    assert (await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers=own)).status_code == 403
    await browser.get(LINK, params=ASKED)
    answer = await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers=own)
    assert answer.headers["location"] == "/v1/login?then=link"


async def test_consent_when_somebody_logged_in_before_it_was_begun_then_they_have_to_log_in_anew(
    world: LinkingWorld, browser: httpx.AsyncClient
) -> None:
    """A hostile page opens the link, then the question, in the browser of a citizen who is logged in already."""
    own = {"Origin": PUBLIC}
    await world.consented(browser)
    for _ in range(2):
        await browser.get(LINK, params=ASKED)
        assert (await browser.get("/v1/session")).json()["logged_in"]
        for answer in (
            await browser.get(f"{LINK}/consent"),
            await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers=own),
        ):
            assert answer.headers["location"] == "/v1/login?then=link"
        # Nor does a login for something else do, or one whose session is over.
        await browser.get((await browser.get("/v1/login")).headers["location"])
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items() if name != "kratt_link_login")
    for made_up in ("0" * 64, "\xf5" * 64):
        headers = {**own, "Cookie": f"{cookies}; kratt_link_login={made_up}".encode("latin-1")}
        answer = await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers=headers)
        assert answer.headers["location"] == "/v1/login?then=link"


async def test_consent_when_the_cookie_names_another_address_then_it_is_refused(browser: httpx.AsyncClient) -> None:
    evil = f"redirect_uri=https%3A%2F%2Fevil.test&state=s&code_challenge={'a' * 43}"
    headers = {"Cookie": f"kratt_link={evil}", "Origin": PUBLIC}
    assert (await browser.get(f"{LINK}/consent", headers=headers)).status_code == 403
    assert (await browser.post(f"{LINK}/consent", data={"answer": "yes"}, headers=headers)).status_code == 403


async def test_consent_when_asked_for_then_the_page_tells_what_it_is_about_and_no_page_may_frame_it(
    world: LinkingWorld, browser: httpx.AsyncClient
) -> None:
    begun = await browser.get(LINK, params=ASKED)
    login = await browser.get(begun.headers["location"])
    page = await browser.get((await browser.get(login.headers["location"])).headers["location"])
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://pitangui.amazon.com;" in policy
    assert "of Amazon&#x27;s" not in page.text  # what the client sends is not on it


async def test_consent_when_refused_then_the_client_gets_no_code(
    world: LinkingWorld, browser: httpx.AsyncClient
) -> None:
    assert await world.consented(browser, answer="no") == {"error": "access_denied", "state": ASKED["state"]}


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://layla.amazon.com/"},
    ],
)
async def test_code_when_brought_with_other_proof_then_there_are_no_tokens(
    world: LinkingWorld, browser: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    code = (await world.consented(browser))["code"]
    answer = await world.exchanged(code, **changed)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
    assert (await world.exchanged(code)).json() == {"error": "invalid_grant"}  # it was brought, and is dead


async def test_code_when_brought_without_a_verifier_then_there_are_no_tokens(
    world: LinkingWorld, browser: httpx.AsyncClient
) -> None:
    code = (await world.consented(browser))["code"]
    answer = await world.tokens(grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert answer.json() == {"error": "invalid_request"}


async def test_code_when_replayed_then_what_came_of_it_ends(world: LinkingWorld, browser: httpx.AsyncClient) -> None:
    code = (await world.consented(browser))["code"]
    tokens = (await world.exchanged(code)).json()
    assert await world.link_account.caller(tokens["access_token"], is_woken=False)
    assert (await world.exchanged(code)).json() == {"error": "invalid_grant"}
    assert await world.link_account.caller(tokens["access_token"], is_woken=False) is None
    assert (await world.refreshed(tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_code_when_late_then_there_are_no_tokens(world: LinkingWorld, browser: httpx.AsyncClient) -> None:
    code = (await world.consented(browser))["code"]
    world.clock[0] += CODE_SECONDS
    assert (await world.exchanged(code)).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("secret", ["", "wrong", "ü"])
async def test_tokens_when_the_client_has_not_its_secret_then_it_gets_none_and_is_counted(
    world: LinkingWorld, browser: httpx.AsyncClient, secret: str
) -> None:
    code = (await world.consented(browser))["code"]
    answer = await world.exchanged(code, client_id="alexa", client_secret=secret) if secret == "" else None
    answer = answer or await world.tokens(secret, grant_type="authorization_code", code=code)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert answer.headers["www-authenticate"] == "Basic"


async def test_refresh_token_when_stolen_and_used_after_the_owner_then_the_account_is_linked_no_more(
    world: LinkingWorld,
) -> None:
    first = await world.linked()
    second = (await world.refreshed(first["refresh_token"])).json()
    assert await world.link_account.caller(first["access_token"], is_woken=False) is None
    world.clock[0] += ROTATED_SECONDS
    assert (await world.refreshed(first["refresh_token"])).json() == {"error": "invalid_grant"}
    assert (await world.refreshed(second["refresh_token"])).json() == {"error": "invalid_grant"}
    assert await world.link_account.caller(second["access_token"], is_woken=False) is None


async def test_speaker_when_its_citizen_unlinks_it_then_its_tokens_are_dead(world: LinkingWorld) -> None:
    tokens = await world.linked()
    caller = await world.link_account.caller(tokens["access_token"], is_woken=False)
    assert caller
    assert caller.device_id
    await world.devices.unlink(caller.device_id, PERSON.subject)
    assert await world.link_account.caller(tokens["access_token"], is_woken=False) is None
    assert (await world.refreshed(tokens["refresh_token"])).json() == {"error": "invalid_grant"}
