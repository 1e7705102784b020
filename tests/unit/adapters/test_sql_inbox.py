from collections.abc import AsyncIterator, Sequence
from datetime import date

import numpy as np
import pytest

from assistant.adapters.request_meanings import Floats, assign
from assistant.adapters.sql_inbox import DAY_SECONDS, Grouping, SqlInbox
from assistant.core.inbox import Closing, Reason, Unclear
from assistant.core.languages import Language
from assistant.database import SqlDatabase

pytestmark = pytest.mark.unit


def first_letters(texts: Sequence[str]) -> Floats:
    rows = np.zeros((len(texts), 26), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[ord(text[0]) - ord("a")] = 1
    return rows


def unclear(text: str, person: str = "somebody", language: Language = Language.EN) -> Unclear:
    return Unclear(text, language, "web", Reason.OUT_OF_SCOPE, "out_of_scope", 0.4, person)


@pytest.fixture
def now() -> list[float]:
    return [20_000 * DAY_SECONDS + 4711]


@pytest.fixture
async def inbox(tmp_path, now) -> AsyncIterator[SqlInbox]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    inbox = SqlInbox(database, "a secret", days=2, grouping=Grouping(first_letters, assign), now=lambda: now[0])
    await inbox.open()
    yield inbox
    await database.close()


async def groups(inbox: SqlInbox, **wanted: Language) -> list[tuple[str, int, int]]:
    found = await inbox.page(wanted.get("language"), None, 0, 10)
    return [(each.text, each.people, each.requests) for each in found.groups]


async def test_page_when_several_say_the_same_then_counts_people_and_begins_with_most(inbox) -> None:
    for text, person in (("boat", "one"), ("dog", "one"), ("dog tax", "two"), ("dog", "two"), ("boat", "one")):
        await inbox.note(unclear(text, person))
    assert await groups(inbox) == [("dog", 2, 3), ("boat", 1, 2)]


async def test_page_when_more_comes_later_then_it_joins_its_group(inbox) -> None:
    await inbox.note(unclear("dog", "one"))
    assert await groups(inbox) == [("dog", 1, 1)]
    await inbox.note(unclear("dog tax", "two"))
    assert await groups(inbox) == [("dog", 2, 2)]


async def test_page_when_a_language_is_chosen_then_counts_only_its_requests(inbox) -> None:
    await inbox.note(unclear("dog"))
    await inbox.note(unclear("koer", language=Language.ET))
    assert await groups(inbox, language=Language.ET) == [("koer", 1, 1)]


async def test_page_when_turned_then_goes_on_where_the_last_one_ended(inbox) -> None:
    for text in ("a", "b", "c"):
        await inbox.note(unclear(text))
    first, second = await inbox.page(None, None, 0, 2), await inbox.page(None, None, 2, 2)
    assert [each.text for each in (*first.groups, *second.groups)] == ["a", "b", "c"]
    assert (first.number, second.number) == (3, 3)


async def test_close_when_dismissed_then_more_of_the_same_stays_away_but_filed_comes_up_again(inbox) -> None:
    await inbox.note(unclear("dog"))
    await inbox.note(unclear("boat"))
    found = {each.text: each.id for each in (await inbox.page(None, None, 0, 10)).groups}
    await inbox.close_groups([found["dog"]], "", "Mari")
    await inbox.close_groups([found["boat"]], "boat_licence", "Mari")
    await inbox.note(unclear("dog"))
    await inbox.note(unclear("boat"))
    assert await groups(inbox) == [("boat", 1, 1)]
    closed = (await inbox.page(None, None, 0, 10, closed=True)).groups
    assert [(each.text, each.requests, each.closing) for each in closed] == [
        ("dog", 2, Closing("", "Mari", date(2024, 10, 4))),
        ("boat", 1, Closing("boat_licence", "Mari", date(2024, 10, 4))),
    ]
    await inbox.reopen_groups([found["dog"]])
    assert ("dog", 1, 2) in await groups(inbox)
    assert [each.text for each in (await inbox.page(None, None, 0, 10, closed=True)).groups] == ["boat"]


async def test_forget_when_a_citizen_asks_then_their_words_are_gone_and_a_groups_name_with_them(inbox) -> None:
    for text, person in (("dog of mine", "one"), ("dog of mine", "one"), ("dog tax", "two"), ("boat", "one")):
        await inbox.note(unclear(text, person))
    assert len(await groups(inbox)) == 2
    assert [each["text"] for each in await inbox.kept_of("one")] == ["dog of mine", "dog of mine", "boat"]
    assert await inbox.forget("one") == 3
    assert await groups(inbox) == [("dog tax", 1, 1)]
    assert await inbox.kept_of("one") == []


async def test_purge_when_requests_are_old_then_deletes_them(inbox, now) -> None:
    await inbox.note(unclear("dog"))
    now[0] += DAY_SECONDS
    await inbox.note(unclear("boat"))
    now[0] += DAY_SECONDS
    await inbox.purge()
    assert await groups(inbox) == [("boat", 1, 1)]


async def test_samples_when_somebody_repeats_themselves_then_shows_each_text_once(inbox) -> None:
    for text in ("dog", "dog tax", "dog"):
        await inbox.note(unclear(text))
    group = (await inbox.page(None, None, 0, 1)).groups[0]
    assert [each.text for each in await inbox.samples(group.id, 10)] == ["dog", "dog tax"]
