"""Intents of two public data sets, side by side with stock Rasa: `.venv/bin/python benchmarks/public_requests.py`.

BANKING77 (77 intents of a bank) and CLINC150 (150 intents, and requests that are none of them). The data lie beside the
project, in ../shared/data, with the splits of their publishers; `--data FOLDER` names another place. Two projects are
made of each set's training part, one with Kratt's own component as its pipeline, one with the pipeline that `rasa init`
gives (DIET, 100 epochs). Both are trained by `rasa train nlu` and asked over HTTP in a running `rasa run`, one request
after the other. A model that is there already is not trained again (`--again` does). A hundred epochs of DIET take
hours on two cores: `--stock-epochs 8` makes do with fewer, which changes its accuracy, not its speed.

* in scope: share of in-scope test requests whose intent is right and is acted upon.
* out of scope: share of the out-of-scope test requests (CLINC150) that are not acted upon.
* acted upon: the first intent is not `oos`, and its confidence reaches the threshold. One threshold per system, chosen
  on the validation part by one rule: the highest that costs no more than half a point of in-scope accuracy there; what
  other costs would buy is printed below it. BANKING77 has no out-of-scope requests: there every request is acted upon.
* ECE: the expected calibration error of the in-scope test requests, ten bars.
"""

import argparse
import csv
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from ruamel.yaml import YAML
from running import STOCK_PIPELINE, free_ports, percentile, quiet, rasa, running_rasa, table

from assistant.content.scores import Judged, accepted, accuracy, expected_calibration_error
from assistant.settings import PROJECT

FOLDER = PROJECT / "var" / "benchmarks" / "public"
DATA = PROJECT.parent / "shared" / "data"
OUT_OF_SCOPE = "oos"
LOSSES = (0.005, 0.01, 0.02)
"""What a threshold may cost of the validation part's accuracy; the first is the rule, the others show its price."""
EPOCHS = 24
"""Twice those of `kratt train`, which has a minute; DIET has its default, 100 epochs."""

KRATT, STOCK = "Kratt", "stock Rasa"
STOCK_EPOCHS = 100


def pipeline(system: str, stock_epochs: int) -> list[dict[str, object]]:
    """The pipeline of one system."""
    if system == STOCK:
        return [each | {"epochs": stock_epochs} if "epochs" in each else each for each in STOCK_PIPELINE]
    own = "assistant.engine.components.request_intents.RequestIntents"
    return [{"name": own, "epochs": EPOCHS}]


Rows = list[tuple[str, str]]
"""Requests with their intents."""


@dataclass(frozen=True)
class PublicData:
    """A data set with its publishers' splits; the validation part is empty if it has none."""

    name: str
    train: Rows
    validation: Rows
    test: Rows


def banking(folder: Path) -> PublicData:
    """BANKING77."""

    def rows(part: str) -> Rows:
        with (folder / f"banking77-{part}.csv").open(encoding="utf-8", newline="") as file:
            return [(row["text"], row["category"]) for row in csv.DictReader(file)]

    return PublicData("BANKING77", rows("train"), [], rows("test"))


def clinc(folder: Path) -> PublicData:
    """CLINC150 with its out-of-scope parts."""
    parts = json.loads((folder / "clinc150.json").read_bytes())
    train, validation, test = (
        [(text, intent) for name in (part, f"oos_{part}") for text, intent in parts[name]]
        for part in ("train", "val", "test")
    )
    return PublicData("CLINC150", train, validation, test)


DATA_SETS: dict[str, Callable[[Path], PublicData]] = {"BANKING77": banking, "CLINC150": clinc}


