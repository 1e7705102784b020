"""How well a speech model hears: `.venv/bin/python benchmarks/speech_model.py [MODEL ...]`.

Each MODEL is a folder such as models/speech/en; several are measured side by side. What is said:

* requests: those of nlu_data/**/tests.yml, which are in no example, in voices that no network of ours was trained with;
  the same in a room with noise of 10 dB; with the model's own vocabulary.
* requests in free words: those of free_requests.txt, written without looking at the examples, in the same voices.
* recordings: dev.jsonl of `--recordings`, speakers that were not trained with (`so`) and one that was (`kath`). The
  language model knows these sentences, and as many words around them as the transcripts of train.jsonl have, at a tenth
  of their weight: the network is measured, not the guessing of free speech. Built in a process of its own.
* digits: single ones in the held-out voices, through a telephone and cut tight, the recogniser knowing ten digits, yes,
  no and "something else"; and the real ones of train.jsonl, which were trained with.
* something else: the recordings with that same grammar; right is what has none of its words.

Words wrong are those inserted, deleted and replaced, over the words said; right are whole sentences.
"""

import argparse
import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from citizens import said_aloud, samples_of
from running import table
from vosk import KaldiRecognizer, Model, SetLogLevel

from assistant.content.conversations import read_conversations
from assistant.content.project import read_content
from assistant.content.pronunciations import Wording, read_wording
from assistant.content.scores import word_errors
from assistant.core.languages import Language
from assistant.settings import PROJECT
from assistant.speech_model.acoustic.augmentation import UNCHANGED, Augmentation
from assistant.speech_model.acoustic.features import RATE_HERTZ, Samples

HELD_OUT_VOICES = (
    "flite awb",
    "flite kal16",
    *(f"espeak-ng en-gb-x-gbclan+{variant}" for variant in ("f5", "m5", "klatt3", "steph3")),
)
FREE_REQUESTS = Path(__file__).with_name("free_requests.txt")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NARROW = json.dumps([*DIGITS, "yes", "no", "[unk]"])
NOISY = Augmentation(speed=0, room=1, microphone=0, telephone=0, noise=1, noise_decibels=(10, 10), tight=1)
TELEPHONE = Augmentation(speed=0, room=0, microphone=0, telephone=1, noise=0, tight=1)


@dataclass(frozen=True)
class Said:
    """A sound and its words."""

    words: str
    sound: Samples


@dataclass(frozen=True)
class Measure:
    """A row of the table: what is said, what the recogniser may hear, and what counts as right."""

    name: str
    said: Sequence[Said]
    grammar: str | None = None
    graph: Path | None = None
    """Of a language model other than the model's own."""
    is_rejection: bool = False

    def result(self, heard: Sequence[str]) -> str:
        """Of one model."""
        if self.is_rejection:
            right = sum(not set(text.split()) - {"[unk]"} for text in heard)
            return f"{100 * right / len(heard):.1f} % right"
        errors = [word_errors(each.words.split(), text.split()) for each, text in zip(self.said, heard, strict=True)]
        words = sum(len(each.words.split()) for each in self.said)
        return f"{100 * sum(errors) / words:.1f} % / {100 * errors.count(0) / len(errors):.1f} %"


def texts_of_tests() -> list[str]:
    """Every request of tests.yml."""
    conversations = read_conversations(PROJECT / "nlu_data").values()
    english = [each for each in conversations if each.language is Language.EN]
    return list(dict.fromkeys(turn.say for each in english for turn in each.turns))


def requests(texts: Sequence[str], wording: Wording, every: int) -> Iterator[Said]:
    """The texts, in voices that take turns."""
    for number, text in enumerate(texts[::every]):
        yield Said(" ".join(wording.words(text)), spoken(text, HELD_OUT_VOICES[number % len(HELD_OUT_VOICES)]))


def digits() -> Iterator[Said]:
    """Each digit in each voice, without the silence around it."""
    for voice in HELD_OUT_VOICES:
        for word in DIGITS:
            sound = spoken(word, voice)
            loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
            yield Said(word, sound[loud[0] : loud[-1]])


def spoken(text: str, voice: str) -> Samples:
    """Synthetic speech."""
    pcm = samples_of(said_aloud(text, voice))
    sound = np.frombuffer(pcm.samples, np.int16).astype(np.float32)
    return np.asarray(soxr.resample(sound, pcm.rate_hertz, RATE_HERTZ), np.float32)


def recorded(folder: Path, name: str, is_wanted: Callable[[dict[str, str]], bool]) -> Iterator[Said]:
    """Recordings of a list."""
    rows = map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines())
    for row in filter(is_wanted, rows):
        sound, _ = soundfile.read(folder / row["file"], dtype="int16")
        yield Said(row["text"], sound.astype(np.float32))


def changed(said: Iterable[Said], augmentation: Augmentation) -> list[Said]:
    """The same, elsewhere; the same way each time."""
    return [Said(each.words, augmentation(each.sound, np.random.default_rng(n))) for n, each in enumerate(said)]


