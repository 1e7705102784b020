"""Services of a draft as forms."""

import re
from html import unescape

import httpx
import pytest

from assistant.console.drafts import author
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.services import edit_service
from tests.unit.console.conftest import EDITOR

pytestmark = pytest.mark.unit

PAGE = "/drafts/mine/services/pension"
THREE = ("en", "et", "ru")
_FIELD = re.compile(
    r'<(?:input|select)[^>]* name="(?P<name>[^"]+)"(?: value="(?P<value>[^"]*)")?[^>]*>'
    r"(?P<rest>.*?)(?=<label|<td|</td|\n)"
)


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of a form."""
    sent: dict[str, list[str]] = {}
    form = page.split('<form method="post" data-typed=')[1].split("</form>", maxsplit=1)[0]
    for match in _FIELD.finditer(form):
        if 'type="checkbox"' in match[0] and "checked" not in match[0]:
            continue
        chosen = re.search(r'<option value="([^"]*)" selected>', match["rest"])
        value = chosen[1] if chosen else match["value"] or ""
        sent.setdefault(unescape(match["name"]), []).append(unescape(value))
    return sent


def text(console) -> str:
    return (console.parts.drafts.get("mine").folder / "services/pension/service.yml").read_text(encoding="utf-8")


async def saved(browser: httpx.AsyncClient, **changed: object) -> httpx.Response:
    form = fields((await browser.get(PAGE)).text)
    return await browser.post(PAGE, data=form | changed)


async def test_form_when_sent_as_it_is_then_nothing_is_changed(browser, console) -> None:
    before = text(console)
    assert (await saved(browser)).status_code == 303
    assert text(console) == before
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_field_when_changed_then_its_line_is_and_the_others_keep_their_bytes(browser, console) -> None:
    before = text(console).splitlines()
    response = await saved(browser, **{"title:en": "My pension: when, and how much", "why": "clearer"})
    assert response.status_code == 303, response.text
    after = text(console).splitlines()
    assert [line for line in after if line not in before] == ['  en: "My pension: when, and how much"']
    assert len(after) == len(before)
    (change,) = console.parts.drafts.get("mine").own_changes()
    assert (change.name, change.why.strip()) == ("Mari Maasikas", "clearer")


async def test_form_when_something_does_not_fit_then_says_so_at_its_field(browser) -> None:
    assert (await saved(browser, **{"owner.code": "123", "calls.0.operation": "POST /x"})).status_code == 303
    page = (await browser.get(PAGE)).text
    for name in ("owner.code", "calls.0.operation"):
        assert f'id="wrong-{name}"' in page
        assert re.search(rf'name="{name}"[^>]* aria-invalid="true" aria-describedby="wrong-{name}"', page)
    assert "Nothing is wrong with it." not in page


async def test_form_when_a_response_is_not_written_then_says_so_at_the_field_that_says_it(browser) -> None:
    assert (await saved(browser, degrade="utter_pension_down")).status_code == 303
    page = (await browser.get(PAGE)).text
    assert 'id="wrong-degrade"' in page
    assert "the response utter_pension_down is not written" in page


async def test_form_when_a_field_means_nothing_then_is_not_saved_and_what_was_written_stays(browser, console) -> None:
    before = text(console)
    form = fields((await browser.get(PAGE)).text)
    form |= {"answers.page": ["many"], "title:en": ["Something new"]}
    response = await browser.post(PAGE, data=form)
    assert response.status_code == 422
    assert ("“many” is no number" in response.text, 'value="Something new"' in response.text) == (True, True)
    assert text(console) == before


async def test_part_when_added_and_taken_out_then_the_file_is_as_before(browser, console) -> None:
    before = text(console)
    assert (await saved(browser, do="add:inputs")).status_code == 303
    page = (await browser.get(PAGE)).text
    assert ("Input input_2" in page, "give one of one_of, type and choose" in page) == (True, True)
    assert (await saved(browser, do="remove:inputs.1")).status_code == 303
    assert text(console) == before


async def test_field_when_another_editor_changed_another_then_both_stay(browser, console) -> None:
    form = fields((await browser.get(PAGE)).text)
    draft = console.parts.drafts.get("mine")
    draft.edit(lambda files: edit_service(files, "pension", {"assurance": "substantial"}), author(EDITOR), "handier")
    response = await browser.post(PAGE, data=form | {"title:en": "Pensions"})
    assert response.status_code == 303
    assert ("assurance: substantial" in text(console), "en: Pensions" in text(console)) == (True, True)
    response = await browser.post(PAGE, data=form | {"assurance": "none"})
    assert (response.status_code, "assurance: substantial" in text(console)) == (409, True)


async def test_form_when_it_does_not_say_what_it_was_made_from_then_is_refused(browser) -> None:
    form = fields((await browser.get(PAGE)).text)
    for version in ("", "../x"):
        assert (await browser.post(PAGE, data=form | {"version": version})).status_code in {400, 422}


async def test_text_when_it_is_no_yaml_then_is_not_saved_and_not_lost(browser, console) -> None:
    before = text(console)
    version = fields((await browser.get(PAGE)).text)["version"][0]
    response = await browser.post(f"{PAGE}/text", data={"version": version, "text": "service: [pension"})
    assert (response.status_code, "not valid YAML" in response.text) == (422, True)
    assert ("service: [pension" in response.text, text(console) == before) == (True, True)
    written = before.replace("data_class: personal", "data_class: sensitive")
    response = await browser.post(f"{PAGE}/text", data={"version": version, "text": written})
    assert (response.status_code, text(console)) == (303, written)


async def test_service_when_new_then_has_its_words_and_says_what_it_lacks(browser, console) -> None:
    form: dict[str, str] = {
        "service": "dog_register",
        "code": "70000001",
        "data_class": "personal",
        "call": "dogs",
        "xroad": "EE/GOV/70000001/pets/dogs",
        "operation": "GET /v1/persons/{subject}/dogs",
        "read": "dog_name",
        "field": "name",
    }
    for each in THREE:
        form |= {f"{name}.{each}": f"{name} {each}" for name in ("title", "purpose", "institution", "register", "none")}
        form |= {f"examples.{each}": f"my dog {each}\nwhose dog is it {each}", f"each.{each}": "{dog_name}"}
    response = await browser.post("/drafts/mine/services", data=form)
    assert (response.status_code, response.headers["location"]) == (303, "/drafts/mine/services/dog_register")
    page = (await browser.get("/drafts/mine/services/dog_register")).text
    assert "dog_register has 2 different examples, 25 are needed" in page
    assert "is not written" not in page
    files = ContentFiles(console.parts.drafts.get("mine").folder)
    assert "{from: name" not in files.read("services/dog_register/service.yml")
    assert "dog_name: name" in files.read("services/dog_register/service.yml")
    assert "title ru" in files.read("services/dog_register/service.yml")
    assert "dog register" in (await browser.get("/drafts/mine/services")).text
    again = await browser.post("/drafts/mine/services", data=form)
    assert (again.status_code, "there is an intent dog_register already" in again.text) == (422, True)
