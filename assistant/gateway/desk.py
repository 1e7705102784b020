"""The desk's own page, and what it asks for: agents sign in by a token each (docs/guides/desk.md)."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.core.desk import LONGEST_WORDS, Case, Desk
from assistant.core.errors import MalformedTurn, NotAllowed
from assistant.core.ports import Counted
from assistant.gateway.callers import device_token
from assistant.gateway.devices import json_schema, read_json
from assistant.gateway.intake import check_origin
from assistant.gateway.parts import Parts
from assistant.intake import GREATEST_NUMBER, address_of

FOLDER = Path(__file__).parent / "desk_page"

page_router = APIRouter(tags=["page"])
router = APIRouter(prefix="/v1/desk", tags=["desk"], dependencies=[Depends(check_origin)])


class CaseBody(BaseModel):
    """A case as agents see it in the queue."""

    case_id: str
    language: str
    reason: str = Field(description="`asked` or `not_understood`")
    service: str = Field(description="What was under way; empty if nothing was")
    waiting_seconds: float
    is_mine: bool
    last_words: int = Field(description="Number of the last thing said")


class QueueBody(BaseModel):
    """What the agent can take, and has taken."""

    agent: str
    cases: list[CaseBody]


class ExchangeBody(BaseModel):
    """What was said to Kratt, and what it replied."""

    said: str
    replied: str


class WordsBody(BaseModel):
    """One thing said in a case."""

    number: int
    is_agents: bool
    text: str
    at: float = Field(description="Epoch seconds")


class TalkBody(BaseModel):
    """What was said in a case."""

    transcript: list[ExchangeBody] = Field(description="The talk with Kratt; empty without the citizen's consent")
    words: list[WordsBody]


class AnswerBody(BaseModel):
    """What the agent says to the citizen."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST_WORDS)
    key: str = Field(min_length=8, max_length=64, description="Chosen by the client: the same again says nothing twice")


class SaidBody(BaseModel):
    """What was said has this number."""

    number: int


@dataclass(frozen=True)
class Agent:
    """The agent who asks, and the desk."""

    name: str
    desk: Desk


async def _agent(request: Request, parts: Parts) -> Agent:
    """Who asks, by their token: no cookie, so that no other page can ask in their name.

    Raises:
        NotAllowed: there is no desk, or nobody of it has this token.
        TooOften: too many were tried from this address.
    """
    token = device_token(request)
    name = parts.desk.agents.of(token) if parts.desk and token else None
    if parts.desk is None or name is None:
        await parts.rate_limiter.admit(Counted.LOGIN_OF_ADDRESS, address_of(request))
        raise NotAllowed("this is for agents of the desk")
    return Agent(name=name, desk=parts.desk.store)


AnAgent = Annotated[Agent, Depends(_agent)]
CaseId = Annotated[str, InPath(max_length=64)]


@page_router.get("/desk", include_in_schema=False)
async def show_desk() -> Response:
    """Hand out the agents' page; it shows nothing to who has no token."""
    return FileResponse(FOLDER / "index.html", headers={"Cache-Control": "no-cache"})


@router.get("/queue")
async def show_queue(agent: AnAgent) -> QueueBody:
    """The queue; who asks for it is on duty for the next ninety seconds."""
    cases = await agent.desk.queue(agent.name)
    return QueueBody(agent=agent.name, cases=[_body(case, agent.name) for case in cases])


@router.post("/leave", status_code=204)
async def leave_desk(agent: AnAgent) -> Response:
    """Go off duty; what was claimed waits again."""
    await agent.desk.go_off_duty(agent.name)
    return Response(status_code=204)


@router.post("/cases/{case_id}/claim")
async def claim_case(case_id: CaseId, agent: AnAgent) -> CaseBody:
    """Take a case: of several who do so at once one gets it, the others are told."""
    return _body(await agent.desk.claim(case_id, agent.name), agent.name)


@router.get("/cases/{case_id}")
async def read_case(
    case_id: CaseId, agent: AnAgent, after: Annotated[int, Query(ge=0, le=GREATEST_NUMBER)] = 0
) -> TalkBody:
    """Read a case of one's own; the transcript comes with the first words only."""
    words = await agent.desk.words_of_agent(case_id, agent.name, after)
    transcript = () if after else await agent.desk.transcript(case_id, agent.name)
    return TalkBody(
        transcript=[ExchangeBody(said=each.said, replied=each.replied) for each in transcript],
        words=[WordsBody(number=w.number, is_agents=w.is_agents, text=w.text, at=w.at) for w in words],
    )


@router.post("/cases/{case_id}/messages", status_code=201, openapi_extra=json_schema(AnswerBody))
async def answer_case(case_id: CaseId, request: Request, agent: AnAgent, parts: Parts) -> SaidBody:
    """Say something to the citizen."""
    body = await read_json(request, AnswerBody, parts)
    text = body.text.strip()
    if not text:
        raise MalformedTurn("an answer needs words")
    return SaidBody(number=await agent.desk.answer(case_id, agent.name, text, body.key))


@router.post("/cases/{case_id}/release", status_code=204)
async def release_case(case_id: CaseId, agent: AnAgent) -> Response:
    """Give a case back to the queue."""
    await agent.desk.release(case_id, agent.name)
    return Response(status_code=204)


@router.post("/cases/{case_id}/close", status_code=204)
async def close_case(case_id: CaseId, agent: AnAgent) -> Response:
    """End a case: its citizen talks with Kratt again."""
    await agent.desk.close_case(case_id, agent.name)
    return Response(status_code=204)


def _body(case: Case, agent: str) -> CaseBody:
    return CaseBody(
        case_id=case.case_id,
        language=case.language.value,
        reason=case.reason.value,
        service=case.service,
        waiting_seconds=max(0.0, time.time() - case.since),
        is_mine=case.agent == agent,
        last_words=case.last_words,
    )
