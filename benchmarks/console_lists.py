"""How long the console takes for each of its lists: `.venv/bin/python benchmarks/console_lists.py`.

All examples of the content, some 12,000, are in a draft of a repository of its own. Each page is asked for in the
console's process, over ASGI, as an editor's browser would, TIMES times after a first look, which is told apart; every
look reads the draft as it stands and fills in the template. What is said of a form as one types is measured in the same
way, with another text each time: all rules of `kratt content check`.
benchmarks/inbox.py measures the inbox, with 50,000.
"""

import asyncio
import os
import sqlite3
import statistics
import subprocess
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from shutil import copytree
from string import ascii_lowercase
from time import perf_counter, process_time

import httpx
from fastapi import FastAPI
from running import percentile, table

from assistant.bootstrap.console import create
from assistant.console.access import COOKIE
from assistant.console.service_fields import sections, shown
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.examples import add_examples, list_examples
from assistant.content.editing.history import Editor as Author
from assistant.content.editing.services import list_services, service_path
from assistant.content.editing.yaml_text import yaml_text
from assistant.content.project import read_common_responses
from assistant.core.editors import Editor, Role, add_editor
from assistant.core.form_counts import FormCame
from assistant.core.languages import Language
from assistant.core.publishing import grade
from assistant.core.request_counts import Came
from assistant.settings import PROJECT

TURNS = 50_000
URL, TIMES, DRAFT = "http://127.0.0.1:8085", 10, "/drafts/measured"
MARI = Editor("EE60001019906", "Mari Maasikas", "mari@example.ee", frozenset(Role))
PAGES = (
    "/",
    "/inbox",
    "/drafts",
    DRAFT,
    f"{DRAFT}/intents",
    f"{DRAFT}/intents?q=passport",
    f"{DRAFT}/intents/document_renew",
    f"{DRAFT}/answers",
    f"{DRAFT}/answers?q=passport",
    f"{DRAFT}/answers?only=hard",
    f"{DRAFT}/answers/utter_ask_office",
    f"{DRAFT}/services",
    f"{DRAFT}/services/vehicle",
    f"{DRAFT}/words",
    f"{DRAFT}/training",
    "/models",
    "/insight",
    "/insight?days=364",
    "/insight/forms?days=364",
    "/insight/owners/70001975",
)
Sent = Mapping[str, str | list[str]]
"""The fields of a form."""
REFUSAL = read_common_responses(PROJECT / "nlu_data")["utter_deny"][Language.EN]
TYPED: dict[str, Sent] = {
    "intents/greet": {"do": "add", "language": "en", "typed": "lines", "lines": "when does my pasport expire {}"},
    "answers/utter_deny": {"typed": "en", "en": "All right, {}.", "seen.en": REFUSAL},
    "new-value": {
        "value": "paper_{}",
        "typed": "phrases.en",
        "phrases.en": "paper {}",
        "input": "document_renew.renewed_document",
    },
    "words": {"language": "en", "word": "kratt{}", "typed": "ways", "ways": "K R AE T"},
}
"""What is typed into forms; braces become another letter each time."""


def prepare(folder: Path) -> int:
    """Make a repository of the content, and a draft with one change; how many examples there are."""
    content = Path(copytree(PROJECT / "nlu_data", folder / "content"))
    identity = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost")
    for words in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-q", "-m", "All")):
        subprocess.run(["git", *words], cwd=content, check=True)
    draft = Drafts(content, folder / "state").open("measured")
    author = Author(MARI.name, MARI.mail)
    draft.edit(lambda files: add_examples(files, "greet", Language.EN, ["ahoy kratt"]), author, "Measured")
    add_editor(folder / "editors", MARI)
    os.environ |= {  # noqa: TID251  # as an operator would
        "KRATT_CONTENT": str(content),
        "KRATT_STATE": str(folder / "state"),
        "KRATT_CONSOLE_EDITORS": str(folder / "editors"),
    }
    return sum(1 for _ in list_examples(ContentFiles(content)))


