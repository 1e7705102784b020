"""The `kratt` command.

What a command needs is imported when it runs: `kratt --help` answers at once.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant import __version__, cli_console, cli_content, cli_models
from assistant.core.errors import KrattError, OperationFailed, SettingsError
from assistant.core.languages import Language

if TYPE_CHECKING:
    from actions.record.verification import Verification
    from assistant.core.feedback import Opinions
    from assistant.core.turns import Understanding
    from assistant.gateway.wire import ReplyBody
    from assistant.operate.gateway_client import GatewayClient
    from assistant.operate.supervision import Supervision

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Run Kratt, ask it, and teach it.")
sandbox_app = typer.Typer(no_args_is_help=True, help="The simulated state.")
speech_app = typer.Typer(no_args_is_help=True, help="Speech models.")
app.add_typer(cli_content.app, name="content")
app.add_typer(speech_app, name="speech")
app.add_typer(sandbox_app, name="sandbox")
citizen_app = typer.Typer(no_args_is_help=True, help="What is kept about a citizen.")
app.add_typer(citizen_app, name="citizen")
alexa_app = typer.Typer(no_args_is_help=True, help="The Alexa skill.")
app.add_typer(alexa_app, name="alexa")
desk_app = typer.Typer(no_args_is_help=True, help="The desk, where people answer.")
app.add_typer(desk_app, name="desk")
app.command("train")(cli_models.train)
app.add_typer(cli_models.app, name="model")
app.add_typer(cli_console.app, name="console")
audit_app = typer.Typer(no_args_is_help=True, help="The access record.")
app.add_typer(audit_app, name="audit")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON")]
InLanguage = Annotated[Language, typer.Option("--lang", help="Language of the request")]
CitizensCode = Annotated[str, typer.Argument(metavar="PERSON", help="Personal code with country: EE60001019906")]
AsPerson = Annotated[str, typer.Option("--as", metavar="PERSON", help="Log in as a test person, such as EE60001019906")]
Recording = Annotated[Path | None, typer.Option("--audio", exists=True, dir_okay=False, help="Ask with a WAV file")]
SaveTo = Annotated[Path | None, typer.Option("--save", dir_okay=False, help="Keep the spoken reply in this WAV file")]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; an error of ours is one line, and exit code 1."""
    try:
        app(args=arguments, prog_name="kratt")
    except KrattError as error:
        typer.echo(f"kratt: {error}", err=True)
        sys.exit(1)


@app.command()
def up(
    *, detach: Annotated[bool, typer.Option("--detach", "-d", help="Return once everything is ready")] = False
) -> None:
    """Start everything, print the page's address, and stay until Ctrl-C."""
    from assistant.operate.run import run
    from assistant.production import settings_fit_to_serve

    address = settings_fit_to_serve().gateway_url
    asyncio.run(run(_supervision(), address, typer.echo, detach=detach))


@app.command()
def down() -> None:
    """Stop everything."""
    was_running = asyncio.run(_supervision().stop())
    typer.echo("Stopped." if was_running else "Kratt is not running.")


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Show how each process is doing; exit code 1 unless all are ready."""
    from assistant.operate.status import read_status, status_table

    statuses = asyncio.run(read_status(_supervision()))
    typer.echo(json.dumps([asdict(each) for each in statuses], indent=2) if as_json else status_table(statuses))
    if not all(status.ready for status in statuses):
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Tell what must be mended before citizens are served; exit code 1 if there is something."""
    from assistant.production import findings
    from assistant.settings import read_settings

    found = findings(read_settings())
    for finding in found:
        typer.echo(finding)
    if found:
        raise typer.Exit(1)
    typer.echo("Fit to serve citizens.")


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The request; without it, a conversation line by line")] = "",
    *,
    language: InLanguage = Language.EN,
    person: AsPerson = "",
    audio: Recording = None,
    save: SaveTo = None,
    as_json: AsJson = False,
) -> None:
    """Ask the running Kratt."""
    with _gateway(language) as gateway:
        if person:
            gateway.log_in(person)
        _ask(gateway, text, audio, save, as_json=as_json)


