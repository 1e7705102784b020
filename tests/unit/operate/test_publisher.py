import io
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.sql_publishing import SqlPublishing
from assistant.content.model_bank import MODEL, Made, ModelBank, model_id_of
from assistant.core.errors import DialogueFailed
from assistant.core.publishing import Act, Publication, State, Wish
from assistant.database import SqlDatabase
from assistant.operate import publisher as publisher_module
from assistant.operate.processes import candidate_model, kratt_processes
from assistant.operate.publisher import Publisher
from assistant.operate.supervision import ProcessState
from assistant.settings import Settings

pytestmark = pytest.mark.unit


class FakeSupervision:
    """Engines that load the model that lies where theirs has to, at once, or die of one that is `broken`."""

    def __init__(self, settings: Settings) -> None:
        self.processes = kratt_processes(settings)
        self.files = {"engine": settings.models / MODEL, "candidate": candidate_model(settings)}
        self.loaded: dict[str, str] = {}
        self.acts: list[str] = []
        self.logs = settings.state

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    async def start_process(self, name: str) -> None:
        self.acts.append(f"start {name}")
        self.loaded[name] = model_id_of(self.files[name])

    async def stop_process(self, name: str) -> None:
        self.acts.append(f"stop {name}")
        self.loaded.pop(name, None)

    async def state(self, name: str) -> ProcessState:
        if self.loaded.get(name) == "broken":
            return ProcessState(name, "BACKOFF", 0, 0)
        return ProcessState(name, "RUNNING", 42, 1) if name in self.loaded else ProcessState(name, "STOPPED", 0, 0)


class FakeClient:
    def __init__(self, supervision: FakeSupervision, name: str) -> None:
        self.supervision, self.name = supervision, name

    async def check(self) -> str:
        if (loaded := self.supervision.loaded.get(self.name, "broken")) == "broken":
            raise DialogueFailed
        return loaded

    async def turns_under_way(self) -> int:
        return 0


class World:
    def __init__(self, folder: Path, database: SqlDatabase) -> None:
        self.folder, self.database = folder, database
        self.settings = Settings(state=folder / "state", models=folder / "models", standby_minutes=15)
        self.supervision = FakeSupervision(self.settings)
        self.bank = ModelBank(self.settings.models)
        self.seconds = 1000.0
        self.store = SqlPublishing(database, lambda: self.seconds)
        self.publisher = self.started_publisher()

    def started_publisher(self) -> Publisher:
        clients = (FakeClient(self.supervision, name) for name in ("engine", "candidate"))
        return Publisher(self.settings, self.supervision, self.bank, self.store, *clients)  # type: ignore[arg-type]

    def trained(self, model_id: str) -> str:
        """A model in the bank; its version."""
        archive, metadata = self.folder / "trained", f'{{"model_id": "{model_id}"}}'.encode()
        with tarfile.open(archive, "w:gz") as model:
            entry = tarfile.TarInfo("metadata.json")
            entry.size = len(metadata)
            model.addfile(entry, io.BytesIO(metadata))
        return self.bank.add(archive, Made(model_id.encode().hex().ljust(64, "0"))).version

    async def see_to(self, wish: Wish) -> Publication:
        number = (await self.store.ask(wish)).number
        await self.publisher.step()
        return await self.store.publication(number)

    async def publish(self, version: str, share: int = 100) -> Publication:
        return await self.see_to(Wish(Act.PUBLISH, "Mari", version=version, share=share))

    async def roll_back(self) -> Publication:
        return await self.see_to(Wish(Act.ROLL_BACK, "Mari"))

    async def shares(self) -> tuple[str, str, int]:
        """What the two engines have, and the share of the second one."""
        trial = await self.store.trial()
        loaded = self.supervision.loaded
        return loaded.get("engine", ""), loaded.get("candidate", ""), trial.share if trial else 0


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(publisher_module, "KNOWN_SECONDS", 0.0)
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'gateway.db'}", "KRATT_DATABASE")
    world = World(tmp_path, database)
    monkeypatch.setattr(publisher_module.time, "time", lambda: world.seconds)
    await world.store.open()
    world.bank.make_live(world.trained("one"))
    await world.supervision.start_process("engine")
    yield world
    await database.close()


def live(world: World) -> str:
    return world.bank.live.model_id


async def test_canary_when_it_goes_on_to_all_then_the_old_engine_stands_by_and_is_renewed_later(world):
    two = world.trained("two")
    done = await world.publish(two, 10)
    assert (done.state, await world.shares(), live(world)) == (State.DONE, ("one", "two", 10), "one")
    world.seconds += 3600
    await world.publisher.step()
    assert await world.shares() == ("one", "two", 10)  # a trial of some lasts until somebody decides
    assert (await world.publish(two)).state is State.DONE
    assert (await world.shares(), live(world)) == (("one", "two", 100), "two")
    assert world.supervision.acts.count("start candidate") == 1
    await world.publisher.step()
    assert await world.shares() == ("one", "two", 100)
    world.seconds += 15 * 60
    await world.publisher.step()
    assert (await world.shares(), live(world)) == (("two", "", 0), "two")


