"""Single calls of the sandbox's registers, for editors who try a service that they describe."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from actions.register_reading import read_item, select_records, with_days
from actions.values.saying import SpokenValues
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId, ServiceId, build_path, build_query
from actions.xroad.question import Question
from assistant.console.parts import Called
from assistant.content.exchange_spec import SUBJECT, Call
from assistant.content.spec import Terms
from assistant.core.errors import ServiceError
from assistant.core.languages import Language
from assistant.settings import Settings

CALL_SECONDS = 5.0


@dataclass(frozen=True)
class SandboxCalls:
    """Makes them; nothing of it is on the access record, for nobody is there."""

    xroad: XRoadClient
    client: str

    async def __call__(self, call: Call, values: Mapping[str, str], terms: Terms) -> Called:
        """A call with values for what stands in braces; `terms` are the draft's, for codes in words."""
        request = f"GET {call.path}"
        try:
            question = Question(
                ServiceId.parse(call.service),
                build_path(call.path, values),
                build_query({name: with_days(text) for name, text in call.query.items()}, values),
                subject=values.get(SUBJECT) or None,
                issue="sandbox-call",
            )
            headers = {"X-Road-Client": self.client, **question.headers}
            request = "\n".join((f"GET {question.target}", *(f"{name}: {value}" for name, value in headers.items())))
            answer = await self.xroad.get(question, CALL_SECONDS)
        except ServiceError as error:
            return Called(request, error=f"{error.code}: {error.detail}")
        reply = json.dumps(answer.body, ensure_ascii=False, indent=2)
        try:
            words = SpokenValues(Language.EN, terms)
            items = tuple(read_item(record, call, words).words for record in select_records(answer.body, call, values))
        except ServiceError as error:
            return Called(request, reply, error=f"{error.code}: {error.detail}")
        return Called(request, reply, items)

    async def close(self) -> None:
        """Close all connections."""
        await self.xroad.close()


def build_sandbox_calls(settings: Settings) -> SandboxCalls | None:
    """None where there is no sandbox, or another security server in its place: drafts never reach a real register."""
    if settings.is_production or settings.xroad_url:
        return None
    client = XRoadClient(settings.process_url("sandbox"), ClientId.parse(settings.xroad_client))
    return SandboxCalls(client, settings.xroad_client)
