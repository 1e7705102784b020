import re
from html import unescape

import pytest

from assistant.console.drafts import author
from assistant.content.checks import check
from assistant.content.editing.services import edit_service
from tests.unit.console.conftest import ANALYST, EDITOR
from tests.unit.console.test_services import fields as fields_of_service
from tests.unit.console.test_values import BOOK, fields

pytestmark = pytest.mark.unit

TYPED = "/drafts/mine/typed"


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


async def said(browser, path: str, typed: str, line: str, **fields: object) -> list[str]:
    response = await browser.post(f"{TYPED}/{path}", data={**fields, "typed": typed, "line": line})
    assert response.status_code == 200, response.text
    sentences: list[str] = response.json()
    return sentences


async def test_example_when_it_says_what_another_intent_has_then_is_told_with_the_rule_it_breaks(browser) -> None:
    line = "When do I get my pension"  # the content has it in small letters
    told = await said(browser, "intents/greet", "lines", line, do="add", language="en", lines=line)
    assert told[0] == f"same: “{line.lower()}” (pension)"
    assert any(
        re.fullmatch(r"services/pension/nlu\.en\.yml: “.*” stands under pension and under greet", each) for each in told
    )


@pytest.mark.parametrize("fields", [{"do": "add", "lines": "xyzzy plugh"}, {"do": "add", "lines": ""}])
async def test_example_when_nothing_is_wrong_with_it_then_nothing_is_said(browser, fields) -> None:
    assert await said(browser, "intents/greet", "lines", fields["lines"], language="en", **fields) == []


async def test_example_when_it_becomes_none_then_is_refused_as_saving_would(browser, console) -> None:
    fields = {"do": "edit", "language": "en", "old": "hello", "new": "x" * 501}
    (refused,) = await said(browser, "intents/greet", "new", "x" * 501, **fields)
    assert refused == "an example has at most 500 characters, this one has 501"
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_intent_when_it_is_begun_then_is_told_what_it_lacks_and_what_says_the_same(browser) -> None:
    told = await said(browser, "intents", "en", "hello", intent="dog", en="hello")
    assert (told[0], told[-1]) == ("same: “hello” (greet)", "dog needs examples and an answer in en, et, ru")
    assert await said(browser, "intents", "answer-en", "hello", intent="dog", en="hello") == told[-1:]


async def test_answer_when_it_loses_a_language_its_value_or_is_too_long_then_names_rule_and_file(browser) -> None:
    page = (await browser.get("/drafts/mine/answers/utter_greet")).text
    seen = {"seen.en": unescape(re.findall(r'name="seen.en" value="([^"]*)"', page)[0])}
    told = await said(browser, "answers/utter_greet", "en", "Hello {until}", en="Hello {until}", **seen)
    assert told == [
        f"common/responses.{each}.yml: utter_greet has {{until}} in en but not in {each}" for each in ("et", "ru")
    ]
    long = " ".join(["word"] * 41)
    (told_of_length,) = await said(browser, "answers/utter_greet", "en", long, en=long, **seen)
    assert re.match(r"common/responses\.en\.yml:\d+: utter_greet: 41 words are too many to listen to", told_of_length)


async def test_answer_when_somebody_else_changed_it_then_is_told(browser, write_answer) -> None:
    await write_answer(browser, "utter_greet", {"en": "Hello there."})
    told = await said(browser, "answers/utter_greet", "en", "Hello.", en="Hello.", **{"seen.en": "Hello, you."})
    assert told == ["somebody else changed utter_greet (en) meanwhile"]


async def test_value_when_a_phrase_stands_for_another_one_then_is_told(browser) -> None:
    shown = fields((await browser.get("/drafts/mine/values/passport")).text)
    line = "identity card"
    told = await said(browser, "values/passport", "phrases.en", line, **shown | {"phrases.en": f"passport\n{line}"})
    assert any("“identity card” stands for" in each for each in told), told
    assert await said(browser, "values/passport", "word.en", "passport", **shown) == []
    (refused,) = await said(browser, "values/passport", "word.en", "", **shown | {"word.en": ""})
    assert refused == "say it in this language, too"


async def test_value_when_it_is_begun_then_is_told_what_is_taken_and_what_is_lacking_yet(browser) -> None:
    (taken,) = await said(browser, "new-value", "value", "passport", **BOOK | {"value": "passport"})
    assert taken == "there is a value passport already: change that one"
    begun = {"value": BOOK["value"], "input": BOOK["input"], "phrases.en": "identity card"}
    told = await said(browser, "new-value", "phrases.en", "identity card", **begun)
    for each in ("no word for seafarers_book", "no synonym block for seafarers_book", "“identity card” stands for"):
        assert any(each in line for line in told), told
    assert await said(browser, "new-value", "phrases.en", "seaman's book", **BOOK) == []


