"""Rubbish in every form of a draft: it is refused with a reason or written as text, and the draft can be read after."""

import html
import re

import pytest

from tests.unit.console.conftest import PUBLISHER

pytestmark = pytest.mark.unit

DRAFT = "/drafts/mine"
RUBBISH = (
    "\x00",
    "a\x1b[31mb",
    "'\"<b>&",
    "[a](b",
    ": - {x}|#%&*!",
    "x" * 60_000,
    "a\n---\n\n---\n",
    "\u202eab\u2028c",
    "<break",
)
FORMS = {
    "/intents": ("intent", "en", "et", "ru", "answer-en", "answer-et", "answer-ru"),
    "/intents/greet": ("lines", "old", "new", "text", "to"),
    "/intents/greet/rename": ("new",),
    "/intents/greet/merge": ("into",),
    "/intents/thank/split": ("to", "text.en", "answer-en"),
    "/answers/utter_greet": ("en",),
    "/new-value": ("value", "word.en", "word.et", "word.ru", "phrases.en", "phrases.et", "phrases.ru", "input"),
    "/values/passport": ("word.en", "phrases.en", "input"),
    "/values/passport/rename": ("new",),
    "/words": ("word", "ways"),
    "/tables": ("rows",),
    "/services": ("service", "title.en", "code", "call", "xroad", "operation", "field", "read", "data_class"),
    "/services/pension/text": ("text",),
    "/undo": ("commit",),
    "/typed/intents/greet": ("lines", "new", "line"),
    "/typed/answers/utter_greet": ("en", "line"),
    "/typed/new-value": ("value", "phrases.en", "line"),
    "/typed/services/pension/text": ("text", "version"),
    "/typed/words": ("word", "ways", "line"),
}
PAGES = ("", "/intents", "/answers", "/values", "/words", "/services", "/intents/greet", "/answers/utter_greet")


@pytest.mark.parametrize("form", FORMS)
async def test_form_when_it_is_full_of_rubbish_then_nothing_breaks(console, form) -> None:
    async with console.browser(PUBLISHER) as browser:
        await browser.post("/drafts", data={"name": "mine"})
        page = (await browser.get(f"{DRAFT}{form}")).text
        shown = {
            name: html.unescape(text) for name, text in re.findall(r'name="(seen[^"]*|version)" value="([^"]*)"', page)
        }
        for rubbish in RUBBISH:
            sent = {"language": "en", "do": "add", "typed": "en", **shown, **dict.fromkeys(FORMS[form], rubbish)}
            response = await browser.post(f"{DRAFT}{form}", data=sent)
            assert response.status_code < 500, (rubbish[:20], response.text)
        for path in PAGES:
            looked_at = await browser.get(f"{DRAFT}{path}")
            assert looked_at.status_code == 200, (path, looked_at.text)
