"""`kratt content`: what editors write, checked, and brought in and out.

What a command needs is imported when it runs, as in cli.py.
"""

from pathlib import Path
from typing import Annotated

import typer

from assistant.core.languages import Language

app = typer.Typer(no_args_is_help=True, help="What editors write.")


@app.command("check")
def check_content() -> None:
    """Check everything that editors write; exit code 1 if something is wrong."""
    from assistant.content.checks import check
    from assistant.operate.speech_words import unheard_hint
    from assistant.settings import read_settings

    settings = read_settings()
    complaints = check(settings.content)
    for complaint in complaints:
        typer.echo(str(complaint))
    if complaints:
        raise typer.Exit(1)
    typer.echo("The content is in order.")
    if hint := unheard_hint(settings):
        typer.echo(hint)


@app.command("import")
def import_content(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Folder or zip of a project of Rasa 3 or Bürokratt")],
    *,
    folder: Annotated[Path, typer.Option("--into", metavar="FOLDER", help="A new content folder")],
    language: Annotated[
        Language | None, typer.Option("--lang", help="Of the project; by default that of its config.yml")
    ] = None,
) -> None:
    """Make a content folder of a project of Rasa or Bürokratt, and tell what does not map."""
    from assistant.content.exchange.importing import import_project

    imported = import_project(source, folder, language)
    for finding in imported.findings:
        typer.echo(str(finding))
    mapped = imported.mapped
    typer.echo(
        f"{folder} has {len(mapped.intents)} intents with {sum(map(len, mapped.intents.values()))} examples, "
        f"{len(mapped.synonyms)} synonyms, {len(mapped.answers)} responses, {len(mapped.conversations)} test "
        f"conversations; {len(imported.findings)} things do not map, or not as they were: see above."
    )
