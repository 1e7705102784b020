"""A thorough comparison by its tick, and a new value that a trained Kratt understands: all of it real, of less content.

A console as it runs for editors, in a real browser; the engine trains, the recogniser hears. With all of the content
that takes some minutes, so there are two dozen intents here, with as many examples as the check wants.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from socket import create_server

import pytest
from playwright.async_api import Page, expect

from assistant.adapters.jwt_editor_sessions import JwtEditorSessions
from assistant.bootstrap.console import create
from assistant.console.access import COOKIE
from assistant.content.batch_parsing import ParseBatch
from assistant.content.checks import FEWEST_EXAMPLES, check
from assistant.content.compare_models import kept_comparison
from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.editing.examples import read_nlu
from assistant.content.editing.intents import list_intents
from assistant.content.model_bank import ModelBank
from assistant.content.normal_form import normal_form
from assistant.core.editors import Role, add_editor
from assistant.core.languages import Language
from assistant.settings import PROJECT, Settings
from tests.browser.conftest import OpenPage
from tests.conftest import content_repository, models_folder
from tests.serving import served
from tests.unit.console.conftest import EDITOR

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOST_TRAINING_MS = 400_000
HELD_OUT = 2
"""Of an intent and a language."""
TOWN = {"en": ("Valga", "Valga"), "et": ("Valga", "Valga\nValgas"), "ru": ("Валга", "Валга\nВалге")}
ASKED = ("what are the opening hours in valga", Language.EN)


@pytest.fixture
def content(tmp_path) -> Path:
    """Small talk and one service, with few examples and no test conversations."""
    whole = content_repository(tmp_path)
    for folder in (whole / "services").iterdir():
        if folder.name != "office_information":
            shutil.rmtree(folder)
    shutil.rmtree(whole / "heard")
    for tests in whole.rglob("tests.yml"):
        tests.unlink()
    files = ContentFiles(whole)
    intents = list_intents(files)
    for path in files.paths("nlu.*.yml", "held_out/*.yml"):
        most = HELD_OUT if path.startswith("held_out") else FEWEST_EXAMPLES
        nlu, gone = read_nlu(files, path), dict[int, str | None]()
        for block in nlu.blocks:
            kept: set[str] = set()
            for line, text in block.examples.items():
                is_wanted = len(kept) < most and block.name in intents and normal_form(text) not in kept
                if block.kind == "intent" and not is_wanted:
                    gone[line] = None
                kept |= {normal_form(text)} if is_wanted else set()
        files.change(path, nlu.replaced(gone).text)
    write_changes(whole, files.changes)
    assert check(whole) == []
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.ee")
    subprocess.run(["git", *who, "commit", "--quiet", "--all", "-m", "Less"], cwd=whole, check=True)
    return whole


@pytest.fixture
def settings(content, tmp_path, monkeypatch: pytest.MonkeyPatch, find_free_ports) -> Settings:
    """Of a Kratt with a live model of that content, and one editor."""
    editors = tmp_path / "editors"
    add_editor(editors, EDITOR)
    own = {
        "KRATT_CONTENT": content,
        "KRATT_MODELS": models_folder(tmp_path / "models"),
        "KRATT_STATE": tmp_path / "state",
        "KRATT_CONSOLE_EDITORS": editors,
        "KRATT_CONSOLE_PORT": find_free_ports(1)[0],
    }
    for name, value in own.items():
        monkeypatch.setenv(name, str(value))
    command = [sys.executable, "-m", "assistant.cli", "train"]
    subprocess.run(command, cwd=PROJECT, env=dict(os.environ), check=True, timeout=300)  # noqa: TID251  # as set above
    return Settings()


@pytest.fixture
async def editor(settings: Settings, new_page: OpenPage) -> AsyncIterator[Page]:
    """Mari's first page."""
    assert EDITOR.may(Role.EDITOR)
    with create_server(("127.0.0.1", settings.console_port)) as listener:
        async with served(create(), listener, lifespan="on") as url:
            page = await new_page()
            cookie = JwtEditorSessions(settings.secret("console_key")).issue(EDITOR.subject)
            await page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": url}])
            await page.goto(f"{url}/drafts")
            yield page
            await page.context.close()  # before who serves it


async def test_draft_when_compared_thoroughly_then_tells_all_of_it_and_the_model_knows_the_new_value(
    editor: Page, settings: Settings
) -> None:
    await editor.get_by_label("Name of a new draft").fill("valga")
    await editor.get_by_role("button", name="Begin").click()
    await add_a_town(editor)
    await expect(editor.get_by_text("Everything fits together.")).to_be_visible()
    await editor.get_by_role("link", name="Train and compare").click()
    await editor.get_by_role("checkbox", name="Thorough").check()
    await editor.get_by_role("button", name="Train and compare").click()
    await expect(editor.get_by_role("progressbar", name="Stages done")).to_be_visible()
    spoken = editor.get_by_role("region", name="Spoken requests")
    await expect(spoken.get_by_role("row").filter(has_text="en").last).to_be_visible(timeout=MOST_TRAINING_MS)
    await expect(editor.get_by_role("region", name="Examples that the others contradict")).to_be_visible()
    await editor.get_by_text("those first that moved most").click()
    told = editor.get_by_role("row").filter(has_text="office information")
    await expect(told.get_by_role("cell").nth(2)).to_have_text(re.compile(r"\d+\.\d %"))  # F1 among the examples
    bank = ModelBank(settings.models)
    new = max(bank.models(), key=lambda each: each.version)
    found = kept_comparison(bank, new.version)
    assert found
    assert found.folds
    assert (found.folds.is_whole, found.against) == (True, bank.live.version if bank.live else "")
    parse = ParseBatch(bank, settings.engine_python, settings.state / "logs" / "asked.log")
    before, now = (parse(version, [ASKED])[ASKED] for version in (found.against, new.version))
    assert "valga" not in {each.value for each in before.entities}
    assert ("office", "valga") in {(each.name, each.value) for each in now.entities}
    assert now.ranking[0].name == "office_information"


async def add_a_town(editor: Page) -> None:
    """Teach the draft a further value of an input."""
    await editor.get_by_role("link", name="Values").click()
    await editor.get_by_role("link", name="Add a value to office of office information").click()
    await editor.get_by_label("Name, as registers know it").fill("valga")
    for language, (word, phrases) in TOWN.items():
        part = editor.get_by_role("region", name=language, exact=True)
        await part.get_by_label("Its word").fill(word)
        await part.get_by_label("Phrases that mean it").fill(phrases)
    await editor.get_by_role("button", name="Add", exact=True).click()
    await expect(editor.get_by_text("Nothing is wrong with it.")).to_be_visible()
    await editor.get_by_role("link", name="valga", exact=True).click()
