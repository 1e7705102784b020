from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.unit.content.exchange.conftest import rasa_files

pytestmark = pytest.mark.unit


def zipped(files: dict[str, str]) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as packed:
        for path, text in files.items():
            packed.writestr(path, text)
    return data.getvalue()


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


async def take(browser, data: bytes, **query: str):
    return await browser.post("/drafts/mine/project/file", params={"file": "ours.zip", **query}, content=data)


async def test_project_when_uploaded_then_stands_in_the_draft_as_one_change(browser, console) -> None:
    page = (await take(browser, zipped(rasa_files()))).text
    assert "88 examples, 30 new intents" in page
    assert "data/nlu_more.yml:85: regex plate" in page
    (change,) = console.parts.drafts.get("mine").own_changes()
    assert change.why == "The project ours.zip"
    assert "topic_7" in (await browser.get("/drafts/mine/intents")).text


async def test_project_when_another_language_is_chosen_then_is_taken_in_that(browser) -> None:
    await take(browser, zipped(rasa_files()), language="et")
    page = (await browser.get("/drafts/mine/tables/examples.csv")).text
    assert "topic_7,et,what is topic 7" in page


@pytest.mark.parametrize(
    ("data", "query", "status", "says"),
    [
        (b"no zip", {}, 422, "ours.zip"),
        (zipped({"data/nlu.yml": "nlu: []"}), {}, 422, "en, et, ru"),
        (zipped({"data/nlu.yml": "nlu: []"}), {"language": "xx"}, 400, "That did not work"),
    ],
)
async def test_upload_when_it_is_no_project_then_says_so(browser, console, data, query, status, says) -> None:
    response = await take(browser, data, **query)
    assert (response.status_code, says in response.text) == (status, True)
    assert console.parts.drafts.get("mine").own_changes() == ()
