"""How a browser is known again at the next login: by ids that it keeps for us, one for each of its latest citizens."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from assistant.core.logins import BROWSER_SECONDS

COOKIE = "kratt_browser"
PATH = "/v1/login"
MOST_IDS = 5
_SEPARATOR = "."
_ID = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)  # as assistant/core/secret_ids.py makes them


def browser_ids_of(request: Request) -> tuple[str, ...]:
    """The ids that the browser has from us, the latest last; whatever else stands there is left out."""
    parts = request.cookies.get(COOKIE, "").split(_SEPARATOR, MOST_IDS)[:MOST_IDS]
    return tuple(dict.fromkeys(part for part in parts if _ID.fullmatch(part)))


def remember_browser(response: Response, before: Sequence[str], browser_id: str, *, is_https: bool) -> None:
    """Have the browser keep an id beside those that it has; the one of who was here longest ago makes room."""
    kept = [*(each for each in before if each != browser_id), browser_id][-MOST_IDS:]
    # Lax: the login service's page sends the browser here, and a strict cookie would stay at home.
    response.set_cookie(
        COOKIE,
        _SEPARATOR.join(kept),
        max_age=int(BROWSER_SECONDS),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=is_https,
    )
