"""The model bank: what answers citizens, what did, and what is tried."""

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from assistant.console.access import Publisher, Reader
from assistant.console.forms import Sent
from assistant.console.pages import page, seen
from assistant.console.parts import Parts
from assistant.content.model_bank import Model
from assistant.core.errors import OperationFailed
from assistant.core.model_trial import Measured, compared
from assistant.core.publishing import ALL_CONVERSATIONS, Act, Figures, State, Trial, Wish

AGAIN_SECONDS = 2
MOST_PUBLICATIONS = 30

router = APIRouter(prefix="/models")


@router.get("")
async def show(me: Reader, parts: Parts) -> Response:
    """All models with their figures, and everything that was published."""
    bank = parts.bank
    models, live, previous = await asyncio.to_thread(lambda: (bank.models(), bank.live, bank.previous))
    publications = await parts.publications.publications(MOST_PUBLICATIONS)
    trial = await parts.publications.trial()
    return page(
        "models.html",
        title="Models",
        me=me,
        models=models,
        live=live,
        previous=previous,
        trial=trial,
        figures=await parts.publications.figures(),
        since=_moment(trial.since_epoch_seconds) if trial else None,
        measured=await _measured(parts, models, live, trial),
        publications=[(each, _moment(each.asked_epoch_seconds)) for each in publications],
        scheduled=[
            (each, _moment(each.wish.due_epoch_seconds))
            for each in publications
            if each.state is State.WAITING and each.wish.due_epoch_seconds
        ],
        waits=any(not each.state.is_end and not each.wish.due_epoch_seconds for each in publications),
        again_seconds=AGAIN_SECONDS,
    )


@router.post("/publish")
async def publish(me: Publisher, parts: Parts, form: Sent) -> Response:
    """Let a model of the bank answer all citizens, or a share of the conversations."""
    share = form.number("share", ALL_CONVERSATIONS)
    await parts.ask_to_publish(Wish(Act.PUBLISH, me.name, form.note, form["version"], share, form.moment("due")))
    return seen("/models")


@router.post("/cancel")
async def cancel(me: Publisher, parts: Parts, form: Sent) -> Response:
    """Let a publication go that still waits for its time."""
    if not await parts.publications.cancel(form.number("number", 0), f"by {me.name}"):
        raise OperationFailed("it does not wait any longer: see what came of it")
    return seen("/models")


@router.post("/rollback")
async def roll_back(me: Publisher, parts: Parts, form: Sent) -> Response:
    """End a trial, or let the model before answer again."""
    await parts.ask_to_publish(Wish(Act.ROLL_BACK, me.name, form.note))
    return seen("/models")


async def _measured(
    parts: Parts, models: tuple[Model, ...], live: Model | None, trial: Trial | None
) -> tuple[Measured, ...]:
    """What came of both models since one is tried on a share of the conversations."""
    if trial is None or trial.is_for_all:
        return ()
    tried = next((model for model in models if model.version == trial.version), None)
    if live is None or tried is None:
        return ()
    counted = await parts.publications.trial_figures()
    return compared(*(counted.get(model.model_id, Figures({})) for model in (live, tried)))


def _moment(epoch_seconds: float) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC).astimezone()
