"""Whether the gateway lives, can work, and what it is."""

import asyncio

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from assistant.core.errors import KrattError
from assistant.gateway.parts import Check, Parts

CHECK_SECONDS = 2.0

router = APIRouter(tags=["health"])


class CheckBody(BaseModel):
    """How one dependency is."""

    ok: bool
    detail: str = Field("", description="What it says of itself, or the error: its code and what is wrong")


class ReadyBody(BaseModel):
    """Whether everything is there that a turn needs."""

    ready: bool
    checks: dict[str, CheckBody]


@router.get("/healthz")
async def show_health() -> dict[str, str]:
    """Tell that the process lives; asks nobody."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"model": ReadyBody}})
async def show_readiness(response: Response, parts: Parts) -> ReadyBody:
    """Check every dependency at once."""
    results = await asyncio.gather(*(_result(check) for check in parts.checks.values()))
    checks = dict(zip(parts.checks, results, strict=True))
    is_ready = all(result.ok for result in results)
    response.status_code = 200 if is_ready else 503
    return ReadyBody(ready=is_ready, checks=checks)


@router.get("/version")
async def show_version(parts: Parts) -> dict[str, str]:
    """Name what runs here."""
    return dict(parts.version)


async def _result(check: Check) -> CheckBody:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            detail = await check()
    except KrattError as error:
        return CheckBody(ok=False, detail=f"{error.code}: {error.detail}" if error.detail else error.code)
    except TimeoutError:
        return CheckBody(ok=False, detail="late")
    return CheckBody(ok=True, detail=detail if isinstance(detail, str) else "")
