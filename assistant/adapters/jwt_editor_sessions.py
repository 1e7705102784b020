"""Vouches for editors by JWTs that only the console can sign."""

import time
from collections.abc import Callable

import jwt

AUDIENCE = "console"
ALGORITHM = "HS256"
SESSION_SECONDS = 8 * 3600.0
"""A day's work."""


class JwtEditorSessions:
    """Signs with `secret`; `now` gives epoch seconds."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._now = now

    def issue(self, subject: str) -> str:
        """The cookie's value for somebody who has signed in."""
        claims = {"sub": subject, "aud": AUDIENCE, "exp": int(self._now() + SESSION_SECONDS)}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def subject_of(self, value: str) -> str | None:
        """Whom a value vouches for; nobody if it is forged or old."""
        try:
            claims = jwt.decode(
                value,
                self._secret,
                [ALGORITHM],
                {"require": ["sub", "aud", "exp"], "verify_exp": False},  # by our own clock
                audience=AUDIENCE,
            )
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"]) if claims["exp"] > self._now() else None
