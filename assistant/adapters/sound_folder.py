"""Spoken sentences in a folder, by the hash of what they were made from, up to a number of bytes."""

import contextlib
import hashlib
import json
import os
import wave
from collections.abc import Sequence
from pathlib import Path

from assistant.core.audio import BYTES_PER_SAMPLE, Pcm
from assistant.core.state_folder import make_private_folder


class SoundFolder:
    """Keeps the sounds asked for most recently; a disk that is full or broken costs time, never a sound."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def find(self, key: Sequence[object]) -> Pcm | None:
        """The sound made from `key`; None if it is not kept or cannot be read."""
        path = self._path(key)
        try:
            with wave.open(str(path), "rb") as file:
                samples, frames = file.readframes(file.getnframes()), file.getnframes()
                is_whole = file.getnchannels() == 1 and len(samples) == frames * BYTES_PER_SAMPLE
                sound = Pcm(samples, file.getframerate())
            os.utime(path)
        except (OSError, EOFError, wave.Error):
            return None
        return sound if is_whole else None

    def keep(self, key: Sequence[object], sound: Pcm) -> None:
        """Keep a sound, at the cost of those not asked for longest."""
        path = self._path(key)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            make_private_folder(self._folder)
            own.write_bytes(sound.to_wav())
            own.replace(path)
            self._make_room()

    def _make_room(self) -> None:
        found = sorted(((file.stat(), file) for file in self._folder.iterdir()), key=lambda each: each[0].st_mtime)
        size = sum(stat.st_size for stat, _ in found)
        for stat, file in found:
            if size <= self._max_bytes:
                return
            file.unlink(missing_ok=True)
            size -= stat.st_size

    def _path(self, key: Sequence[object]) -> Path:
        return self._folder / f"{hashlib.sha256(json.dumps(list(key)).encode()).hexdigest()}.wav"
