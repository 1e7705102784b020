"""Pages of a draft as an editor uses them: a console on a real database and a real repository, in a real browser."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from socket import create_server

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.bootstrap.ears import EditorsEars
from assistant.bootstrap.sandbox_calls import SandboxCalls
from assistant.bootstrap.sandbox_writes import SandboxWrites
from assistant.bootstrap.words import towns
from assistant.console.access import COOKIE
from assistant.console.app import create_app
from assistant.core.languages import Language
from assistant.pipeline.listen import Listen
from assistant.sandbox.app import create_app as create_sandbox
from assistant.settings import PROJECT
from assistant.speech_model.word_book import WordBook
from tests.browser.conftest import SPOKEN, OpenPage
from tests.conftest import content_repository
from tests.serving import served
from tests.unit.console.conftest import EDITOR, Console, console

pytestmark = pytest.mark.browser

__all__ = ["console"]  # a fixture
CLIENT = "EE/GOV/70009999/kratt"
WORDS = WordBook(PROJECT / "models" / "speech" / "en", tuple(towns()))


@pytest.fixture
def content(tmp_path) -> Path:
    return content_repository(tmp_path)


@pytest.fixture
async def calls() -> AsyncIterator[SandboxCalls]:
    """Of a sandbox of its own."""
    sandbox = create_sandbox(
        issuer="http://127.0.0.1",
        client_id="kratt",
        client_secret="s" * 32,
        redirect_uris=frozenset({"http://127.0.0.1/callback"}),
        xroad_client=CLIENT,
    )
    async with served(sandbox, lifespan="on") as url:
        calls = SandboxCalls(XRoadClient(url, ClientId.parse(CLIENT)), CLIENT)
        yield calls
        await calls.close()


@pytest.fixture
def ears() -> Iterator[EditorsEars]:
    """Of the speech model that comes with Kratt."""
    sounds = SoundFiles(30)
    speech = VoskSpeech({Language.EN: PROJECT / "models" / "speech" / "en"}, streams=1)
    yield EditorsEars(Listen(sounds, speech), speech)
    speech.close()
    sounds.close()


@pytest.fixture
async def editor(console: Console, calls: SandboxCalls, ears: EditorsEars, new_page: OpenPage) -> AsyncIterator[Page]:
    """The console's first page, with Mari signed in."""
    with create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        parts = replace(
            console.parts,
            public_url=url,
            words=lambda language: WORDS if language is Language.EN else None,
            ears=ears,
            call_sandbox=calls,
            write_sandbox=SandboxWrites(CLIENT),
        )
        async with served(create_app(parts), listener):
            page = await new_page(failing="status of 4(00|22)")  # what does not fit, or is not there yet
            cookie = {"name": COOKIE, "value": console.parts.sessions.issue(EDITOR.subject), "url": url}
            await page.context.add_cookies([cookie])
            await page.goto(url)
            yield page
            await page.context.close()  # before who serves it


async def open_draft(page: Page, name: str) -> None:
    await page.get_by_role("link", name="Drafts", exact=True).click()
    await page.get_by_label("Name of a new draft").fill(name)
    await page.get_by_role("button", name="Begin").click()
    await expect(page.get_by_role("heading", level=1, name=f"Draft {name}")).to_be_visible()


async def is_clean(page: Page) -> None:
    """Nothing on the page is hard on anybody."""
    found = await Axe().run(page)
    assert (page.url, found.violations_count, found.generate_report()) == (page.url, 0, found.generate_report())


async def draw(page: Page, first: str, last: str) -> None:
    """Draw the mouse over words, once the page listens to it."""
    await page.wait_for_load_state()
    for word in (first, last):
        box = await page.get_by_role("group").get_by_text(word, exact=True).bounding_box()
        assert box
        await page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2, steps=5)
        await (page.mouse.down if word == first else page.mouse.up)()


