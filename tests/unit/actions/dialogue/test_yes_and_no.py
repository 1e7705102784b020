"""Yes and no to questions of a form; what is left out, pointed at and listed: in three languages."""

from typing import Any

import pytest

from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


async def reach_family(citizen: Any, language: Language) -> None:
    citizen.language = language
    await citizen.says("i am moving", "move")
    await citizen.says("pikk 5-3, tallinn", "inform")
    assert await citizen.says("1.09.2027", "inform") == ["ask_family_moves"]


@pytest.mark.parametrize(("intent", "confidence"), [("affirm", 0.9), ("deny", 0.9), ("child", 0.64), ("inform", 0.9)])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "yes but without the kids"),
        (EN, "yes but the kids stay here"),
        (EN, "yes, no, yes"),
        (ET, "jah, aga ilma lasteta"),
        (RU, "да, но без детей"),
    ],
)
async def test_yes_when_it_has_a_reservation_then_is_asked_again(citizen, language, text, intent, confidence) -> None:
    await reach_family(citizen, language)
    assert await citizen.says(text, intent, confidence) == ["unfit_ambiguous", "ask_family_moves"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("no problem", "i don't mind", "not a bad idea", "no doubt", "yes they move too")),
        *((EN, text) for text in ("actually yes", "yes of course", "why not")),
        *((ET, text) for text in ("pole probleemi", "miks mitte", "ei ole paha mõte", "aga muidugi")),
        *((RU, text) for text in ("нет проблем", "не возражаю", "не против", "ну да конечно")),
    ],
)
async def test_yes_when_its_words_look_like_a_no_then_is_one(citizen, language, text, intent) -> None:
    await reach_family(citizen, language)
    assert (await citizen.says(text, intent))[0] == "move_read_back"
    assert citizen.stack[-1].values["family_moves"] == "yes"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(
            (EN, text)
            for text in ("no", "no, not the kids", "no thanks", "definitely no", "no sorry", "it's not correct")
        ),
        *((ET, text) for text in ("ei, nad ei koli", "muidugi ei", "ei vabandust")),
        *((RU, text) for text in ("нет, они не переезжают", "нет конечно", "нет простите", "не думаю")),
    ],
)
async def test_no_when_it_says_more_then_is_one(citizen, language, text) -> None:
    await reach_family(citizen, language)
    assert (await citizen.says(text, "deny"))[0] == "move_read_back"
    assert citizen.stack[-1].values["family_moves"] == "no"


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("no idea", "no wait, what is it", "no wait what is it", "only if it is free")),
        *((ET, text) for text in ("pole aimugi", "ei, oota, mis see on", "ainult kui see on tasuta")),
        *((RU, text) for text in ("без понятия", "нет, подождите, что это", "только если бесплатно")),
    ],
)
async def test_words_when_they_are_neither_yes_nor_no_then_are_asked_again(citizen, language, text, intent) -> None:
    await reach_family(citizen, language)
    assert (await citizen.says(text, intent))[-1] in {"ask_family_moves", "say_yes_no"}
    assert "family_moves" not in citizen.stack[-1].values


def list_three_cars(citizen: Any) -> None:
    cars = citizen.registers.answers["cars"]["cars"]
    third = {"plate": "789GHI", "make": "Pank Pluss Bank", "inspectionValidUntil": "2027-05-01", "registered": True}
    citizen.registers.answers["cars"] = {"cars": [*cars, third]}


@pytest.mark.parametrize(
    ("language", "left_out", "first", "after_all"),
    [
        (EN, "all but the volvo", "the first one", "the volvo after all"),
        (ET, "kõik peale volvo", "esimene", "siiski volvo"),
        (RU, "все кроме вольво", "первое", "всё-таки вольво"),
    ],
)
async def test_choice_when_one_is_left_out_then_places_count_among_the_rest(
    citizen, language, left_out, first, after_all
) -> None:
    list_three_cars(citizen)
    citizen.language = language
    await citizen.says("i sold a car", "notice")
    assert await citizen.says(left_out, "inform") == ["choices", "ask_car"]
    assert citizen.values_of("choices")["choices"] == "Skoda, Pank Pluss Bank"
    assert citizen.turn.said[-1].buttons == ("Skoda", "Pank Pluss Bank")
    slot = citizen.slot
    assert await citizen.says(first, "inform") == ["ask_sold_on"]
    assert citizen.stack[-1].values == {"car": "456DEF"}
    citizen.slot = slot
    assert await citizen.says(after_all, "inform") == ["ask_sold_on"]
    assert citizen.stack[-1].values == {"car": "123ABC"}


