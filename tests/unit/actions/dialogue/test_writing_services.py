from dataclasses import replace

import pytest

from actions.dialogue.acting import ActResult, ActState
from actions.dialogue.frames import CONFIRM
from assistant.core.errors import ServiceUnavailable
from assistant.core.outcomes import Outcome

pytestmark = pytest.mark.unit

READ_BACK = [
    "notice_read_back",
    "read_back_item",
    "read_back_item",
    "read_back_item",
    "read_back_known",
    "confirm_question",
]


async def reach_read_back(citizen, service: str = "notice") -> list[str]:
    await citizen.says("i sold a car", service)
    await citizen.says("the volvo", "inform")
    return await citizen.says("last friday", "inform")


async def test_form_when_all_is_said_then_reads_back_what_will_be_sent(citizen) -> None:
    assert await citizen.says("i sold a car", "notice") == ["ask_car"]
    assert citizen.turn.said[-1].buttons == ("Volvo", "Skoda")
    assert await citizen.says("the volvo", "inform") == ["ask_sold_on"]
    assert await citizen.says("last friday", "inform") == READ_BACK
    assert citizen.turn.outcome is Outcome.ASKED_CONFIRMATION
    said = [(u.values["label"], u.values["value"]) for u in citizen.turn.said[1:-1]]
    assert said == [
        ("Car", "Volvo"),
        ("Day", "20 November 2026"),
        ("Kind of notice", "sale"),
        ("E-mail", "mary@example.com"),
    ]
    assert citizen.values_of("read_back_known")["register"] == "register of contact"
    assert citizen.writer.acts == []


async def test_form_when_the_request_says_all_then_reads_back_at_once(citizen) -> None:
    assert await citizen.says("i sold the volvo last friday", "notice") == READ_BACK


async def test_yes_when_read_back_then_writes_once_and_tells_the_receipt(citizen) -> None:
    await reach_read_back(citizen)
    responses = await citizen.says("yes", "affirm")
    assert responses == ["notice_done", "offer_vehicle"]
    assert citizen.values_of("notice_done")["receipt"] == "R-1"
    (act,) = citizen.writer.acts
    assert act.body == {
        "plate": "123ABC",
        "soldOn": "2026-11-20",
        "kind": "sale",
        "email": "mary@example.com",
        "final": True,
    }
    assert await citizen.says("yes", "affirm") == ["vehicle", "vehicle_item", "vehicle_item", "offer_documents"]
    assert len(citizen.writer.acts) == 1


@pytest.mark.parametrize("yes", ["да, отправляйте", "jah palun", "yes please"])
async def test_yes_when_said_in_another_language_than_the_page_then_writes(citizen, yes) -> None:
    await reach_read_back(citizen)
    assert (await citizen.says(yes, "affirm"))[0] == "notice_done"
    assert len(citizen.writer.acts) == 1


@pytest.mark.parametrize(
    "words", ["yes " * 125 + "but do not send it", "yes is that everything", "huh", "да ну его", "jah kas see on kõik"]
)
async def test_yes_when_it_is_none_in_all_its_words_then_nothing_is_sent(citizen, words) -> None:
    await reach_read_back(citizen)
    await citizen.says(words, "affirm")
    assert citizen.writer.acts == []


@pytest.mark.parametrize("words", ["i did not sell my car", "i sold a car but not now", "отмени заявление о продаже"])
async def test_form_when_its_matter_is_called_off_then_is_not_begun(citizen, words) -> None:
    assert await citizen.says(words, "notice") == ["not_wanted"]
    assert citizen.stack == ()


async def test_offers_when_left_then_the_next_is_made_with_what_is_known_of_it(citizen) -> None:
    await reach_read_back(citizen)
    await citizen.says("yes", "affirm")
    assert await citizen.says("no thanks", "deny") == ["offer_documents"]
    assert await citizen.says("yes please", "affirm") == ["documents_item"]


async def test_offers_when_all_are_left_then_that_is_all_right(citizen) -> None:
    await reach_read_back(citizen)
    for said in ("yes", "no", "no"):
        responses = await citizen.says(said, "affirm" if said == "yes" else "deny")
    assert responses == ["all_right"]
    assert citizen.stack == ()


