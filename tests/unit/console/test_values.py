"""Values of inputs in a draft, as forms."""

import re
from html import unescape

import httpx
import pytest

from assistant.console.drafts import author
from assistant.content.editing.values import change_phrases, write_words
from assistant.core.languages import Language
from tests.unit.console.conftest import ANALYST, EDITOR

pytestmark = pytest.mark.unit

PAGE = "/drafts/mine/values/id_card"
NEW = "/drafts/mine/new-value"
BOOK = {
    "value": "seafarers_book",
    "word.en": "seafarer's book",
    "word.et": "meremehe raamat",
    "word.ru": "мореходная книжка",
    "phrases.en": "seafarer's book\r\nseaman's book",
    "phrases.et": "meremehe raamat\r\nmeremehe raamatut",
    "phrases.ru": "мореходная книжка\r\nмореходную книжку",
    "input": ["document_renew.renewed_document"],
}


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


def fields(page: str) -> dict[str, object]:
    """What a browser would send of the form of a value."""
    form = page.split('<form method="post" data-typed')[1].split("</form>", maxsplit=1)[0]
    sent: dict[str, object] = {}
    for name, value in re.findall(r'<input(?: type="hidden")? name="([^"]+)"[^>]* value="([^"]*)"', form):
        if not name.endswith("input"):
            sent[name] = unescape(value)
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form):
        sent[name] = unescape(text)
    sent["seen.input"] = re.findall(r'name="seen.input" value="([^"]+)"', form)
    sent["input"] = re.findall(r'name="input" value="([^"]+)" checked', form)
    return sent


def folder(console):
    return console.parts.drafts.get("mine").folder


def wrong(response: httpx.Response) -> list[str]:
    return re.findall(r'<p role="alert" id="wrong-([^"]*)"', response.text)


async def test_form_when_sent_as_it_is_then_nothing_is_changed(browser, console) -> None:
    sent = fields((await browser.get(PAGE)).text)
    assert len(sent) == 14, sent
    assert (await browser.post(PAGE, data=sent)).status_code == 303
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_value_when_added_then_is_taken_known_and_right(browser, console) -> None:
    assert "renewed document of document renew" in (await browser.get("/drafts/mine/values")).text
    response = await browser.post(NEW, data=BOOK)
    assert response.status_code == 303, response.text
    page = (await browser.get(response.headers["location"])).text
    assert "Nothing is wrong with it." in page
    assert "seafarers book" in (await browser.get("/drafts/mine/values")).text
    (change,) = console.parts.drafts.get("mine").own_changes()
    assert (change.name, change.why.strip()) == ("Mari Maasikas", "The value seafarers_book is new")


async def test_value_when_a_language_lacks_its_words_then_says_so_at_the_fields_and_keeps_the_rest(browser) -> None:
    response = await browser.post(NEW, data=BOOK | {"word.ru": "", "phrases.et": "...", "input": []})
    assert (response.status_code, wrong(response)) == (422, ["phrases.et", "word.ru", "input"])
    assert 'value="seafarer&#39;s book"' in response.text
    taken = await browser.post(NEW, data=BOOK | {"value": "id_card"})
    assert (taken.status_code, "registers answer with this code" in taken.text) == (422, True)


async def test_phrase_when_it_is_of_another_value_then_the_check_says_so_at_its_field(browser) -> None:
    sent = fields((await browser.get(PAGE)).text)
    assert (await browser.post(PAGE, data=sent | {"phrases.et": f"{sent['phrases.et']}\npass"})).status_code == 303
    page = await browser.get(PAGE)
    alone = wrong(page)
    other = wrong(await browser.get("/drafts/mine/values/passport"))
    assert alone + other == ["phrases.et"], "whichever comes second"
    assert "“pass” stands for" in page.text + (await browser.get("/drafts/mine/values/passport")).text
    assert "to be mended" in (await browser.get("/drafts/mine/values")).text


