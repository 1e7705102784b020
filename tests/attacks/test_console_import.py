"""Zips and notes that editors are talked into bringing along: to fill the memory, to lead out, to look like others."""

import io
import stat
import struct
import time
import warnings
import zipfile

import pytest

from assistant.console.projects import MOST_BYTES
from assistant.content.exchange.source import MOST_FILES
from tests.unit.console.conftest import REVIEWER, console, content, repository  # noqa: F401  # fixtures

pytestmark = pytest.mark.attack

NLU = "nlu:\n- intent: evil\n  examples: |\n    - something evil\n"


def packed(*entries: tuple[str, bytes], mode: int = 0) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return file.getvalue()


def lying_of_its_size(size: int) -> bytes:
    """A zip whose directory says that its file has one byte."""
    whole = bytearray(packed(("data/nlu.yml", b"#" * size)))
    at = whole.rindex(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(whole)


def overlapping(count: int) -> bytes:
    """A zip whose entries all lead to the same packed data (D. Fifield, "A better zip bomb")."""
    one = packed(("data/a.yml", b"#" * 3_000_000))
    at, end = one.rindex(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    entry = one[at:end]
    entries = b"".join(entry.replace(b"data/a.yml", b"data/%c.yml" % (97 + each)) for each in range(count))
    tail = one[end : end + 8] + struct.pack("<HHIIH", count, count, len(entries), at, 0)
    return one[:at] + entries + tail


HOSTILE = {
    "out": packed(("../../common/nlu.en.yml", NLU.encode())),
    "out by backslashes": packed(("..\\..\\common\\nlu.en.yml", NLU.encode())),
    "root": packed(("/etc/nlu.yml", NLU.encode())),
    "a drive": packed(("C:/nlu.yml", NLU.encode())),
    "an empty part": packed(("data//nlu.yml", NLU.encode())),
    "link": packed(("data/nlu.yml", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777),
    "link to a folder, and a file in it": packed(("data", b"/etc"), ("data/nlu.yml", NLU.encode())),
    "twice": packed(("data/nlu.yml", b"nlu: []\n"), ("data/nlu.yml", NLU.encode())),
    "bomb": packed(("data/nlu.yml", b"#" * (MOST_BYTES + 1))),
    "bomb that lies": lying_of_its_size(MOST_BYTES + 1),
    "overlapping": overlapping(20),
    "nested": packed(
        *((f"data/{each}.zip", packed(("a", b"#" * 2_000_000))) for each in range(16)), ("data/x", b"#" * MOST_BYTES)
    ),
    "many": packed(*((f"data/{each}.yml", b"") for each in range(MOST_FILES + 1))),
    "no zip": b"PK\x03\x04" + bytes(100),
    "cut": packed(("data/nlu.yml", NLU.encode()))[:-30],
    "nothing": b"",
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_zip_when_it_is_hostile_then_nothing_of_it_is_taken_and_it_is_soon_refused(console, kind: str) -> None:  # noqa: F811
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        started = time.process_time()
        response = await browser.post("/drafts/mine/project/file?language=en", content=HOSTILE[kind])
        assert time.process_time() - started < 5
    assert response.status_code == 422, response.text
    assert console.parts.drafts.get("mine").own_changes() == ()


@pytest.mark.parametrize(
    "data",
    [
        "nlu:\n- intent: õhtu\n".encode("latin-1"),
        NLU.encode("utf-16"),
        b"\xff\xfe\x00\x00" + NLU.encode("utf-32-le"),
        b"\x00" * 1000,
        b"nlu:\n- intent: a\x1b[31m\n",
        b"nlu: &a [*a]\n",
        b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\nnlu: [*d,*d]\n",
        b"nlu: !!python/object/apply:os.system ['true']\n",
    ],
    ids=["latin-1", "utf-16", "utf-32", "zeros", "escape", "cycle", "laughs", "object"],
)
async def test_file_when_its_text_is_none_then_is_told_and_the_rest_of_the_console_lives(console, data: bytes) -> None:  # noqa: F811
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        response = await browser.post("/drafts/mine/project/file?language=en", content=packed(("data/nlu.yml", data)))
        assert response.status_code in {200, 422}
        assert (await browser.get("/drafts/mine")).status_code == 200
    assert console.parts.drafts.get("mine").own_changes() == ()


NOTES = {
    "script": ('"><script>alert(1)</script>', True),
    "markdown": ("[click](javascript:alert(1))", True),
    "an option of git": ("--force", True),
    "RTL override": ("looked at \u202eevil\u202c", False),
    "isolate": ("looked at \u2066evil", False),
    "zero": ("fine\x00", False),
    "escape": ("fine\x1b[2J", False),
    "long": ("a" * 5_000, False),
    "longer than a command line": ("a" * 500_000, False),
    "a megabyte": ("a" * 1_000_000, False),
}


@pytest.mark.parametrize("kind", NOTES)
async def test_note_of_a_review_when_it_is_hostile_then_is_text_or_none(console, kind: str) -> None:  # noqa: F811
    note, is_taken = NOTES[kind]
    async with console.browser() as author, console.browser(REVIEWER) as reviewer:
        await author.post("/drafts", data={"name": "mine"})
        await author.post("/drafts/mine/intents/greet", data={"language": "en", "do": "delete", "text": "hello"})
        draft = console.parts.drafts.get("mine")
        answer = await reviewer.post("/drafts/mine/approve", data={"head": draft.head(), "why": note})
        approval = console.parts.drafts.reviews.approval(draft.head())
        page = await reviewer.get("/drafts/mine")
    assert answer.status_code < 500, answer.text
    assert (approval is not None, page.status_code) == (is_taken, 200)
    assert "<script>alert" not in page.text
    assert 'javascript:alert(1)"' not in page.text
