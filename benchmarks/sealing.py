"""What sealing costs a turn: `.venv/bin/python benchmarks/sealing.py`.

A dialogue of 8 kB, more than one of ours has, is sealed and opened by a key that is unwrapped each time, as the
dialogue store does (docs/adr/0025). The median of many runs, in microseconds.
"""

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable

from assistant.sealing import Sealer

RUNS = 2_000
DIALOGUE = "some words of a dialogue, " * 315
OWNER = "a" * 64


def microseconds(work: Callable[[], object]) -> float:
    """The median time of a run."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken) * 1e6


def main() -> None:
    """Print both."""
    sealer = Sealer("the secret of an operator, as long as it should be")
    key = sealer.new_key(OWNER)
    sealed = sealer.seal(DIALOGUE, key, OWNER, "dialogue")
    print(f"{len(DIALOGUE) / 1000:.1f} kB, median of {RUNS}")
    print(f"seal {microseconds(lambda: sealer.seal(DIALOGUE, key, OWNER, 'dialogue')):.0f} µs")
    print(f"open {microseconds(lambda: sealer.open(sealed, key, OWNER, 'dialogue')):.0f} µs")


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
