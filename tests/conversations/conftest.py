from collections.abc import Callable, Iterator

import httpx
import pytest

from assistant.content.conversations import Conversation
from assistant.operate.supervision import no_certificates


@pytest.fixture
def prepared(kratt) -> Iterator[Callable[[Conversation], None]]:
    """Puts the sandbox into the state that a conversation begins in: as seeded, with the faults it names."""
    url = kratt.settings.process_url("sandbox")
    with httpx.Client(base_url=url, trust_env=False, verify=no_certificates()) as sandbox, kratt.agent() as agent:

        def prepare(conversation: Conversation) -> None:
            sandbox.post("/sandbox/reset").raise_for_status()
            sandbox.delete("/sandbox/phones").raise_for_status()
            if conversation.phone:
                behaviour = {"behaviour": conversation.phone}
                sandbox.put(f"/sandbox/phones/{conversation.as_}", json=behaviour).raise_for_status()
            if conversation.desk:
                agent.get("/v1/desk/queue").raise_for_status()
            for service, fault in {**dict.fromkeys(conversation.down, "server_error"), **conversation.faults}.items():
                sandbox.put(f"/sandbox/faults/{service}", json={"fault": fault}).raise_for_status()

        yield prepare
        agent.post("/v1/desk/leave").raise_for_status()
        for what in ("faults", "phones"):
            sandbox.delete(f"/sandbox/{what}").raise_for_status()
