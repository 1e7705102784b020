"""Asking a register what became of a write that we lost sight of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions.writing.confirmed_write import Answer, WriteResult, WriteState, XRoad
from actions.xroad.question import Question
from assistant.core.errors import ServiceError


async def ask_status(
    xroad: XRoad, question: Question, asked: WriteResult, kept: Sequence[str], timeout_seconds: float
) -> WriteResult | None:
    """The write as done, if the register says so; None if it is still not known.

    That a register does not know the key proves nothing: our message may still be on its way to it.
    """
    try:
        answer = await xroad.get(question, timeout_seconds)
    except ServiceError:
        return None
    known = done(asked, answer, kept)
    return known if known.answer or not kept else None  # an answer without a receipt speaks of something else


def done(asked: WriteResult, answer: Answer, kept: Sequence[str]) -> WriteResult:
    """The write as done, with what is kept of the register's answer."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    return replace(asked, state=WriteState.DONE, answer={name: body[name] for name in kept if name in body})
