"""The `git` command line: the only place that runs it."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from assistant.core.errors import OperationFailed

_SECONDS = 60
_OPTIONS = (
    "core.hooksPath=/dev/null",  # a hook of the checkout knows nothing of drafts
    "core.quotePath=false",
    "commit.gpgSign=false",
    "gc.auto=0",
)
_PARTIAL = ("core.sparseCheckout=true", "core.sparseCheckoutCone=false")


class GitFailed(OperationFailed):
    """Git refused; the detail is what it said."""


class Git:
    """Commands in one folder of a repository; nothing of the surroundings or of a user's own settings gets in.

    `partial` is for a folder that holds a part of the repository only, by patterns of its own.
    """

    def __init__(self, folder: Path, *, partial: bool = False) -> None:
        """Find git.

        Raises:
            OperationFailed: there is none.
        """
        program = shutil.which("git")
        if program is None:
            raise OperationFailed("git is not installed, and drafts need it: apt install git")
        options = (*_OPTIONS, *(_PARTIAL if partial else ()))
        self._command = [program, "-C", str(folder), *(word for option in options for word in ("-c", option))]

    def __call__(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        """What a command prints.

        Raises:
            GitFailed: its exit code is not 0, or it takes too long.
        """
        done = self._run(words, environment or {})
        if done.returncode:
            raise GitFailed(f"git {words[0]}: {_text(done.stderr or done.stdout).strip()}")
        return _text(done.stdout)

    def code_and_output(self, *words: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """The exit code of a command that may refuse, and what it prints."""
        done = self._run(words, environment or {})
        return done.returncode, _text(done.stdout)

    def succeeds(self, *words: str) -> bool:
        """Whether a command ends with 0."""
        return self._run(words, {}).returncode == 0

    def _run(self, words: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [*self._command, *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": "/dev/null", **environment},
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitFailed(f"git {words[0]}: no end after {_SECONDS} s") from None
        except OSError as error:
            raise GitFailed(f"git {words[0]}: {error.strerror}") from None


def _text(output: bytes) -> str:
    return output.decode("utf-8", errors="replace")