@app.command()
def speaker(
    name: Annotated[str, typer.Argument(help="Which speaker to be; a new one says its pairing code")],
    text: Annotated[str, typer.Argument(help="The request; without it, a conversation line by line")] = "",
    *,
    language: InLanguage = Language.EN,
    audio: Recording = None,
    save: SaveTo = None,
    relock: Annotated[bool, typer.Option("--relock", help="Lock it first, as if another voice was heard")] = False,
) -> None:
    """Ask as a speaker would that stands in a room."""
    from assistant.operate.kept_speaker import KeptSpeaker
    from assistant.settings import read_settings

    with _gateway(language) as gateway:
        if said := gateway.become(KeptSpeaker(read_settings().state, name)):
            typer.echo(said, err=True)
        if relock:
            gateway.relock()
        _ask(gateway, text, audio, save, as_json=False)


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="A request")] = "",
    *,
    language: InLanguage = Language.EN,
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Requests, one a line")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which intents and values the running engine sees in a request; JSON has one line for each."""
    from assistant.operate.parse import parse_json, parse_text

    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()] if file else [text]
    lines = [line for line in lines if line]
    if not lines:
        raise typer.BadParameter("give a text or --file")
    show = parse_json if as_json else parse_text
    asyncio.run(_parse(lines, language, lambda line, meaning: typer.echo(show(line, meaning))))


@app.command()
def evaluate(
    *,
    spoken: Annotated[bool, typer.Option("--spoken", help="Say the requests aloud, too, where Kratt hears")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only so many requests of each language")] = None,
    plots: Annotated[Path | None, typer.Option(file_okay=False, help="Folder of the pictures")] = None,
    against: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="An earlier evaluation")] = None,
) -> None:
    """Ask the running engine every held-out request; print how well it understands, and keep that."""
    from assistant.operate.evaluation import Wanted, evaluate_and_tell
    from assistant.settings import read_settings

    wanted = Wanted(spoken, limit, plots, against)
    asyncio.run(evaluate_and_tell(read_settings(), wanted, typer.echo, lambda line: typer.echo(line, err=True)))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"kratt {__version__}")