async def test_roll_back_when_the_old_engine_stands_by_then_nothing_is_started(world):
    await world.publish(world.trained("two"))
    world.supervision.acts.clear()
    done = await world.roll_back()
    assert (done.state, await world.shares(), live(world)) == (State.DONE, ("one", "", 0), "one")
    assert world.supervision.acts == ["stop candidate"]


async def test_roll_back_when_the_old_engine_has_gone_then_its_model_is_started_beside(world):
    await world.publish(world.trained("two"))
    world.seconds += 15 * 60
    await world.publisher.step()
    done = await world.roll_back()
    assert (done.state, await world.shares(), live(world)) == (State.DONE, ("two", "one", 100), "one")


async def test_roll_back_when_the_engine_that_stood_by_had_to_start_again_then_it_gets_the_right_model_first(world):
    await world.publish(world.trained("two"))
    await world.supervision.start_process("engine")  # it died, and came back with what is live
    assert await world.shares() == ("two", "two", 100)
    assert (await world.roll_back()).state is State.DONE
    assert (await world.shares(), live(world)) == (("one", "", 0), "one")


async def test_roll_back_when_a_trial_of_some_runs_then_it_ends_and_the_live_model_stays(world):
    await world.publish(world.trained("two"), 10)
    done = await world.roll_back()
    assert (done.state, await world.shares(), live(world)) == (State.DONE, ("one", "", 0), "one")


async def test_roll_back_when_there_is_nothing_earlier_then_it_says_so(world):
    failed = await world.roll_back()
    assert (failed.state, await world.shares()) == (State.FAILED, ("one", "", 0))
    assert "no earlier model" in failed.detail


async def test_publish_when_another_is_on_trial_then_it_takes_its_place(world):
    two, three = world.trained("two"), world.trained("three")
    await world.publish(two, 10)
    await world.publish(three, 20)
    assert (await world.shares(), live(world)) == (("one", "three", 20), "one")
    await world.publish(three)
    await world.publish(two)
    assert (await world.shares(), live(world)) == (("three", "two", 100), "two")
    await world.roll_back()
    assert live(world) == "three"


async def test_publish_when_the_model_is_broken_then_citizens_notice_nothing(world):
    failed = await world.publish(world.trained("broken"))
    assert (failed.state, await world.shares(), live(world)) == (State.FAILED, ("one", "", 0), "one")
    assert "candidate died while it started" in failed.detail


@pytest.mark.parametrize(("version", "says"), [("nothing", "kratt model list"), ("live", "is live already")])
async def test_publish_when_it_makes_no_sense_then_nothing_happens(world, version, says):
    failed = await world.publish(world.bank.live.version if version == "live" else version)
    assert (failed.state, await world.shares()) == (State.FAILED, ("one", "", 0))
    assert says in failed.detail


async def test_publish_when_it_is_for_later_then_it_waits(world):
    wish = Wish(Act.PUBLISH, "Mari", version=world.trained("two"), due_epoch_seconds=world.seconds + 60)
    assert (await world.see_to(wish)).state is State.WAITING
    world.seconds += 60
    await world.publisher.step()
    assert (await world.shares(), live(world)) == (("one", "two", 100), "two")


async def test_resume_when_all_was_started_anew_then_the_live_model_answers_alone(world):
    await world.publish(world.trained("two"))
    await restart(world)
    assert (await world.shares(), live(world)) == (("two", "", 0), "two")


async def test_resume_when_all_was_started_anew_in_a_trial_then_it_goes_on(world):
    await world.publish(world.trained("two"), 10)
    await restart(world)
    assert await world.shares() == ("one", "two", 10)


async def test_resume_when_the_model_on_trial_does_not_start_any_more_then_the_trial_ends(world):
    await world.publish(world.trained("two"), 10)
    candidate_model(world.settings).write_bytes(b"")
    world.supervision.files["candidate"] = world.bank.archive(world.trained("broken"))
    await restart(world)
    assert await world.shares() == ("one", "", 0)


async def test_resume_when_the_publisher_alone_was_started_anew_then_nothing_is_left_half_done(world):
    await world.store.ask(Wish(Act.PUBLISH, "Mari", version=world.trained("two")))
    begun = await world.store.take_due()
    await world.supervision.start_process("candidate")
    await world.started_publisher().resume()
    assert await world.shares() == ("one", "", 0)
    assert (await world.store.publication(begun.number)).state is State.FAILED


async def restart(world: World) -> None:
    world.supervision.loaded.clear()
    await world.supervision.start_process("engine")
    await world.started_publisher().resume()
