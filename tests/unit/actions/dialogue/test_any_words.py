"""Whatever is said in whatever order: the dialogue goes on, and nothing is written but what was read back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.dialogue.acting import ActResult, ActState
from actions.dialogue.consenting import agrees
from actions.dialogue.frames import CONFIRM, DEEPEST_STACK, Frame
from assistant.core.errors import ServiceUnavailable
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

INTENTS = [
    *("vehicle", "notice", "documents", "solemn", "trips", "summary", "child", "gone", "jobless", "baby", "move"),
    *("affirm", "deny", "confirm", "more", "correct", "inform", "nlu_fallback", "out_of_scope", ""),
    *("why_ask", "what_for", "greet", "thank", "stop"),
]
TEXTS = [
    *("yes", "no", "yes no", "yes please", "no thanks", "i confirm", "go on", "maybe", "why", "", "..."),
    *("the volvo", "the skoda", "the other car", "the other one", "the first one", "the last one", "no, the second"),
    *("last friday", "yesterday", "no, yesterday", "tomorrow", "the first of may 2027", "the fourth of december"),
    *("passport", "id card", "it was a gift", "a sale", "by train", "mari", "juku", "in narva", "my e-mail is m@x.ee"),
    *("five five five one two three four", "the day is wrong", "the car is wrong", "yes but the skoda", "don't"),
    *("yes but to my other e-mail", "yes if it is free", "yes to my old address", "i do not confirm", "yes but wait"),
    *("i confirm but not the volvo", "both", "neither", "anything but the volvo", "the cheaper one", "not a sale"),
    *("wait", "no, october", "i have no money", "no, maria", "her name is anna", "pikk 5-3, tallinn", "no, flat five"),
    *("no, the sixth", "no idea", "no problem", "all but the volvo", "the first and the second", "no, friday"),
    *("the second one, and tell me about my trips", "what happens if i say no", "the name is wrong"),
    *("i do not want to cancel", "i don't want to sell my car", "sure send it", "yes that is all correct"),
]
MENTIONS = [
    {},
    {"kind": "gift"},
    {"kind": "sale"},
    {"document_type": "passport"},
    {"trip_kind": "train"},
    {"kind": "x"},
]
YES = {"yes", "yes please", "i confirm", "sure send it", "yes that is all correct"}
CONFIDENCES = [0.0, 0.49, 0.5, 0.79, 0.8, 1.0]

Event = Callable[[Any], None]


def cars_are_sold(citizen: Any) -> None:
    citizen.registers.answers["cars"] = {"cars": []}


def email_changes(citizen: Any) -> None:
    citizen.registers.answers["contact"] = {"email": "new@example.com", "phone": "+3725550000"}


def registers_go_down(citizen: Any) -> None:
    citizen.registers.answers = dict.fromkeys(("cars", "contact", "state", "children"), ServiceUnavailable())


def process_restarts(citizen: Any) -> None:
    for frame in citizen.stack:
        citizen.hold.flow.cache.forget(frame.id)


def register_refuses(citizen: Any) -> None:
    citizen.writer.result = ActResult(ActState.REFUSED, problem="not_owner")


def answer_gets_lost(citizen: Any) -> None:
    citizen.writer.result = ActResult(ActState.UNKNOWN)


EVENTS: list[Event] = [
    *(cars_are_sold, email_changes, process_restarts, register_refuses, answer_gets_lost),
    registers_go_down,
]

Said = tuple[str, str, float, dict[str, str]]
said = st.tuples(
    st.one_of(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.text(max_size=40)),
    st.sampled_from(INTENTS),
    st.sampled_from(CONFIDENCES),
    st.sampled_from(MENTIONS),
)
# A conversation gets far only now and then by chance, so most begin where something can be confirmed.
NOTICE: list[Said] = [("i sold the volvo last friday", "notice", 1.0, {})]
SOLEMN: list[Said] = [("i sold the volvo last friday", "solemn", 1.0, {})]
CHILD: list[Said] = [("a doctor", "child", 1.0, {}), ("mari", "inform", 1.0, {}), ("the first one", "inform", 1.0, {})]
MOVE: list[Said] = [
    ("i move", "move", 1.0, {}),
    ("pikk 5-3, tallinn", "inform", 1.0, {}),
    ("the fifth of may", "inform", 1.0, {}),
    ("yes", "affirm", 1.0, {}),
]
BABY: list[Said] = [("a baby", "baby", 1.0, {}), ("her name is anna", "inform", 1.0, {})]
TRIPS: list[Said] = [("my trips", "trips", 1.0, {})]
MUMBLED: list[Said] = [("...", "nlu_fallback", 1.0, {})] * 2
openings = st.sampled_from([[], NOTICE, SOLEMN, CHILD, MOVE, BABY, [*SOLEMN, *NOTICE], [*NOTICE, *TRIPS]])
several = st.dictionaries(
    st.sampled_from(["vehicle", "notice", "documents", "solemn", "trips", "child", "gone"]),
    st.one_of(st.sampled_from(TEXTS), st.just("i sold the volvo last friday")),
    min_size=2,
    max_size=3,
)
turns = st.lists(st.one_of(said, said, said, st.sampled_from(EVENTS), several), max_size=8)


@dataclass
class Witness:
    """Hears what is read back, and says whether an act was confirmed."""

    read_back: dict[str, set[object]] = field(default_factory=dict)

    def hear(self, citizen: Any) -> None:
        labels = {
            str(u.values["label"]).lower() for u in citizen.turn.said if u.response.startswith("utter_read_back_")
        }
        if labels and citizen.stack and citizen.stack[-1].asked == CONFIRM:
            self.read_back[citizen.stack[-1].confirmation] = labels

    def judge(self, act: Any, before: tuple[Frame, ...], words: Said) -> None:
        text, intent, confidence, _ = words
        top = before[-1]
        assert (top.service, top.asked, top.confirmation) == (act.service.service, CONFIRM, act.key)
        sent = {source.partition(".")[0] for source in act.write.sources.values()} & act.inputs.keys()
        assert self.read_back[act.key] == {act.service.input(slot).label["en"].lower() for slot in sent}
        # Both say so: the engine, and words that say nothing else.
        assert text in YES or agrees(text, Language.EN)
        assert confidence >= 0.5
        assert intent in ({"confirm"} if act.service.confirm == "in_words" else {"affirm", "confirm"})


@given(openings, turns)
@example(NOTICE, [("yes", "affirm", 1.0, {}), ("yes", "affirm", 1.0, {})])
@example(NOTICE, [email_changes, ("yes", "affirm", 1.0, {}), ("yes", "affirm", 1.0, {})])
@example(SOLEMN, [("yes", "affirm", 1.0, {}), ("i confirm", "confirm", 1.0, {})])
@example(CHILD, [cars_are_sold, ("yes", "affirm", 1.0, {})])
@example([*SOLEMN, *NOTICE], [("yes", "affirm", 1.0, {}), ("i confirm", "confirm", 1.0, {})])
@example([], [("both", "child", 1.0, {}), ("both", "inform", 1.0, {}), ("the first one", "inform", 1.0, {})])
@example(MOVE, [("i have no money", "nlu_fallback", 1.0, {}), ("yes", "affirm", 1.0, {}), ("yes", "affirm", 1.0, {})])
@example(BABY, [("no, maria", "deny", 1.0, {}), ("yes", "affirm", 1.0, {})])
@example(NOTICE, [("yes but wait", "affirm", 1.0, {}), ("i do not want to cancel", "stop", 1.0, {})])
@example([("yes", "notice", 1.0, {}), *MUMBLED], [("cars", "vehicle", 1.0, {}), *MUMBLED])
@example([*CHILD, *MUMBLED], [{"vehicle": "i sold the volvo last friday", "child": "yes"}, *MUMBLED])
async def test_dialogue_when_anything_is_said_then_goes_on_and_writes_only_what_was_confirmed(
    new_citizen: Callable[[], Any], opening: list[Said], rest: list[Said | Event | dict[str, str]]
) -> None:
    citizen, witness = new_citizen(), Witness()
    for turn in [*opening, *rest]:
        if callable(turn):
            turn(citizen)
            continue
        before, done = citizen.stack, len(citizen.writer.acts)
        last = citizen.turn.said[-1] if citizen.turn else None
        if isinstance(turn, dict):
            await citizen.says_several(**turn)
            assert len(citizen.writer.acts) == done  # a sentence of several requests confirms nothing
        else:
            text, intent, confidence, mentions = turn
            await citizen.says(text, intent, confidence, **mentions)
        assert citizen.turn.said
        top = citizen.stack[-1] if citizen.stack else None
        # What was not understood at a read-back may have been a change: the next yes is none to it.
        is_unclear = {"try_again", "still_not_understood"} & set(citizen.responses)
        assert not is_unclear or citizen.turn.said[-1] != last  # never the same question twice
        is_read_back = "read_back_item" in citizen.responses  # in this very turn, which returned to it
        assert not is_unclear or is_read_back or not top or top.asked != CONFIRM or top.confirmation is None
        assert len(citizen.stack) <= DEEPEST_STACK
        new = citizen.writer.acts[done:]
        assert len(new) <= 1
        for act in new:
            witness.judge(act, before, turn)
        witness.hear(citizen)