@speech_app.command("pull")
def pull_speech(
    language: Annotated[Language, typer.Argument(help="Language of the model")],
    *,
    replace_bundled: Annotated[bool, typer.Option(help="Replace the model that comes with Kratt")] = False,
) -> None:
    """Fetch the official small speech model of a language."""
    from assistant.adapters.speech_models import pull
    from assistant.settings import read_settings

    with typer.progressbar(length=100, label=f"speech model for {language}", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.update(done * 100 // total - bar.pos)

        folder = read_settings().models / "speech"
        model = pull(language, folder, replace_bundled=replace_bundled, progress=show)
    typer.echo(f"{folder / language.value} is {model.name} now; Kratt uses it from its next start.")


@speech_app.command("build")
def build_speech(
    language: Annotated[Language, typer.Argument(help="Language of the model")] = Language.EN,
) -> None:
    """Build the graph of a speech model of our own anew, from the content."""
    from assistant.settings import read_settings

    with _naming_what_is_missing():
        from assistant.operate.speech import speech_model_builder
    speech_model_builder(read_settings(), language)(typer.echo)
    typer.echo("Kratt uses it from its next start.")


@speech_app.command("words")
def tell_words() -> None:
    """Tell which words of the content the English speech model lacks; exit code 1 if it is older than the content."""
    from assistant.operate.speech_words import unheard_report
    from assistant.settings import read_settings

    with _naming_what_is_missing():
        report, is_current = unheard_report(read_settings())
    typer.echo(report)
    if not is_current:
        raise typer.Exit(1)


@speech_app.command("train")
def train_speech(
    recordings: Annotated[
        Path | None, typer.Argument(help="Folder with train.jsonl and sound files; none: synthetic speech alone")
    ] = None,
    *,
    language: Annotated[Language, typer.Option(help="Language of the model")] = Language.EN,
    output: Annotated[Path | None, typer.Option(help="Folder of the model; by default that which Kratt uses")] = None,
    minutes: Annotated[float, typer.Option(min=1, help="How long to learn, in all runs")] = 600,
    synthetic_hours: Annotated[float, typer.Option(min=0, help="How much synthetic speech to make")] = 6,
) -> None:
    """Train the acoustic network of a speech model; what was interrupted goes on."""
    from assistant.settings import read_settings

    with _naming_what_is_missing():
        from assistant.operate.speech import TrainingWish, train_speech_model
    wish = TrainingWish(language, recordings, output, minutes, synthetic_hours)
    train_speech_model(read_settings(), wish, typer.echo)


@speech_app.command("hear")
def hear_examples_aloud(
    language: Annotated[Language, typer.Argument(help="Language of the examples")],
    *,
    quick: Annotated[bool, typer.Option(help="Each example in one voice only, by turns")] = False,
) -> None:
    """Speak the examples to the recogniser, and keep what it writes otherwise as further examples."""
    from assistant.operate.hear import hear_examples
    from assistant.settings import read_settings

    with typer.progressbar(length=1, label=f"hearing the examples in {language}", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        path, count = asyncio.run(hear_examples(read_settings(), language, show, is_quick=quick))
    typer.echo(f"{path} has {count} lines now; `kratt train` learns them.")


@alexa_app.command("model")
def make_alexa_model(
    locale: Annotated[str, typer.Argument(help="Which English, such as en-GB")] = "en-US",
    *,
    name: Annotated[str, typer.Option(help="What citizens call the skill")] = "my kratt",
) -> None:
    """Print the interaction model of the Alexa skill, made from the content."""
    from assistant.content.project import read_content
    from assistant.settings import read_settings
    from connectors.alexa.interaction_model import interaction_model

    model = interaction_model(read_content(read_settings().content), locale, name)
    typer.echo(json.dumps(model.body, indent=2, ensure_ascii=False))
    shares = f"{model.word_by_word:.1%} of the examples come word by word, {model.as_service:.1%} as their service"
    typer.echo(shares, err=True)


@audit_app.command("verify")
def verify_record(
    *, head: Annotated[str, typer.Option("--head", metavar="HASH", help="A head that was noted earlier")] = ""
) -> None:
    """Check that no row of the access record was changed or taken out; exit code 1 if one was."""
    verification = asyncio.run(_verify_record(head or None))
    typer.echo(f"{verification.count} rows are in order. Head: {verification.head}")
    if verification.fault:
        typer.echo(f"kratt: the access record is broken: {verification.fault}", err=True)
        raise typer.Exit(1)


@app.command("feedback")
def show_feedback() -> None:
    """Print what citizens thought of their conversations: how many gave which grade, and their latest words."""
    opinions = asyncio.run(_opinions())
    for grade, count in opinions.grades.items():
        typer.echo(f"{grade}: {count}")
    for each in opinions.latest:
        typer.echo(f"{each.grade} {each.language} {each.words}")


@citizen_app.command("show")
def show_citizen(person: CitizensCode) -> None:
    """Print everything that the running Kratt keeps about a citizen, as JSON."""
    typer.echo(json.dumps(asyncio.run(_own_data("tell", person)), ensure_ascii=False, indent=2))


@citizen_app.command("forget")
def forget_citizen(person: CitizensCode) -> None:
    """Delete what the running Kratt keeps about a citizen, except what the law keeps; the person is logged out."""
    forgotten = asyncio.run(_own_data("forget", person))
    typer.echo(", ".join(f"{count} {store}" for store, count in forgotten.items()) + " deleted")


@desk_app.command("agent")
def make_agent(name: Annotated[str, typer.Argument(metavar="NAME", help="As other agents see it")]) -> None:
    """Make a token for an agent; its hash goes into the file of KRATT_DESK_AGENTS, which is read at the start."""
    from assistant.core.desk_agents import add_agent
    from assistant.settings import read_settings

    file = read_settings().desk_agents
    if not file:
        raise SettingsError("KRATT_DESK_AGENTS: is missing; name the file of the agents")
    typer.echo(f"The token of {name}, which is shown only now: {add_agent(Path(file), name)}")


@sandbox_app.command("reset")
def reset_sandbox() -> None:
    """Let the sandbox's registers hold again what they held at first."""
    import httpx

    from assistant.operate.sandbox import reset_sandbox
    from assistant.settings import read_settings

    with httpx.Client(base_url=read_settings().process_url("sandbox"), trust_env=False) as http:
        reset_sandbox(http)
    typer.echo("The registers are as they were at first.")


@sandbox_app.command("certificates")
def make_certificates() -> None:
    """Make certificates for X-Road over TLS; print the lines that switch it on, for `eval`."""
    from assistant.operate.sandbox import make_certificates
    from assistant.settings import read_settings

    for line in make_certificates(read_settings()):
        typer.echo(line)


def _supervision() -> "Supervision":
    from assistant.operate.processes import kratt_processes
    from assistant.operate.supervision import Supervision
    from assistant.settings import read_settings

    settings = read_settings()
    return Supervision(settings.state, kratt_processes(settings))


@contextmanager
def _naming_what_is_missing() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed: `make speech` does that, too") from None


@contextmanager
def _gateway(language: Language) -> Iterator["GatewayClient"]:
    import httpx

    from assistant.operate.gateway_client import GatewayClient
    from assistant.settings import read_settings

    settings = read_settings()
    # Kratt is at home here: a proxy of this machine is for addresses outside.
    with httpx.Client(base_url=settings.gateway_url, timeout=settings.turn_seconds + 5, trust_env=False) as http:
        yield GatewayClient(http, language)


def _ask(gateway: "GatewayClient", text: str, audio: Path | None, save: Path | None, *, as_json: bool) -> None:
    if audio:
        _show(gateway.ask_aloud(audio.read_bytes(), speak=bool(save)), save, as_json=as_json)
        return
    for line in [text] if text else _typed_lines():
        _show(gateway.ask(line, speak=bool(save)), save, as_json=as_json)


async def _parse(lines: list[str], language: Language, show: Callable[[str, "Understanding"], None]) -> None:
    from assistant.operate.engine_client import engine_client
    from assistant.operate.parse import parse_lines
    from assistant.settings import read_settings

    settings = read_settings()
    async with engine_client(settings) as dialogue:
        async for line, understanding in parse_lines(dialogue, lines, language, settings.turn_seconds):
            show(line, understanding)


async def _verify_record(head: str | None) -> "Verification":
    from actions.record.verification import verify
    from assistant.database import SqlDatabase
    from assistant.settings import read_settings

    database = SqlDatabase(read_settings().record_database_url, "KRATT_RECORD_DATABASE")
    try:
        return await verify(database, head)
    finally:
        await database.close()


async def _opinions() -> "Opinions":
    from assistant.adapters.sql_feedback import SqlFeedback
    from assistant.database import SqlDatabase
    from assistant.settings import read_settings

    settings = read_settings()
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    try:
        return await SqlFeedback(database, settings.feedback_days).opinions()
    finally:
        await database.close()


async def _own_data(act: Literal["tell", "forget"], person: str) -> Mapping[str, object]:
    from assistant.operate.citizen import own_data
    from assistant.settings import read_settings

    async with own_data(read_settings()) as data:
        return await (data.tell(person) if act == "tell" else data.forget(person))


def _show(reply: "ReplyBody", save: Path | None, *, as_json: bool) -> None:
    from assistant.operate.reply_text import reply_text, turn_summary

    if as_json:
        typer.echo(reply.model_dump_json(exclude={"speech"} if save else None))
    else:
        typer.echo(reply_text(reply))
        typer.secho(turn_summary(reply), dim=True, err=True)
    if save:
        if reply.speech is None:
            raise OperationFailed("the reply came without sound")
        save.write_bytes(base64.b64decode(reply.speech.base64))


def _typed_lines() -> Iterator[str]:
    """Lines from the terminal or a pipe, until its end."""
    is_terminal = sys.stdin.isatty()
    while True:
        if is_terminal:
            typer.echo("> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


if __name__ == "__main__":
    main()
