"""Whether memory stays flat: `.venv/bin/python benchmarks/speech_soak.py --minutes 60`.

STREAMS people speak to Kratt's gateway at once, utterance after utterance, as in benchmarks/speech_capacity.py. Printed
is what the process holds: resident memory, open files and threads. At the end the last quarter of the time is compared
with the first after a minute, in which recognisers learn their graph.
"""

import argparse
import os
import statistics
import time
from pathlib import Path

from running import table
from speech_capacity import DIFFERENT_STREAMS, kratt_gateway, streams_of

STREAMS = 6
REPORT_SECONDS = 15
WARM_SECONDS = 60


def held_by(pid: int) -> tuple[float, int, int]:
    """Megabytes, open files and threads of a process."""
    folder = Path("/proc") / str(pid)
    resident = int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resident, len(list((folder / "fd").iterdir())), len(list((folder / "task").iterdir()))


def main() -> None:
    """Speak and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    seconds = parser.parse_args().minutes * 60
    streams = streams_of(DIFFERENT_STREAMS)
    megabytes: list[float] = []
    rows: list[tuple[object, ...]] = []
    with kratt_gateway() as system:
        begin = time.monotonic()
        rounds = 0
        while (passed := time.monotonic() - begin) < seconds:
            first = rounds * STREAMS % DIFFERENT_STREAMS
            system.hear(streams[first : first + STREAMS])
            rounds += 1
            resident, files, threads = held_by(system.pid)
            if passed > WARM_SECONDS:
                megabytes.append(resident)
            if len(rows) * REPORT_SECONDS <= passed:
                rows.append((round(passed), rounds * STREAMS, resident, files, threads))
                print(*rows[-1], flush=True)
    print(table(["second", "utterances", "MB", "open files", "threads"], rows))
    quarter = max(1, len(megabytes) // 4)
    growth = statistics.mean(megabytes[-quarter:]) - statistics.mean(megabytes[:quarter])
    print(f"\nfrom the first to the last quarter: {growth:+.1f} MB, after {rounds * STREAMS} utterances")


if __name__ == "__main__":
    main()