def count_a_year(database: Path) -> None:
    """Give the insight a year of requests: each service, language and channel, every day, and what came of them."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    services = sorted(each.parent.name for each in PROJECT.glob("nlu_data/services/*/service.yml"))
    rows = [
        ((today - timedelta(days=back)).timestamp(), service, language.value, channel, what, 40)
        for back in range(365)
        for service in services
        for language in Language
        for channel in ("web", "speaker", "phone")
        for what in (*(each.value for each in Came), grade(5))
    ]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("INSERT INTO request_counts VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO form_counts VALUES (?, ?, ?, ?, ?, ?, ?)", steps_of_turns(today))


def form_of(draft: Draft, service: str) -> Sent:
    """What a browser sends of a service's form, whose English title is being written."""
    seen = draft.read(service_path(service))
    value = yaml_text(seen.text, service_path(service)).value
    form: dict[str, str | list[str]] = {"version": seen.version, "typed": "title:en"}
    for field in (each for section in sections(value) for each in section.fields):
        shows = shown(field, value)
        for at, column in enumerate(field.rows.columns if field.rows else ()):
            form[f"{field.name}:{column.name}"] = [row[at] for row in shows.rows]
        for language, words in (shows.words or {}).items():
            form[f"{field.name}:{language.value}"] = words
        form |= {field.name: shows.text} if shows.text else {}
    return form | {"title:en": "My car {}"}


def steps_of_turns(today: datetime) -> Iterator[tuple[object, ...]]:
    """What TURNS turns of a year leave of forms, if no two of a day are alike: each is asked something and answers."""
    files = ContentFiles(PROJECT / "nlu_data")
    kinds = list(product(list_services(files), map(str, Language), ("web", "speaker", "phone"), range(8)))
    for at in range(TURNS):
        service, language, channel, number = kinds[at % len(kinds)]
        day = (today - timedelta(days=at // len(kinds) % 365)).timestamp()
        for what in (FormCame.ASKED, FormCame.ANSWERED):
            yield day, service, language, channel, f"input_{number}", what.value, 1


async def look(browser: httpx.AsyncClient, path: str, form: Sent | None = None) -> tuple[float, float]:
    """Milliseconds until a page is there, and how many of them the processor worked for it."""
    begun, worked = perf_counter(), process_time()
    response = await (browser.get(path) if form is None else browser.post(path, data=form, headers={"Origin": URL}))
    response.raise_for_status()
    return 1000 * (perf_counter() - begun), 1000 * (process_time() - worked)


async def looks_at(
    browser: httpx.AsyncClient, path: str, typed: Sent | None = None
) -> tuple[str, float, float, float, float]:
    """The first look, the median and the 95th percentile of further ones, and the median of the processor's time."""
    forms = [
        typed and {name: _with(letter, text) for name, text in {**typed, "line": typed[str(typed["typed"])]}.items()}
        for letter in ascii_lowercase[: TIMES + 1]
    ]
    first, _ = await look(browser, path, forms[0])
    looks = [await look(browser, path, form) for form in forms[1:]]
    seen, worked = ([each[at] for each in looks] for at in (0, 1))
    return path, first, statistics.median(seen), percentile(seen, 95), statistics.median(worked)


def _with(letter: str, text: str | list[str]) -> str | list[str]:
    return text.replace("{}", letter) if isinstance(text, str) else text


async def measure(app: FastAPI, database: Path) -> list[tuple[str, float, float, float, float]]:
    """The looks at each page, and at what is said of each form as one types."""
    async with app.router.lifespan_context(app):
        await asyncio.to_thread(count_a_year, database)
        await app.state.parts.counted_requests.purge()  # as every hour
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, timeout=None) as browser:
            browser.cookies.set(COOKIE, app.state.parts.sessions.issue(MARI.subject), "127.0.0.1")
            pages = [await looks_at(browser, path) for path in PAGES]
            typed_into = TYPED | {"services/vehicle": form_of(app.state.parts.drafts.get("measured"), "vehicle")}
            typed = [await looks_at(browser, f"{DRAFT}/typed/{form}", fields) for form, fields in typed_into.items()]
    return pages + typed


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        examples = prepare(Path(place))
        rows = asyncio.run(measure(create(), Path(place) / "state" / "kratt.db"))
    print(table([f"{examples} examples (ms)", "first look", "p50", "p95", "processor time, p50"], rows))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
