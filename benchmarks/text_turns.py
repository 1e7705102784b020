"""Typed turns, side by side with stock Rasa: `.venv/bin/python benchmarks/text_turns.py`.

What is compared: the whole of Kratt (gateway, engine, actions, sandbox registers; dialogue and session kept in SQLite)
over `POST /v1/turns`, and the same content on the pipeline and policies of `rasa init` (DIET, TED; dialogue in memory)
over its REST channel, with small talk alone: it calls no register. It was trained for a few epochs only (running.py),
which changes what it answers, not how fast. Same machine, same Rasa release, both running all the time, measured in
turns: first one, then the other, ROUNDS times; a figure is the median of the rounds. The client runs on the same cores,
for both.

* one conversation: turns one after the other, in a conversation that starts new in every round; p50 and p95.
* growth: p50 of turns 101-120 of one conversation over p50 of its turns 1-20.
* understanding: a held-out English request outside any conversation, each asked once; what the engine takes, and the
  way there and back.
* 20 turns a second: the turn of no register, in 20 conversations, each begun when its time has come whether the last
  one is answered or not; a turn takes from that time on.
* 100 at once: each of 100 conversations sends TURNS_EACH turns, each as soon as the last is answered.
"""

import asyncio
import contextlib
import statistics
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from running import RunningKratt, System, percentile, running_kratt, running_stock_rasa, table

from assistant.content.held_out import read_held_out
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.settings import PROJECT

ROUNDS = 3
TURNS = 40
LONG_CONVERSATION = 120
EDGE = 20
PARSED = 200
PACE_PER_SECOND, PACED_SECONDS = 20, 15
CONVERSATIONS = 100
TURNS_EACH = 5


@dataclass(frozen=True)
class Case:
    """One kind of turn: what is said, over and over, and the outcomes that count as right."""

    name: str
    words: tuple[str, ...]
    person: str = ""
    right: frozenset[str] = frozenset({Outcome.ANSWERED.value})


SMALL_TALK = tuple(Case("no register", (words,)) for words in ("help", "hello", "thank you", "who are you", "repeat"))
"""Each system is asked the first of them that it answers: the barely trained one takes some for something else."""
ONE_REGISTER = Case("one register, logged in", ("when does my passport expire",), "EE60001019906")
KRATT_CASES = (
    ONE_REGISTER,
    Case("two registers, logged in", ("do i owe anything to the state",), "EE60001019906"),
    Case("a form's turn", ("what are your opening hours", "tallinn"), right=frozenset({"answered", "asked_detail"})),
)


@dataclass(frozen=True)
class Crowd:
    """What 100 conversations at once come to."""

    per_second: float
    p95: float
    failed: int


async def timed_turns(system: System, case: Case, turns: int) -> list[float]:
    """Milliseconds of each turn of one new conversation.

    Raises:
        RuntimeError: a turn did not end as it should.
    """
    milliseconds = []
    async with system.conversation(case.person) as ask:
        for number in range(turns):
            begin = time.perf_counter()
            outcome = await ask(case.words[number % len(case.words)])
            milliseconds.append((time.perf_counter() - begin) * 1000)
            if outcome not in case.right:
                raise RuntimeError(f"{system.name}: {case.words} ended as {outcome}")
    return milliseconds


async def answered(system: System) -> Case:
    """The small talk that a system answers every time, which warms it up.

    Raises:
        RuntimeError: it answers none.
    """
    for case in SMALL_TALK:
        with contextlib.suppress(RuntimeError):
            await timed_turns(system, case, 10)
            return case
    raise RuntimeError(f"{system.name} answers no small talk")


async def timed_parses(system: System, texts: Sequence[str]) -> list[float]:
    """Milliseconds that each text takes to be understood."""
    milliseconds = []
    async with system.understanding() as parse:
        for text in texts:
            begin = time.perf_counter()
            await parse(text)
            milliseconds.append((time.perf_counter() - begin) * 1000)
    return milliseconds


async def paced(system: System, case: Case) -> list[float]:
    """Milliseconds of turns that begin at a steady pace, from the moment at which each was due.

    Raises:
        RuntimeError: a turn did not end as it should.
    """
    milliseconds: list[float] = []

    async def converse(due: float) -> None:
        async with system.conversation() as ask:
            for _ in range(PACED_SECONDS):
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                if await ask(case.words[0]) not in case.right:
                    raise RuntimeError(f"{system.name}: {case.words} failed")
                milliseconds.append((time.perf_counter() - due) * 1000)
                due += 1.0

    begin = time.perf_counter() + 1.0
    async with asyncio.TaskGroup() as conversations:
        for number in range(PACE_PER_SECOND):
            conversations.create_task(converse(begin + number / PACE_PER_SECOND))
    return milliseconds