async def test_words_when_marked_by_mouse_and_by_keyboard_then_are_values_until_undone(editor) -> None:
    await open_draft(editor, "marks")
    await editor.get_by_role("link", name="Requests").click()
    await editor.get_by_role("link", name="document expiry", exact=True).click()
    example = "when does my new passport expire"
    await editor.get_by_label("New examples, one a line").first.fill(example)
    await editor.get_by_role("button", name="Add").first.click()
    await editor.get_by_role("link", name=f"Mark words of “{example}”").click()
    await draw(editor, "new", "passport")
    await expect(editor.get_by_role("checkbox", name="new", checked=True)).to_be_visible()
    await expect(editor.get_by_role("checkbox", checked=True)).to_have_count(2)
    await is_clean(editor)
    await editor.get_by_label("Value that they say").select_option("document_type:passport")
    await editor.get_by_role("button", name="Mark").click()
    await editor.get_by_role("button", name="Take the mark of “new passport” away").press("Enter")
    await editor.get_by_role("checkbox", name="passport").press("Space")
    await editor.get_by_label("Value that they say").press_sequentially("passport")
    await editor.get_by_role("button", name="Mark").press("Enter")
    await expect(editor.get_by_role("listitem").filter(has_text="document type")).to_contain_text("passport")
    await editor.get_by_role("link", name="All examples").click()
    await expect(editor.get_by_role("mark").filter(has_text="passport")).to_have_count(1)
    await is_clean(editor)
    await editor.get_by_role("link", name="marks", exact=True).click()
    await editor.get_by_role("button", name="Undo").first.click()
    await editor.get_by_role("link", name="Requests").click()
    await editor.get_by_role("link", name="document expiry", exact=True).click()
    await expect(editor.get_by_role("checkbox", name=example)).to_be_visible()
    await expect(editor.get_by_role("mark")).to_have_count(0)


async def test_service_when_its_form_is_filled_in_then_complaints_stand_at_their_fields(editor) -> None:
    await open_draft(editor, "forms")
    await editor.get_by_role("link", name="Services").click()
    await is_clean(editor)
    await editor.get_by_role("link", name="land tax", exact=True).click()
    await expect(editor.get_by_text("Nothing is wrong with it.")).to_be_visible()
    title = editor.get_by_role("group", name="What it is called").get_by_label("et")
    await title.fill("")
    await title.press("Enter")
    complaint = editor.get_by_role("alert").filter(has_text="title: missing in et")
    await expect(complaint).to_be_visible()
    await expect(title).to_have_attribute("aria-describedby", "wrong-title")
    await title.fill("Maamaks")
    await editor.get_by_role("button", name="Save and add: input").click()
    part = editor.get_by_role("group", name="Input input_3")
    await expect(part.get_by_role("alert")).to_contain_text("give one of one_of, type and choose")
    await part.get_by_label("Or a value in the citizen's own words").select_option("date")
    await editor.wait_for_load_state()  # what grows does so by a script
    conditions = part.get_by_role("group", name="Only if")
    await conditions.get_by_label("name, row 1").press_sequentially("a")
    await expect(conditions.get_by_label("name, row 2")).to_be_visible()
    await conditions.get_by_label("name, row 1").fill("")
    await is_clean(editor)
    await editor.get_by_role("button", name="Save", exact=True).first.click()
    await expect(editor.get_by_text("Nothing is wrong with it.")).to_be_visible()
    await editor.get_by_role("heading", name="Input input_3").click()
    await part.get_by_role("button", name="Save, and take").click()
    await editor.get_by_role("link", name="the file itself").click()
    await expect(editor.get_by_label("The file")).to_have_value(re.compile("et: Maamaks"))
    await is_clean(editor)
    await editor.get_by_role("link", name="forms", exact=True).click()
    await expect(editor.get_by_role("listitem").filter(has_text="land_tax: the service")).to_have_count(4)


