"""Starts and stops the second Kratt that editors try drafts on (docs/adr/0040)."""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.adapters.sql_try_outs import SqlTryOuts
from assistant.content.editing.drafts import Drafts
from assistant.content.model_bank import MODEL, ModelBank
from assistant.core.errors import KrattError, OperationFailed
from assistant.core.state_folder import make_private_folder, naming_the_state_folder
from assistant.core.try_outs import Stage, Subject, TryOut
from assistant.database import SqlDatabase
from assistant.operate.processes import tryout_processes
from assistant.operate.readiness import check_startable, wait_until_ready
from assistant.operate.stepping import step_forever
from assistant.operate.supervision import Supervision
from assistant.settings import Settings
from assistant.tryout_settings import settings_of_try_outs

STEP_SECONDS = 0.3
NOT_NEEDED = (".git", "tests.yml", "held_out", "heard")
"""Of a draft's folder: the first is no content, and the others are read by training and tests alone."""

_log = logging.getLogger("kratt.publisher")


@dataclass
class TryOutKeeper:
    """Sees to the one try-out that there may be; whoever wants another one ends it."""

    settings: Settings
    supervision: Supervision
    bank: ModelBank
    store: SqlTryOuts
    drafts: Callable[[], Drafts]

    async def run(self) -> None:
        """Work until the process ends."""
        await self.store.open()
        await self.resume()
        await step_forever(self.step, STEP_SECONDS, _log)

    async def resume(self) -> None:
        """End what was left running by one that was killed: nobody knows in which state."""
        if (left := await self.store.now()) and left.stage in {Stage.STARTING, Stage.READY, Stage.LEAVING}:
            await self._stop()
            await self.store.tell(left.number, Stage.ENDED, "Kratt was started anew.")

    async def step(self) -> None:
        """Start what is wanted, end what nobody wants any longer."""
        if (now := await self.store.now()) is None:
            return
        if now.stage is Stage.WANTED:
            await self._start(now)
        elif now.stage is Stage.LEAVING:
            await self._end(now, "")
        elif now.is_ready and time.time() - now.used_epoch_seconds > self.settings.tryout_minutes * 60:
            await self._end(now, f"Nobody talked to it for {self.settings.tryout_minutes:g} minutes.")

    async def _start(self, wanted: TryOut) -> None:
        await self.store.tell(wanted.number, Stage.STARTING)
        try:
            await self._stop()
            with naming_the_state_folder():
                await asyncio.to_thread(self._lay_out, wanted.subject)
            check_startable(self.supervision.processes)
            for process in self.supervision.processes:
                await self.supervision.start_process(process.name)
            await wait_until_ready(self.supervision, _log.debug)
        except KrattError as error:
            await self._stop()
            await self.store.tell(wanted.number, Stage.FAILED, error.detail)
        else:
            await self.store.tell(wanted.number, Stage.READY)

    async def _end(self, now: TryOut, why: str) -> None:
        await self._stop()
        await self.store.tell(now.number, Stage.ENDED, why)

    async def _stop(self) -> None:
        for process in reversed(self.supervision.processes):
            if (await self.supervision.state(process.name)).state != "STOPPED":
                await self.supervision.stop_process(process.name)

    def _lay_out(self, subject: Subject) -> None:
        """Give the second Kratt the draft's content and model, and registers and records in which nothing was done yet.

        Raises:
            OperationFailed: the draft is another by now.
        """
        own, model = settings_of_try_outs(self.settings), self.bank.model(subject.version)
        make_private_folder(own.state)
        for file in own.state.glob("*.db*"):
            file.unlink()
        shutil.rmtree(own.content, ignore_errors=True)
        with self._folder_of(subject) as folder:
            shutil.copytree(folder, own.content, ignore=shutil.ignore_patterns(*NOT_NEEDED))
        make_private_folder((own.models / MODEL).parent)
        shutil.copyfile(self.bank.archive(model.version), own.models / MODEL)

    @contextmanager
    def _folder_of(self, subject: Subject) -> Iterator[Path]:
        if not subject.draft:
            yield self.settings.content
            return
        draft = self.drafts().get(subject.draft)
        with draft.locked():
            if draft.head() != subject.head:
                raise OperationFailed(f"the draft {draft.name} has changed meanwhile: train it again")
            yield draft.folder


def keeper_of_try_outs(settings: Settings, bank: ModelBank, database: SqlDatabase) -> TryOutKeeper:
    """The keeper of these settings; once started, its processes are waited for as the first Kratt's are."""
    processes = [replace(each, is_on_demand=False) for each in tryout_processes(settings)]
    supervision = Supervision(settings.state, processes)
    return TryOutKeeper(
        settings, supervision, bank, SqlTryOuts(database), lambda: Drafts(settings.content, settings.state)
    )
