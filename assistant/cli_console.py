"""`kratt console`: who works in the editors' console.

What a command needs is imported when it runs, as in cli.py.
"""

from pathlib import Path
from typing import Annotated

import typer

from assistant.core.editors import Role
from assistant.core.errors import SettingsError

app = typer.Typer(no_args_is_help=True, help="The console, where editors teach the assistant.")


@app.callback()
def console() -> None:
    """Keep the command's name, as long as there is one alone."""


@app.command("editor")
def let_in(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As TARA names them: EE60001019906")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="As the history of the content shows it")],
    mail: Annotated[str, typer.Argument(metavar="MAIL")],
    roles: Annotated[
        list[Role] | None, typer.Option("--role", help="What they may do, once for each role; by default everything")
    ] = None,
) -> None:
    """Let somebody into the console; the line goes into the file of KRATT_CONSOLE_EDITORS and counts at once."""
    from assistant.core.editors import Editor, add_editor
    from assistant.settings import read_settings

    settings = read_settings()
    if not settings.console_editors:
        raise SettingsError("KRATT_CONSOLE_EDITORS: is missing; name the file of the editors")
    add_editor(Path(settings.console_editors), Editor(code, name.strip(), mail, frozenset(roles or Role)))
    typer.echo(f"{name} may sign in at {settings.console_address}.")