@pytest.mark.parametrize(
    ("text", "intent", "field", "value"),
    [
        ("no the other car", "correct", "plate", "456DEF"),
        ("no, yesterday", "deny", "soldOn", "2026-11-22"),
        ("it was a gift", "inform", "kind", "gift"),
        ("my e-mail is m@example.org", "nlu_fallback", "email", "m@example.org"),
    ],
)
async def test_read_back_when_corrected_then_reads_back_again(citizen, text, intent, field, value) -> None:
    await reach_read_back(citizen)
    mentions = {"kind": "gift"} if value == "gift" else {}
    responses = await citizen.says(text, intent, **mentions)
    assert responses[0] == "notice_read_back"
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts[0].body[field] == value


async def test_read_back_when_the_other_item_is_meant_then_nothing_else_changes(citizen) -> None:
    await reach_read_back(citizen)
    before = citizen.stack[-1].values
    await citizen.says("no the other car", "correct")
    assert citizen.stack[-1].values == {**before, "car": "456DEF"}


async def test_read_back_when_a_word_names_one_value_then_it_is_like_no_other(citizen) -> None:
    await reach_read_back(citizen)
    before = citizen.stack[-1].values
    # "gifts" is a phrase of something else, and one letter off the kind "gift".
    assert await citizen.says("the gifts", "inform", shop="gifts") == ["try_again", "choices"]
    assert citizen.stack[-1].values == before


