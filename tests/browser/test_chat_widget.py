"""The chat widget on a page of another origin with a hostile style sheet and a strict content security policy."""

import asyncio
import contextlib
import json
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Error, Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.widget import PERSON, ask, log_in, replies, state
from tests.conftest import RunningKratt

pytestmark = pytest.mark.browser

PERSONAL = "when does my passport expire"
OFFICE = {
    "en": "when is the tartu office open",
    "et": "millal on tartu kontor avatud",
    "ru": "когда открыто бюро в тарту",
}
SIZES = {"desk": (1280, 900), "telephone": (320, 640), "zoomed": (640, 400)}


async def stored(page: Page) -> dict[str, object]:
    kept: dict[str, object] = json.loads(await page.evaluate("sessionStorage.getItem('kratt')"))
    return kept


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_widget_when_the_sites_styles_are_hostile_then_it_looks_as_it_should(open_site, scheme: str) -> None:
    page = await open_site(color_scheme=scheme)
    panel = await page.locator("#panel").bounding_box()
    assert panel is not None
    assert (panel["width"], panel["height"]) == (400, 640)
    assert panel["x"] + panel["width"] == pytest.approx(1280 - 20, abs=16)  # a scroll bar
    font, colour = await page.locator("#question").evaluate(
        "element => [getComputedStyle(element).fontSize, getComputedStyle(element).color]"
    )
    assert (font, colour) == ("16px", {"light": "rgb(23, 33, 43)", "dark": "rgb(233, 239, 245)"}[scheme])
    opacity = "element => [getComputedStyle(element).opacity, getComputedStyle(element).visibility]"
    assert await page.locator("kratt-chat").evaluate(opacity) == ["1", "visible"]


async def test_widget_when_opened_then_it_asks_nobody_but_its_gateway(
    open_site, kratt: RunningKratt, site: str
) -> None:
    page = await open_site()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await ask(page, OFFICE["en"])
    await expect(replies(page, "answered")).to_be_visible()
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(kratt.url).netloc, urlsplit(site).netloc}
    assert await page.context.cookies() == []


async def test_question_when_typed_then_it_is_answered_with_its_source(open_site) -> None:
    page = await open_site()
    await ask(page, OFFICE["en"])
    await expect(page.locator(".message.you .text")).to_have_text(OFFICE["en"])
    await expect(replies(page, "answered").locator(".sources")).to_contain_text(re.compile(r"^Source: .+"))
    await expect(page.locator("#question")).to_have_value("")
    await expect(page.locator("#welcome")).to_be_hidden()


async def test_reply_when_it_offers_choices_then_one_can_be_pressed(open_site) -> None:
    page = await open_site()
    await ask(page, "what are the opening hours")
    await replies(page, "asked_detail").locator("button").filter(has_text="Tartu").click()
    await expect(page.locator(".message.you .text").last).to_have_text("Tartu")
    await expect(replies(page, "answered")).to_be_visible()


async def test_question_when_it_holds_markup_then_it_stays_text(open_site) -> None:
    page = await open_site()
    await ask(page, "<img src=x onerror=alert(1)><b>hello</b>")
    await expect(page.locator(".message.you .text")).to_have_text("<img src=x onerror=alert(1)><b>hello</b>")
    await expect(page.locator("#log img, #log b")).to_have_count(0)


LINKS = [
    ("See https://www.example.ee/a?b=c#d.", ["https://www.example.ee/a?b=c#d"]),
    ("Call +372 612 3000, or (+3726123001).", ["tel:+3726123000", "tel:+3726123001"]),
    ("http://www.example.ee javascript:alert(1) data:text/html,x //evil.test 38001085718", []),
    ('https://evil.test"onclick="alert(1)', ["https://evil.test/"]),
    ("https://evil.test<script>", ["https://evil.test/"]),
]


@pytest.mark.parametrize(("text", "links"), LINKS)
async def test_reply_when_it_names_addresses_then_only_safe_ones_become_links(
    open_site, text: str, links: list[str]
) -> None:
    page = await open_site()

    async def answer(route: Route) -> None:
        response = await route.fetch()
        body = await response.json()
        body["reply"] = [{"text": text, "buttons": []}]
        await route.fulfill(response=response, json=body)

    await page.route("**/v1/turns", answer)
    await ask(page, OFFICE["en"])
    await expect(page.locator(".message.kratt .text")).to_have_text(text)
    found = await page.locator(".message.kratt a").evaluate_all("all => all.map(link => [link.href, link.rel])")
    assert found == [[link, "noopener noreferrer nofollow"] for link in links]


