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
        f"{folder} has intents: {len(mapped.intents)}, examples: {sum(map(len, mapped.intents.values()))}, "
        f"synonyms: {len(mapped.synonyms)}, responses: {len(mapped.answers)}, tests: {len(mapped.conversations)}. "
        f"Not mapped, or not as it was: {len(imported.findings)}."
    )


@app.command("export")
def export_content(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A content folder", exists=True, file_okay=False)],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new folder, or a new .zip")],
    *,
    language: Annotated[
        Language | None, typer.Option("--lang", help="Of the examples and responses, if nothing was imported")
    ] = None,
) -> None:
    """Write a content folder as a project of Rasa; an imported one as it came, with what was changed since."""
    from assistant.content.exchange.exporting import export_project

    for finding in export_project(folder, target, language):
        typer.echo(str(finding))
    typer.echo(f"{target} is a project of Rasa 3.")