def measures(recordings: Path | None, closed: Path, every: int) -> Iterator[Measure]:
    """All rows."""
    wording = read_wording(PROJECT / "nlu_data")
    asked = list(requests(texts_of_tests(), wording, every))
    yield Measure("requests", changed(asked, UNCHANGED))
    yield Measure("requests, in a room, noise of 10 dB", changed(asked, NOISY))
    free = list(requests(FREE_REQUESTS.read_text(encoding="utf-8").splitlines(), wording, every))
    yield Measure("requests in free words", changed(free, UNCHANGED))
    alone = list(digits())[::every]
    yield Measure("digits", changed(alone, UNCHANGED), NARROW)
    yield Measure("digits, telephone", changed(alone, TELEPHONE), NARROW)
    if recordings is None:
        return
    dev = [
        (name, list(recorded(recordings, "dev.jsonl", lambda row, source=source: row["source"] == source))[::every])
        for source, name in (("so", "unseen non-native speakers, half children"), ("kath", "kathleen"))
    ]
    for name, said in dev:
        yield Measure(f"recordings, {name}", said, graph=closed)
    one = list(recorded(recordings, "train.jsonl", lambda row: row["source"] == "sc" and row["text"] in DIGITS))[
        ::every
    ]
    yield Measure("digits, real, trained with", one, NARROW)
    else_said = [each for _, said in dev for each in said if not set(each.words.split()) & {*DIGITS, "yes", "no"}]
    yield Measure("something else than digits, yes and no", else_said, NARROW, is_rejection=True)


def write_closed_graph(recordings: Path, folder: Path) -> None:
    """The graph of the sentences of dev.jsonl among those of train.jsonl."""
    from assistant.speech_model.graph import UNKNOWN, write_graph  # noqa: PLC0415  # not in one process with Vosk
    from assistant.speech_model.ingredients import read_ingredients  # noqa: PLC0415
    from assistant.speech_model.language_model import LanguageModel  # noqa: PLC0415
    from assistant.speech_model.sentences import Sentence  # noqa: PLC0415

    ingredients = read_ingredients(read_content(PROJECT / "nlu_data"), PROJECT / "models" / "speech" / "en", ())
    texts = {
        tuple(json.loads(line)["text"].split()): weight
        for name, weight in (("train.jsonl", 0.1), ("dev.jsonl", 1.0))
        for line in (recordings / name).read_text(encoding="utf-8").splitlines()
    }
    sentences = [Sentence(words, weight) for words, weight in texts.items()]
    lexicon = ingredients.lexicon({word for words in texts for word in words})
    folder.mkdir()
    write_graph(lexicon, LanguageModel(sentences, (UNKNOWN, *lexicon)), folder)


def heard(model: Model, measure: Measure) -> list[str]:
    """What a model writes."""
    texts = []
    for each in measure.said:
        narrow = [measure.grammar] if measure.grammar else []
        recogniser = KaldiRecognizer(model, RATE_HERTZ, *narrow)
        silence = np.zeros(RATE_HERTZ // 5, np.float32)
        sound = np.concatenate([silence, each.sound, silence])
        pcm = np.clip(sound, -32_768, 32_767).astype(np.int16).tobytes()
        parts = [recogniser.Result()] if recogniser.AcceptWaveform(pcm) else []
        texts.append(" ".join(json.loads(part)["text"] for part in (*parts, recogniser.FinalResult())).strip())
    return texts


def with_graph(folder: Path, graph: Path | None, aside: Path) -> Model:
    """The model, or its network with another graph."""
    if graph is None:
        return Model(str(folder))
    copy = aside / str(abs(hash(folder)))
    if not copy.exists():
        for part in ("am", "conf"):
            shutil.copytree(folder / part, copy / part)
        shutil.copytree(graph, copy / "graph")
    return Model(str(copy))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("models", nargs="*", type=Path, default=[PROJECT / "models" / "speech" / "en"])
    options.add_argument("--recordings", type=Path, help="folder with dev.jsonl and train.jsonl")
    options.add_argument("--every", type=int, default=1, help="only each n-th of what is said")
    chosen = options.parse_args()
    SetLogLevel(-1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder)
        if chosen.recordings:
            process = multiprocessing.get_context("spawn").Process(
                target=write_closed_graph, args=(chosen.recordings, aside / "closed")
            )
            process.start()
            process.join()
        for measure in measures(chosen.recordings, aside / "closed", chosen.every):
            found = [heard(with_graph(model, measure.graph, aside), measure) for model in chosen.models]
            rows.append((measure.name, len(measure.said), *(measure.result(texts) for texts in found)))
            print(rows[-1], flush=True)
    print()
    print(table(["words wrong / sentences right", "number", *map(str, chosen.models)], rows))


if __name__ == "__main__":
    main()
