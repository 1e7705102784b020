"""`kratt train` and `kratt model`: dialogue models, from training to citizens and back.

What a command needs is imported when it runs, as in cli.py.
"""

import asyncio
import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.core.errors import OperationFailed

if TYPE_CHECKING:
    from assistant.content.model_bank import ModelBank
    from assistant.core.publishing import Wish

app = typer.Typer(no_args_is_help=True, help="Dialogue models: the bank, and which of them answers.")

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it; by default the user of this machine")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, for the log")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="As `kratt model list` shows it")]


def train(
    *,
    candidate: Annotated[bool, typer.Option("--candidate", help="Only put it into the bank")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Go on from what the live model has learned")] = False,
    by: By = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="What is new in it")] = "",
) -> None:
    """Train the dialogue model, if the bank has none of this very content, and let the next start use it."""
    from assistant.content.training import TrainDialogue
    from assistant.settings import read_settings

    settings = read_settings()
    log = settings.state / "logs" / "train.log"
    training = TrainDialogue(settings.content, _bank(), settings.engine_python, log, by or user(), note, is_quick=quick)
    if candidate:
        typer.echo(training.candidate(typer.echo).version)
    else:
        training(typer.echo)


@app.command("list")
def list_models() -> None:
    """Show the models of the bank, the latest first."""
    from assistant.operate.models_text import models_table

    bank = _bank()
    typer.echo(models_table(bank.models(), bank.live, bank.previous))


@app.command("show")
def show_model(version: Version) -> None:
    """Show all that is known of a model."""
    from assistant.operate.models_text import model_text

    typer.echo(model_text(_bank().model(version)))


@app.command("pin")
def pin_model(
    version: Version, *, off: Annotated[bool, typer.Option("--off", help="Let it go when its time comes")] = False
) -> None:
    """Keep a model in the bank whatever comes."""
    _bank().pin(version, is_pinned=not off)
    typer.echo(f"{version} is {'not pinned any longer' if off else 'pinned'}.")


@app.command("compare")
def compare_models(
    version: Version,
    *,
    against: Annotated[str, typer.Option("--with", metavar="VERSION", help="Another one than the live model")] = "",
) -> None:
    """Tell what a model does otherwise than the live one; exit code 1 if the gate does not let it through."""
    from assistant.operate.compare import compare, comparison_text
    from assistant.settings import read_settings

    comparison = compare(read_settings(), version, against, lambda line: typer.echo(line, err=True))
    typer.echo(comparison_text(comparison))
    if comparison.refusals:
        raise typer.Exit(1)


@app.command("folds")
def show_folds(
    count: Annotated[int, typer.Argument(min=2, max=20, help="How many; each takes as long as a training")] = 5,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="By their words alone: in seconds")] = False,
) -> None:
    """Cross-validate: ask about each example a ranker that has learned the other folds alone."""
    from assistant.content.cross_validation import CrossValidate
    from assistant.content.project import read_content
    from assistant.operate.compare import folds_text
    from assistant.settings import read_settings

    settings = read_settings()
    validate = CrossValidate(settings.engine_python, settings.state / "logs" / "folds.log")
    typer.echo(folds_text(validate(read_content(settings.content), count, is_whole=not quick)))


@app.command("publish")
def publish_model(
    version: Version,
    *,
    share: Annotated[int, typer.Option(min=1, max=100, help="Per cent of the conversations that it answers")] = 100,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="When, by this machine's clock"),
    ] = None,
    by: By = "",
    why: Why = "",
) -> None:
    """Let a model answer citizens, while nobody's turn is lost."""
    from assistant.core.publishing import Act, Wish

    _wish(Wish(Act.PUBLISH, by or user(), why, version, share, at.timestamp() if at else 0.0))


@app.command("rollback")
def roll_back(*, by: By = "", why: Why = "") -> None:
    """End a trial, or let the model before this one answer again."""
    from assistant.core.publishing import Act, Wish

    _wish(Wish(Act.ROLL_BACK, by or user(), why))


@app.command("cancel")
def cancel(number: Annotated[int, typer.Argument(help="As `kratt model log` shows it")], *, by: By = "") -> None:
    """Let a publication go that still waits for its time."""
    from assistant.operate.publishing import publishing_of
    from assistant.settings import read_settings

    async def let_go() -> bool:
        async with publishing_of(read_settings()) as store:
            return await store.cancel(number, f"by {by or user()}")

    if not asyncio.run(let_go()):
        raise OperationFailed(f"number {number} does not wait")
    typer.echo(f"number {number} is cancelled.")


@app.command("log")
def show_log() -> None:
    """Show who published what, when and why, the last one first."""
    from assistant.operate.publishing import publications_table, publishing_of
    from assistant.settings import read_settings

    async def read() -> str:
        async with publishing_of(read_settings()) as store:
            return publications_table(await store.publications())

    typer.echo(asyncio.run(read()))


@app.command("figures")
def show_figures() -> None:
    """Show what came of each model: turns, how they ended, what citizens graded them."""
    from assistant.operate.publishing import figures_table, publishing_of
    from assistant.settings import read_settings

    async def read() -> str:
        async with publishing_of(read_settings()) as store:
            return figures_table(await store.figures(), _bank().models(), await store.trial())

    typer.echo(asyncio.run(read()))


def _wish(wish: "Wish") -> None:
    from assistant.operate.publishing import wish_and_wait
    from assistant.settings import read_settings

    asyncio.run(wish_and_wait(read_settings(), wish, typer.echo))


def user() -> str:
    """Who is at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return ""


def _bank() -> "ModelBank":
    from assistant.content.model_bank import ModelBank
    from assistant.settings import read_settings

    settings = read_settings()
    return ModelBank(settings.models, settings.models_kept)
