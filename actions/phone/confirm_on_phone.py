"""Asks a citizen's own phone whether an act is wanted, and keeps what it said."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from actions.asker import Asker
from actions.dialogue.acting import Act
from actions.phone.questions import PhoneQuestions
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import OwnPhone, PhoneAnswer, PhoneQuestion, PhoneRequest

WAIT_SECONDS = 2.0
"""How long a turn waits for a phone; whoever says "done" has mostly done it."""

_LARGEST_PART = 0.3
"""Of the turn's time: the act itself needs the rest."""

_log = logging.getLogger("kratt.actions")


class Apps(Protocol):
    """Knows which app a citizen has linked."""

    async def document_of(self, subject: str) -> str | None:
        """The document number of the app that the citizen linked last."""


@dataclass(frozen=True)
class ConfirmOnPhone:
    """Asks phones; `texts` is what they show, by language, with `{title}` for the service's.

    Who has linked an app is asked there; the number that a register knows of them may have no Mobile-ID.
    """

    by_number: OwnPhone
    by_app: OwnPhone
    apps: Apps
    questions: PhoneQuestions
    texts: Mapping[Language, str]

    async def address_of(self, asker: Asker, number: str | None) -> str | None:
        """Where the citizen is asked: the document number of their app, else the number.

        Raises:
            ServiceUnavailable: the gateway's database does not answer.
        """
        return await self.apps.document_of(asker.subject or "") or number

    async def ask(self, act: Act, asker: Asker, address: str) -> PhoneQuestion | None:
        """Let the phone ask; what it asks, or None if it was asked too often.

        Raises:
            ServiceUnavailable: the phone's service, or our database, is down.
        """
        subject = asker.subject or ""
        number = await self.questions.begin(act.key, subject)
        if number is None:
            return None
        text = self.texts[act.language].format(title=act.service.title[act.language])
        phone = self.by_number if address.startswith("+") else self.by_app
        question = await phone.ask(PhoneRequest(subject, address, act.key, text, act.language))
        await self.questions.asked(number, question)
        return question

    async def answer(self, act: Act, asker: Asker) -> tuple[PhoneAnswer, PhoneQuestion | None]:
        """What the phone says, and to which question, if there is one.

        Raises:
            ServiceUnavailable: as `ask`.
        """
        subject = asker.subject or ""
        found = await self.questions.find(act.key, subject)
        if found is None:
            return PhoneAnswer.TIMED_OUT, None
        wait = min(WAIT_SECONDS, asker.deadline.remaining_seconds * _LARGEST_PART)
        try:
            phone = self.by_app if found.question.is_choice else self.by_number
            answer = await phone.answer(found.question, subject, wait)
        except NotAllowed as error:
            # Somebody answers for this phone who must not: the citizen hears what they hear when it is not confirmed.
            _log.error("answer of a phone refused", extra={"facts": {"code": error.code, "detail": error.detail}})
            answer = PhoneAnswer.REFUSED
        if answer is not PhoneAnswer.WAITING:
            await self.questions.settle(found.number, is_confirmed=answer is PhoneAnswer.CONFIRMED)
        return answer, found.question

    async def is_confirmed(self, act: Act, asker: Asker) -> bool:
        """Whether the act's citizen has confirmed it on their phone."""
        return await self.questions.is_confirmed(act.key, asker.subject or "")
