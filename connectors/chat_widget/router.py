"""Hands out the widget's script."""

import base64
import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from assistant.core.languages import Language
from connectors.chat_widget.bundle import bundle

ENTRY = Path(__file__).parent / "script" / "main.js"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


class ScriptBody(BaseModel):
    """The script as it is now, for a page that wants to be sure of it."""

    url: str = Field(description="Its address, which never hands out another script")
    integrity: str = Field(description="For the tag's attribute of this name")


def build_router(words: Mapping[Language, Mapping[str, str]], public_url: str) -> APIRouter:
    """The routes of the script, which has the widget's words in all languages."""
    script = bundle(ENTRY, {"WORDS": {language.value: dict(words[language]) for language in words}}).encode()
    digest = hashlib.sha384(script).digest()
    version = digest.hex()[:32]
    # Any page may load it, and it tells nothing: what matters is which pages may ask the gateway.
    headers = {
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": f'W/"{version}"',  # the same script, packed or not
        "Vary": "Accept-Encoding",
    }
    packed = gzip.compress(script, mtime=0)
    router = APIRouter(tags=["chat widget"])

    def answer(request: Request, caching: str) -> Response:
        own = {**headers, "Cache-Control": caching}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=own)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(script, media_type="text/javascript", headers=own)
        return Response(packed, media_type="text/javascript", headers={**own, "Content-Encoding": "gzip"})

    @router.get("/widget.js", response_class=Response)
    async def show_script(request: Request) -> Response:
        """The script; a browser asks each time whether there is another."""
        return answer(request, _ASK_AGAIN)

    @router.get(f"/widget/{version}.js", response_class=Response)
    async def show_version(request: Request) -> Response:
        """The same under an address of its own, kept by browsers for a year."""
        return answer(request, _FOR_EVER)

    @router.get("/widget.json")
    async def describe_script() -> ScriptBody:
        """Tell the script's own address and its hash."""
        integrity = f"sha384-{base64.b64encode(digest).decode()}"
        return ScriptBody(url=f"{public_url}/widget/{version}.js", integrity=integrity)

    return router
