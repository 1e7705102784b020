"""Which engine answers a conversation, while a new model is tried beside the live one (docs/adr/0032)."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed, DialogueUnreachable, ServiceUnavailable
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Dialogue, DialogueAnswer, Kept, Session
from assistant.core.publishing import ModelFigures, Trial, Trials
from assistant.core.turns import Transcript, Turn, Understanding
from assistant.pipeline.count_outcomes import CountOutcomes
from assistant.pipeline.present import outcome_of

LOOK_SECONDS = 0.5
"""How long a gateway may go by what it knows of the trial."""


class Engine(Dialogue, Protocol):
    """An engine as the gateway needs it."""

    async def kept_of(self, subject: str) -> Kept:
        """What it keeps of a citizen's dialogues."""

    async def forget(self, subject: str) -> int:
        """Forget a citizen's dialogues, once the turns that are under way have ended."""

    async def close(self) -> None:
        """Give the connections back."""


class TrialNow:
    """The trial of now, looked up at most every LOOK_SECONDS, and not while nobody talks; `clock` gives seconds."""

    def __init__(self, trials: Trials, clock: Callable[[], float] = time.monotonic) -> None:
        self._trials, self._clock = trials, clock
        self._known: Trial | None = None
        self._looked = -LOOK_SECONDS
        self._looking = asyncio.Lock()

    async def __call__(self) -> Trial | None:
        """What is on trial; what was, while the database does not answer."""
        async with self._looking:
            begin = self._clock()
            if begin - self._looked >= LOOK_SECONDS:
                with suppress(ServiceUnavailable):
                    self._known = await self._trials.trial()
                self._looked = begin  # when it began: what it found may be as old as that
        return self._known


@dataclass
class _UnderWay:
    """Turns of one dialogue that have not ended, all on one engine: its lock keeps them in order."""

    engine: Engine
    turns: int = 0


class RouteModels:
    """`Dialogue` of two engines: one with the live model, and one that is there while another model is tried.

    An engine that cannot be reached is stood in for by the other one: nothing was sent, so nothing can happen twice.
    """

    def __init__(self, live: Engine, candidate: Engine, trial: TrialNow, figures: ModelFigures) -> None:
        self._live, self._candidate = live, candidate
        self._trial = trial
        self._figures = figures
        self._count = CountOutcomes(figures)
        self._under_way: dict[str, _UnderWay] = {}
        self._models: dict[int, str] = {}

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """Take one turn of the dialogue.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        trial = await self._trial()
        self._count.during(trial)
        with self._turn_of(session.dialogue_id, trial) as engine:
            try:
                return await self._ask(engine, turn, session, turn_context, deadline)
            except DialogueUnreachable:
                if trial is None:
                    raise
                return await self._ask(self._other(engine), turn, session, turn_context, deadline)

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """What a text would mean outside any dialogue.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        return await (await self._main()).parse(said, language, deadline)

    async def kept_of(self, subject: str) -> Kept:
        """What the engines keep of a citizen's dialogues: one store for both.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """
        return await (await self._main()).kept_of(subject)

    async def forget(self, subject: str) -> int:
        """Forget a citizen's dialogues, once the turns that are under way on either engine have ended.

        Raises:
            DialogueFailed: an engine is down, late or broken; they may be there still.
        """
        if await self._trial() is None:
            return await self._live.forget(subject)
        count = 0
        with suppress(DialogueUnreachable):  # it is being started or stopped: nothing is under way on it
            count = await self._candidate.forget(subject)
        try:
            return count + await self._live.forget(subject)
        except DialogueUnreachable:
            return count + await self._candidate.forget(subject)

    async def check(self) -> str:
        """The model that most conversations get.

        Raises:
            DialogueFailed: there is none.
        """
        main = await self._main()
        try:
            return await main.check()
        except DialogueFailed:
            if await self._trial() is None:
                raise
            return await self._other(main).check()

    async def close(self) -> None:
        """Give the connections back."""
        await self._figures.close()
        await self._live.close()
        await self._candidate.close()

    async def rate(self, dialogue_id: str, stars: int) -> None:
        """Count a citizen's grade for the model that answers this dialogue."""
        engine = self._engine_of(dialogue_id, await self._trial())
        if model := self._models.get(id(engine)):
            self._count.rated(model, stars)

    async def _main(self) -> Engine:
        trial = await self._trial()
        return self._candidate if trial and trial.is_for_all else self._live

    def _other(self, engine: Engine) -> Engine:
        return self._live if engine is self._candidate else self._candidate

    def _engine_of(self, dialogue_id: str, trial: Trial | None) -> Engine:
        return self._candidate if trial and trial.has(dialogue_id) else self._live

    @contextmanager
    def _turn_of(self, dialogue_id: str, trial: Trial | None) -> Iterator[Engine]:
        new = _UnderWay(self._engine_of(dialogue_id, trial))
        place = self._under_way.setdefault(dialogue_id, new)
        place.turns += 1
        try:
            yield place.engine
        finally:
            place.turns -= 1
            if not place.turns:
                del self._under_way[dialogue_id]

    async def _ask(
        self, engine: Engine, turn: Turn, session: Session, turn_context: str, deadline: Deadline
    ) -> DialogueAnswer:
        try:
            answer = await engine.respond(turn, session, turn_context, deadline)
        except DialogueUnreachable:
            raise
        except DialogueFailed:
            if model := self._models.get(id(engine)):
                self._count.turn(model, session.dialogue_id, Outcome.FAILED_DIALOGUE)
            raise
        self._models[id(engine)] = answer.model
        intent = answer.understanding.intent
        self._count.turn(answer.model, session.dialogue_id, outcome_of(answer), intent.name if intent else "")
        return answer
