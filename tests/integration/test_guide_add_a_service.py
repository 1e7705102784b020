"""docs/guides/add-a-service.md, followed literally: its files are written, its commands run, their output compared."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.content.conversations import Conversation, ConversationsFile
from assistant.content.yaml_source import read_model
from assistant.core.languages import Language
from assistant.operate.gateway_client import GatewayClient
from assistant.settings import PROJECT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

GUIDE = PROJECT / "docs" / "guides" / "add-a-service.md"
FILE = re.compile(r"^`(nlu_data/[\w./]+)`\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
PORTS = {"GATEWAY": 8080, "ENGINE": 5005, "ACTIONS": 5055, "SANDBOX": 8090}


@dataclass(frozen=True)
class Desk:
    """Where the page is followed: a copy of the content, with state, models and ports of its own."""

    folder: Path
    environment: dict[str, str]

    def url(self, process: str) -> str:
        return f"http://127.0.0.1:{self.environment[f'KRATT_{process}_PORT']}"

    def run(self, commands: str) -> str:
        """What a terminal would show."""
        done = subprocess.run(
            ["bash", "-e", "-c", commands],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        return done.stdout


@pytest.fixture
def desk(
    tmp_path_factory: pytest.TempPathFactory, trained_models: Path, find_free_ports: Callable[[int], list[int]]
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("g")  # a short name: the supervisor's socket lies in it
    shutil.copytree(PROJECT / "nlu_data", folder / "nlu_data")
    shutil.copytree(trained_models, folder / "models", symlinks=True)
    inherited = dict(os.environ)  # noqa: TID251  # the processes need PATH and the like
    environment = {
        **inherited,
        "PATH": f"{Path(sys.executable).parent}:{inherited['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "KRATT_CONTENT": str(folder / "nlu_data"),
        "KRATT_MODELS": str(folder / "models"),
        "KRATT_STATE": str(folder / "var"),
        **{f"KRATT_{name}_PORT": str(port) for name, port in zip(PORTS, find_free_ports(len(PORTS)), strict=True)},
    }
    at_desk = Desk(folder, environment)
    yield at_desk
    at_desk.run("kratt down")


def test_guide_when_followed_then_the_new_service_answers_as_the_page_says(desk: Desk):
    page = GUIDE.read_text(encoding="utf-8")
    files = dict(FILE.findall(page))
    assert len(files) == page.count("```yaml")
    for name, text in files.items():
        path = desk.folder / name
        assert not path.exists(), name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    steps = COMMANDS.findall(page)
    assert len(steps) == page.count("```sh")
    for commands, shown in steps:
        if commands.startswith("kratt audit"):  # the page is about to stop Kratt
            play(desk, read_model(desk.folder / file_of_conversations(files), ConversationsFile).conversations)
        printed = desk.run(commands)
        assert fnmatch.fnmatchcase(printed, pattern_of(shown, desk)), f"{commands}\n{printed}"


def play(desk: Desk, conversations: tuple[Conversation, ...]) -> None:
    """The conversations that the page promises."""
    for conversation in conversations:
        with (
            httpx.Client(base_url=desk.url("GATEWAY"), trust_env=False, timeout=20) as client,
            httpx.Client(base_url=desk.url("SANDBOX"), trust_env=False) as sandbox,
        ):
            for service in conversation.down:
                sandbox.put(f"/sandbox/faults/{service}", json={"fault": "server_error"}).raise_for_status()
            gateway = GatewayClient(client, Language(conversation.language))
            if conversation.as_:
                gateway.log_in(conversation.as_)
            for exchange in conversation.turns:
                reply = gateway.ask(exchange.say, speak=False)
                said = " ".join(part.text for part in reply.reply)
                assert reply.outcome is exchange.outcome, said
                assert exchange.intent is None or (reply.intent and reply.intent.name == exchange.intent), said
                assert [words for words in exchange.reply if words not in said] == [], said
            sandbox.delete("/sandbox/faults").raise_for_status()


def file_of_conversations(files: dict[str, str]) -> str:
    return next(name for name in files if name.endswith("/tests.yml"))


def pattern_of(shown: str, desk: Desk) -> str:
    """What the page shows, as a pattern: `...` stands for anything, the ports are those of this test."""
    for process, port in PORTS.items():
        shown = shown.replace(f":{port}", f":{desk.environment[f'KRATT_{process}_PORT']}")
    return re.sub(r"\[", "[[]", shown).replace("...", "*")
