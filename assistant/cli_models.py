"""`kratt train` and `kratt model`: dialogue models, from training to citizens and back.

What a command needs is imported when it runs, as in cli.py.
"""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.content.model_bank import ModelBank

app = typer.Typer(no_args_is_help=True, help="Dialogue models: the bank, and which of them answers.")

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it; by default the user of this machine")]
Version = Annotated[str, typer.Argument(metavar="VERSION", help="As `kratt model list` shows it")]


def train(
    *,
    candidate: Annotated[bool, typer.Option("--candidate", help="Only put it into the bank")] = False,
    by: By = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="What is new in it")] = "",
) -> None:
    """Train the dialogue model, if the bank has none of this very content, and let the next start use it."""
    from assistant.content.training import TrainDialogue
    from assistant.settings import read_settings

    settings = read_settings()
    log = settings.state / "logs" / "train.log"
    training = TrainDialogue(settings.content, _bank(), settings.engine_python, log, by or user(), note)
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
