"""Asks a citizen's own phone whether an act is wanted, and keeps what it said."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from actions.asker import Asker
from actions.dialogue.acting import Act
from actions.phone.questions import PhoneQuestions
from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import OwnPhone, PhoneAnswer, PhoneRequest

WAIT_SECONDS = 2.0
"""How long a turn waits for a phone; whoever says "done" has mostly done it."""

_LARGEST_PART = 0.3
"""Of the turn's time: the act itself needs the rest."""

_log = logging.getLogger("kratt.actions")


@dataclass(frozen=True)
class ConfirmOnPhone:
    """Asks phones; `texts` is what they show, by language, with `{title}` for the service's."""

    phone: OwnPhone
    questions: PhoneQuestions
    texts: Mapping[Language, str]

    async def ask(self, act: Act, asker: Asker, address: str) -> str | None:
        """Let the phone ask; the verification code, or None if it was asked too often.

        Raises:
            ServiceUnavailable: the phone's service, or our database, is down.
        """
        subject = asker.subject or ""
        number = await self.questions.begin(act.key, subject)
        if number is None:
            return None
        text = self.texts[act.language].format(title=act.service.title[act.language])
        question = await self.phone.ask(PhoneRequest(subject, address, act.key, text, act.language))
        await self.questions.asked(number, question)
        return question.verification_code

    async def answer(self, act: Act, asker: Asker) -> tuple[PhoneAnswer, str]:
        """What the phone says, and the verification code of its question.

        Raises:
            ServiceUnavailable: as `ask`.
        """
        subject = asker.subject or ""
        found = await self.questions.find(act.key, subject)
        if found is None:
            return PhoneAnswer.TIMED_OUT, ""
        wait = min(WAIT_SECONDS, asker.deadline.remaining_seconds * _LARGEST_PART)
        try:
            answer = await self.phone.answer(found.question, subject, wait)
        except NotAllowed as error:
            # Somebody answers for this phone who must not: the citizen hears what they hear when it is not confirmed.
            _log.error("answer of a phone refused", extra={"facts": {"code": error.code, "detail": error.detail}})
            answer = PhoneAnswer.REFUSED
        if answer is not PhoneAnswer.WAITING:
            await self.questions.settle(found.number, is_confirmed=answer is PhoneAnswer.CONFIRMED)
        return answer, found.question.verification_code

    async def is_confirmed(self, act: Act, asker: Asker) -> bool:
        """Whether the act's citizen has confirmed it on their phone."""
        return await self.questions.is_confirmed(act.key, asker.subject or "")
