"""What a citizen thought of a conversation."""

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.core.errors import UnknownConversation
from assistant.core.feedback import GRADES, LONGEST_WORDS, Feedback
from assistant.gateway.conversations import resume
from assistant.gateway.devices import json_schema, read_json
from assistant.gateway.intake import check_page
from assistant.gateway.parts import Parts
from assistant.gateway.rates import count_turn_of_address
from assistant.intake import set_language
from assistant.pipeline.take_turn import Caller

router = APIRouter(
    prefix="/v1/feedback", tags=["feedback"], dependencies=[Depends(check_page), Depends(count_turn_of_address)]
)


class FeedbackBody(BaseModel):
    """One opinion."""

    model_config = ConfigDict(extra="forbid")

    grade: int = Field(ge=GRADES.start, le=GRADES.stop - 1, description="5 is best")
    words: str = Field("", max_length=LONGEST_WORDS)
    language: str | None = None


@router.post("", status_code=204, openapi_extra=json_schema(FeedbackBody))
async def take_feedback(request: Request, parts: Parts) -> None:
    """Keep an opinion, masked; only who has talked to Kratt has one."""
    body = await read_json(request, FeedbackBody, parts)
    language = set_language(request, body.language, parts.default_language)
    session = await resume(request, parts.sessions)
    if session is None:
        raise UnknownConversation
    await parts.take_turn.count_caller(Caller(session))
    await parts.feedback.add(Feedback(body.grade, body.words.strip(), language))
    if parts.rate_model:
        await parts.rate_model(session.dialogue_id, body.grade)
    if parts.tell_editors:
        await parts.tell_editors.rated(body.grade, session)