async def test_document_of_a_new_kind_when_added_by_form_then_everything_fits_and_it_goes_again(editor) -> None:
    await open_draft(editor, "values")
    await editor.get_by_role("link", name="Values").click()
    await is_clean(editor)
    await editor.get_by_role("link", name="Add a value to document type of document expiry").click()
    await expect(editor.get_by_label("document type of document expiry")).to_be_checked()
    await editor.get_by_label("Name, as registers know it").fill("seafarers_book")
    said = {
        "en": ("seafarer's book", "seafarer's book\nseaman's book"),
        "et": ("meremehe raamat", "meremehe raamat\nmeremehe raamatut"),
        "ru": ("", "мореходная книжка\nпаспорт"),
    }
    for language, (word, phrases) in said.items():
        part = editor.get_by_role("region", name=language, exact=True)
        await part.get_by_label("Its word").fill(word)
        await part.get_by_label("Phrases that mean it").fill(phrases)
    await editor.get_by_role("button", name="Add", exact=True).click()
    russian = editor.get_by_role("region", name="ru", exact=True)
    await expect(russian.get_by_role("alert")).to_have_text("say it in this language, too")
    await is_clean(editor)
    await russian.get_by_label("Its word").fill("мореходная книжка")
    await editor.get_by_role("button", name="Add", exact=True).press("Enter")
    await expect(russian.get_by_role("alert")).to_contain_text("“паспорт” stands for")
    await russian.get_by_label("Phrases that mean it").fill("мореходная книжка\nмореходную книжку")
    await editor.get_by_label("Why").fill("Sailors ask, too")
    await editor.get_by_role("button", name="Save").click()
    await expect(editor.get_by_text("Nothing is wrong with it.")).to_be_visible()
    await is_clean(editor)
    await editor.get_by_role("link", name="values", exact=True).click()
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()
    await expect(editor.get_by_role("listitem").filter(has_text="Sailors ask, too")).to_be_visible()
    await editor.get_by_role("link", name="Values").click()
    await editor.get_by_role("link", name="seafarers book", exact=True).click()
    editor.once("dialog", lambda dialog: dialog.accept())
    await editor.get_by_role("button", name="Delete the value").click()
    await expect(editor.get_by_role("link", name="passport", exact=True).first).to_be_visible()
    await expect(editor.get_by_role("link", name="seafarers book", exact=True)).to_have_count(0)


async def test_rules_when_a_form_breaks_them_then_are_named_beside_the_field_as_one_types(editor) -> None:
    await open_draft(editor, "typed")
    draft = editor.url
    await editor.goto(f"{draft}/intents/greet")
    await editor.get_by_label("New examples, one a line").first.press_sequentially("When do I get my pension")
    beside = editor.locator("form", has_text="New examples").first.get_by_role("status")
    same = "same: “when do i get my pension” (pension)"
    await expect(beside).to_contain_text(same, timeout=20_000)  # the first time, all examples are read
    await expect(beside).to_contain_text(
        "services/pension/nlu.en.yml: “when do i get my pension” stands under pension and"
    )
    await is_clean(editor)
    await editor.get_by_label("New examples, one a line").first.fill("ahoy captain kratt")
    await expect(beside).to_be_empty()
    await editor.goto(f"{draft}/answers/utter_greet")
    english, estonian = (editor.locator(f"textarea[name={each}]") for each in ("en", "et"))
    await english.fill("Hello, your number is {number}.")
    told = "common/responses.ru.yml: utter_greet has {number} in en"
    await expect(editor.locator("[data-beside=en]")).to_contain_text(told)
    await estonian.fill("Tere, sinu number on {number}.")
    await expect(editor.locator("[data-beside=et]")).to_contain_text(f"{told}, et but not in ru")
    await expect(editor.locator("[data-beside=en]")).to_be_empty()
    await editor.goto(f"{draft}/values/passport")
    phrases = editor.get_by_role("region", name="en").get_by_label("Phrases that mean it")
    await phrases.fill("passport\nidentity card")
    await expect(editor.locator("[data-beside='phrases.en']")).to_contain_text("“identity card” stands for")
    await editor.goto(f"{draft}/words?q=passport")
    await editor.get_by_label("How passport is said").fill("P AE S P OO")
    await expect(editor.locator("[data-beside=ways]").first).to_contain_text("OO is no phone; there are AA")
    await editor.goto(draft)
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()  # nothing was saved


