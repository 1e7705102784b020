"""Whether a citizen has consented to a use of their data: asked right before it, and never remembered.

The guide of RIA's consent service: a consent is given by the citizen alone, on the service's own page, after they
logged in there. We may check it and start a request for it. Business errors come as 500 and are final.
"""

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from http import HTTPStatus

from actions.asker import Asker
from actions.xroad.answers import Answer
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import EncodedQuery, ServiceId, build_path, build_query
from actions.xroad.question import NO_QUERY, Question
from assistant.core.errors import ConsentMissing, ConsentUnchecked, ServiceError, ServiceRefused

ANSWER_SECONDS = 3.0
"""The most that a check may take of the turn; the data are still to be read."""

_NONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR})
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_LINK = re.compile(r"https://[!-~]{1,500}", re.ASCII)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Consents:
    """Asks the consent service; `callback` is where its page sends the citizen afterwards."""

    xroad: XRoadClient
    service: ServiceId
    callback: str
    now: Callable[[], datetime] = _now

    async def reference(self, purpose: str, asker: Asker, *, link: bool) -> str:
        """The reference of the citizen's consent to this purpose, which is in force now.

        `link`: if there is none, a request for one is started, and the error has its address.

        Raises:
            ConsentMissing: it was never given, is withdrawn, or is over.
            ConsentUnchecked: the consent service cannot tell; so nothing may be read.
        """
        try:
            if reference := await self._in_force(purpose, asker):
                return reference
        except ServiceError as error:
            raise ConsentUnchecked(error.detail) from None
        raise ConsentMissing(link=await self._start(purpose, asker) if link else None)

    async def _in_force(self, purpose: str, asker: Asker) -> str | None:
        known = await self._post("/reference", asker, {"purposeDeclarationBusinessIdentifiers": [purpose]})
        reference = known.get(purpose)
        if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
            return None
        query = build_query({"consentReference": "{reference}"}, {"reference": reference})
        question = self._question(asker, "/validation/client", query)
        body = await self._read(self.xroad.get(question, self._seconds(asker)))
        told = (body.get("consentReference"), body.get("idCode"), body.get("purposeDeclarationId"))
        # It is ours to compare: a consent of somebody else, or to something else, is none.
        is_this = told == (reference, _id_code(asker), purpose)
        return reference if is_this and self._is_ahead(body.get("consentExpiration")) else None

    async def _start(self, purpose: str, asker: Asker) -> str | None:
        """The address where the citizen can give it; each works once."""
        wanted = {"callback": self.callback, "purposeDeclarationBusinessIdentifiers": [purpose]}
        try:
            link = (await self._post("", asker, wanted)).get("url")
        except ServiceError:
            return None
        return link if isinstance(link, str) and _LINK.fullmatch(link) else None

    def _is_ahead(self, expiration: object) -> bool:
        try:
            end = datetime.fromisoformat(str(expiration))
        except ValueError:
            return False
        if "T" not in str(expiration):  # a day, to its end
            end = datetime.combine(end, time.max)
        return (end if end.tzinfo else end.replace(tzinfo=UTC)) > self.now()

    def _question(self, asker: Asker, what: str, query: EncodedQuery = NO_QUERY) -> Question:
        path = build_path(f"/api/consent{what}", {})
        return Question(self.service, path, query, subject=asker.subject, issue=asker.turn_id or None)

    @staticmethod
    def _seconds(asker: Asker) -> float:
        return min(ANSWER_SECONDS, asker.deadline.remaining_seconds)

    async def _post(self, what: str, asker: Asker, body: Mapping[str, object]) -> Mapping[str, object]:
        question = self._question(asker, what)
        content = {"idCode": _id_code(asker), **body}
        return await self._read(self.xroad.post(question, content, uuid.uuid4().hex, self._seconds(asker)))

    @staticmethod
    async def _read(call: Awaitable[Answer]) -> Mapping[str, object]:
        try:
            answer = await call
        except ServiceRefused as error:
            if error.status in _NONE:
                return {}
            raise
        return answer.body if isinstance(answer.body, Mapping) else {}


def _id_code(asker: Asker) -> str:
    """As the consent service writes it: an Estonian personal code without its country."""
    return (asker.subject or "").removeprefix("EE")
