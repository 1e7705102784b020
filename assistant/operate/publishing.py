"""Publishing and rolling back from a terminal."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from assistant.adapters.sql_publishing import SqlPublishing
from assistant.content.editing.drafts import Drafts
from assistant.content.model_bank import Model, ModelBank
from assistant.content.publish import AskToPublish
from assistant.core.errors import OperationFailed
from assistant.core.outcomes import Outcome
from assistant.core.publishing import FALLBACK, Act, Figures, Publication, State, Trial, Wish
from assistant.database import SqlDatabase
from assistant.operate.processes import kratt_processes
from assistant.operate.supervision import Supervision
from assistant.settings import Settings

POLL_SECONDS = 0.2

Say = Callable[[str], None]


@asynccontextmanager
async def publishing_of(settings: Settings) -> AsyncIterator[SqlPublishing]:
    """The store of what is published, closed at the end."""
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    try:
        store = SqlPublishing(database)
        await store.open()
        yield store
    finally:
        await database.close()


async def wish_and_wait(settings: Settings, wish: Wish, say: Say) -> None:
    """Have a wish seen to, and tell what comes of it; one that is due later is only kept.

    While Kratt does not run, the next start has the model.

    Raises:
        OperationFailed: it may not be done, or it failed; says why.
        ServiceUnavailable: the database fails.
    """
    bank = ModelBank(settings.models, settings.models_kept)
    async with publishing_of(settings) as store:
        reviews = Drafts(settings.content, settings.state).reviews if settings.review else None
        ask = AskToPublish(bank, store, settings.four_eyes, settings.gate, reviews)
        if not await Supervision(settings.state, kratt_processes(settings)).is_running():
            ask.check(wish)
            await _see_to_it_at_rest(bank, store, wish, say)
            return
        publication = await ask(wish)
        if wish.due_epoch_seconds > time.time():
            say(f"number {publication.number} waits until {when(wish.due_epoch_seconds)}")
            return
        say(f"number {publication.number} is under way")
        while not publication.state.is_end:
            await asyncio.sleep(POLL_SECONDS)
            publication = await store.publication(publication.number) or publication
        if publication.state is not State.DONE:
            raise OperationFailed(publication.detail)
        say(publication.detail)


async def _see_to_it_at_rest(bank: ModelBank, store: SqlPublishing, wish: Wish, say: Say) -> None:
    if wish.due_epoch_seconds or not wish.is_for_all:
        raise OperationFailed("Kratt does not run: `kratt up` starts it")
    if wish.act is Act.ROLL_BACK:
        version = bank.step_back().version
    else:
        version = bank.model(wish.version).version
        bank.make_live(version)
    publication = await store.ask(wish)
    detail = f"{version} is live from the next start on"
    await store.finish(publication.number, detail)
    say(detail)


def when(epoch_seconds: float) -> str:
    """A moment as the clock on the wall here shows it."""
    return datetime.fromtimestamp(epoch_seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def publications_table(publications: Sequence[Publication]) -> str:
    """A line for each, the last one first."""
    lines = []
    for each in publications:
        wish = each.wish
        what = f"publish {wish.version} for {wish.share} %" if wish.act is Act.PUBLISH else "roll back"
        due = f" at {when(wish.due_epoch_seconds)}" if wish.due_epoch_seconds else ""
        why = f" ({wish.why})" if wish.why else ""
        lines.append(f"{each.number:>4}  {when(each.asked_epoch_seconds)}  {wish.by}: {what}{due}{why}")
        lines.append(f"      {each.state.value}{f': {each.detail}' if each.detail else ''}")
    return "\n".join(lines)


def figures_table(figures: Mapping[str, Figures], models: Sequence[Model], trial: Trial | None) -> str:
    """A line for each model that citizens have talked to, the latest first."""
    rows = [
        f"{'version':<24} {'turns':>7} {'answered':>9} {'not understood':>15} {'person':>7} {'failed':>7} {'grade':>6}"
    ]
    for model in models:
        if (counted := figures.get(model.model_id)) is None:
            continue
        on_trial = f"  {trial.share} % of the conversations" if trial and trial.version == model.version else ""
        answered = counted.share(*(each.value for each in Outcome if each.family == "answered"))
        rows.append(
            f"{model.version:<24} {counted.turns:>7} {_percent(answered):>9} {_percent(counted.share(FALLBACK)):>15} "
            f"{_percent(counted.share(Outcome.HANDED_OVER.value)):>7} {_percent(counted.failed):>7} "
            f"{'-' if counted.mean_grade is None else f'{counted.mean_grade:.1f}':>6}{on_trial}"
        )
    return "\n".join(rows)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
