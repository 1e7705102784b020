"""The dead, minors, wards and guardians: who may read and act is asked of the population register at that moment.

services.md 2.2, number 14.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.core.errors import LoginRefused
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.ports import Login, Person
from assistant.pipeline.living_only import LivingOnly
from assistant.sandbox.population import JAAK, MARY, TOOMAS, school_child
from tests.talking import State, Talk, state_of

pytestmark = pytest.mark.attack

MARI = school_child(datetime.now(UTC).date())
DEAD, MINOR, WARD = {"alive": False}, {"capacity": "minor"}, {"capacity": "restricted"}
STANDING = "EE/GOV/70008440/rr/standing"


@pytest.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[State]:
    async with state_of(tmp_path_factory.mktemp("state")) as state:
        yield state


@pytest.fixture
async def state(kept: State) -> AsyncIterator[State]:
    yield kept
    (await kept.sandbox.post("/sandbox/reset")).raise_for_status()
    (await kept.sandbox.delete("/sandbox/faults")).raise_for_status()


async def move(talk: Talk, *words: tuple[str, str]) -> list[str]:
    """Ask for a new address, and answer what is asked."""
    said = await talk.says("i am moving", "address_change")
    for answer, intent in words:
        said = await talk.says(answer, intent)
    return said


TO_TARTU: Sequence[tuple[str, str]] = (("Kreutzwaldi 12-4, Tartu", "inform"), ("tomorrow", "inform"))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("service", ["document_expiry", "debts_and_fines", "data_overview"])
async def test_dead_when_somebody_asks_in_their_name_then_nothing_is_read_and_it_is_said_once(
    state: State, service: str, language: Language
) -> None:
    await state.enter(JAAK, **DEAD)
    before = [await state.calls(each) for each in ("documents", "fines", "taxdebts")]
    assert await state.talk(JAAK, language=language).says("words", service) == ["deceased"]
    assert [await state.calls(each) for each in ("documents", "fines", "taxdebts")] == before


async def test_dead_when_they_die_in_the_middle_of_a_form_then_the_next_word_does_nothing(state: State) -> None:
    talk = state.talk(JAAK)
    assert (await move(talk, *TO_TARTU))[-1] == "confirm_in_words"
    await state.enter(JAAK, **DEAD)
    assert await talk.says("i confirm", "confirm") == ["deceased"]
    await state.undo(JAAK)
    assert "deceased" not in await talk.says("i confirm", "confirm")
    assert await state.calls("addresses") > 0
    assert not [call for call in await told_calls(state) if call["method"] == "POST"]


async def told_calls(state: State) -> list[dict[str, object]]:
    return [
        call
        for call in (await state.sandbox.get("/sandbox/calls")).json()
        if str(call["service"]).endswith("rr/addresses") and "address-changes" in str(call["path"])
    ]


async def test_mandate_when_the_child_has_died_then_nothing_is_read_of_them(state: State) -> None:
    ask = ("where is mari in the queue", "school_place")
    assert "deceased" not in await state.talk(MARY).says(*ask, school_topic="queue_position")
    before = await state.calls("schools/queue")
    await state.enter(MARI, **DEAD)
    assert "deceased" in await state.talk(MARY).says(*ask, school_topic="queue_position")
    assert await state.calls("schools/queue") == before


@pytest.mark.parametrize(("entry", "word"), [(MINOR, "act_of_minor"), (WARD, "act_of_ward")])
async def test_act_when_the_citizen_lacks_capacity_then_they_are_told_before_they_fill_anything_in(
    state: State, entry: dict[str, object], word: str
) -> None:
    await state.enter(JAAK, **entry)
    assert await state.talk(JAAK).says("i am moving", "address_change") == [word]
    assert (await state.talk(JAAK).says("words", "document_expiry"))[0] == "document_expiry"


@pytest.mark.parametrize(("entry", "word"), [(MINOR, "act_of_minor"), (WARD, "act_of_ward")])
async def test_act_when_capacity_ends_between_read_back_and_yes_then_it_is_not_done(
    state: State, entry: dict[str, object], word: str
) -> None:
    talk = state.talk(JAAK)
    await move(talk, *TO_TARTU)
    await state.enter(JAAK, **entry)
    assert await talk.says("i confirm", "confirm") == [word]
    assert not await told_calls(state)


async def test_act_when_it_protects_then_a_minor_may_do_it(state: State) -> None:
    await state.enter(JAAK, **MINOR)
    talk = state.talk(JAAK)
    said = await talk.says("close my", "block_data_use", block_task="set_block", block_scope="traffic")
    assert "act_of_minor" not in said


@pytest.mark.parametrize("fault", ["server_error", "html", "truncated", "xroad_error"])
async def test_register_when_it_cannot_tell_then_own_data_are_read_and_nothing_is_done(
    state: State, fault: str
) -> None:
    (await state.sandbox.put(f"/sandbox/faults/{STANDING}", json={"fault": fault})).raise_for_status()
    assert (await state.talk(JAAK).says("words", "document_expiry"))[0] == "document_expiry"
    assert await state.talk(JAAK).says("i am moving", "address_change") == ["standing_unknown"]
    assert not await told_calls(state)


async def test_guardian_when_appointed_then_acts_for_the_ward_until_the_very_turn_it_ends(state: State) -> None:
    talk = state.talk(TOOMAS)
    ask = ("where in the queue", "school_place")
    assert await talk.says(*ask, school_topic="queue_position") == ["school_place_no_child"]
    await state.enter(MARI, capacity="minor", guardian=TOOMAS)
    assert (await talk.says(*ask, school_topic="queue_position"))[0] == "on_behalf"
    await state.undo(MARI)
    before = await state.calls("schools/queue")
    assert await talk.says(*ask, school_topic="queue_position") == ["school_place_no_child"]
    assert await state.calls("schools/queue") == before


class Tara:
    def begin(self, language: Language) -> Login:
        return Login("https://tara.test", "state", "nonce")

    async def finish(self, code: str, nonce: str) -> Person:
        return Person(JAAK, "JAAK-KRISTJAN", Assurance.HIGH)


async def test_login_when_the_person_has_died_then_is_refused_and_is_on_their_record(state: State) -> None:
    login = LivingOnly(Tara(), state.data)
    assert (await login.finish("code", "nonce")).subject == JAAK
    await state.enter(JAAK, **DEAD)
    with pytest.raises(LoginRefused):
        await login.finish("code", "nonce")
    kept = await state.data.kept_of(JAAK)
    assert [each["purpose"] for each in kept][:2] == ["log_in", "log_in"]


async def test_login_when_nobody_can_tell_then_the_login_service_is_believed(state: State) -> None:
    (await state.sandbox.put(f"/sandbox/faults/{STANDING}", json={"fault": "server_error"})).raise_for_status()
    assert (await LivingOnly(Tara(), state.data).finish("code", "nonce")).subject == JAAK


async def test_register_when_it_is_asked_then_that_stands_under_an_access_of_the_same_turn(
    state: State, tmp_path: Path
) -> None:
    await state.talk(JAAK).says("i am moving", "address_change")
    accesses = [each for each in await state.data.kept_of(JAAK) if each["service"] == STANDING]
    assert [each["purpose"] for each in accesses][:1] == ["address_change"]
