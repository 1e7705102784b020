"""What an editor sees of a training, in a real browser; the training itself is a fake."""

import pytest
from playwright.async_api import expect

from assistant.content.comparison import Changed, Pair, SpokenFigures
from assistant.content.cross_validation import Contradicted, CrossValidated
from assistant.content.evaluation_pictures import confusion_picture
from assistant.content.scores import Judged
from assistant.core.languages import Language
from tests.browser.test_console_editing import calls, content, ears, editor, is_clean, open_draft
from tests.unit.console.conftest import console

pytestmark = pytest.mark.browser

__all__ = ["calls", "console", "content", "ears", "editor"]  # fixtures

FOUND = {
    "intents": {"greet": Pair(0.9, 0.7), "thank": Pair(0.8, 0.8)},
    "figures": {"en": {"success": Pair(0.9, 0.8)}, "all": {"success": Pair(0.9, 0.8)}},
    "taken_for": {"greet": {"thank": 3}},
    "folds": CrossValidated(
        {"en": 0.9},
        {"greet": 0.5, "thank": 0.75},
        (),
        (Contradicted("ahoy", Language.EN, "greet", "thank", 0.93, is_new=True),),
        is_whole=False,
    ),
    "spoken": SpokenFigures(
        {"en": Pair(0.95, 0.9)},
        {"en": 40},
        (Changed("my car", Language.EN, "vehicle", "vehicle", "greet", True, False, "mike are"),),
        {"et": "there is no speech model of it"},
        ("banger",),
    ),
}


async def test_training_when_it_is_over_then_tells_what_was_heard_what_does_not_fit_and_what_is_taught_only_here(
    editor, console
) -> None:
    await open_draft(editor, "lessons")
    await editor.get_by_role("link", name="Train and compare").click()
    console.training.finds = FOUND
    await editor.get_by_role("checkbox", name="Thorough").check()
    await editor.get_by_role("button", name="Train and compare").click()
    spoken = editor.get_by_role("region", name="Spoken requests")
    await expect(spoken.get_by_role("row", name="en 40 95.0 % 90.0 %")).to_be_visible()
    await expect(spoken).to_contain_text("my car, heard as mike are: vehicle → greet (right before, wrong now)")
    await expect(spoken).to_contain_text("nobody can say them yet: banger")
    assert console.training.wanted.is_thorough
    (model,) = console.parts.bank.models()
    picture = confusion_picture("Asked and done", [Judged("hi", "greet", "thank", 0.9)])
    console.parts.bank.archive(model.version).with_name("confusion-all.svg").write_text(picture)
    await editor.reload()
    await editor.get_by_text("those first that moved most").click()
    await expect(editor.get_by_role("row", name="greet 90.0 % 70.0 % 50.0 % thank 3")).to_be_visible()
    shown = editor.get_by_role("img", name="Intents that are taken for others")
    assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
    await is_clean(editor)
    contradicted = editor.get_by_role("region", name="Examples that the others contradict").get_by_role("listitem")
    await expect(contradicted).to_contain_text("New in this draft: ahoy is an example of greet")
    console.parts.bank.make_live(model.version)
    await contradicted.get_by_role("link", name="greet").click()
    await editor.get_by_label("New examples, one a line").first.fill("ahoy you there")
    await editor.get_by_role("button", name="Add").first.click()
    taught = editor.get_by_role("listitem").filter(has_text="ahoy you there")
    await expect(taught).to_contain_text("in the draft only")
    await expect(editor.get_by_role("listitem").filter(has_text="uh hello there")).to_contain_text("live")
    await is_clean(editor)
