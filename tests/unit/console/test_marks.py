import pytest

from assistant.console.marks import words_of
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

PAGE = "/drafts/mine/intents/document_renew"
TEXT = "i need a new passport"
MARKED = 'i need a [new passport]{"entity": "renewed_document", "value": "passport"}'


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


def examples(console) -> list[str]:
    files = ContentFiles(console.parts.drafts.get("mine").folder)
    return [each.text for each in list_examples(files, "document_renew", Language.EN)]


def marking(**fields: object) -> dict[str, object]:
    return {"do": "mark", "language": "en", "text": TEXT, "word": [3, 4], "value": "renewed_document:passport"} | fields


async def test_words_when_marked_then_the_example_says_the_value_until_it_is_undone(browser, console) -> None:
    response = await browser.post(f"{PAGE}/marks", data=marking())
    assert response.status_code == 303, response.text
    assert MARKED in examples(console)
    page = (await browser.get(response.headers["location"])).text
    assert ("<mark>new</mark>" in page, "renewed document" in page) == (True, True)
    assert '<mark title="renewed document: passport">new passport</mark>' in (await browser.get(PAGE)).text
    latest, *_ = console.parts.drafts.get("mine").own_changes()
    await browser.post("/drafts/mine/undo", data={"commit": latest.commit})
    assert (MARKED in examples(console), TEXT in examples(console)) == (False, True)


async def test_mark_when_taken_away_then_the_words_stay(browser, console) -> None:
    await browser.post(f"{PAGE}/marks", data=marking())
    form = {"do": "unmark", "language": "en", "text": MARKED, "start": 9}
    assert (await browser.post(f"{PAGE}/marks", data=form)).status_code == 303
    assert (MARKED in examples(console), TEXT in examples(console)) == (False, True)


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        (marking(word=[]), "choose the words that say the value"),
        (marking(word=[3, 99]), "choose the words that say the value"),
        (marking(value="renewed_document:yacht"), "renewed_document has no value yacht; it has"),
        (marking(value="yacht"), "no service has an input yacht"),
        (marking(text="nobody says this", word=[0]), "is no example of document_renew in en any more"),
    ],
)
async def test_words_when_they_cannot_be_marked_then_says_why_and_changes_nothing(
    browser, console, form, complaint
) -> None:
    before = examples(console)
    response = await browser.post(f"{PAGE}/marks", data=form)
    assert (response.status_code, complaint in response.text) == (422, True)
    assert examples(console) == before


async def test_example_when_its_marks_are_broken_then_is_refused_and_the_spelling_is_told(browser, console) -> None:
    form = {"language": "en", "do": "edit", "old": TEXT, "new": "i need a [passport](renewed_document"}
    response = await browser.post(PAGE, data=form)
    assert response.status_code == 422
    assert "has brackets that are no mark; a mark is [words](input) or [words](input:value)" in response.text
    assert TEXT in examples(console)


async def test_example_when_it_is_gone_then_its_words_are_not_shown(browser) -> None:
    response = await browser.get(f"{PAGE}/marks", params={"language": "en", "text": "nobody says this"})
    assert response.status_code == 422


def test_words_of_an_example_when_some_are_marked_then_stand_where_they_are_said() -> None:
    words = words_of("To [tartu](office), at o'clock!")
    assert [(each.text, each.before, each.start, bool(each.mark)) for each in words] == [
        ("To", "", 0, False),
        ("tartu", " ", 3, True),
        ("at", ", ", 10, False),
        ("o'clock", " ", 13, False),
    ]
