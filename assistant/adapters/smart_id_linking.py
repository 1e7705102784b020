"""Links the Smart-ID app on a citizen's own phone (RP API 3.2).

By a link that is opened on that phone (Web2App), or by a QR code that it reads from another screen (QR).
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from assistant.adapters.acsp_v2 import Challenge
from assistant.adapters.smart_id import SHORTEST_WAIT_SECONDS, DeviceLink, SmartId
from assistant.adapters.smart_id_answer import Callback
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import BegunLink, PhoneAnswer, PhoneRequest

WAIT_SECONDS = 5.0
"""Who is back has confirmed; the service may need a moment to know it."""

SHOWN = "a QR code"
"""What is confirmed where there is no address to come back to."""


@dataclass(frozen=True)
class SmartIdLinking:
    """`AppLinking` by Smart-ID."""

    smart_id: SmartId
    now: Callable[[], float] = time.time
    _looked_at: set[str] = field(default_factory=set, init=False)

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
        return _own(document, begun.subject)

    async def show(self, subject: str, text: str, language: Language) -> BegunLink:
        """Begin for a QR code; see `AppLinking`."""
        link = await self.smart_id.link(PhoneRequest(subject, "", SHOWN, text, language))
        note = json.dumps({"link": asdict(link), "language": language.value})
        return BegunLink(subject, note, self.now())

    def address_now(self, begun: BegunLink) -> str:
        """What the QR code has to hold now; see `AppLinking`."""
        elapsed = self.now() - (begun.shown_since or 0.0)
        return _shown(begun).address(Language(json.loads(begun.ticket)["language"]), max(0, int(elapsed)))

    async def look(self, begun: BegunLink) -> tuple[PhoneAnswer, str]:
        """What has come of a code; see `AppLinking`."""
        ticket = _shown(begun).ticket
        if ticket in self._looked_at:  # who asks faster than the service answers does not queue up
            return PhoneAnswer.WAITING, ""
        self._looked_at.add(ticket)
        try:
            answer, document = await self.smart_id.outcome(ticket, begun.subject, SHORTEST_WAIT_SECONDS)
        finally:
            self._looked_at.discard(ticket)
        return answer, _own(document, begun.subject) if answer is PhoneAnswer.CONFIRMED else ""


def _shown(begun: BegunLink) -> DeviceLink:
    link = json.loads(begun.ticket)["link"]
    return DeviceLink(**{**link, "challenge": Challenge(**link["challenge"])})


def _own(document: str, subject: str) -> str:
    # Not part of what is signed: a wrong one would have us ask somebody else again and again.
    if not document.startswith(f"PNO{subject[:2]}-{subject[2:]}-"):
        raise NotAllowed("Smart-ID's answer fails a check: document number")
    return document
