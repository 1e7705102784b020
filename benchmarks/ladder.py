"""What a question brings instead of "please say it in other words": `.venv/bin/python benchmarks/ladder.py`.

A Kratt of its own is asked every held-out request. Of those that are not understood, the table tells how many of the
requests for a service are offered it by "do you mean ...?", alone or among two or three, and how often such a question
is asked in vain: of requests for a service that is not offered, and of requests for no service at all. The bounds in
use are those of `actions/dialogue/ladder.py`; the other rows are what others would bring.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import dataclass

from running import RunningKratt, running_kratt, table

from actions.dialogue.ladder import LEAST_LIKELY, NEAR, likely
from assistant.content.held_out import HeldOut, read_held_out
from assistant.content.service_spec import read_services
from assistant.core.deadline import Deadline
from assistant.core.turns import Understanding
from assistant.operate.engine_client import engine_client
from assistant.settings import PROJECT

CONTENT = PROJECT / "nlu_data"
FALLBACK = "nlu_fallback"
BOUNDS = ((0.1, 0.5), (0.15, 0.5), (0.2, 0.3), (0.2, 0.5), (0.2, 0.7), (0.3, 0.5))
SECONDS = 10.0


@dataclass(frozen=True)
class Missed:
    """A request that was not understood."""

    request: HeldOut
    understood: Understanding


async def ask(kratt: RunningKratt) -> list[Missed]:
    """The held-out requests that are not understood."""
    missed = []
    async with engine_client(kratt.settings) as engine:
        for request in read_held_out(CONTENT):
            understood = await engine.parse(request.text, request.language, Deadline.after(SECONDS))
            if understood.intent and understood.intent.name == FALLBACK:
                missed.append(Missed(request, understood))
    return missed


def row(missed: Iterable[Missed], services: frozenset[str], least: float, near: float) -> list[object]:
    """One line of the table."""
    wanted = [each for each in missed if each.request.intent in services]
    others = [each for each in missed if each.request.intent not in services]

    def offered(each: Missed) -> tuple[str, ...]:
        ranking = [(intent.name, intent.confidence) for intent in each.understood.ranking]
        return likely(ranking, services, least=least, near=near)

    alone = sum(offered(each) == (each.request.intent,) for each in wanted)
    among = sum(each.request.intent in offered(each) for each in wanted) - alone
    vain = sum(bool(offered(each)) and each.request.intent not in offered(each) for each in wanted)
    needless = sum(bool(offered(each)) for each in others)
    mark = " (in use)" if (least, near) == (LEAST_LIKELY, NEAR) else ""
    return [
        f"{least} / {near}{mark}",
        *(_share(each, len(wanted)) for each in (alone, among, vain)),
        _share(needless, len(others)),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%} of {whole}" if whole else "none"


def main() -> None:
    """Print the table."""
    services = frozenset(service.service for service in read_services(CONTENT))
    with running_kratt() as kratt:
        missed = asyncio.run(ask(kratt))
    header = (
        "least likely / near",
        "offered alone",
        "among two or three",
        "offered another",
        "no service, asked in vain",
    )
    print(table(header, [row(missed, services, *bounds) for bounds in BOUNDS]))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