async def crowd(system: System, case: Case) -> Crowd:
    """100 conversations at once."""
    milliseconds: list[float] = []
    outcomes: Counter[str] = Counter()

    async def converse() -> None:
        async with system.conversation() as ask:
            for _ in range(TURNS_EACH):
                begin = time.perf_counter()
                outcomes[await ask(case.words[0])] += 1
                milliseconds.append((time.perf_counter() - begin) * 1000)

    begin = time.perf_counter()
    await asyncio.gather(*(converse() for _ in range(CONVERSATIONS)))
    right = sum(outcomes[outcome] for outcome in case.right)
    return Crowd(right / (time.perf_counter() - begin), percentile(milliseconds, 95), outcomes.total() - right)


class Figures:
    """The figures of one system, round by round."""

    def __init__(self, system: System, small_talk: Case, cases: Sequence[Case], texts: Sequence[str]) -> None:
        self.system = system
        self._texts = texts
        self._small_talk = small_talk
        self._cases = cases
        self._rounds: list[dict[str, float]] = []

    async def measure(self) -> None:
        """One round."""
        found: dict[str, float] = {}
        for case in self._cases:
            milliseconds = await timed_turns(self.system, case, TURNS)
            found |= {f"{case.name}, {p} (ms)": percentile(milliseconds, int(p[1:])) for p in ("p50", "p95")}
        parses = await timed_parses(self.system, self._texts[len(self._rounds) :: ROUNDS])
        found |= {f"understanding, p{p} (ms)": percentile(parses, p) for p in (50, 95)}
        steady = await paced(self.system, self._small_talk)
        found |= {f"20 turns a second, p{p} (ms)": percentile(steady, p) for p in (50, 95)}
        long = await timed_turns(self.system, self._small_talk, LONG_CONVERSATION)
        first, last = statistics.median(long[:EDGE]), statistics.median(long[-EDGE:])
        found |= {"turns 1-20, p50 (ms)": first, "turns 101-120, p50 (ms)": last, "growth (times)": last / first}
        busy = await crowd(self.system, self._small_talk)
        found |= {
            "100 at once, turns/s": busy.per_second,
            "100 at once, p95 (ms)": busy.p95,
            "100 at once, failed turns": float(busy.failed),
        }
        self._rounds.append(found)

    async def result(self) -> dict[str, float]:
        """The medians, and what is measured once."""
        memory = await self.system.memory_megabytes()
        return {
            "time to ready (s)": self.system.seconds_to_ready,
            **{name: statistics.median(each[name] for each in self._rounds) for name in self._rounds[0]},
            "memory (MB)": sum(memory.values()),
            **({f"memory of {name} (MB)": size for name, size in memory.items()} if len(memory) > 1 else {}),
        }


async def without_the_register(kratt: RunningKratt, own: dict[str, float]) -> dict[str, float]:
    """A turn that reads one register, less what the register itself takes at that percentile."""
    register = await kratt.register_milliseconds(ONE_REGISTER.person, TURNS * ROUNDS)
    return {
        f"{ONE_REGISTER.name}, less the register, p{percent} (ms)": own[f"{ONE_REGISTER.name}, p{percent} (ms)"]
        - percentile(register, percent)
        for percent in (50, 95)
    }


async def compare(kratt: RunningKratt, stock: System) -> None:
    """Measure in turns and print."""
    held_out = read_held_out(PROJECT / "nlu_data")
    texts = [each.text for each in held_out if each.language is Language.EN][: PARSED * ROUNDS]
    small_talk, stocks_small_talk = await answered(kratt), await answered(stock)
    ours = Figures(kratt, small_talk, [small_talk, *KRATT_CASES], texts)
    theirs = Figures(stock, stocks_small_talk, [stocks_small_talk], texts)
    for each in (ours, theirs):
        await each.system.memory_megabytes()
    for number in range(ROUNDS):
        for each in (ours, theirs):
            print(f"round {number + 1} of {ROUNDS}: {each.system.name}", file=sys.stderr)
            await each.measure()
    own, stocks = await ours.result(), await theirs.result()
    own |= await without_the_register(kratt, own)
    rows = [(name, value, stocks.get(name, ""), _ratio(name, value, stocks)) for name, value in own.items()]
    print(table(["", kratt.name, stock.name, "Kratt is better by"], rows))


def _ratio(name: str, value: float, stock: dict[str, float]) -> str:
    if not stock.get(name) or not value:
        return ""
    ratio = value / stock[name] if name.endswith("/s") else stock[name] / value
    return f"{ratio:.1f} ×"


def main() -> None:
    """Start both, compare, stop both."""
    with running_kratt() as kratt, running_stock_rasa() as stock:
        asyncio.run(compare(kratt, stock))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    main()
