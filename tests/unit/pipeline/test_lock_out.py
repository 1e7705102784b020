from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant.content.lock_words import read_lock_words
from assistant.core.deadline import Deadline
from assistant.core.errors import ContentError, ServiceUnavailable, UnknownConversation
from assistant.core.languages import Language
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.turns import Expected, Turn, Understanding
from assistant.pipeline.expectations import Expectations
from assistant.pipeline.lock_out import LOCK_INTENT, LockOut, WithLock
from assistant.pipeline.present import LOCK
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

MARY = Session("conversation", "dialogue", "EE60001019906")
RESPONSES = {LOCK: {Language.EN: "Done.", Language.ET: "Tehtud.", Language.RU: "Готово."}}


class Engine:
    async def respond(self, *_: object) -> DialogueAnswer:
        return DialogueAnswer((Message("You said something."),), Understanding())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lock", "Done."),
        ("  LOCK me out!! ", "Done."),
        ("Logi mind kohe välja.", "Tehtud."),
        ("выйди из системы", "Готово."),
        ("lock it", "You said something."),
        ("please lock", "You said something."),
        ("", "You said something."),
    ],
)
async def test_words_when_they_lock_and_say_nothing_else_then_the_engine_is_not_asked(text: str, said: str) -> None:
    dialogue: Any = WithLock(Engine(), read_lock_words(PROJECT / "nlu_data"), RESPONSES)  # type: ignore[arg-type]
    answer = await dialogue.respond(Turn("turn", "web", Language.EN, text), MARY, "", Deadline.after(1))
    assert answer.messages[0].text == said
    assert (answer.understanding.intent is not None) is (said != "You said something.")
    if answer.understanding.intent:
        assert answer.understanding.intent.name == LOCK_INTENT


@dataclass
class World:
    """All that a lock may reach; `down` are those that fail."""

    down: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)

    async def _do(self, what: str) -> None:
        if what in self.down:
            raise UnknownConversation if what == "session" else ServiceUnavailable
        self.done.append(what)

    async def lock(self, device_id: str) -> None:
        await self._do("speaker")

    async def log_out(self, conversation_id: str) -> Session:
        await self._do("session")
        return Session("fresh", "new")

    async def leave(self, session: Session) -> None:
        await self._do("desk")

    async def note_lock(self, session: Session, channel: str) -> None:
        await self._do("record")


@pytest.mark.parametrize(
    ("session", "device", "down", "done"),
    [
        (MARY, None, (), ["session", "desk", "record"]),
        (MARY, "speaker", (), ["speaker", "desk", "record"]),
        (MARY, None, ("desk", "record"), ["session"]),
        (MARY, None, ("session",), ["desk", "record"]),
        (Session("conversation", "dialogue"), None, (), ["session", "desk"]),
    ],
    ids=["page", "speaker", "all else is down", "ended meanwhile", "nobody"],
)
async def test_lock_when_something_is_down_then_it_is_locked_all_the_same(
    session: Session, device: str | None, down: tuple[str, ...], done: list[str]
) -> None:
    world: Any = World(down)
    expectations = Expectations()
    expectations.note(session.dialogue_id, Expected("choice", ("a name of a register's",)))
    fresh = await LockOut(world, world, expectations, world, world)(session, "web", device)
    assert world.done == done
    assert (fresh is not None) is ("session" in done)
    assert expectations.of(session.dialogue_id) is None


async def test_lock_when_the_speaker_cannot_be_locked_then_that_is_an_error() -> None:
    world: Any = World(("speaker",))
    with pytest.raises(ServiceUnavailable):
        await LockOut(world, world, Expectations(), world, world)(MARY, "unlocked_speaker", "speaker")


@pytest.mark.parametrize("text", ["en: []\net: [lukku]\nru: [стоп]\n", "en: [lock]\n", "en: [lock]\nxx: [y]\n"])
def test_file_when_a_language_has_no_words_then_is_refused_with_its_name(tmp_path: Any, text: str) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "lock.yml").write_text(text)
    with pytest.raises(ContentError, match=r"lock\.yml"):
        read_lock_words(tmp_path)
