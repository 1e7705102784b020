"""The desk's store where several gateways share a real PostgreSQL: nothing is taken, said or opened twice."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from assistant.adapters.sql_desk import SqlDesk
from assistant.core.desk import Called, Case, CaseState, Reason
from assistant.core.errors import AlreadyTaken
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.database import SqlDatabase

pytestmark = pytest.mark.integration

MARY = Session("conversation", "dialogue", "EE60001019906", "MARY")
ASKED = Called(Reason.ASKED, with_transcript=False)


@pytest.fixture(scope="module")
def server(find_free_ports: Callable[[int], list[int]]) -> Iterator[str]:
    """The address of a PostgreSQL of its own, which refuses to run as root."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "`apt-get install postgresql` brings what this test needs"
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *words: str) -> None:
        command = [str(programs[-1] / program), "-D", str(folder / "data"), *words]
        subprocess.run(command, cwd=folder, check=True, timeout=60, stdout=subprocess.DEVNULL, **user)

    port = find_free_ports(1)[0]
    run("initdb", "-A", "trust", "-U", "kratt", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgresql+asyncpg://kratt@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
async def gateways(server: str) -> AsyncIterator[list[SqlDesk]]:
    """Three gateways with connections of their own; the cases of the test before are gone."""
    databases = [SqlDatabase(server, "KRATT_DATABASE") for _ in range(3)]
    desks = [SqlDesk(database, "the operator's secret") for database in databases]
    for desk in desks:
        await desk.open()
    await desks[0].forget(MARY.subject or "")
    yield desks
    for database in databases:
        await database.close()


async def call(desk: SqlDesk) -> Case:
    return await desk.call(MARY, ASKED, Language.EN, ())


async def test_case_when_a_citizen_calls_at_many_gateways_at_once_then_it_is_one(gateways: list[SqlDesk]) -> None:
    cases = await asyncio.gather(*(call(desk) for desk in gateways for _ in range(4)))
    assert len({case.case_id for case in cases}) == 1
    assert len(await gateways[0].queue("Tiiu")) == 1


async def test_claim_when_many_agents_take_a_case_at_once_then_one_has_it_and_the_others_are_told(
    gateways: list[SqlDesk],
) -> None:
    case = await call(gateways[0])
    agents = [f"agent-{number}" for number in range(12)]
    claims = [gateways[at % 3].claim(case.case_id, agent) for at, agent in enumerate(agents)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    won = [agent for agent, outcome in zip(agents, outcomes, strict=True) if isinstance(outcome, Case)]
    assert len(won) == 1
    assert sum(isinstance(outcome, AlreadyTaken) for outcome in outcomes) == 11
    taken = await gateways[1].latest_case(MARY)
    assert taken is not None
    assert (taken.state, taken.agent) == (CaseState.CLAIMED, won[0])


async def test_words_when_both_sides_speak_at_once_then_none_is_lost_or_doubled_and_numbers_have_no_gaps(
    gateways: list[SqlDesk],
) -> None:
    case = await call(gateways[0])
    await gateways[0].claim(case.case_id, "Tiiu")
    citizens = [gateways[at % 3].say(MARY, case.case_id, f"citizen {at}") for at in range(9)]
    # Each answer is sent twice, as after a lost connection.
    agents = [
        gateways[at % 3].answer(case.case_id, "Tiiu", f"agent {at // 2}", f"key-{at // 2:04}") for at in range(18)
    ]
    await asyncio.gather(*citizens, *agents)
    words = await gateways[2].words_of_agent(case.case_id, "Tiiu", 0)
    assert [each.number for each in words] == list(range(1, 19))
    said = sorted(each.text for each in words)
    assert said == sorted([f"agent {at}" for at in range(9)] + [f"citizen {at}" for at in range(9)])
