"""Tells citizens, in the state's mailbox, of logins with browsers that they had not used: it may have been a thief."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from actions.writing.notices import Notice, Outbox
from assistant.content.own_responses import NOTICE_BROWSER, NOTICE_BROWSER_TITLE
from assistant.core.calendar import CITIZENS_ZONE
from assistant.core.languages import Language
from assistant.core.logins import UntoldLogins

AT_ONCE = 8


@dataclass(frozen=True)
class TellOfBrowsers:
    """Takes logins to the outbox, each once; `responses` by name and language."""

    logins: UntoldLogins
    outbox: Outbox
    responses: Mapping[str, Mapping[Language, str]]

    async def take_round(self) -> None:
        """Write some of the notices that are to be written.

        Raises:
            ServiceUnavailable: a database does not answer; nothing is lost.
        """
        for login in await self.logins.untold(AT_ONCE):
            if login.subject is not None:
                await self.outbox.add(f"login/{login.login_id}", login.subject, self._notice(login.at))
            await self.logins.mark_told(login.login_id)

    def _notice(self, at: float) -> Notice:
        """The letter; of the citizen it says nothing but the time."""
        moment = datetime.fromtimestamp(at, CITIZENS_ZONE)
        told = {"day": moment.strftime("%d.%m.%Y"), "time": moment.strftime("%H:%M")}
        return Notice(
            title={language.value: words for language, words in self.responses[NOTICE_BROWSER_TITLE].items()},
            text={language.value: words.format(**told) for language, words in self.responses[NOTICE_BROWSER].items()},
        )
