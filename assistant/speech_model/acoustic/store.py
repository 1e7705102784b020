"""Speech ready to train from: one file of sound for all utterances, mapped into memory, and a line of text for each.

Decoding and speaking take longer than learning does, so both are done once. A store that was interrupted while it was
filled goes on after its last whole utterance.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.speech_model.acoustic.features import RATE_HERTZ, Samples

_SAMPLE = np.dtype("<i2")
_HIGHEST = 32_767


@dataclass(frozen=True)
class Utterance:
    """What is said in `length` samples from `begin` on; `number` counts what it was made from."""

    number: int
    text: str
    begin: int
    length: int


class SpeechStore:
    """`NAME.pcm` and `NAME.jsonl` of a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open it, or begin an empty one."""
        folder.mkdir(parents=True, exist_ok=True)
        self._sound, self._texts = folder / f"{name}.pcm", folder / f"{name}.jsonl"
        self.utterances: list[Utterance] = []
        if self._texts.is_file():
            *whole, rest = self._texts.read_bytes().split(b"\n")
            self.utterances = [Utterance(**json.loads(line)) for line in whole]
            if rest:
                self._texts.write_bytes(b"".join(line + b"\n" for line in whole))

    @property
    def hours(self) -> float:
        """How much speech there is."""
        return self._end / RATE_HERTZ / 3600

    @property
    def words(self) -> frozenset[str]:
        """All that are said."""
        return frozenset(word for each in self.utterances for word in each.text.split())

    @property
    def next_number(self) -> int:
        """The first recording or prompt that has not been looked at."""
        return self.utterances[-1].number + 1 if self.utterances else 0

    def sound(self, utterance: Utterance) -> Samples:
        """What is heard."""
        begin = utterance.begin * _SAMPLE.itemsize
        mapped: npt.NDArray[np.int16] = np.memmap(self._sound, _SAMPLE, "r", begin, (utterance.length,))
        return mapped.astype(np.float32)

    def add(self, number: int, text: str, samples: Samples) -> None:
        """Append an utterance; its text is written last, so that what has one is whole."""
        utterance = Utterance(number, text, self._end, len(samples))
        with self._sound.open("r+b" if self._sound.exists() else "wb") as file:
            file.seek(utterance.begin * _SAMPLE.itemsize)
            file.write(np.clip(np.rint(samples), -_HIGHEST, _HIGHEST).astype(_SAMPLE).tobytes())
        self.utterances.append(utterance)
        with self._texts.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(utterance), ensure_ascii=False) + "\n")

    @property
    def _end(self) -> int:
        return self.utterances[-1].begin + self.utterances[-1].length if self.utterances else 0
