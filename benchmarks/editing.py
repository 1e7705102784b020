"""How long editing takes: an example saved in a draft, and ten thousand examples asked for what is like a text."""

import random
import subprocess
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from time import perf_counter

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.duplicates import ExampleIndex
from assistant.content.editing.examples import add_examples, list_examples
from assistant.content.editing.history import Editor
from assistant.core.languages import Language
from assistant.settings import PROJECT

EXAMPLES = 10_000


def main() -> None:
    """Print the figures."""
    files = ContentFiles(PROJECT / "nlu_data")
    print(
        f"read all of {sum(1 for _ in list_examples(files))} examples: {seconds(lambda: [*list_examples(files)]):.2f} s"
    )
    examples = [*list_examples(files)][:EXAMPLES]
    index = ExampleIndex(examples)
    print(f"index {len(examples)} of them: {seconds(lambda: ExampleIndex(examples)):.2f} s")
    words = [with_a_slip(each.text) for each in random.Random(1).sample(examples, 300)]
    tell("what is like a text", [seconds(lambda text=text: index.similar(text)) for text in words])
    with TemporaryDirectory() as folder:
        tell("save an example in a draft", saves(Path(folder), examples[:1][0].intent))


def saves(folder: Path, intent: str) -> list[float]:
    """The durations of twenty saves, in seconds."""
    content = Path(copytree(PROJECT / "nlu_data", folder / "nlu_data"))
    identity = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "All"]):
        subprocess.run(["git", "-C", str(content), *identity, *words], check=True)
    draft = Drafts(content, folder / "state").open("benchmark")
    by = Editor("Benchmark", "benchmark@localhost")

    def save(number: int) -> None:
        draft.edit(lambda files: add_examples(files, intent, Language.EN, [f"example number {number}"]), by, "Measured")

    return [seconds(lambda number=number: save(number)) for number in range(20)]


def with_a_slip(text: str) -> str:
    """The text without a letter in its middle."""
    return text[: len(text) // 2] + text[len(text) // 2 + 1 :]


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    begun = perf_counter()
    act()
    return perf_counter() - begun


def tell(what: str, durations: list[float]) -> None:
    """Print the median, the 95th percentile and the longest, in milliseconds."""
    ordered = sorted(1000 * each for each in durations)
    p50, p95 = (ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in (0.5, 0.95))
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {ordered[-1]:.1f} ms")


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
