"""A citizen's data from a terminal: what they may ask of the gateway, for who cannot or does not want to log in."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from assistant.adapters.actions_data import ActionsData
from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.sql_desk import SqlDesk
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_inbox import SqlInbox
from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.adapters.sql_logins import SqlLogins
from assistant.adapters.sql_own_screens import SqlOwnScreens
from assistant.adapters.sql_sessions import SqlSessions
from assistant.database import SqlDatabase
from assistant.pipeline.own_data import OwnData
from assistant.settings import Settings


@asynccontextmanager
async def own_data(settings: Settings) -> AsyncIterator[OwnData]:
    """The stores of the running Kratt."""
    secret = settings.secret("data_key")
    sessions = SqlSessions(settings.database_url, settings.session_minutes * 60, secret)
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    dialogues = RasaDialogue(settings.process_url("engine"), settings.secret("engine_token"), secret)
    acts = ActionsData(settings.process_url("actions"), settings.secret("actions_token"))
    async with AsyncExitStack() as opened:
        for store in (sessions, database, dialogues, acts):
            opened.push_async_callback(store.close)
        speakers = SqlDevices(database, settings.speaker_idle_seconds, secret)
        yield OwnData(
            {
                "sessions": sessions,
                "speakers": speakers,
                "apps": SqlLinkedApps(database, secret),
                "browsers": SqlLogins(database, secret, settings.login_years),
                "waiting": SqlOwnScreens(database, secret),
                "desk": SqlDesk(database, secret),
                "inbox": SqlInbox(database, secret, settings.inbox_days),
                "dialogues": dialogues,
                "acts": acts,
            }
        )
