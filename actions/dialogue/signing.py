"""The citizen's own phone, between the yes to what was read back and the act."""

from dataclasses import replace

from actions.asker import Asker
from actions.dialogue.acting import Act, Writer
from actions.dialogue.frames import PHONE, Frame
from actions.dialogue.saying import Step, Utterance
from actions.values.saying import SpokenValues
from assistant.content.own_responses import (
    APP_ASKED,
    APP_WAITING,
    PHONE_ASKED,
    PHONE_NONE,
    PHONE_NOT_CONFIRMED,
    PHONE_TOO_OFTEN,
    PHONE_UNAVAILABLE,
    PHONE_WAITING,
)
from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome
from assistant.core.ports import PhoneAnswer, PhoneQuestion

_AGAIN_SECONDS = 300.0


async def sign(
    writer: Writer, act: Act, frame: Frame, asker: Asker, number: str | None, words: SpokenValues
) -> Step | None:
    """What is said before the act may be done; None once the phone has confirmed it.

    A step without a frame is the end: nothing was sent. `number` is the phone's, as a register knows it.
    """
    try:
        if frame.asked == PHONE:
            return _read(await writer.phone_answer(act, asker), frame)
        return await _ask(writer, act, frame, asker, number)
    except ServiceUnavailable as error:
        again = words.again(error.retry_after_seconds or _AGAIN_SECONDS)
        return Step((Utterance(PHONE_UNAVAILABLE, {"again": again}),), outcome=Outcome.FAILED_REGISTER)


async def _ask(writer: Writer, act: Act, frame: Frame, asker: Asker, number: str | None) -> Step:
    address = await writer.phone_of(asker, number)
    if not address:
        call = next(call for call in act.service.calls if call.id == act.service.phone_source[0])
        return _over(Utterance(PHONE_NONE, {"register": call.register_[act.language]}))
    question = await writer.ask_phone(act, asker, address)
    if question is None:
        return _over(Utterance(PHONE_TOO_OFTEN))
    return _waiting(APP_ASKED if question.is_choice else PHONE_ASKED, question, frame)


def _read(answered: tuple[PhoneAnswer, PhoneQuestion | None], frame: Frame) -> Step | None:
    answer, question = answered
    if answer is PhoneAnswer.CONFIRMED:
        return None
    if answer is PhoneAnswer.WAITING and question:
        return _waiting(APP_WAITING if question.is_choice else PHONE_WAITING, question, frame)
    # Whether it was refused, not seen, or there is no such phone: whoever listens must not learn which.
    return _over(Utterance(PHONE_NOT_CONFIRMED))


def _waiting(response: str, question: PhoneQuestion, frame: Frame) -> Step:
    # Digit by digit, as it is compared.
    said = Utterance(response, {"code": " ".join(question.verification_code)})
    return Step((said,), replace(frame, asked=PHONE), Outcome.ASKED_CONFIRMATION)


def _over(said: Utterance) -> Step:
    return Step((said,), outcome=Outcome.ANSWERED)