async def test_service_when_a_rule_is_broken_then_its_field_says_so_as_one_types(editor) -> None:
    await open_draft(editor, "typing")
    draft = editor.url
    await editor.goto(f"{draft}/services/land_tax")
    fine = editor.get_by_text("Nothing is wrong with it.")
    await expect(fine).to_be_visible()
    title = editor.get_by_role("group", name="What it is called").get_by_label("et")
    await title.fill("")
    told = editor.locator("[data-beside=title]")
    await expect(told).to_have_text("title: missing in et", timeout=20_000)  # the first time, all content is read
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(title).to_have_accessible_description("title: missing in et")
    await expect(fine).to_be_hidden()
    await is_clean(editor)
    await title.fill("Maamaks")
    await expect(told).to_be_empty()
    await expect(fine).to_be_visible()
    await expect(title).not_to_have_attribute("aria-invalid", "true")
    call = editor.get_by_role("group", name="Call taxes")
    await expect(call).to_have_count(0)  # its part is closed
    await editor.get_by_role("heading", name="Input land_topic").click()
    await editor.get_by_role("group", name="Input land_topic").get_by_label("Name", exact=True).fill("another")
    await expect(call.get_by_role("status").filter(has_text="land_topic")).to_be_visible()
    await expect(call.get_by_role("textbox", name="is one of, row 1").first).to_have_attribute("aria-invalid", "true")
    await is_clean(editor)
    await editor.goto(f"{draft}/services/land_tax/text")
    await editor.get_by_label("The file").press_sequentially("service: twice\n")
    await expect(editor.locator("[data-beside=text]")).to_contain_text("not valid YAML")
    await editor.goto(draft)
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()  # nothing was saved


async def test_intent_when_split_then_is_two_until_one_undo(editor) -> None:
    await open_draft(editor, "split")
    draft = editor.url
    await editor.goto(f"{draft}/intents/thank")
    await editor.get_by_role("link", name="Split it").click()
    await editor.get_by_label("Tick the examples that have the words").fill("thank you")
    await editor.get_by_role("button", name="Find").click()
    english = editor.get_by_role("group", name="Examples (en)")
    assert await english.get_by_role("checkbox", checked=True).count() > 1
    for language in ("et", "ru"):
        await editor.get_by_role("group", name=f"Examples ({language})").get_by_role("checkbox").first.check()
    ticked = await editor.get_by_role("checkbox", checked=True).count()
    await is_clean(editor)
    await editor.get_by_label("Intent that those chosen mean").fill("praise")
    for language, text in {"en": "You are kind.", "et": "Oled lahke.", "ru": "Вы очень добры."}.items():
        await editor.get_by_role("group", name="If it is new").get_by_label(language).fill(text)
    await editor.get_by_role("button", name="Split").click()
    await expect(editor.get_by_role("heading", level=1, name="praise")).to_be_visible()
    await expect(editor.get_by_role("checkbox", name="thank you", exact=True)).to_be_visible()
    await editor.goto(f"{draft}/intents/thank")
    await expect(editor.get_by_role("checkbox", name="thank you")).to_have_count(0)
    await editor.goto(draft)
    await expect(editor.get_by_text("praise has 1 different examples").first).to_be_visible()  # what it lacks yet
    await editor.get_by_role("button", name=f"Undo “{ticked} examples of thank mean praise”").click()
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()


async def test_word_when_mended_then_the_way_it_is_said_can_be_heard(editor) -> None:
    await open_draft(editor, "words")
    await editor.get_by_role("link", name="Words").click()
    await expect(editor.get_by_text("It has every word of this draft.")).to_be_visible()
    await editor.get_by_label("Words to look up").fill("pärnu")
    await editor.get_by_role("button", name="Find").click()
    ways = editor.get_by_label("How pärnu is said")
    await expect(ways).to_have_value(re.compile("P AE R N UW"))
    await ways.fill("P AE R N")
    await is_clean(editor)
    await editor.get_by_role("button", name="Save pärnu").click()
    player = editor.get_by_label("Listen: pärnu as P AE R N")
    await player.evaluate("player => player.play()")
    await expect(player).to_have_js_property("error", None)
    assert await player.evaluate("player => player.duration") > 0.2


