import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from assistant.content.project import read_content
from assistant.settings import PROJECT
from connectors.chat_widget.bundle import bundle
from connectors.chat_widget.router import build_router

pytestmark = pytest.mark.unit

PUBLIC = "https://kratt.test"
MOST_PACKED_BYTES = 40_000


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(build_router(read_content(PROJECT / "nlu_data").page, PUBLIC))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as http:
        yield http


async def test_script_when_packed_then_it_is_small(client: httpx.AsyncClient) -> None:
    answer = await client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert int(answer.headers["content-length"]) < MOST_PACKED_BYTES
    assert len(gzip.compress(answer.content)) < MOST_PACKED_BYTES
    plain = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert (plain.content, plain.headers["vary"]) == (answer.content, "Accept-Encoding")


async def test_script_when_another_origin_loads_it_then_it_may(client: httpx.AsyncClient) -> None:
    assert (await client.get("/widget.js")).headers["cross-origin-resource-policy"] == "cross-origin"


async def test_script_when_it_is_the_same_still_then_it_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/widget.js")
    again = await client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, first.headers["cache-control"]) == (304, b"", "public, no-cache")


async def test_script_when_named_by_its_version_then_it_is_kept_and_has_its_hash(client: httpx.AsyncClient) -> None:
    told = (await client.get("/widget.json")).json()
    answer = await client.get(told["url"])
    assert "immutable" in answer.headers["cache-control"]
    assert told["integrity"] == f"sha384-{base64.b64encode(hashlib.sha384(answer.content).digest()).decode()}"
    assert (await client.get("/widget/0123.js")).status_code == 404


def test_bundle_when_a_module_is_imported_twice_then_it_is_there_once_and_before_both(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "one.js").write_text("export const ONE = 1;\nconst hidden = 2;\n")
    (tmp_path / "two.js").write_text(
        'import { ONE } from "./shared/one.js";\nexport function two() {\n  return 2;\n}\n'
    )
    (tmp_path / "main.js").write_text(
        'import { ONE } from "./shared/one.js";\nimport { two } from "./two.js";\ntwo(ONE);\n'
    )
    script = bundle(tmp_path / "main.js", {"WORDS": {"et": "ö"}})
    assert script.count("const ONE = 1;") == 1
    assert 'const WORDS = {"et": "ö"};' in script
    order = [script.index(part) for part in ("const ONE = 1", "function two", "two(ONE)")]
    assert order == sorted(order)
    assert "import" not in script
    assert "export" not in script


@pytest.mark.parametrize(
    "source",
    ['import "./main.js";', 'import * as x from "./x.js";', "export default 1;", 'export { x } from "./x.js";'],
)
def test_bundle_when_a_module_is_not_understood_then_it_says_which(tmp_path: Path, source: str) -> None:
    (tmp_path / "main.js").write_text(source)
    with pytest.raises(ValueError, match=r"main\.js: .* is not understood"):
        bundle(tmp_path / "main.js", {})


def test_bundle_when_modules_import_each_other_then_it_is_refused(tmp_path: Path) -> None:
    for own, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{own}.js").write_text(f'import {{ x }} from "./{other}.js";\nexport const x = 1;\n')
    with pytest.raises(ValueError, match="imported by what it imports"):
        bundle(tmp_path / "a.js", {})
