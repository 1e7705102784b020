"""`kratt speech pull` against a real HTTP server that stands in for the official site."""

import hashlib
import http.server
import json
import shutil
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.adapters.speech_models import models_in, pull
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language

pytestmark = pytest.mark.integration

BUNDLED_MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
NAME = "vosk-model-small-ru-0.22"
Site = dict[str, bytes]


@pytest.fixture
def site() -> Iterator[tuple[Site, str]]:
    """Pages by path, which a test may change, and the site's address; a page `redirect:...` redirects."""
    pages: Site = {}

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.removeprefix("/models/"))
            if page is None:
                self.send_error(404)
            elif page.startswith(b"redirect:"):
                self.send_response(302)
                self.send_header("Location", page.removeprefix(b"redirect:").decode())
                self.end_headers()
            else:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield pages, f"http://127.0.0.1:{server.server_port}/models"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real model, packed the way the official ones are."""
    return pack(tmp_path_factory.mktemp("archive"), lambda folder: None)


def pack(folder: Path, damage: Callable[[Path], None]) -> bytes:
    model = shutil.copytree(BUNDLED_MODEL, folder / NAME, ignore=shutil.ignore_patterns("source"))
    damage(model)
    file = folder / "model.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(model.rglob("*")):
            packed.write(path, path.relative_to(folder))
    return file.read_bytes()


def publish(pages: Site, archive: bytes, **changes: object) -> None:
    facts = {
        "lang": "ru",
        "lang_text": "Russian",
        "md5": hashlib.md5(archive).hexdigest(),
        "name": NAME,
        "obsolete": "false",
        "size": len(archive),
        "size_text": "5.0MiB",
        "type": "small",
        "url": f"https://alphacephei.com/vosk/models/{NAME}.zip",
        "version": "0.22",
    }
    older = facts | {"name": "vosk-model-small-ru-0.4", "obsolete": "true", "version": "0.4", "md5": "x", "size": 1}
    pages["model-list.json"] = json.dumps([older, facts | changes]).encode()
    pages[f"{NAME}.zip"] = archive


def contents(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*")}


def test_pull_of_a_model_gives_one_that_vosk_loads(site: tuple[Site, str], archive: bytes, tmp_path: Path) -> None:
    pages, address = site
    publish(pages, archive)
    progress: list[tuple[int, int]] = []
    model = pull(Language.RU, tmp_path, site=address, progress=lambda *step: progress.append(step))
    assert model.name == NAME
    assert progress[-1] == (len(archive), len(archive))
    assert [path.name for path in tmp_path.iterdir()] == ["ru"]
    speech = VoskSpeech(models_in(tmp_path), streams=1)
    assert speech.languages() == {Language.RU}
    speech.close()


def test_pull_over_an_older_model_replaces_all_of_it(site: tuple[Site, str], archive: bytes, tmp_path: Path) -> None:
    pages, address = site
    publish(pages, archive)
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "old").write_text("old")
    pull(Language.RU, tmp_path, site=address)
    assert [path.name for path in tmp_path.iterdir()] == ["ru"]
    assert not (tmp_path / "ru" / "old").exists()


def test_pull_over_the_bundled_model_needs_to_be_asked_for(
    site: tuple[Site, str], archive: bytes, tmp_path: Path
) -> None:
    pages, address = site
    publish(pages, archive, lang="en-us")
    (tmp_path / "en").mkdir()
    with pytest.raises(SpeechToTextFailed, match="comes with Kratt"):
        pull(Language.EN, tmp_path, site=address)
    assert contents(tmp_path) == {"en": contents(tmp_path)["en"]}
    pull(Language.EN, tmp_path, site=address, replace_bundled=True)
    assert (tmp_path / "en" / "am" / "final.mdl").exists()


def no_list(pages: Site) -> None:
    del pages["model-list.json"]


def no_archive(pages: Site) -> None:
    del pages[f"{NAME}.zip"]


def html_list(pages: Site) -> None:
    pages["model-list.json"] = b"<html>"


def endless_list(pages: Site) -> None:
    pages["model-list.json"] = b" " * 1_000_001


def other_list(pages: Site) -> None:
    pages["model-list.json"] = b'[{"name": 1}, null]'


def redirected_list(pages: Site) -> None:
    pages["model-list.json"] = b"redirect:/models/elsewhere.json"
    pages["elsewhere.json"] = b"[]"


def redirected_archive(pages: Site) -> None:
    pages["elsewhere.zip"] = pages[f"{NAME}.zip"]
    pages[f"{NAME}.zip"] = b"redirect:/models/elsewhere.zip"


def truncated_archive(pages: Site) -> None:
    pages[f"{NAME}.zip"] = pages[f"{NAME}.zip"][:-1]


def longer_archive(pages: Site) -> None:
    pages[f"{NAME}.zip"] += b"\0" * 300_000


def changed_archive(pages: Site) -> None:
    pages[f"{NAME}.zip"] = pages[f"{NAME}.zip"][:-1] + b"\1"


def damaged_archive(pages: Site) -> None:
    publish(pages, b"PK" + pages[f"{NAME}.zip"][2:2_000])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_list, "404"),
        (no_archive, "404"),
        (html_list, "no list of models"),
        (endless_list, "too long"),
        (other_list, "no list of models"),
        (redirected_list, "302"),
        (redirected_archive, "302"),
        (truncated_archive, "size or checksum"),
        (longer_archive, "size or checksum"),
        (changed_archive, "size or checksum"),
        (damaged_archive, "damaged"),
    ],
)
def test_pull_of_something_wrong_fails_in_one_line_and_changes_nothing(
    site: tuple[Site, str], archive: bytes, tmp_path: Path, spoil: Callable[[Site], None], reason: str
) -> None:
    pages, address = site
    publish(pages, archive)
    spoil(pages)
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "old").write_text("old")
    before = contents(tmp_path)
    taken = [0]
    with pytest.raises(SpeechToTextFailed, match=reason) as failure:
        pull(Language.RU, tmp_path, site=address, progress=lambda done, _: taken.append(done))
    assert "\n" not in str(failure.value)
    assert contents(tmp_path) == before
    assert max(taken) <= len(archive)


def test_pull_of_an_archive_without_a_model_says_what_it_lacks(site: tuple[Site, str], tmp_path: Path) -> None:
    pages, address = site
    publish(pages, pack(tmp_path, lambda model: (model / "am" / "final.mdl").unlink()))
    with pytest.raises(SpeechToTextFailed, match=r"lacks am/final\.mdl"):
        pull(Language.RU, tmp_path / "models", site=address)
    assert not contents(tmp_path / "models")


def test_pull_without_a_network_fails_in_one_line_and_changes_nothing(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(SpeechToTextFailed, match="cannot fetch a speech model from") as failure:
            pull(Language.RU, tmp_path, site=address)
    assert "\n" not in str(failure.value)
    assert not contents(tmp_path)


def test_pull_of_a_language_without_an_official_model_says_so(
    site: tuple[Site, str], archive: bytes, tmp_path: Path
) -> None:
    pages, address = site
    publish(pages, archive)
    with pytest.raises(SpeechToTextFailed, match="no official small speech model for et"):
        pull(Language.ET, tmp_path, site=address)


def test_pull_into_a_folder_that_cannot_be_written_fails_in_one_line(
    site: tuple[Site, str], archive: bytes, tmp_path: Path
) -> None:
    pages, address = site
    publish(pages, archive)
    (tmp_path / "models").write_text("a file")
    with pytest.raises(SpeechToTextFailed, match="cannot fetch a speech model from") as failure:
        pull(Language.RU, tmp_path / "models", site=address)
    assert "\n" not in str(failure.value)
