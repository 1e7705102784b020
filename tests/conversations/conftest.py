from collections.abc import Callable, Iterator

import httpx
import pytest

from assistant.content.conversations import Conversation


@pytest.fixture
def prepared(kratt) -> Iterator[Callable[[Conversation], None]]:
    """Puts the sandbox into the state that a conversation begins in: as seeded, with the faults it names."""
    with httpx.Client(base_url=kratt.settings.process_url("sandbox"), trust_env=False) as sandbox:

        def prepare(conversation: Conversation) -> None:
            sandbox.post("/sandbox/reset").raise_for_status()
            for service, fault in {**dict.fromkeys(conversation.down, "server_error"), **conversation.faults}.items():
                sandbox.put(f"/sandbox/faults/{service}", json={"fault": fault}).raise_for_status()

        yield prepare
        sandbox.delete("/sandbox/faults").raise_for_status()
