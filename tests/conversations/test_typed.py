"""Every conversation of nlu_data/**/tests.yml, typed."""

import httpx
import pytest

from assistant.content.conversations import Conversation, Exchange, read_conversations
from assistant.settings import PROJECT

pytestmark = pytest.mark.conversation

CONVERSATIONS = read_conversations(PROJECT / "nlu_data")


@pytest.mark.parametrize("conversation", CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_conversation_when_typed_goes_as_promised(kratt, prepared, conversation: Conversation) -> None:
    with kratt.client() as client:
        if conversation.as_:
            kratt.log_in(client, conversation.as_)
        if conversation.app:
            kratt.link_app(client)
        prepared(conversation)
        known: dict[str, str] = {}
        for exchange in conversation.turns:
            turn = {"text": exchange.say, "language": conversation.language.value, **known}
            answer = client.post("/v1/turns", json=turn)
            assert_answers(answer, exchange)
            known = {"conversation_id": answer.json()["conversation_id"]}


def assert_answers(answer: httpx.Response, exchange: Exchange) -> None:
    assert answer.status_code == 200, answer.text
    reply = answer.json()
    said = " ".join(part["text"] for part in reply["reply"])
    shown = f"{exchange.say!r} -> {reply['intent']} {reply['outcome']}: {said}"
    assert reply["outcome"] == exchange.outcome.value, shown
    assert exchange.intent is None or reply["intent"]["name"] == exchange.intent, shown
    for words in exchange.reply:
        assert words.lower() in said.lower(), shown
