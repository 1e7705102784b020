"""The publisher: a process that brings models to citizens, as people wish, and takes them back (docs/adr/0032).

A wish is a row in the gateway's database; so is what is on trial. Whoever stops this process in the middle loses
nothing: it looks at both when it starts again.
"""

import asyncio
import logging
import shutil
import time
from dataclasses import dataclass, field

from assistant.adapters.json_logs import configure_logs
from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.sql_publishing import SqlPublishing
from assistant.content.model_bank import Model, ModelBank
from assistant.core.errors import DialogueFailed, KrattError, OperationFailed
from assistant.core.publishing import Act, Publication, State, Trial, Wish
from assistant.core.state_folder import make_private_folder
from assistant.database import SqlDatabase
from assistant.operate.processes import READY_SECONDS, candidate_model, kratt_processes
from assistant.operate.readiness import check_port, failure_of
from assistant.operate.stepping import step_forever
from assistant.operate.supervision import Supervision
from assistant.operate.try_outs import keeper_of_try_outs
from assistant.settings import Settings, read_settings
from assistant.tryout_settings import has_try_outs

STEP_SECONDS = 0.5
POLL_SECONDS = 0.2
KNOWN_SECONDS = 1.0
"""After which every gateway goes by a change: twice what route_models.py may go by old news."""
RETRY_SECONDS = 60.0

_log = logging.getLogger("kratt.publisher")


