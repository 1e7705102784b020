import asyncio
import html
import re
from dataclasses import replace

import pytest

from assistant.content.compare_models import confusion_file, keep_comparison, kept_comparison
from assistant.content.comparison import Changed, Pair, SpokenFigures
from assistant.content.cross_validation import Contradicted, CrossValidated
from assistant.core.errors import ContentError
from assistant.core.languages import Language
from assistant.core.publishing import Act
from tests.unit.console.conftest import EDITOR, PUBLISHER

pytestmark = pytest.mark.unit

FORM = {"language": "en", "do": "delete", "text": "hello"}


@pytest.fixture
async def browser(console):
    async with console.browser(PUBLISHER) as browser:
        await browser.post("/drafts", data={"name": "mine"})
        await browser.post("/drafts/mine/intents/greet", data=FORM)
        yield browser


async def trained(browser, **wishes: str) -> str:
    """The page of a training that is over."""
    assert (await browser.post("/drafts/mine/training", data=wishes)).status_code == 303
    async with asyncio.timeout(20):
        while "data-again-seconds" in (page := (await browser.get("/drafts/mine/training")).text):  # noqa: ASYNC110
            await asyncio.sleep(0)  # as the page itself asks again
    return page


def read_aloud(page: str) -> str:
    """Its words alone, the cells of a table apart."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>", " ", page))).split())


async def test_training_when_it_is_over_then_names_the_sentences_that_changed(browser) -> None:
    page = await trained(browser)
    assert "old words" in page
    assert "right before, wrong now" in page


async def test_draft_when_published_then_its_model_is_wished_for_and_its_content_is_ours(browser, console) -> None:
    await trained(browser)
    response = await browser.post("/drafts/mine/training/publish", data={"why": "hello is out", "share": "100"})
    assert (response.status_code, response.headers["location"]) == (303, "/models")
    (publication,) = await console.parts.publications.publications()
    wish = publication.wish
    assert (wish.act, wish.by, wish.why) == (Act.PUBLISH, PUBLISHER.name, "hello is out")
    assert console.parts.drafts.all() == ()
    assert "- hello\n" not in (console.parts.content / "common" / "nlu.en.yml").read_text(encoding="utf-8")
    assert wish.version in (await browser.get("/models")).text


async def test_draft_when_tried_with_a_share_then_stays_a_draft(browser, console) -> None:
    await trained(browser)
    await browser.post("/drafts/mine/training/publish", data={"why": "a try", "share": "10"})
    (publication,) = await console.parts.publications.publications()
    assert (publication.wish.share, [each.name for each in console.parts.drafts.all()]) == (10, ["mine"])


async def test_gate_when_it_refuses_then_the_page_says_why_and_nothing_is_published(browser, console) -> None:
    await trained(browser)
    await browser.post("/drafts/mine/training/publish", data={"why": "first", "share": "10"})
    (first,) = await console.parts.publications.publications()
    console.parts.bank.make_live(first.wish.version)
    console.training.refusals = ("English loses: “old words”",)
    page = await trained(browser)
    assert "It does not let this model through" in page
    response = await browser.post("/drafts/mine/training/publish", data={"why": "still"})
    assert (response.status_code, "“old words”" in response.text) == (422, True)
    assert len(await console.parts.publications.publications()) == 1


async def test_draft_when_changed_after_training_then_has_to_be_trained_again(browser, console) -> None:
    await trained(browser)
    await browser.post("/drafts/mine/intents/greet", data={**FORM, "text": "hi"})
    assert "Train it again" in (await browser.get("/drafts/mine/training")).text
    response = await browser.post("/drafts/mine/training/publish", data={"why": "now"})
    assert (response.status_code, await console.parts.publications.publications()) == (400, ())


async def test_training_when_the_content_is_wrong_then_says_so(browser, console) -> None:
    console.training.fails = ContentError("something is wrong", file="a.yml", line=3)
    assert "a.yml:3: something is wrong" in await trained(browser)


async def test_publishing_when_somebody_is_only_an_editor_then_is_refused(browser, console) -> None:
    await trained(browser)
    async with console.browser(EDITOR) as editor:
        for path in ("/drafts/mine/training/publish", "/models/publish", "/models/rollback"):
            assert (await editor.post(path, data={"why": "now"})).status_code == 403
    assert await console.parts.publications.publications() == ()


async def test_roll_back_when_asked_for_then_it_is_wished_for(browser, console) -> None:
    assert (await browser.post("/models/rollback", data={"why": "it hurts"})).status_code == 303
    (publication,) = await console.parts.publications.publications()
    assert (publication.wish.act, publication.wish.why) == (Act.ROLL_BACK, "it hurts")
    assert "it hurts" in (await browser.get("/models")).text


@pytest.mark.parametrize("share", ["many", "1.5", "-1", "101"])
async def test_share_when_it_is_none_then_says_so_and_nothing_is_published(browser, console, share) -> None:
    await trained(browser)
    for path in ("/drafts/mine/training/publish", "/models/publish"):
        version = console.parts.bank.models()[0].version
        response = await browser.post(path, data={"why": "now", "share": share, "version": version})
        assert response.status_code in {400, 422}, response.text
    assert await console.parts.publications.publications() == ()


async def test_trial_when_under_way_then_both_models_are_compared_by_conversations(browser, console) -> None:
    await trained(browser)
    (model,) = console.parts.bank.models()
    console.parts.bank.make_live(model.version)
    await trained(browser)
    tried = next(each for each in console.parts.bank.models() if each.version != model.version)
    await console.parts.publications.set_trial(tried.version, 10)
    page = (await browser.get("/models")).text
    assert "not enough yet" in page
    assert f"{tried.version} answers 10 % of the conversations." in page


async def test_intents_when_the_live_model_was_compared_then_show_how_it_does(browser, console) -> None:
    await trained(browser)
    bank = console.parts.bank
    (model,) = bank.models()
    comparison = kept_comparison(bank, model.version)
    greet = {"greet": Pair(0.5, 0.75)}
    keep_comparison(bank, replace(comparison, intents=greet, taken_for={"greet": {"thank": 3, "out_of_scope": 1}}))
    assert "once it has been compared" in (await browser.get("/drafts/mine/intents")).text
    bank.make_live(model.version)
    page = (await browser.get("/drafts/mine/intents")).text
    assert ("0.75" in page, "thank 3, out of scope 1" in page) == (True, True)
    assert "F1 0.75; taken for thank 3" in (await browser.get("/drafts/mine/intents/greet")).text
    assert "The live model on" not in (await browser.get("/drafts/mine/intents/stop")).text


FOLDS = CrossValidated(
    {"en": 0.9},
    {"greet": 0.5, "thank": 0.75},
    (),
    (
        Contradicted("ahoy", Language.EN, "greet", "thank", 0.93, is_new=True),
        Contradicted("cheers", Language.EN, "thank", "goodbye", 0.8),
    ),
    is_whole=False,
)


async def test_training_when_examples_contradict_each_other_then_they_are_named_with_the_new_ones_first(
    browser, console
) -> None:
    moved = {"thank": Pair(0.8, 0.8), "greet": Pair(0.9, 0.7)}
    console.training.finds = {"folds": FOLDS, "intents": moved, "taken_for": {"greet": {"thank": 3}}}
    page = read_aloud(await trained(browser))
    assert "New in this draft: ahoy is an example of greet; the others make it thank (93 %)" in page
    assert page.index("ahoy is an") < page.index("cheers is an example of thank; the others make it goodbye (80 %)")
    assert "greet 90.0 % 70.0 % 50.0 % thank 3 thank 80.0 % 80.0 % 75.0 %" in page
    (model,) = console.parts.bank.models()
    console.parts.bank.make_live(model.version)
    assert "told by what the others teach: F1 0.50" in (await browser.get("/drafts/mine/intents/greet")).text


async def test_training_when_requests_were_spoken_then_says_what_is_done_and_what_could_not_be_heard(
    browser, console
) -> None:
    lost = Changed(
        "my car", Language.EN, "vehicle", "vehicle", "greet", was_right=True, is_right=False, heard="mike are"
    )
    skipped = {"et": "there is no speech model of it"}
    spoken = SpokenFigures({"en": Pair(0.95, 0.9)}, {"en": 40}, (lost,), skipped, ("banger",))
    console.training.finds = {"spoken": spoken}
    page = read_aloud(await trained(browser))
    assert "en 40 95.0 % 90.0 %" in page
    assert "my car, heard as mike are: vehicle → greet (right before, wrong now)" in page
    assert "Nothing was spoken in et: there is no speech model of it." in page
    assert "nobody can say them yet: banger" in page


async def test_training_when_thorough_is_chosen_then_it_is(browser, console) -> None:
    await trained(browser)
    assert not console.training.wanted.is_thorough
    await trained(browser, thorough="yes")
    assert console.training.wanted.is_thorough


async def test_examples_when_the_live_model_lacks_them_then_they_are_in_the_draft_only(browser, console) -> None:
    await trained(browser)
    page = (await browser.get("/drafts/mine/intents/greet")).text
    assert ("in the draft only" in page, ">live<" in page) == (False, False)  # no model is live
    (model,) = console.parts.bank.models()
    console.parts.bank.make_live(model.version)
    await browser.post("/drafts/mine/intents/greet", data={"language": "en", "do": "add", "lines": "ahoy you there"})
    page = read_aloud((await browser.get("/drafts/mine/intents/greet")).text)
    assert "ahoy you there in the draft only mark" in page
    assert page.count("in the draft only mark") == 1
    assert "hi there live mark" in page
    assert ", 1 in the draft only" in page
    assert re.search(r" greet \d+ 1 new ", read_aloud((await browser.get("/drafts/mine/intents")).text))


async def test_confusion_when_asked_for_then_is_a_picture_if_there_is_one(browser, console) -> None:
    assert (await browser.get("/drafts/mine/training/confusion/all")).status_code == 400
    console.training.finds = {"intents": {"greet": Pair(0.9, 0.7)}, "figures": {"en": {}, "all": {}}}
    page = await trained(browser)
    assert "/training/confusion/en" in page
    (model,) = console.parts.bank.models()
    confusion_file(console.parts.bank, model.version, "en").write_text("<svg/>")
    shown = await browser.get("/drafts/mine/training/confusion/en")
    assert (shown.headers["content-type"], shown.text) == ("image/svg+xml", "<svg/>")
    for which in ("et", "xx", "..%2f"):
        assert (await browser.get(f"/drafts/mine/training/confusion/{which}")).status_code in {400, 404, 422}
