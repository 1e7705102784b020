"""The desk, if there is one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.content.desk_spec import Phrases, read_desk
from assistant.core.desk import Desk
from assistant.core.desk_agents import read_agents
from assistant.core.languages import Language
from assistant.core.plain_words import plain
from assistant.core.ports import Dialogue
from assistant.gateway.parts import DeskParts
from assistant.pipeline.present import Responses
from assistant.pipeline.with_desk import DeskDuty, Farewells, WithDesk
from assistant.settings import Settings


def build_desk(
    settings: Settings, store: Desk, dialogue: Dialogue, responses: Responses
) -> tuple[DeskParts | None, Dialogue, Sequence[Callable[[], None]]]:
    """The desk, the dialogue as it goes on with it, and what drops all memory of it; without agents only the dialogue.

    Raises:
        SettingsError: the file of agents is not as it has to be.
        ContentError: the file of the hours is not.
    """
    if not settings.desk_agents:
        return None, dialogue, ()
    agents = read_agents(Path(settings.desk_agents))
    file = read_desk(settings.desk_hours_file)
    duty = DeskDuty(store, file.opening_hours())
    farewells = Farewells(_plain(file.back), _plain(file.stop))
    with_desk = WithDesk(dialogue, store, duty, responses, farewells)
    return DeskParts(store, agents, duty), with_desk, (with_desk.talks.forget,)


def _plain(phrases: Phrases) -> dict[Language, tuple[str, ...]]:
    return {language: tuple(map(plain, phrases.get(language, ()))) for language in Language}