async def test_read_back_when_a_value_is_named_as_wrong_then_it_is_asked_again(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("the day is wrong") == ["ask_sold_on"]
    assert (await citizen.says("yesterday", "inform"))[0] == "notice_read_back"


async def test_form_when_an_earlier_answer_is_corrected_then_the_question_stays(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    await citizen.says("the volvo", "inform")
    assert await citizen.says("no i meant the skoda", "correct") == ["ask_sold_on"]
    await citizen.says("yesterday", "inform")
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts[0].body["plate"] == "456DEF"


async def test_no_when_read_back_then_nothing_is_sent(citizen) -> None:
    await reach_read_back(citizen)
    assert await citizen.says("no", "deny") == ["not_sent"]
    assert citizen.writer.acts == []
    assert citizen.stack == ()


@pytest.mark.parametrize(
    ("text", "intent"), [("yes no", "affirm"), ("maybe", "nlu_fallback"), ("go on", "more"), ("no yes", "deny")]
)
async def test_read_back_when_the_answer_is_neither_yes_nor_no_then_nothing_is_sent(citizen, text, intent) -> None:
    await reach_read_back(citizen)
    await citizen.says(text, intent)
    assert citizen.writer.acts == []


async def test_read_back_in_words_when_only_yes_is_said_then_asks_for_the_words(citizen) -> None:
    await reach_read_back(citizen, "solemn")
    assert await citizen.says("yes", "affirm") == ["confirm_exactly"]
    assert citizen.turn.outcome is Outcome.ASKED_CONFIRMATION
    assert await citizen.says("i confirm", "confirm") == ["notice_done"]
    assert len(citizen.writer.acts) == 1


async def test_yes_when_the_register_has_changed_then_reads_back_again(citizen) -> None:
    await reach_read_back(citizen)
    citizen.registers.answers["contact"] = {"email": "new@example.com"}
    assert (await citizen.says("yes", "affirm"))[:2] == ["changed", "notice_read_back"]
    assert citizen.writer.acts == []
    await citizen.says("yes", "affirm")
    assert citizen.writer.acts[0].body["email"] == "new@example.com"


async def test_yes_when_what_was_chosen_is_gone_then_it_is_asked_again(citizen) -> None:
    await reach_read_back(citizen)
    cars = citizen.registers.answers["cars"]["cars"]
    citizen.registers.answers["cars"] = {"cars": [*cars[1:], {**cars[1], "plate": "999XYZ", "make": "Lada"}]}
    assert await citizen.says("yes", "affirm") == ["ask_car"]
    assert citizen.writer.acts == []


@pytest.mark.parametrize(
    ("result", "response", "outcome"),
    [
        (ActResult(ActState.REFUSED, problem="not_owner"), "notice_not_owner", Outcome.ANSWERED),
        (ActResult(ActState.REFUSED, problem="something"), "write_refused", Outcome.ANSWERED),
        (ActResult(ActState.REFUSED), "write_refused", Outcome.ANSWERED),
        (ActResult(ActState.UNKNOWN), "write_unknown", Outcome.ANSWERED_LATER),
        (ActResult(ActState.NOT_SENT, error=ServiceUnavailable()), "write_unavailable", Outcome.FAILED_REGISTER),
    ],
)
async def test_yes_when_it_was_not_done_then_says_so_and_offers_nothing(citizen, result, response, outcome) -> None:
    citizen.writer.result = result
    await reach_read_back(citizen)
    assert await citizen.says("yes", "affirm") == [response]
    assert citizen.turn.outcome is outcome


async def test_form_when_a_stop_holds_then_ends_with_its_reason(citizen) -> None:
    citizen.registers.answers["state"] = {"deregistered": True}
    assert await citizen.says("i sold a car", "notice") == ["notice_stopped"]
    assert citizen.stack == ()


async def test_form_when_there_is_nothing_to_choose_then_says_so(citizen) -> None:
    citizen.registers.answers["cars"] = {"cars": []}
    assert await citizen.says("i sold a car", "notice") == ["notice_none"]


async def test_form_when_only_one_can_be_chosen_then_is_taken_and_named_with_its_register(citizen) -> None:
    citizen.registers.answers["cars"]["cars"] = citizen.registers.answers["cars"]["cars"][:1]
    assert await citizen.says("i sold my car yesterday", "notice") == [
        "notice_read_back",
        "read_back_known",
        "read_back_item",
        "read_back_item",
        "read_back_known",
        "confirm_question",
    ]


@pytest.mark.parametrize("down", ["cars", "contact", "state"])
async def test_form_when_a_register_is_down_then_ends_before_anything_is_asked(citizen, down) -> None:
    del citizen.registers.answers[down]
    assert await citizen.says("i sold a car", "notice") == ["register_unavailable"]
    assert citizen.turn.outcome is Outcome.FAILED_REGISTER


async def test_form_when_a_value_cannot_be_then_says_why_and_asks_again(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    await citizen.says("the volvo", "inform")
    assert await citizen.says("tomorrow", "inform") == ["unfit_future", "ask_sold_on"]
    assert await citizen.says("the thirty first of february", "inform") == ["unfit_no_such_day", "still_needed"]


async def test_form_when_interrupted_at_the_read_back_then_everything_is_read_back_again(citizen) -> None:
    await reach_read_back(citizen)
    responses = await citizen.says("how much is a passport", "documents", document_type="passport")
    assert responses == ["documents_item", "return_to", *READ_BACK]
    await citizen.says("yes", "affirm")
    assert len(citizen.writer.acts) == 1


async def test_form_when_two_forms_interrupt_then_each_is_returned_to(citizen) -> None:
    await citizen.says("i sold a car", "notice")
    assert await citizen.says("what does it cost", "documents") == ["ask_document_type"]
    responses = await citizen.says("passport", "inform", document_type="passport")
    assert responses == ["documents_item", "return_to", "ask_car"]


async def test_offers_when_something_was_interrupted_then_that_goes_on_instead(citizen) -> None:
    await citizen.says("what does it cost", "documents")
    await reach_read_back(citizen)
    assert await citizen.says("yes", "affirm") == ["notice_done", "return_to", "ask_document_type"]


async def test_form_when_several_questions_are_asked_then_registers_are_read_once(citizen) -> None:
    await reach_read_back(citizen)
    assert citizen.registers.asked == ["cars", "contact", "state"]
    await citizen.says("yes", "affirm")
    assert citizen.registers.asked[3:6] == ["cars", "contact", "state"]  # once more before anything is written


async def test_confirmation_when_the_frame_is_another_then_so_is_the_key(citizen) -> None:
    for _ in range(2):
        await reach_read_back(citizen)
        await citizen.says("yes", "affirm")
        await citizen.says("stop", "nlu_fallback")
        citizen.slot = None
    first, second = (act.key for act in citizen.writer.acts)
    assert first != second


async def test_frame_when_waiting_then_holds_no_word_of_a_register(citizen) -> None:
    await reach_read_back(citizen)
    (frame,) = citizen.stack
    assert frame.asked == CONFIRM
    assert replace(frame, id="", confirmation=None, owner="").values == {"car": "123ABC", "sold_on": "2026-11-20"}