@pytest.mark.parametrize(("name", "code"), [("Eesti", "et"), ("Русский", "ru")])
async def test_language_when_switched_then_widget_and_replies_speak_it_and_it_is_remembered(
    open_site, name: str, code: str
) -> None:
    page = await open_site()
    await page.get_by_role("button", name=name).click()
    await expect(page.locator("#panel")).to_have_attribute("lang", code)
    await expect(page.locator("#talk")).to_be_hidden()  # only an English speech model ships
    await expect(page.locator("#cannot-hear")).to_be_visible()
    await ask(page, OFFICE[code])
    await expect(page.locator(f".message.kratt[lang={code}][data-outcome=answered]")).to_be_visible()
    await page.reload()
    await expect(page.locator("#panel")).to_have_attribute("lang", code)


async def test_login_when_a_question_waits_then_it_is_answered_on_the_site_itself(open_site) -> None:
    page = await open_site()
    await ask(page, PERSONAL)
    await expect(replies(page, "asked_login")).to_be_visible()
    before = (await stored(page))["conversation"]
    await log_in(page, ".message .login")
    await expect(replies(page, "answered").locator(".sources")).not_to_be_empty()
    await expect(page.locator(".message.you")).to_have_count(1)
    assert (await stored(page))["conversation"] != before
    await page.reload()
    await expect(page.locator("#person")).to_have_text("MARY ÄNN")
    await page.click("#log-out")
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#log-in")).to_be_focused()
    assert (await stored(page))["conversation"] == ""
    await ask(page, PERSONAL)
    await expect(replies(page, "asked_login")).to_be_visible()


async def test_citizen_when_they_lock_themselves_out_then_the_site_shows_nothing_of_before(open_site) -> None:
    page = await open_site()
    await log_in(page)
    await ask(page, PERSONAL)
    await expect(replies(page, "answered")).to_be_visible()
    before = (await stored(page))["conversation"]
    await ask(page, "lukusta")
    await expect(page.locator("#log-in")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page.locator(".message")).to_contain_text("Tehtud.")
    assert (await stored(page))["conversation"] not in {"", before}
    await ask(page, PERSONAL)
    await expect(replies(page, "asked_login")).to_be_visible()


async def test_login_when_the_browser_is_another_then_the_widget_tells_the_citizen(open_site) -> None:
    for _ in range(2):  # the first may be the citizen's first of all
        page = await open_site()
        await log_in(page)
        await expect(page.locator("#person")).to_have_text("MARY ÄNN")
    await expect(page.locator(".message.warning")).to_contain_text("with this browser before")
    await page.click("#log-out")
    await log_in(page)
    await expect(page.locator("#person")).to_have_text("MARY ÄNN")
    await expect(page.locator(".message.warning")).to_have_count(0)


async def test_login_when_a_page_that_may_not_carry_the_widget_opened_its_window_then_it_hears_nothing(
    open_site, kratt: RunningKratt, site: str
) -> None:
    page = await open_site()
    evil = await page.context.new_page()
    await evil.goto(site.replace("localhost", "127.0.0.1"))  # another origin, which is not in the setting
    await evil.evaluate("() => { window.heard = []; window.onmessage = (event) => heard.push(event.data); }")
    async with evil.expect_popup() as opened:
        await evil.evaluate(f"open('{kratt.url}/v1/login?embedder={site}', 'kratt-login')")
    window = await opened.value
    await window.locator(f"button[value={PERSON}]").click()
    await expect(window.locator("main[data-token]")).to_be_visible()
    assert await evil.evaluate("heard") == []
    await expect(page.locator("#person")).to_be_hidden()


async def test_login_when_no_page_opened_its_window_then_nobody_is_logged_in_and_it_says_so(
    open_site, kratt: RunningKratt, site: str
) -> None:
    page = await open_site()
    await page.goto(f"{kratt.url}/v1/login?embedder={site}")  # a link that somebody sent
    await page.locator(f"button[value={PERSON}]").click()
    await expect(page.locator("main[data-token] p").first).to_contain_text("nobody was logged in")


async def test_message_when_it_is_not_from_the_login_window_then_the_widget_believes_nothing(open_site) -> None:
    page = await open_site()
    async with page.expect_popup() as opened:
        await page.click("#log-in")
    claims: list[str] = []
    page.on("request", lambda request: claims.append(request.url) if "claim" in request.url else None)
    await page.evaluate("postMessage({ type: 'kratt-login', token: 'stolen' }, '*')")
    await (await opened.value).locator("button[name=cancel]").click()
    await expect(page.locator("#log-in")).to_be_visible()
    assert claims == []


