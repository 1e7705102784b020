"""How long a new example takes from "save" to "live": `.venv/bin/python benchmarks/save_to_live.py`.

A Kratt of its own runs. An editor's copy of the content gets one more example; then it is checked, trained, compared
with the live model on all held-out requests, test conversations and a spoken sample, its examples are held against each
other, the gate lets it through, and it is published. `--full` learns everything anew instead of going on from what the
live model has learned, `--thorough` does what the editor's tick does. The live model has been asked before, as it has
whenever it was compared itself; nothing was spoken before.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from running import RunningKratt, running_kratt, table

from assistant.bootstrap.spoken_sample import sample_hearing
from assistant.content.batch_parsing import ParseBatch
from assistant.content.compare_models import EXPECTED, CompareModels
from assistant.content.comparison import Comparison
from assistant.content.cross_validation import FOLDS, CrossValidate
from assistant.content.evaluation import ALL
from assistant.content.model_bank import ModelBank
from assistant.content.project import read_content
from assistant.content.spoken_requests import QUICK, THOROUGH, SpeakSample
from assistant.content.train_and_compare import TrainAndCompare
from assistant.content.training import TrainDialogue
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.core.progress import Progress, Stages
from assistant.core.publishing import Act, Wish
from assistant.operate.engine_client import engine_client
from assistant.operate.publishing import wish_and_wait
from assistant.settings import PROJECT

EXAMPLE, INTENT = "has my old banger passed its yearly once-over", "vehicle"


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="train anew what a quick training takes over")
    parser.add_argument("--thorough", action="store_true", help="as the console's tick does")
    wished = parser.parse_args()
    is_quick = not wished.full
    with tempfile.TemporaryDirectory() as folder, running_kratt() as kratt:
        content = Path(folder) / "nlu_data"
        shutil.copytree(PROJECT / "nlu_data", content)
        bank = ModelBank(kratt.settings.models, kratt.settings.models_kept)
        parse = ParseBatch(bank, kratt.settings.engine_python, Path(folder) / "parse.log")
        compare = CompareModels(content, bank, parse)
        live = bank.live
        assert live is not None
        compare(live.version, Stages(EXPECTED, _tell))  # as it was before it became live
        train = TrainDialogue(
            content,
            bank,
            kratt.settings.engine_python,
            Path(folder) / "train.log",
            "benchmark",
            is_quick=is_quick,
        )
        begin = time.perf_counter()
        _save(content)
        comparison = _all_of_it(kratt, content, train, compare, is_thorough=wished.thorough)(_tell)
        compared = time.perf_counter()
        if not comparison.refusals:
            asyncio.run(_publish(kratt, comparison.version))
        _print(comparison, time.perf_counter() - compared, time.perf_counter() - begin)
        if not comparison.refusals:
            asyncio.run(wish_and_wait(kratt.settings, Wish(Act.ROLL_BACK, "benchmark"), _say))
        shutil.rmtree(bank.archive(comparison.version).parent)


def _all_of_it(
    kratt: RunningKratt, content: Path, train: TrainDialogue, compare: CompareModels, *, is_thorough: bool
) -> TrainAndCompare:
    """As the console puts it together."""
    fold = CrossValidate(kratt.settings.engine_python, content.parent / "folds.log")
    sample = THOROUGH if is_thorough else QUICK
    speak = SpeakSample(content, kratt.settings.content, sample, sample_hearing(kratt.settings))
    return TrainAndCompare(
        train, compare, lambda: fold(read_content(content), FOLDS, is_whole=is_thorough), speak, is_thorough
    )


def _save(content: Path) -> None:
    file = content / "services" / INTENT / "nlu.en.yml"
    heading = f"- intent: {INTENT}\n  examples: |\n"
    text = file.read_text(encoding="utf-8")
    assert heading in text
    file.write_text(text.replace(heading, f"{heading}    - {EXAMPLE}\n", 1), encoding="utf-8")


async def _publish(kratt: RunningKratt, version: str) -> None:
    await wish_and_wait(kratt.settings, Wish(Act.PUBLISH, "editor", "one more example", version), _say)
    live = kratt.settings.model_copy(update={"engine_port": kratt.settings.candidate_port})
    async with engine_client(live) as engine:
        understood = await engine.parse(EXAMPLE, Language.EN, Deadline.after(10))
    assert understood.intent is not None
    assert understood.intent.name == INTENT, understood.intent


def _print(comparison: Comparison, publishing: float, total: float) -> None:
    rows = [[stage, f"{seconds:.1f} s"] for stage, seconds in comparison.seconds.items()]
    rows += [["publish", f"{publishing:.1f} s"], ["in all", f"{total:.1f} s"]]
    sys.stdout.write(table(["stage", "seconds"], rows) + "\n")
    for name, pair in comparison.figures[ALL].items():
        sys.stdout.write(f"{name}: {pair.before} -> {pair.now}\n")
    sys.stdout.write(f"{len(comparison.changed)} sentences are done otherwise, {len(comparison.lost)} broke\n")
    if comparison.spoken:
        sys.stdout.write(f"spoken: {comparison.spoken}\n")
    sys.stdout.write("\n".join(comparison.refusals) + "\n")


def _tell(progress: Progress) -> None:
    sys.stderr.write(f"{progress.stage}, about {progress.seconds_left:.0f} s left\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
