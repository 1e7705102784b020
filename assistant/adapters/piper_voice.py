"""Text to speech by Piper, in worker processes (see `piper_worker`)."""

from collections.abc import Mapping
from pathlib import Path

from assistant.adapters.worker_voice import WorkerVoice
from assistant.core.errors import SettingsError
from assistant.core.languages import Language

WORKER = ("-m", "assistant.adapters.piper_worker")
ATTEMPT_SECONDS = 10.0  # the first sentence waits until the voice is loaded
WORKERS = 2


class PiperVoice(WorkerVoice):
    """The languages whose voice's file is given."""

    def __init__(self, python: Path, files: Mapping[Language, Path]) -> None:
        """Take the interpreter that has Piper, and the voices.

        Raises:
            SettingsError: the interpreter or a file of a voice is missing.
        """
        if not python.exists():
            raise SettingsError(f"KRATT_PIPER_PYTHON: there is no {python}; `make piper` makes it")
        for language, file in files.items():
            for needed in (file, Path(f"{file}.json")):
                if not needed.is_file():
                    raise SettingsError(f"KRATT_VOICE_{language.value.upper()}: there is no file {needed}")
        # Another voice under the same name has another size or date.
        stats = [file.stat() for file in files.values()]
        name = "piper " + " ".join(f"{stat.st_size}-{stat.st_mtime_ns}" for stat in stats)
        super().__init__(
            name, (str(python), *WORKER), {each: str(file) for each, file in files.items()}, WORKERS, ATTEMPT_SECONDS
        )
