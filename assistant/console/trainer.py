"""Trains drafts in the background, one after the other, and remembers how far each is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.console import OUR_FAULT
from assistant.content.comparison import Comparison
from assistant.core.errors import KrattError
from assistant.core.progress import Progress, Report
from assistant.core.redaction import places_of
from assistant.core.try_outs import Subject

_log = logging.getLogger("kratt.console")


@dataclass(frozen=True)
class Wanted:
    """A draft to be trained: its content folder, who wants it and why, and who wrote it.

    `is_thorough`: more is found out than what can be done beside the training.
    """

    content: Path
    by: str
    note: str
    authors: tuple[str, ...]
    is_thorough: bool = False


TrainAndCompare = Callable[[Wanted, Report], Comparison]
Play = Callable[[Subject, Comparison, Report], Awaitable[Comparison]]


@dataclass
class Job:
    """One training of the commit `head`: how far it is, and what came of it."""

    head: str
    progress: Progress | None = None
    comparison: Comparison | None = None
    failure: str = ""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.comparison is not None or bool(self.failure)


@dataclass
class Trainer:
    """The latest training of each draft; what it makes is in the model bank, whatever becomes of this process."""

    train_and_compare: TrainAndCompare
    play: Play | None = None
    """Plays test conversations afterwards; None where there is no sandbox to play them with."""
    _jobs: dict[str, Job] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def of(self, draft: str) -> Job | None:
        """The latest training of a draft."""
        return self._jobs.get(draft)

    def start(self, draft: str, head: str, wanted: Wanted) -> None:
        """Train a draft, unless that is under way."""
        job = self._jobs.get(draft)
        if job and not job.is_over:
            return
        self._jobs[draft] = job = Job(head)
        task = asyncio.get_running_loop().create_task(self._run(draft, job, wanted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, draft: str, job: Job, wanted: Wanted) -> None:
        def report(progress: Progress) -> None:
            job.progress = progress

        async with self._one_at_a_time:
            try:
                found = await asyncio.to_thread(self.train_and_compare, wanted, report)
                subject = Subject(draft, job.head, found.version, wanted.by)
                job.comparison = await self.play(subject, found, report) if self.play else found
            except KrattError as error:
                job.failure = error.detail
            except Exception as error:  # noqa: BLE001  # the editor must learn that nothing more will come
                _log.error("training failed", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
                job.failure = OUR_FAULT
