"""Models change while citizens talk: real engines, real processes, and no turn lost."""

import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content.model_bank import METADATA, Made, Model, ModelBank
from tests.traffic import traffic

pytestmark = pytest.mark.integration

NEW_MODEL = "f" * 32


@pytest.fixture
def bank(kratt) -> ModelBank:
    return ModelBank(kratt.settings.models)


@pytest.fixture
def candidate(bank: ModelBank, tmp_path: Path) -> Iterator[Model]:
    """The live model under another name: what it says is known, and the engine tells the two apart."""
    archive = tmp_path / "renamed.tar.gz"
    live = bank.live
    with tarfile.open(bank.archive(live.version)) as old, tarfile.open(archive, "w:gz", compresslevel=1) as new:
        for entry in old:
            file = old.extractfile(entry) if entry.isfile() else None
            if file and entry.name.endswith(METADATA):
                facts = json.dumps(json.load(file) | {"model_id": NEW_MODEL}).encode()
                entry.size, file = len(facts), io.BytesIO(facts)
            new.addfile(entry, file)
    model = bank.add(archive, Made("e" * 64, by="Mari"))
    yield model
    shutil.rmtree(bank.archive(model.version).parent, ignore_errors=True)


def answering(kratt) -> str:
    """The model that most conversations get."""
    with kratt.client() as client:
        detail: str = client.get("/readyz").json()["checks"]["engine"]["detail"]
    return detail


def model_command(kratt, *words: str) -> str:
    ungated = replace(kratt, environment={**kratt.environment, "KRATT_GATE": "false"})  # as good as what is live
    done = ungated.command("model", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    shown: str = done.stdout
    return shown


def test_models_when_they_change_under_traffic_then_no_turn_is_lost(kratt, bank, candidate) -> None:
    live = bank.live
    with traffic(kratt) as outcomes:
        said = model_command(kratt, "publish", candidate.version, "--share", "30", "--by", "Ann", "--why", "try it")
        assert f"{candidate.version} answers 30 % of the conversations" in said
        assert answering(kratt) == live.model_id
        assert kratt.command("status").stdout.count(" yes ") == 7  # the candidate among them
        said = model_command(kratt, "publish", candidate.version, "--by", "Ann")
        assert f"{candidate.version} is live" in said
        assert (answering(kratt), bank.live.version) == (NEW_MODEL, candidate.version)
        assert f"{live.version} is live again" in model_command(kratt, "rollback", "--by", "Jaan", "--why", "grades")
        assert (answering(kratt), bank.live.version) == (live.model_id, live.version)
    assert sum(outcomes.values()) > 100
    assert {outcome.partition("_")[0] for outcome in outcomes} == {"answered"}, outcomes
    shown = model_command(kratt, "figures")
    turns = {line.split()[0]: int(line.split()[1]) for line in shown.splitlines()[1:]}
    assert turns[candidate.version] > 0
    assert turns[live.version] > 0
    log = model_command(kratt, "log")
    assert f"Ann: publish {candidate.version} for 30 % (try it)" in log
    assert "Jaan: roll back (grades)" in log
    assert kratt.command("status").returncode == 0