async def test_act_when_tried_then_its_receipt_is_shown_and_that_nothing_is_left_of_it(editor) -> None:
    await open_draft(editor, "acts")
    await editor.get_by_role("link", name="Services").click()
    await editor.get_by_role("link", name="document renew", exact=True).click()
    await editor.get_by_role("heading", name="Write apply").click()
    await editor.get_by_role("link", name="Try Write apply in a sandbox of its own").click()
    await expect(editor.get_by_role("note")).to_contain_text("This one writes.")
    await editor.get_by_label("documentType, from renewed_document").fill("passport")
    await editor.get_by_label("pickUpOffice, from pickup_office").fill("tartu")
    await editor.get_by_label("email, from notify_email").fill("mary@example.ee")
    await is_clean(editor)
    await editor.get_by_role("button", name="Do it in a sandbox of its own").click()
    await expect(editor.get_by_role("row", name="receipt 100001")).to_be_visible()
    await expect(editor.get_by_text("Reply, 201")).to_be_visible()
    await is_clean(editor)
    await editor.get_by_role("button", name="Do it in a sandbox of its own").click()
    await expect(editor.get_by_role("row", name="receipt 100001")).to_be_visible()


async def test_words_when_said_aloud_then_shows_what_was_heard_and_how_surely(editor) -> None:
    await open_draft(editor, "aloud")
    await editor.get_by_role("link", name="Words").click()
    await editor.get_by_label("Words to look up").fill("when does my seaman's passport expire")
    await editor.get_by_role("button", name="Say it aloud").click()
    await expect(editor.get_by_text("The microphone is on.")).to_be_visible()
    await editor.get_by_role("button", name="I have said it (4 s)").click()  # the citizen has spoken by then
    heard = editor.get_by_role("region", name="Heard")
    for word in SPOKEN.lower().rstrip("?").split():
        await expect(heard.get_by_role("row", name=re.compile(rf"{word} \d+ %")).first).to_be_visible()
    await expect(heard.get_by_text("“seaman's” was not heard")).to_be_visible()
    await expect(editor.get_by_text("The speech model lacks seaman's")).to_be_visible()
    await expect(editor.get_by_label("How passport is said")).to_have_value(re.compile("P AE S P AO R T"))
    await is_clean(editor)
    await editor.get_by_role("link", name="Russian").click()
    await expect(editor.get_by_role("alert")).to_contain_text("There is no speech model of Russian here")
    await is_clean(editor)


async def test_answer_when_opened_then_is_shown_as_citizens_get_it(editor) -> None:
    await open_draft(editor, "answers")
    await editor.get_by_role("link", name="Answers").click()
    await editor.get_by_label("Words in a name or an answer").fill("utter_ask_office")
    await editor.get_by_role("button", name="Find").click()
    await editor.get_by_role("link", name="ask office", exact=True).click()
    await expect(editor.get_by_role("list", name="Buttons").first).to_contain_text("Tartu")
    await expect(editor.get_by_label("Listen: wording 1 in et")).to_be_visible()
    await is_clean(editor)


async def test_group_when_dismissed_by_mistake_then_is_brought_back(editor, console) -> None:
    await console.asked("where do i register my drone")
    await editor.get_by_role("link", name="Inbox", exact=True).click()
    await editor.get_by_role("checkbox", name="Dismiss “where do i register my drone”").check()
    await editor.get_by_role("button", name="Dismiss those chosen").click()
    await expect(editor.get_by_text("Nothing waits here.")).to_be_visible()
    await editor.get_by_label("State").select_option("dismissed or taught")
    await editor.get_by_role("button", name="Show").click()
    await expect(editor.get_by_role("row", name="where do i register my drone")).to_contain_text("dismissed by Mari")
    await is_clean(editor)
    await editor.get_by_role("checkbox", name="Bring back “where do i register my drone”").check()
    await editor.get_by_role("button", name="Bring back those chosen").click()
    await expect(editor.get_by_role("link", name="where do i register my drone")).to_be_visible()