def write_project(data: PublicData, pipeline: list[dict[str, object]], folder: Path) -> None:
    """A Rasa project that learns the training part."""
    yaml = YAML()
    yaml.width = 4096
    by_intent: dict[str, list[str]] = {}
    for text, intent in data.train:
        by_intent.setdefault(intent, []).append(" ".join(text.split()))
    nlu = [{"intent": name, "examples": [{"text": text} for text in texts]} for name, texts in by_intent.items()]
    files: dict[str, object] = {
        "config.yml": {"recipe": "default.v1", "assistant_id": data.name, "language": "en", "pipeline": pipeline},
        "domain.yml": {"version": "3.1", "intents": sorted(by_intent)},
        "nlu.yml": {"version": "3.1", "nlu": nlu},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with (folder / name).open("w", encoding="utf-8") as file:
            yaml.dump(content, file)


def train(folder: Path, *, again: bool) -> float:
    """Seconds that `rasa train nlu` took, start-up included; those of the last time if the model is there."""
    took = folder / "seconds.txt"
    if again or not took.exists():
        begin = time.perf_counter()
        words = ("train", "nlu", "--nlu", "nlu.yml", "--domain", "domain.yml", "--fixed-model-name", "model")
        with (folder / "train.log").open("w") as log:
            subprocess.run(rasa(*words), cwd=folder, env=quiet(), stdout=log, stderr=log, check=True)
        took.write_text(str(time.perf_counter() - begin))
    return float(took.read_text())


@contextmanager
def asking(folder: Path) -> Iterator[httpx.Client]:
    """A client of the project's model in a running Rasa."""
    port = free_ports(1)[0]
    with (
        running_rasa(folder, port, "--model", "models/model.tar.gz"),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client,
    ):
        yield client


def judge(client: httpx.Client, rows: Rows) -> tuple[list[Judged], list[float]]:
    """What the model says to each request, and the milliseconds it took."""
    judged, milliseconds = [], []
    for text, right in rows:
        begin = time.perf_counter()
        said = client.post("/model/parse", json={"text": text}).raise_for_status().json()["intent"]
        milliseconds.append((time.perf_counter() - begin) * 1000)
        judged.append(Judged(text, right, str(said["name"]), float(said["confidence"])))
    return judged, milliseconds


def threshold(validation: Sequence[Judged], lost: float) -> float:
    """The highest confidence to ask for at which no more than `lost` of the validation part's accuracy is lost."""
    inside = in_scope(validation)
    right = sorted(each.confidence for each in accepted(inside, 0.0, REJECTIONS) if each.is_right)
    return right[int(lost * len(inside))]


REJECTIONS = frozenset({OUT_OF_SCOPE, "nlu_fallback"})


def in_scope(judged: Sequence[Judged]) -> list[Judged]:
    """The requests that have an intent."""
    return [each for each in judged if each.right != OUT_OF_SCOPE]


def at_threshold(validation: Sequence[Judged], judged: Sequence[Judged], lost: float) -> str:
    """The shares of in-scope requests that are right and acted upon, and of the others that are turned away."""
    limit = threshold(validation, lost)
    inside, outside = in_scope(judged), [each for each in judged if each.right == OUT_OF_SCOPE]
    right = sum(each.is_right for each in accepted(inside, limit, REJECTIONS)) / len(inside)
    away = 1 - len(accepted(outside, limit, REJECTIONS)) / len(outside)
    return f"{right:.1%} / {away:.1%} ({limit:.2f})"


def measure(data: PublicData, system: str, *, stock_epochs: int, again: bool) -> dict[str, object]:
    """One system's column."""
    folder = FOLDER / data.name / system.replace(" ", "_").lower()
    write_project(data, pipeline(system, stock_epochs), folder)
    seconds = train(folder, again=again)
    with asking(folder) as client:
        judge(client, data.test[:50])  # the first requests of a process are slower, in both
        validation = judge(client, data.validation)[0]
        judged, milliseconds = judge(client, data.test)
    inside = in_scope(judged)
    losses = LOSSES if validation else ()
    return {
        "in scope, all acted upon": f"{accuracy(inside):.1%}",
        **{f"in scope / turned away, at {lost:.1%}": at_threshold(validation, judged, lost) for lost in losses},
        "ECE": f"{expected_calibration_error(inside):.3f}",
        "training (s)": seconds,
        "one request, p50 (ms)": percentile(milliseconds, 50),
        "one request, p95 (ms)": percentile(milliseconds, 95),
    }


def main() -> None:
    """Print one table per data set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--again", action="store_true", help="train anew")
    parser.add_argument("--only", choices=(KRATT, STOCK), help="one system alone")
    parser.add_argument("--data-set", choices=sorted(DATA_SETS), help="one alone")
    parser.add_argument("--stock-epochs", type=int, default=STOCK_EPOCHS, help="of a model that is trained now")
    arguments = parser.parse_args()
    systems = [arguments.only] if arguments.only else [KRATT, STOCK]
    for data in (read(arguments.data) for name, read in DATA_SETS.items() if arguments.data_set in (None, name)):
        columns = {
            system: measure(data, system, stock_epochs=arguments.stock_epochs, again=arguments.again)
            for system in systems
        }
        rows = [[name, *(columns[system][name] for system in systems)] for name in columns[systems[0]]]
        print(table([data.name, *systems], rows), flush=True)
        print()


if __name__ == "__main__":
    main()
