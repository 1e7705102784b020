"""Figures for whoever runs Kratt, in Prometheus' format."""

import hmac
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from assistant.gateway.parts import Parts

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(tags=["health"])


@router.get("/metrics", response_class=Response, responses={401: {"description": "Without the token"}})
async def show_metrics(request: Request, parts: Parts) -> Response:
    """Count turns and the time of their stages; asks for the bearer token `KRATT_METRICS_TOKEN`."""
    given = request.headers.get("authorization", "").encode(errors="surrogateescape")
    if not hmac.compare_digest(given, f"Bearer {parts.metrics_token}".encode()):
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return Response(parts.metrics(), media_type=TEXT_FORMAT)