@pytest.mark.parametrize(
    ("language", "text"), [(EN, "all but the bank"), (ET, "kõik peale panga"), (RU, "все кроме банка")]
)
async def test_choice_when_all_but_a_filler_is_wanted_then_it_is_not_all(citizen, language, text) -> None:
    list_three_cars(citizen)
    citizen.language = language
    await citizen.says("i sold a car", "notice")
    assert await citizen.says(text, "inform") == ["choices", "ask_car"]
    assert citizen.values_of("choices")["choices"] == "Volvo, Skoda"


@pytest.mark.parametrize(
    ("language", "text"), [(EN, "the first and the third"), (ET, "esimene ja kolmas"), (RU, "первая и третья")]
)
async def test_choice_when_several_are_listed_then_one_comes_after_the_other(citizen, language, text) -> None:
    list_three_cars(citizen)
    citizen.language = language
    await citizen.says("i sold a car yesterday", "notice")
    await citizen.says("1.11.2026", "inform") if citizen.stack[-1].asked == "sold_on" else None
    await citizen.says(text, "inform")
    assert [frame.values["car"] for frame in reversed(citizen.stack)] == ["123ABC", "789GHI"]


@pytest.mark.parametrize(("language", "text"), [(EN, "the first one"), (ET, "esimene"), (RU, "первый")])
async def test_choice_when_a_place_is_like_a_word_that_is_not_read_out_then_the_place_counts(
    citizen, language, text
) -> None:
    cars = citizen.registers.answers["cars"]["cars"]
    like = {EN: "kirst first", ET: "esimene esimees", RU: "первый перрвый"}[language]
    citizen.registers.answers["cars"] = {"cars": [*cars, {**cars[0], "plate": "789GHI", "registered": like}]}
    citizen.language = language
    await citizen.says("i sold a car", "notice")
    assert await citizen.says(text, "inform") == ["ask_sold_on"]
    assert citizen.stack[-1].values == {"car": "123ABC"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "the second one, and tell me about my trips"),
        (EN, "the second one and tell me about my trips"),
        (ET, "teine ja räägi minu sõitudest"),
        (RU, "вторая и расскажи о моих поездках"),
    ],
)
async def test_choice_when_another_request_comes_with_it_then_both_are_taken(citizen, language, text) -> None:
    citizen.language = language
    await citizen.says("i sold a car", "notice")
    responses = await citizen.says(text, "trips", 0.9)
    assert (responses[0], responses[-1]) == ("trips", "more_question")
    assert citizen.stack[0].values == {"car": "456DEF"}
    assert await citizen.says("no", "deny") == ["all_right", "return_to", "ask_sold_on"]


@pytest.mark.parametrize(
    ("language", "text"),
    [(EN, "yes and what about my cars"), (ET, "jah ja räägi minu autodest"), (RU, "да и расскажи о моих машинах")],
)
async def test_yes_when_another_request_comes_with_it_then_both_are_taken(citizen, language, text) -> None:
    await reach_family(citizen, language)
    responses = await citizen.says(text, "vehicle", 0.95)
    assert responses[:5] == ["vehicle", "vehicle_item", "vehicle_item", "return_to", "move_read_back"]
    assert citizen.stack[-1].values["family_moves"] == "yes"


@pytest.mark.parametrize(("confidence", "is_answer"), [(0.5, True), (0.79, True), (0.9, False)])
async def test_answer_when_the_engine_hears_another_service_in_it_then_is_one_unless_that_is_very_sure(
    citizen, confidence, is_answer
) -> None:
    await citizen.says("what does it cost", "documents")
    responses = await citizen.says("renew it as a passport", "notice", confidence, document_type="passport")
    assert responses == (["documents_item"] if is_answer else ["ask_car"])


async def test_read_back_when_the_engine_hears_another_service_in_a_change_then_it_is_changed(citizen) -> None:
    await citizen.says("i sold the volvo last friday", "notice")
    assert (await citizen.says("it goes out as a gift", "documents", 0.6, kind="gift"))[0] == "notice_read_back"
    assert citizen.stack[-1].values["kind"] == "gift"
