"""Links the Smart-ID app on a citizen's own phone, by a link that is opened there (RP API 3.2, Web2App)."""

from dataclasses import dataclass

from assistant.adapters.smart_id import SmartId
from assistant.adapters.smart_id_answer import Callback
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import BegunLink, PhoneAnswer, PhoneRequest

WAIT_SECONDS = 5.0
"""Who is back has confirmed; the service may need a moment to know it."""


@dataclass(frozen=True)
class SmartIdLinking:
    """`AppLinking` by Smart-ID."""

    smart_id: SmartId

    async def begin(self, subject: str, text: str, language: Language, callback_url: str) -> tuple[str, BegunLink]:
        """The address that opens the app; see `AppLinking`."""
        link = await self.smart_id.link(PhoneRequest(subject, "", callback_url, text, language), callback_url)
        return link.address(language), BegunLink(subject, link.ticket)

    async def finish(self, begun: BegunLink, secret_digest: str, verifier: str) -> str:
        """The app's document number; see `AppLinking`."""
        callback = Callback(secret_digest, verifier)
        answer, document = await self.smart_id.outcome(begun.ticket, begun.subject, WAIT_SECONDS, callback)
        if answer is not PhoneAnswer.CONFIRMED:
            raise NotAllowed("the app has not confirmed that it is to be linked")
        # Not part of what is signed: a wrong one would have us ask somebody else again and again.
        if not document.startswith(f"PNO{begun.subject[:2]}-{begun.subject[2:]}-"):
            raise NotAllowed("Smart-ID's answer fails a check: document number")
        return document