async def test_value_when_another_editor_wrote_it_meanwhile_then_nothing_of_theirs_is_lost(browser, console) -> None:
    sent = fields((await browser.get(PAGE)).text)
    draft = console.parts.drafts.get("mine")

    def others(files) -> None:
        write_words(files, "id_card", {Language.EN: "identity card"})
        change_phrases(files, "id_card", Language.EN, add=["plastic card"])

    draft.edit(others, author(EDITOR), "clearer")
    mended = sent | {"word.et": "isikutunnistus", "phrases.en": f"{sent['phrases.en']}\nmy little card"}
    assert (await browser.post(PAGE, data=mended)).status_code == 303
    page = fields((await browser.get(PAGE)).text)
    assert (page["word.en"], page["word.et"]) == ("identity card", "isikutunnistus")
    assert {"plastic card", "my little card"} < {*str(page["phrases.en"]).splitlines()}
    conflict = await browser.post(PAGE, data=sent | {"word.en": "card"})
    assert (conflict.status_code, "identity card" in conflict.text) == (409, True)


async def test_value_when_in_use_then_is_not_deleted_and_the_places_are_told(browser, console) -> None:
    page = (await browser.get("/drafts/mine/values/tartu")).text
    assert "Delete the value" in page or "It is not deleted while something uses it" in page
    await browser.post(NEW, data=BOOK)
    example = "i want a new [sea pass](renewed_document:seafarers_book)"
    data = {"do": "add", "language": "en", "lines": example}
    assert (await browser.post("/drafts/mine/intents/document_renew", data=data)).status_code == 303
    used = await browser.get("/drafts/mine/values/seafarers_book")
    assert ("It is not deleted" in used.text, "Delete the value" in used.text) == (True, False)
    refused = await browser.post("/drafts/mine/values/seafarers_book/delete")
    assert (refused.status_code, "nlu.en.yml" in refused.text) == (422, True)
    await browser.post("/drafts/mine/intents/document_renew", data=data | {"do": "delete", "text": example})
    assert (await browser.post("/drafts/mine/values/seafarers_book/delete")).status_code == 303
    assert (await browser.get("/drafts/mine/values/seafarers_book")).status_code == 404


async def test_input_when_it_shall_take_a_value_no_more_then_does_not(browser, console) -> None:
    assert (await browser.post(NEW, data=BOOK)).status_code == 303
    place = "/drafts/mine/values/seafarers_book"
    sent = fields((await browser.get(place)).text)
    assert (await browser.post(place, data=sent | {"input": []})).status_code == 422
    strange = await browser.post(place, data=sent | {"input": [*sent["input"], "pension.nothing"]})
    assert (strange.status_code, "no input pension.nothing" in strange.text) == (422, True)


async def test_values_when_a_file_cannot_be_read_then_the_pages_say_which(browser, console) -> None:
    draft = console.parts.drafts.get("mine")
    words = "terms:\n  id_card: {en: ID card, et: ID-kaart}\n"
    draft.edit(lambda files: files.change("common/terms.yml", words), author(EDITOR), "by hand")
    for page in ("/drafts/mine/values", PAGE):
        assert "common/terms.yml:2" in (await browser.get(page)).text


async def test_value_when_an_analyst_would_change_it_then_may_only_look(browser, console) -> None:
    async with console.browser(ANALYST) as analyst:
        assert (await analyst.get(PAGE)).status_code == 200
        for path in (PAGE, NEW, f"{PAGE}/delete"):
            assert (await analyst.post(path, data=BOOK)).status_code == 403


async def test_value_when_renamed_by_form_then_wants_to_know_whether_registers_do(browser, console) -> None:
    page = (await browser.get("/drafts/mine/values/passport")).text
    assert "The registers know it by the new name" in page
    refused = await browser.post("/drafts/mine/values/passport/rename", data={"new": "travel_pass"})
    assert (refused.status_code, "registers know passport" in refused.text) == (422, True)
    assert console.parts.drafts.get("mine").own_changes() == ()
    done = await browser.post("/drafts/mine/values/passport/rename", data={"new": "travel_pass", "registers": "yes"})
    assert done.headers["location"] == "/drafts/mine/values/travel_pass"
    assert "Nothing is wrong with it." in (await browser.get(done.headers["location"])).text
    (change,) = console.parts.drafts.get("mine").own_changes()
    await browser.post("/drafts/mine/undo", data={"commit": change.commit})
    assert (await browser.get("/drafts/mine/values/passport")).status_code == 200
