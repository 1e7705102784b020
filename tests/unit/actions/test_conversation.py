from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Repeat

pytestmark = pytest.mark.unit

USER = {"event": "user", "text": "words"}
LISTEN = {"event": "action", "name": "action_listen"}
SOURCES = {"outcome": "answered_partly", "service": "debts_and_fines", "sources": ["Police"], "act_ms": 12.0}


def bot(text: str | None, buttons: Any = None, custom: Any = None) -> dict[str, Any]:
    return {"event": "bot", "text": text, "data": {"buttons": buttons, "custom": custom}}


async def repeated(tracker: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    assert await Repeat()(dispatcher, tracker(events=events), None) == []
    messages: list[dict[str, Any]] = dispatcher.messages
    return messages


async def test_repeat_when_last_reply_had_parts_then_says_all_again_with_sources(tracker: Any) -> None:
    buttons = [{"title": "Yes", "payload": "yes"}]
    events = [USER, bot("old"), LISTEN, USER, bot("one"), bot("two", buttons, SOURCES), LISTEN, USER]
    messages = await repeated(tracker, events)
    assert [message["text"] for message in messages] == ["one", "two"]
    assert messages[1]["buttons"] == buttons
    assert [message["custom"] for message in messages] == [
        {},
        {"outcome": "answered", "service": "debts_and_fines", "sources": ["Police"], "act_ms": 0.0},
    ]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [("asked_login", "asked_login"), ("answered_partly", "answered"), ("failed_register", "answered")],
)
async def test_repeat_when_the_last_reply_asked_for_the_login_then_it_is_asked_for_again(
    outcome: str, expected: str, tracker: Any
) -> None:
    (message,) = await repeated(tracker, [USER, bot("words", custom={"outcome": outcome, "act_ms": 12.0}), USER])
    assert message["custom"] == {"outcome": expected, "act_ms": 0.0}


@pytest.mark.parametrize(
    "events",
    [
        # A second "repeat" repeats what the first one said; a turn without words is passed over.
        [USER, bot("one"), USER, bot("one"), USER],
        [USER, bot("one"), USER, bot(None), USER],
        # What this turn said so far is not what the citizen asks to hear again.
        [USER, bot("one"), USER, bot("of course")],
        # The engine begins a new session: the last words are carried over without the request they answered.
        [{"event": "session_started"}, bot("one"), LISTEN, USER],
    ],
)
async def test_repeat_when_turns_differ_then_finds_the_last_words(events: list[dict[str, Any]], tracker: Any) -> None:
    assert [message["text"] for message in await repeated(tracker, events)] == ["one"]


@pytest.mark.parametrize("events", [[], [USER], [USER, bot("gone"), {"event": "restart"}, USER]])
async def test_repeat_when_nothing_was_said_then_says_that(events: list[dict[str, Any]], tracker: Any) -> None:
    (message,) = await repeated(tracker, events)
    assert message["response"] == "utter_nothing_to_repeat"
    assert message["custom"]["outcome"] == "answered"


async def test_repeat_when_a_question_is_open_then_says_it_again_and_leaves_it_open(tracker: Any) -> None:
    question = bot("which office?", custom={"outcome": "asked_detail", "service": "office_information", "sources": []})
    dispatcher = CollectingDispatcher()
    stack = {"dialogue_stack": [{"service": "office_information"}]}
    events = await Repeat()(dispatcher, tracker(stack, events=[USER, bot("hello"), question, USER]), None)
    assert [message["text"] for message in dispatcher.messages] == ["hello", "which office?"]
    assert dispatcher.messages[-1]["custom"]["outcome"] == "asked_detail"
    assert events == []
