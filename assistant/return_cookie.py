"""The cookie of a browser that is sent away to come back: to a login service, or to an app on the same telephone."""

from dataclasses import dataclass

from starlette.responses import Response


@dataclass(frozen=True)
class ReturnCookie:
    """What its `name` holds says that the one who comes back to `path` was sent from here, for so many seconds."""

    name: str
    path: str
    seconds: int

    def put(self, response: Response, value: str, *, is_https: bool) -> None:
        """Have the browser bring the value back."""
        # Lax: somebody else's page sends the browser back here, and a strict cookie would stay at home.
        response.set_cookie(
            self.name, value, max_age=self.seconds, path=self.path, httponly=True, samesite="lax", secure=is_https
        )

    def drop(self, response: Response, *, is_https: bool) -> None:
        """It has come back, or never will."""
        response.delete_cookie(self.name, path=self.path, httponly=True, samesite="lax", secure=is_https)