@pytest.mark.parametrize("when", ["before it is sent", "before it is answered", "as the gateway is too busy"])
async def test_question_when_the_network_fails_then_it_is_answered_once_after_all(
    open_site, kratt: RunningKratt, when: str
) -> None:
    page = await open_site(failing="ERR_|status of 503")
    keys: list[str] = []

    async def fail_once(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            await route.fallback()
            return
        if when == "as the gateway is too busy":
            refusal = {"code": "service_unavailable", "message": "later"}
            await route.fulfill(status=503, json=refusal, headers={"Access-Control-Allow-Origin": "*"})
            return
        if when == "before it is answered":
            await route.fetch()
        await route.abort("connectionfailed")

    await page.route("**/v1/turns", fail_once)
    turns = turns_of(kratt)
    await ask(page, OFFICE["en"])
    await expect(replies(page, "answered")).to_have_count(1)
    await expect(page.locator(".message.you")).to_have_count(1)
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert turns_of(kratt) == turns + 1


async def test_question_when_the_page_is_left_before_the_answer_then_it_is_there_on_the_next_one(
    open_site, kratt: RunningKratt
) -> None:
    page = await open_site(failing="ERR_")
    turns = turns_of(kratt)
    is_taken, is_left = asyncio.Event(), asyncio.Event()

    async def lose(route: Route) -> None:
        await route.fetch()
        is_taken.set()  # by the gateway
        await is_left.wait()
        with contextlib.suppress(Error):  # its page has gone
            await route.abort()

    await page.route("**/v1/turns", lose)
    await ask(page, OFFICE["en"])
    await is_taken.wait()
    await page.unroute("**/v1/turns")
    await page.reload()
    is_left.set()
    await expect(replies(page, "answered")).to_have_count(1)
    await expect(page.locator(".message.you")).to_have_count(1)
    assert turns_of(kratt) == turns + 1


def turns_of(kratt: RunningKratt) -> int:
    """How many turns the gateway has taken so far."""
    with kratt.client() as http:
        token = kratt.settings.secret("metrics_token")
        figures = http.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    return sum(int(float(count)) for count in re.findall(r"^kratt_turns_total\{.*} (\S+)$", figures, re.MULTILINE))


@pytest.mark.parametrize("opinion", ["given", "skipped"])
async def test_conversation_when_ended_then_an_opinion_is_asked_for_and_nothing_of_it_is_left(
    open_site, kratt: RunningKratt, opinion: str
) -> None:
    page = await open_site()
    await ask(page, OFFICE["en"])
    await expect(replies(page, "answered")).to_be_visible()
    await page.click("#menu-open")
    await page.click("#end")
    await expect(page.locator(".message")).to_have_count(0)
    await expect(page.locator("#feedback input").first).to_be_focused()
    report = await Axe().run(page, context="kratt-chat")
    assert (report.violations_count, report.generate_report()) == (0, report.generate_report())
    if opinion == "given":
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowRight")
        await page.fill("#feedback-words", "write to mari@example.ee about the canary")
        await page.click("#feedback button[type=submit]")
        await expect(page.get_by_role("status")).to_contain_text("Thank you")
        assert "en write to [masked] about the canary" in kratt.command("feedback").stdout
    else:
        await page.click("#feedback-skip")
    await expect(page.locator("#question")).to_be_focused()
    kept = await stored(page)
    assert (kept["conversation"], kept["entries"]) == ("", [])


async def test_widget_when_only_a_keyboard_is_there_then_everything_is_reached_in_reading_order(open_site) -> None:
    page = await open_site()
    await page.keyboard.press("Escape")
    await expect(page.locator("#launcher")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#question")).to_be_focused()
    await page.focus("#menu-open")
    reached = []
    for _ in range(13):
        focused = "document.querySelector('kratt-chat').shadowRoot.activeElement"
        reached.append(await page.evaluate(f"{focused}.id || {focused}.lang"))
        await page.keyboard.press("Tab")
    examples = ["example-1", "example-2", "example-3"]
    assert reached[:6] == ["menu-open", "close", "en", "et", "ru", "log-in"]
    assert reached[6:] == ["scroll", *examples, "question", "talk", "send"]


async def test_log_when_a_reply_comes_then_a_screen_reader_hears_it(open_site) -> None:
    page = await open_site()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await ask(page, OFFICE["en"])
    await expect(page.get_by_role("log").locator(".message.kratt")).to_be_visible()
    await expect(page.get_by_role("status")).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_widget_when_checked_by_axe_then_nothing_is_violated_or_cut_off(
    open_site, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page = await open_site(viewport={"width": width, "height": height}, color_scheme=scheme)
    await page.click("#menu-open")
    for step in ("menu", "conversation"):
        if step == "conversation":
            await page.keyboard.press("Escape")
            await ask(page, PERSONAL)
            await expect(replies(page, "asked_login")).to_be_visible()
        report = await Axe().run(page, context="kratt-chat")
        assert (report.violations_count, report.generate_report()) == (0, report.generate_report())
    for control in ("#question", "#send", "#close", ".message .login"):
        await page.locator(control).scroll_into_view_if_needed()
        await expect(page.locator(control)).to_be_in_viewport(ratio=0.9)
    small = "all => all.filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 24).length"
    assert await page.locator("#panel button, #panel a").evaluate_all(small) == 0


async def test_notices_when_there_are_some_then_they_stand_before_the_first_message_in_each_language(open_site) -> None:
    page = await open_site()
    await expect(page.locator("#notices .notice")).to_contain_text("workdays")
    await page.get_by_role("button", name="Eesti").click()
    await expect(page.locator("#notices .notice")).to_contain_text("tööpäeviti")


async def test_conversation_when_saved_then_the_file_has_all_that_was_said(open_site) -> None:
    page = await open_site()
    await ask(page, OFFICE["et"])
    await expect(replies(page, "answered")).to_be_visible()
    await page.click("#menu-open")
    async with page.expect_download() as begun:
        await page.click("#save")
    text = await asyncio.to_thread((await (await begun.value).path()).read_text)
    assert text.startswith(f"Teie: {OFFICE['et']}\n\nKratt: ")
    assert "(Allikas: " in text


@pytest.mark.parametrize("way", ["link", "code"])
async def test_form_when_handed_over_then_it_goes_on_on_the_telephone_and_a_new_conversation_begins_here(
    open_site, open_page: OpenPage, way: str
) -> None:
    page, telephone = await open_site(), await open_page(viewport={"width": 390, "height": 800}, has_touch=True)
    await ask(page, "what are the opening hours")
    await expect(replies(page, "asked_detail")).to_be_visible()
    await page.click("#menu-open")
    async with page.expect_response("**/v1/handovers") as offered:
        await page.click("#hand-over-open")
    url = (await (await offered.value).json())["url"]
    report = await Axe().run(page, context="kratt-chat")
    assert (report.violations_count, report.generate_report()) == (0, report.generate_report())
    if way == "link":
        await telephone.goto(url)
    else:
        await telephone.click("#go-on summary")
        await telephone.fill("#go-on-code", (await page.locator("#hand-over-code").inner_text()).lower())
        await telephone.press("#go-on-code", "Enter")
    await expect(telephone.locator(".message.kratt[data-outcome=asked_detail]")).to_be_visible()
    await ask(telephone, "tartu")
    await expect(replies(telephone, "answered")).to_contain_text("Tartu")
    await page.click("#hand-over-close")
    await expect(page.locator("#hand-over-code")).to_be_empty()
    await ask(page, "say that again")
    await expect(page.locator(".message.kratt")).to_have_count(2)
    await expect(page.locator(".message.kratt").last).not_to_contain_text("office")


async def test_form_when_a_citizens_is_handed_over_then_it_goes_on_once_they_have_logged_in_on_the_telephone(
    open_site, open_page: OpenPage
) -> None:
    page, telephone = await open_site(), await open_page(failing="status of 403")
    await log_in(page)
    await ask(page, "i want a new passport")
    await expect(page.locator(".message.kratt[data-outcome]")).to_have_count(1)
    asked = await page.locator(".message.kratt[data-outcome] .text").last.inner_text()
    await page.click("#menu-open")
    async with page.expect_response("**/v1/handovers") as offered:
        await page.click("#hand-over-open")
    await telephone.goto((await (await offered.value).json())["url"])
    await expect(telephone.locator(".message.error")).to_be_visible()
    await telephone.click("#log-in")
    await telephone.locator(f"button[value={PERSON}]").click()
    await expect(telephone.locator(".message.kratt .text").last).to_have_text(asked)


async def test_talking_when_held_then_words_appear_and_the_reply_is_spoken_until_the_citizen_types(open_site) -> None:
    page = await open_site()
    await page.hover("#talk")
    await page.mouse.down()
    await expect(page.locator("#partial")).to_contain_text("passport")
    await page.mouse.up()
    await expect(page.locator(".message.you .text")).to_contain_text("passport")
    await state(page, "speaking")
    await page.locator("#question").press("a")
    await state(page, "idle")