async def judged(browser, **changed: object) -> dict[str, list[str]]:
    """What is said at which field of the form of pension, with some of its fields changed."""
    form = fields_of_service((await browser.get("/drafts/mine/services/pension")).text)
    response = await browser.post(f"{TYPED}/services/pension", data=form | {"typed": "x", "line": ""} | changed)
    assert response.status_code == 200, response.text
    wrong: dict[str, list[str]] = response.json()
    return wrong


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"title:et": ""}, "title", "title: missing in et"),
        ({"owner.code": "12"}, "owner.code", "owner.code has to be eight digits"),
        ({"calls.0.operation": "POST /x"}, "calls.0.operation", "has to be GET, a blank and a path"),
        ({"answers.page": "many"}, "answers.page", "“many” is no number"),
        ({"degrade": "utter_pension_down"}, "degrade", "the response utter_pension_down is not written"),
    ],
)
async def test_service_when_a_field_does_not_fit_then_is_told_there_and_nothing_is_saved(
    browser, console, changed, field, told
) -> None:
    wrong = await judged(browser, **changed)
    assert (list(wrong), told in "; ".join(wrong[field])) == ([field], True), wrong
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_service_when_what_others_need_goes_then_is_told_where_it_is_missed(browser) -> None:
    assert await judged(browser) == {}
    wrong = await judged(browser, **{"answers.page": "many", "title:en": "", "calls.0.reads:name": ["X!"]})
    assert wrong.keys() >= {"answers.page", "title", "calls.0.reads"}, wrong
    form = fields_of_service((await browser.get("/drafts/mine/services/pension")).text)
    names = form["calls.0.reads:name"]
    wrong = await judged(browser, **{"calls.0.reads:name": ["another", *names[1:]]})
    assert any(names[0] in each for of_field in wrong.values() for each in of_field), wrong


async def test_service_when_somebody_else_wrote_the_same_line_then_is_told(browser, console) -> None:
    form = fields_of_service((await browser.get("/drafts/mine/services/pension")).text)
    draft = console.parts.drafts.get("mine")
    draft.edit(lambda files: edit_service(files, "pension", {("title", "en"): "Money"}), author(EDITOR), "shorter")
    other = await browser.post(f"{TYPED}/services/pension", data=form | {"assurance": "substantial"})
    same = await browser.post(f"{TYPED}/services/pension", data=form | {"title:en": "Pensions"})
    assert other.json() == {}
    assert same.json() == {"": ["somebody else changed services/pension/service.yml meanwhile, in the same lines"]}


async def test_file_of_a_service_when_it_is_no_yaml_or_does_not_fit_then_is_told(browser, console) -> None:
    draft = console.parts.drafts.get("mine")
    seen = draft.read("services/pension/service.yml")
    for text, told in (
        (seen.text, []),
        ("service: [pension", ["service.yml:2: not valid YAML: did not find expected ',' or ']'"]),
        (seen.text.replace("data_class:", "data_clas:"), ["data_class is missing", "data_clas is not known here"]),
    ):
        found = await said(browser, "services/pension/text", "text", "", text=text, version=seen.version)
        assert len(found) == len(told), found
        assert all(any(each in line for line in found) for each in told), found


async def test_way_of_saying_when_a_phone_is_none_then_is_told(browser) -> None:
    assert (await said(browser, "words", "ways", "F XX", language="en", word="firewood", ways="F XX"))[0].startswith(
        "firewood: XX is no phone"
    )
    assert await said(browser, "words", "ways", "F AY", language="en", word="firewood", ways="F AY") == []


async def test_rules_when_a_draft_breaks_them_already_then_only_what_is_new_is_said(browser, console) -> None:
    await browser.post(
        "/drafts/mine/intents/greet", data={"do": "add", "language": "en", "lines": "when is my pension"}
    )
    await browser.post(
        "/drafts/mine/intents/thank", data={"do": "add", "language": "en", "lines": "when is my pension"}
    )
    assert check(console.parts.drafts.get("mine").folder) != []
    assert await said(browser, "intents/greet", "lines", "ahoy", do="add", language="en", lines="ahoy") == []


async def test_form_when_an_analyst_types_or_the_draft_is_gone_then_is_refused(browser, console) -> None:
    fields = {"typed": "ways", "line": "F", "language": "en", "word": "a", "ways": "F"}
    async with console.browser(ANALYST) as analyst:
        assert (await analyst.post(f"{TYPED}/words", data=fields)).status_code == 403
    await browser.post("/drafts/mine/discard")
    gone = await browser.post(f"{TYPED}/words", data=fields)
    assert (gone.status_code, "there is no draft mine" in gone.text) == (422, True)
