"""What the gateway keeps, in one database."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.adapters.sql_account_links import SqlAccountLinks
from assistant.adapters.sql_calls import SqlCalls
from assistant.adapters.sql_desk import SqlDesk
from assistant.adapters.sql_devices import SqlDevices
from assistant.adapters.sql_feedback import SqlFeedback
from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.adapters.sql_granted_logins import SqlGrantedLogins
from assistant.adapters.sql_hand_overs import SqlHandOvers
from assistant.adapters.sql_inbox import SqlInbox
from assistant.adapters.sql_linked_apps import SqlLinkedApps
from assistant.adapters.sql_logins import SqlLogins
from assistant.adapters.sql_own_screens import SqlOwnScreens
from assistant.adapters.sql_publishing import SqlPublishing
from assistant.adapters.sql_request_counts import SqlRequestCounts
from assistant.adapters.sql_sessions import SqlSessions
from assistant.adapters.sql_turn_counts import SqlTurnCounts
from assistant.bootstrap.lifespan import Store
from assistant.core.ports import KeptData
from assistant.database import SqlDatabase
from assistant.settings import Settings


@dataclass(frozen=True)
class Stores:
    """All of them; sessions have a connection of their own, for each turn writes one."""

    sessions: SqlSessions
    devices: SqlDevices
    own_screens: SqlOwnScreens
    hand_overs: SqlHandOvers
    apps: SqlLinkedApps
    account_links: SqlAccountLinks
    granted_logins: SqlGrantedLogins
    logins: SqlLogins
    calls: SqlCalls
    feedback: SqlFeedback
    desk: SqlDesk
    inbox: SqlInbox
    publishing: SqlPublishing
    turn_counts: SqlTurnCounts
    request_counts: SqlRequestCounts
    form_counts: SqlFormCounts

    def __iter__(self) -> Iterator[Store]:
        """Each of them."""
        return iter(vars(self).values())

    @property
    def connections(self) -> tuple[SqlSessions, SqlTurnCounts, SqlRequestCounts, SqlFormCounts]:
        """Those that have something to end before the database is closed."""
        return self.sessions, self.turn_counts, self.request_counts, self.form_counts

    @property
    def kept(self) -> dict[str, KeptData]:
        """Those that keep something about citizens, in the order in which they forget."""
        return {
            "sessions": self.sessions,
            "speakers": self.devices,
            "apps": self.apps,
            "browsers": self.logins,
            "waiting": self.own_screens,
            "desk": self.desk,
            "inbox": self.inbox,
        }


def build_stores(settings: Settings, database: SqlDatabase) -> Stores:
    """The stores, not opened yet."""
    key = settings.secret("data_key")
    return Stores(
        sessions=SqlSessions(settings.database_url, settings.session_minutes * 60, key),
        devices=SqlDevices(database, settings.speaker_idle_seconds, key),
        own_screens=SqlOwnScreens(database, key),
        hand_overs=SqlHandOvers(database),
        apps=SqlLinkedApps(database, key),
        account_links=SqlAccountLinks(database, key),
        granted_logins=SqlGrantedLogins(database, key),
        calls=SqlCalls(database),
        logins=SqlLogins(database, key, settings.login_years),
        feedback=SqlFeedback(database, settings.feedback_days),
        desk=SqlDesk(database, key),
        inbox=SqlInbox(database, key, settings.inbox_days),
        publishing=SqlPublishing(database),
        turn_counts=SqlTurnCounts(database),
        request_counts=SqlRequestCounts(database),
        form_counts=SqlFormCounts(database),
    )
