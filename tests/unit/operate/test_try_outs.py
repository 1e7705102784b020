import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.sql_try_outs import SqlTryOuts
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.history import Editor
from assistant.content.model_bank import MODEL, Made, ModelBank
from assistant.core.errors import OperationFailed
from assistant.core.try_outs import Stage, Subject, TryOut
from assistant.database import SqlDatabase
from assistant.operate import try_outs as try_outs_module
from assistant.operate.processes import tryout_processes
from assistant.operate.supervision import ProcessState
from assistant.operate.try_outs import TryOutKeeper
from assistant.settings import Settings
from assistant.tryout_settings import settings_of_try_outs

pytestmark = pytest.mark.unit

GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.ee")


class FakeSupervision:
    """Processes that run as soon as they are started."""

    def __init__(self, settings: Settings) -> None:
        self.processes = tryout_processes(settings)
        self.running: list[str] = []

    async def start_process(self, name: str) -> None:
        self.running.append(name)

    async def stop_process(self, name: str) -> None:
        self.running.remove(name)

    async def state(self, name: str) -> ProcessState:
        is_running = name in self.running
        return ProcessState(name, "RUNNING" if is_running else "STOPPED", 42 if is_running else 0, 1)


class World:
    def __init__(self, folder: Path, database: SqlDatabase) -> None:
        content = folder / "content"
        (content / "common").mkdir(parents=True)
        for file in ("nlu.en.yml", "tests.yml"):
            (content / "common" / file).write_text("a: 1\n", encoding="utf-8")
        for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "As it was")):
            subprocess.run([*GIT, *words], cwd=content, check=True)
        self.settings = Settings(
            state=folder / "state", content=content, models=folder / "models", console_editors="e", tryout_minutes=15
        )
        self.own = settings_of_try_outs(self.settings)
        bank = ModelBank(self.settings.models)
        archive = folder / "trained.tar.gz"
        archive.write_bytes(b"a model")
        self.version = bank.add(archive, Made("0" * 64)).version
        self.drafts = Drafts(content, self.settings.state)
        self.draft = self.drafts.open("dogs")
        self.supervision, self.store = FakeSupervision(self.settings), SqlTryOuts(database)
        self.keeper = TryOutKeeper(self.settings, self.supervision, bank, self.store, lambda: self.drafts)  # type: ignore[arg-type]

    async def want(self, **changes: str) -> TryOut:
        subject = {"draft": "dogs", "head": self.draft.head(), "version": self.version, "by": "Mari", **changes}
        await self.store.want(Subject(**subject))
        await self.keeper.step()
        return await self.store.now()


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async def ready(*_: object) -> None:
        pass

    monkeypatch.setattr(try_outs_module, "wait_until_ready", ready)
    monkeypatch.setattr(try_outs_module, "check_startable", lambda _: None)
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    world = World(tmp_path, database)
    await world.store.open()
    yield world
    await database.close()


async def test_try_out_when_wanted_then_runs_with_the_drafts_content_and_model_and_nothing_done_before(world) -> None:
    (world.own.state / "record.db").touch()
    now = await world.want()
    assert (now.stage, now.detail) == (Stage.READY, "")
    assert world.supervision.running == ["tryout_sandbox", "tryout_actions", "tryout_engine"]
    assert [path.name for path in (world.own.content / "common").iterdir()] == ["nlu.en.yml"]
    assert (world.own.models / MODEL).read_bytes() == b"a model"
    assert not (world.own.state / "record.db").exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"head": "b" * 40}, "has changed meanwhile"),
        ({"version": "gone"}, "no model gone"),
        ({"draft": "cats"}, "no draft cats"),
    ],
)
async def test_try_out_when_what_is_wanted_is_not_there_then_says_so_and_nothing_runs(world, changes, why) -> None:
    now = await world.want(**changes)
    assert (now.stage, world.supervision.running) == (Stage.FAILED, [])
    assert why in now.detail


async def test_try_out_when_a_process_dies_then_says_so_and_nothing_is_left(world, monkeypatch) -> None:
    async def die(*_: object) -> None:
        raise OperationFailed("tryout_actions died while it started")

    monkeypatch.setattr(try_outs_module, "wait_until_ready", die)
    now = await world.want()
    assert (now.stage, now.detail, world.supervision.running) == (
        *(Stage.FAILED, "tryout_actions died while it started"),
        [],
    )


async def test_try_out_when_left_or_idle_or_of_a_publisher_that_was_killed_then_ends(world, monkeypatch) -> None:
    for end in ("left", "idle", "killed"):
        now = await world.want()
        if end == "left":
            await world.store.leave(now.number)
        if end == "idle":
            monkeypatch.setattr(try_outs_module.time, "time", lambda: now.used_epoch_seconds + 901)  # noqa: B023
        await (world.keeper.resume() if end == "killed" else world.keeper.step())
        assert ((await world.store.now()).stage, world.supervision.running) == (Stage.ENDED, []), end
        monkeypatch.setattr(try_outs_module.time, "time", time.time)


async def test_try_out_when_the_draft_is_gone_meanwhile_then_goes_on_with_what_it_has(world) -> None:
    await world.want()
    world.draft.edit(lambda files: files.change("common/new.yml", "b: 2\n"), Editor("Mari", "m@example.ee"), "more")
    shutil.rmtree(world.draft.folder)
    await world.keeper.step()
    assert (await world.store.now()).stage is Stage.READY
