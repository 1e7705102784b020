"""How long it takes from a clone to a model: `.venv/bin/python benchmarks/set_up.py`.

Clones the latest commit into a temporary folder and runs, one after the other, what a newcomer runs. First with nothing
at hand: uv's and pip's caches are empty, everything comes from the network, so the figure is mostly the network's. Then
again, when all is there. The figures are single runs. The last step fills both
environments anew from the caches that the first has filled.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path

from running import table

from assistant.settings import PROJECT


def seconds_of(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """How long a command takes."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, stdout=sys.stderr, check=True)
    return time.perf_counter() - begin


def measure(clone: Path, environment: Mapping[str, str]) -> list[tuple[str, float]]:
    """The steps, in order."""
    rows = [
        ("`make setup`, nothing at hand", seconds_of(["make", "setup"], clone, environment)),
        ("`make setup`, again", seconds_of(["make", "setup"], clone, environment)),
        ("`make train`", seconds_of(["make", "train"], clone, environment)),
        ("`make train`, again", seconds_of(["make", "train"], clone, environment)),
    ]
    for made in (".venv", ".venv-engine"):
        shutil.rmtree(clone / made)
    rows.append(("`make setup`, packages downloaded before", seconds_of(["make", "setup"], clone, environment)))
    return rows


def main() -> None:
    """Clone, measure, print, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="kratt-set-up-") as folder:
        clone = Path(folder) / "kratt"
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", PROJECT.as_uri(), str(clone)], check=True)
        caches = {"UV_CACHE_DIR": f"{folder}/uv", "PIP_CACHE_DIR": f"{folder}/pip"}
        print(table(["step", "seconds"], measure(clone, {**os.environ, **caches})))  # noqa: TID251  # make needs PATH


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
