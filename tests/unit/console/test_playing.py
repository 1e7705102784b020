"""Test conversations against a second Kratt whose engine and sandbox are fakes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.console.playing import PlayConversations, play
from assistant.console.tried import Talks, TriedKratt
from assistant.content.comparison import Comparison
from assistant.content.conversations import Conversation
from assistant.content.model_bank import Made, ModelBank
from assistant.core.errors import OperationFailed
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.progress import Progress
from assistant.core.try_outs import Stage, Subject, TryOut
from assistant.core.turns import Intent, Part, Reply, Understanding

pytestmark = pytest.mark.unit

MARY = "EE60001019906"
ANSWER = Reply(
    *("turn", "", Language.EN, Outcome.ANSWERED, (Part("You will get 912 euros."),)),
    understanding=Understanding((Intent("pension", 0.9),)),
)
TESTS = """
conversations:
  - name: how much
    language: en
    as: EE60001019906
    phone: refuses
    down: [pillars]
    turns:
      - {say: hello there, outcome: answered}
      - {say: shall i be rich, intent: pension, outcome: answered, reply: [912 euros]}
"""


def conversation(**changes: object) -> Conversation:
    turn = {"say": "shall i be rich", "intent": "pension", "outcome": "answered", "reply": ["912 Euros"], **changes}
    hello = {"say": "hello there", "outcome": "answered"}
    return Conversation.model_validate({"name": "how much", "language": "en", "as": MARY, "turns": [hello, turn]})


class FakeKratt:
    """Gives the same reply to everything."""

    def __init__(self, reply: Reply = ANSWER) -> None:
        self.reply = reply
        self.registers, self.did, self.sessions = self, [], []

    async def begin_anew(self, person: str) -> None:
        self.did.append(("anew", person))

    async def disturb(self, faults: dict[str, str], phones: dict[str, str]) -> None:
        self.did.append((faults, phones))

    async def take(self, said: str, language: Language, session: object) -> object:
        self.did.append(said)
        self.sessions.append(session)
        return SimpleNamespace(reply=self.reply)


@pytest.mark.parametrize(
    ("changes", "breaks"),
    [
        ({}, None),
        ({"outcome": "asked_login"}, "turn 2: “shall i be rich” is answered now, not asked_login"),
        ({"intent": "greet"}, "is pension now, not greet"),
        ({"reply": ["913"]}, "is answered with “You will get 912 euros.” now, not answered with “913”"),
    ],
)
async def test_conversation_when_played_then_breaks_where_a_promise_is_not_kept(changes, breaks) -> None:
    kratt = FakeKratt()
    broken = await play("pension-en: how much", conversation(**changes), kratt)  # type: ignore[arg-type]
    assert (breaks in str(broken)) if breaks else broken is None
    assert {each.subject for each in kratt.sessions} == {MARY}


class FakeTryOuts:
    """A publisher that starts everything at once, unless it is to fail."""

    def __init__(self) -> None:
        self.wanted: list[Subject] = []
        self.left: list[int] = []
        self.stage = Stage.READY

    async def want(self, subject: Subject) -> int:
        self.wanted.append(subject)
        return len(self.wanted)

    async def now(self) -> TryOut:
        return TryOut(len(self.wanted), self.wanted[-1], self.stage, "its port is taken", 0.0)

    async def use(self, number: int) -> None:
        pass

    async def leave(self, number: int) -> None:
        self.left.append(number)


@pytest.fixture
def world(console, content, tmp_path) -> SimpleNamespace:
    draft = console.parts.drafts.open("mine")
    folder = draft.folder / "services" / "pension"
    (folder / "tests.yml").write_text(TESTS, encoding="utf-8")
    with draft.locked():
        pass  # commits what was written by hand
    archive = tmp_path / "model"
    archive.write_bytes(b"a model")
    bank = ModelBank(tmp_path / "models")
    version = bank.add(archive, Made("0" * 64)).version
    world = SimpleNamespace(store=FakeTryOuts(), kratts=[], version=version, reports=[])

    async def attach(now: TryOut) -> TriedKratt:
        return world.kratts[now.number - 1]

    player = PlayConversations(content, world.store, Talks(attach, {}), console.parts.drafts, bank, 0.05)  # type: ignore[arg-type]

    async def run(**changes: object) -> Comparison:
        found = replace(Comparison(version, "live", {}, {}, (), (), (), 3), **changes)
        return await player(Subject("mine", draft.head(), version, "Mari"), found, world.reports.append)

    world.run = run
    return world


async def test_conversations_when_nothing_can_go_otherwise_then_nothing_is_started(world, console) -> None:
    draft = console.parts.drafts.get("mine")
    (draft.folder / "services" / "pension" / "tests.yml").write_bytes(
        (console.parts.content / "services" / "pension" / "tests.yml").read_bytes()
    )
    found = await world.run()
    assert (found.played, world.store.wanted) == (0, [])


async def test_conversations_when_new_then_are_played_as_they_ask_for(world) -> None:
    world.kratts = [FakeKratt()]
    played = await world.run()
    assert (played.played, played.broken, played.refusals, world.store.left) == (1, (), (), [1])
    assert world.kratts[0].did == [
        ("anew", MARY),
        ({"pillars": "server_error"}, {MARY: "refuses"}),
        *("hello there", "shall i be rich"),
    ]
    assert isinstance(world.reports[0], Progress)


async def test_conversation_when_it_breaks_and_the_live_model_holds_it_then_the_gate_refuses_and_names_it(
    world,
) -> None:
    world.kratts = [FakeKratt(replace(ANSWER, parts=(Part("Nobody knows."),))), FakeKratt()]
    played = await world.run()
    (refusal,) = played.refusals
    assert "pension-en: how much, turn 2: “shall i be rich”" in refusal
    assert [(each.draft, each.version) for each in world.store.wanted] == [("mine", world.version), ("", "live")]


async def test_conversation_when_it_breaks_with_the_live_model_too_then_nobody_is_refused_for_it(world) -> None:
    world.kratts = [FakeKratt(replace(ANSWER, parts=(Part("Nobody knows."),)))] * 2
    played = await world.run()
    assert (played.broken, played.refusals, played.played) == ((), (), 1)


async def test_conversations_when_the_second_kratt_does_not_start_then_says_so_and_nothing_is_compared(world) -> None:
    world.store.stage = Stage.FAILED
    with pytest.raises(OperationFailed, match="its port is taken"):
        await world.run()


async def test_conversations_when_nobody_starts_the_second_kratt_then_says_so_and_waits_no_longer(world) -> None:
    world.store.stage = Stage.WANTED
    with pytest.raises(OperationFailed, match="no second Kratt has started"):
        await world.run()
    assert world.store.left == [1]
