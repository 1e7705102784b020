"""The engine as a command asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.settings import Settings


@asynccontextmanager
async def engine_client(settings: Settings) -> AsyncIterator[RasaDialogue]:
    """A client of this Kratt's engine, closed at the end."""
    dialogue = RasaDialogue(settings.process_url("engine"), settings.secret("engine_token"))
    try:
        yield dialogue
    finally:
        await dialogue.close()
