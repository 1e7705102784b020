"""Running the engine's own code in its environment, to train a model and to ask one."""

from pathlib import Path
from typing import TextIO

from assistant.core.state_folder import make_private_folder, naming_the_state_folder

ENGINE = Path(__file__).resolve().parent.parent / "engine"


def engine_environment() -> dict[str, str]:
    """The variables of a process that trains or parses."""
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "PATH": "/usr/bin:/bin",
        "OPENBLAS_NUM_THREADS": "1",  # two threads of it wait for each other on a busy machine
        "PYTHONPATH": str(ENGINE.parent.parent),  # this Kratt's own components, whatever is installed
    }


def private_log(path: Path) -> TextIO:
    """A new log for its owner only.

    Raises:
        SettingsError: the state folder cannot be written.
    """
    with naming_the_state_folder():
        make_private_folder(path.parent)
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that an older Kratt left may be open to others
        return path.open("w", encoding="utf-8")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