@dataclass
class Publisher:
    """Sees to wishes one after the other; `live` and `candidate` are clients of the two engines."""

    settings: Settings
    supervision: Supervision
    bank: ModelBank
    store: SqlPublishing
    live: RasaDialogue
    candidate: RasaDialogue
    _settle_not_before: float = field(default=0.0, init=False)

    async def run(self) -> None:
        """Work until the process ends."""
        await self.store.open()
        await self.resume()
        await step_forever(self.step, STEP_SECONDS, _log)

    async def resume(self) -> None:
        """Find out how things are: the process, or all of Kratt, was started anew."""
        for publication in await self.store.under_way():
            await self.store.tell(publication.number, State.FAILED, "the publisher was started anew meanwhile")
        trial, is_running = await self.store.trial(), bool((await self.supervision.state("candidate")).pid)
        if trial is None and is_running:
            await self.supervision.stop_process("candidate")
        if trial is not None and not is_running:
            await self._resume_trial(trial)

    async def step(self) -> None:
        """See to the next wish, or to a model that has been answering for so long that its predecessor can go."""
        if (publication := await self.store.take_due()) is not None:
            await self._fulfil(publication)
            return
        trial, now = await self.store.trial(), time.time()
        if trial is None or not trial.is_for_all or now < self._settle_not_before:
            return
        if now - trial.since_epoch_seconds >= self.settings.standby_minutes * 60:
            self._settle_not_before = now + RETRY_SECONDS
            await self._settle()

    async def _fulfil(self, publication: Publication) -> None:
        wish, facts = publication.wish, {"number": publication.number, **_facts(publication.wish)}
        _log.info("begun", extra={"facts": facts})
        act = self._publish if wish.act is Act.PUBLISH else self._roll_back
        try:
            detail = await act(publication)
        except KrattError as error:
            _log.error("failed", extra={"facts": {**facts, "detail": error.detail}})
            await self.store.tell(publication.number, State.FAILED, error.detail)
            return
        _log.info("done", extra={"facts": {**facts, "detail": detail}})
        await self.store.tell(publication.number, State.DONE, detail)

    async def _publish(self, publication: Publication) -> str:
        wish = publication.wish
        model, live, trial = self.bank.model(wish.version), self.bank.live, await self.store.trial()
        if live is not None and model.version == live.version:
            raise OperationFailed(f"{model.version} is live already")
        if trial is None or trial.version != model.version:
            if trial is not None:
                await self._end(trial)
            await self._start_candidate(model)
        trial = await self.store.set_trial(model.version, wish.share)
        if not trial.is_for_all:
            return f"{model.version} answers {wish.share} % of the conversations"
        self.bank.make_live(model.version)
        await asyncio.sleep(KNOWN_SECONDS)
        return f"{model.version} is live"

    async def _roll_back(self, _: Publication) -> str:
        trial = await self.store.trial()
        if trial is not None and not trial.is_for_all:
            await self._retire_candidate()
            return f"{trial.version} answers nobody any longer"
        if trial is None:
            if (model := self.bank.previous) is None:
                self.bank.step_back()  # says what is wrong
                raise OperationFailed
            await self._start_candidate(model)
            await self.store.set_trial(model.version, 100)
            self.bank.step_back()
        else:
            model = self.bank.step_back()
            await self._let_live_engine_have(model)
            await self._retire_candidate()
        await asyncio.sleep(KNOWN_SECONDS)
        return f"{model.version} is live again"

    async def _end(self, trial: Trial) -> None:
        if trial.is_for_all:
            await self._settle()
        else:
            await self._retire_candidate()

    async def _settle(self) -> None:
        """Let the live engine have the live model, and stop the other engine: all is as after a start."""
        if (model := self.bank.live) is None:
            raise OperationFailed("the live model is damaged: run `kratt train`")
        await self._let_live_engine_have(model)
        await self._retire_candidate()

    async def _let_live_engine_have(self, model: Model) -> None:
        if await _served_by(self.live) != model.model_id:
            await self.supervision.stop_process("engine")
            await self._start("engine", self.live, model.model_id)

    async def _start_candidate(self, model: Model) -> None:
        file = candidate_model(self.settings)
        make_private_folder(file.parent)
        await asyncio.to_thread(shutil.copyfile, self.bank.archive(model.version), file)
        check_port(next(each for each in self.supervision.processes if each.name == "candidate"))
        try:
            await self._start("candidate", self.candidate, model.model_id)
        except OperationFailed:
            await self.supervision.stop_process("candidate")
            raise

    async def _start(self, name: str, client: RasaDialogue, model_id: str) -> None:
        await self.supervision.start_process(name)
        deadline, first_pid = time.monotonic() + READY_SECONDS, 0
        while await _served_by(client) != model_id:
            state = await self.supervision.state(name)
            first_pid = first_pid or state.pid
            if state.has_failed or state.pid != first_pid:
                raise failure_of(self.supervision, name, "died while it started")
            if time.monotonic() > deadline:
                raise failure_of(self.supervision, name, f"does not serve {model_id} after {READY_SECONDS:.0f} s")
            await asyncio.sleep(POLL_SECONDS)

    async def _retire_candidate(self) -> None:
        """Give the second engine no more turns, let those end that it has, and stop it."""
        await self.store.end_trial()
        await asyncio.sleep(KNOWN_SECONDS)
        for _ in range(int(self.settings.turn_seconds / POLL_SECONDS)):
            if not await _turns_of(self.candidate):
                break
            await asyncio.sleep(POLL_SECONDS)
        await self.supervision.stop_process("candidate")

    async def _resume_trial(self, trial: Trial) -> None:
        """All of Kratt was started anew: the live engine has the live model; who was on trial goes on being so."""
        try:
            if trial.is_for_all:
                await self._settle()
            else:
                await self._start("candidate", self.candidate, self.bank.model(trial.version).model_id)
        except KrattError as error:
            _log.error("the trial ends", extra={"facts": {"version": trial.version, "detail": error.detail}})
            await self._retire_candidate()


async def _served_by(engine: RasaDialogue) -> str:
    try:
        return await engine.check()
    except DialogueFailed:
        return ""


async def _turns_of(engine: RasaDialogue) -> int:
    try:
        return await engine.turns_under_way()
    except DialogueFailed:
        return 0


def _facts(wish: Wish) -> dict[str, object]:
    return {"act": wish.act.value, "version": wish.version, "share": wish.share, "by": wish.by}


async def publish_for_ever(settings: Settings) -> None:
    """What the process does."""
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    token = settings.secret("engine_token")
    live, candidate = (RasaDialogue(settings.process_url(name), token) for name in ("engine", "candidate"))
    supervision = Supervision(settings.state, kratt_processes(settings))
    bank = ModelBank(settings.models, settings.models_kept)
    try:
        async with asyncio.TaskGroup() as work:
            work.create_task(Publisher(settings, supervision, bank, SqlPublishing(database), live, candidate).run())
            if has_try_outs(settings):
                work.create_task(keeper_of_try_outs(settings, bank, database).run())
    finally:
        await live.close()
        await candidate.close()
        await database.close()


if __name__ == "__main__":
    configure_logs()
    asyncio.run(publish_for_ever(read_settings()))
