import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.core.languages import Language
from assistant.gateway.page_files import FOLDER
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

FILES = sorted(FOLDER.iterdir())
WIDGET = sorted((PROJECT / "connectors" / "chat_widget" / "script").iterdir())
LINKS_OF_REPLIES = r"/https:\/\/"
INDEX = (FOLDER / "index.html").read_text()


def scripts() -> str:
    return "\n".join(path.read_text() for path in (*FILES, *WIDGET) if path.suffix == ".js")


async def test_page_when_opened_then_all_its_files_are_there(client: httpx.AsyncClient) -> None:
    index = await client.get("/")
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    addresses = re.findall(r'(?:href|src)="(/page/[^"]+)"', index.text)
    addresses += [
        f"/page/{name}" for path in FILES for name in re.findall(r'(?:"\./|/page/)(\w+\.js)', path.read_text())
    ]
    assert "/page/main.js" in addresses
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address


@pytest.mark.parametrize("path", [*FILES, *WIDGET], ids=lambda path: path.name)
def test_page_file_when_read_then_it_asks_nobody_else_and_makes_no_markup(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "").replace(LINKS_OF_REPLIES, "")
    assert not re.search(r"https?:(?://|\\/\\/)|(?<!:)//\w+\.", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|style=", text)


@pytest.mark.parametrize("language", list(Language))
async def test_words_when_asked_for_then_every_word_of_the_page_is_among_them(
    client: httpx.AsyncClient, language: Language
) -> None:
    answer = (await client.get(f"/v1/words?language={language}")).json()
    used = set(re.findall(r'data-(?:word|label|placeholder)"?(?:=|: )"(\w+)"', INDEX + scripts()))
    used |= set(re.findall(r"words(?:\(\))?\.(?!js\b)(\w+)", scripts(), re.IGNORECASE))
    used |= {"listening", "thinking", "speaking", "login_done", "login_cancelled", "login_lost", "unfamiliar_browser"}
    used |= {f"link_{part}" for part in ("title", "what", "cloud", "beware", "yes", "no")}  # where an app is linked
    assert answer["language"] == language
    assert answer["words"].keys() == used


async def test_words_when_no_language_is_named_then_they_are_in_the_default(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/words")).json()["language"] == "en"
    assert (await client.get("/v1/words?language=fr")).json()["code"] == "unknown_language"


@pytest.mark.parametrize(("language", "hears"), [("en", True), ("ru", False)])
async def test_words_when_there_is_no_speech_model_then_the_page_learns_it(
    client: httpx.AsyncClient, gateway: Any, language: str, hears: bool
) -> None:
    answer = (await client.get(f"/v1/words?language={language}")).json()
    assert (answer["hears"], answer["text_characters"]) == (hears, gateway.limits.text_characters)
