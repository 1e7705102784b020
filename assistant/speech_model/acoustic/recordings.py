"""Recordings to train from: a folder of sound files and a `train.jsonl` that says what is said in each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.content.pronunciations import Wording
from assistant.core.errors import ContentError, SettingsError
from assistant.speech_model.acoustic.features import RATE_HERTZ, Samples
from assistant.speech_model.acoustic.store import SpeechStore

TRANSCRIPTS = "train.jsonl"
_FULL_SCALE = 32_767
_EVERY = 500


class Recording(BaseModel):
    """A line of `train.jsonl`; more keys may be there, such as the speaker."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    file: str
    text: str


def read_recordings(folder: Path) -> Iterator[Recording]:
    """The lines of `train.jsonl`.

    Raises:
        SettingsError: there is no such file.
        ContentError: a line is not a recording, or its sound file is not there.
    """
    listed = folder / TRANSCRIPTS
    if not listed.is_file():
        raise SettingsError(f"{folder} has no {TRANSCRIPTS}: a line such as {EXAMPLE} for each recording")
    for number, line in enumerate(listed.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            recording = Recording.model_validate_json(line)
        except ValidationError:
            raise ContentError(f"is not like {EXAMPLE}", file=str(listed), line=number) from None
        if not (folder / recording.file).is_file():
            raise ContentError(f"{recording.file} is not in {folder}", file=str(listed), line=number)
        yield recording


EXAMPLE = '{"file": "a/1.opus", "text": "what is said"}'


def store_recordings(folder: Path, store: SpeechStore, wording: Wording, progress: Callable[[str], None]) -> None:
    """Decode what the store does not have yet.

    Raises:
        SettingsError: the folder has no transcripts.
        ContentError: a transcript or a sound file cannot be read.
    """
    recordings = list(read_recordings(folder))
    for number in range(store.next_number, len(recordings)):
        recording = recordings[number]
        store.add(number, " ".join(wording.words(recording.text)), _decoded(folder / recording.file))
        if number % _EVERY == 0:
            progress(f"decoded {number} of {len(recordings)} recordings")


def _decoded(file: Path) -> Samples:
    try:
        sound, rate = soundfile.read(file, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ContentError(f"cannot be decoded: {error}", file=str(file)) from None
    samples = sound.mean(axis=1) * _FULL_SCALE
    return np.asarray(samples if rate == RATE_HERTZ else soxr.resample(samples, rate, RATE_HERTZ), np.float32)
