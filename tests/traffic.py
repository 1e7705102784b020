"""Citizens who talk all the time, while something else is tried."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import RunningKratt

TALKERS = 2


@contextmanager
def traffic(kratt: RunningKratt) -> Iterator[Counter[str]]:
    """Each of them has one conversation after the other; how their turns ended."""
    outcomes: Counter[str] = Counter()
    is_over = threading.Event()

    def talk() -> None:
        with kratt.client() as client:
            while not is_over.is_set():
                known: dict[str, str] = {}
                for text in ("hello", "when is the tartu office open", "thank you"):
                    answer = client.post("/v1/turns", json={"text": text, "language": "en", **known})
                    body = answer.json()
                    outcomes[body["outcome"] if answer.is_success else str(answer.status_code)] += 1
                    known = {"conversation_id": body.get("conversation_id", "")}

    talkers = [threading.Thread(target=talk) for _ in range(TALKERS)]
    for each in talkers:
        each.start()
    try:
        yield outcomes
    finally:
        is_over.set()
        for each in talkers:
            each.join()
