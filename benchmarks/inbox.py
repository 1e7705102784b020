"""The console's inbox with 50,000 requests: `.venv/bin/python benchmarks/inbox.py [DATA]`.

DATA is a folder with clinc150.json, by default ../shared/data: what people asked of 150 kinds, in English. Whether
requests that mean the same are found together is measured on GROUPED of its kinds, EACH of every kind, which the word
vectors have never seen. The time of a list is that of the store, in a database of REQUESTS, asked for one page after
another.

* purity: share of requests in a group whose most frequent kind is theirs.
* together: share of requests that are in a group of at least three.
* the naive way: only the same words are the same.
"""

import asyncio
import json
import random
import statistics
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path

import numpy as np
from running import percentile, table

from assistant.adapters.request_meanings import RequestMeanings, assign, read_meanings
from assistant.adapters.sql_inbox import Grouping, SqlInbox
from assistant.content.project import read_content
from assistant.content.training import WORDS
from assistant.core.inbox import Reason, Unclear
from assistant.core.languages import Language
from assistant.database import SqlDatabase
from assistant.settings import PROJECT

REQUESTS, PEOPLE, PAGES, GROUPS_A_PAGE = 50_000, 9_000, 20, 50
GROUPED, EACH = 40, 15

Row = tuple[str, str]


def figures(rows: Sequence[Row], groups: Sequence[Hashable]) -> tuple[int, float, float]:
    """How many groups there are, their purity, and how many requests are together with others."""
    by_group: dict[Hashable, list[str]] = defaultdict(list)
    for (_, kind), group in zip(rows, groups, strict=True):
        by_group[group].append(kind)
    pure = sum(Counter(kinds).most_common(1)[0][1] for kinds in by_group.values())
    together = sum(len(kinds) for kinds in by_group.values() if len(kinds) > 2)  # "at least three"
    return len(by_group), pure / len(rows), together / len(rows)


def sample(rows: Sequence[Row]) -> list[Row]:
    """The same requests every time."""
    chance = random.Random(3)  # a sample
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[row[1]].append(row)
    chosen = [row for kind in chance.sample(sorted(by_kind), GROUPED) for row in chance.sample(by_kind[kind], EACH)]
    chance.shuffle(chosen)
    return chosen


async def lists(rows: Sequence[Row], meanings: RequestMeanings, folder: Path) -> list[tuple[str, float]]:
    """Seconds of the first look, and milliseconds of the pages after it."""
    database = SqlDatabase(f"sqlite+aiosqlite:///{folder / 'inbox.db'}", "KRATT_DATABASE")
    inbox = SqlInbox(database, "a secret", 90, Grouping(meanings, assign))
    await inbox.open()
    chance = random.Random(4)
    for _ in range(REQUESTS):
        text = chance.choice(rows)[0]
        person = f"person {chance.randrange(PEOPLE)}"
        await inbox.note(Unclear(text, Language.EN, "web", Reason.OUT_OF_SCOPE, "out_of_scope", 0.4, person))
    begin = time.perf_counter()
    await inbox.page(None, None, 0, GROUPS_A_PAGE)
    first = time.perf_counter() - begin
    milliseconds = []
    for number in range(PAGES):
        begin = time.perf_counter()
        await inbox.page(None, None, number * GROUPS_A_PAGE, GROUPS_A_PAGE)
        milliseconds.append((time.perf_counter() - begin) * 1000)
    await database.close()
    return [
        ("first look: all are grouped (s)", first),
        ("a list, p50 (ms)", statistics.median(milliseconds)),
        ("a list, p95 (ms)", percentile(milliseconds, 95)),
    ]


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=PROJECT.parent / "shared" / "data")
    data = json.loads((parser.parse_args().data / "clinc150.json").read_bytes())
    rows = [(text, kind) for text, kind in data["train"]]
    content = read_content(PROJECT / "nlu_data")
    meanings = read_meanings(
        WORDS, (text for each in content.intents.values() for texts in each.values() for text in texts)
    )
    chosen = sample(rows)
    vectors = meanings([text for text, _ in chosen])
    numbers, _ = assign(vectors, np.zeros((0, vectors.shape[1]), np.float32))
    ours, naive = figures(chosen, numbers), figures(chosen, [text for text, _ in chosen])
    names = (f"groups of {len(chosen)} requests of {GROUPED} kinds", "purity", "together")
    print(table(["", "by meaning", "the same words"], list(zip(names, ours, naive, strict=True))))
    with tempfile.TemporaryDirectory() as place:
        print(table([f"{REQUESTS} requests", ""], asyncio.run(lists(rows, meanings, Path(place)))))


if __name__ == "__main__":
    main()
