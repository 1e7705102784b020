"""What a correction changes, and that nothing is sent while it is unclear: in three languages."""

from typing import Any

import pytest

from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
YES = {EN: "yes", ET: "jah", RU: "да"}
NO = {EN: "no", ET: "ei", RU: "нет"}
FRIDAY = {EN: "friday", ET: "reede", RU: "пятница"}
WHAT_TO_CHANGE = ["try_again", "choices"]
ANNA = {EN: "her name is anna", ET: "tema nimi on anna", RU: "её зовут анна"}


async def reach_time(citizen: Any, language: Language) -> None:
    citizen.language = language
    await citizen.says("i lost my job", "jobless")
    assert await citizen.says(YES[language], "affirm") == ["ask_time"]
    assert (await citizen.says(FRIDAY[language], "inform"))[0] == "jobless_read_back"


async def reach_name(citizen: Any, language: Language) -> None:
    citizen.language = language
    await citizen.says("a baby", "baby")
    assert (await citizen.says(ANNA[language], "inform"))[0] == "baby_read_back"


async def reach_move(citizen: Any, day: str = "the first of september 2027", language: Language = EN) -> None:
    citizen.language = language
    await citizen.says("i am moving", "move")
    await citizen.says("pikk 5-3, tallinn", "inform")
    await citizen.says(day, "inform")
    assert (await citizen.says(YES[language], "affirm"))[0] == "move_read_back"


@pytest.mark.parametrize("intent", ["correct", "deny", "inform", "nlu_fallback"])
@pytest.mark.parametrize(("language", "text"), [(EN, "no, monday"), (ET, "ei, esmaspäev"), (RU, "нет, понедельник")])
async def test_day_when_it_corrects_then_the_input_said_last_takes_it(citizen, language, text, intent) -> None:
    await reach_time(citizen, language)
    assert (await citizen.says(text, intent))[0] == "jobless_read_back"
    assert citizen.stack[-1].values == {"wants_benefit": "yes", "time": "T2"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "no, the last working day was the ninth of november"),
        (ET, "ei, viimane tööpäev oli üheksas november"),
        (RU, "нет, последний рабочий день был девятого ноября"),
    ],
)
async def test_day_when_a_register_told_it_then_changes_if_it_is_named(citizen, language, text) -> None:
    await reach_time(citizen, language)
    assert (await citizen.says(text, "correct"))[0] == "jobless_read_back"
    assert citizen.stack[-1].values == {"wants_benefit": "yes", "time": "T1", "ended_on": "2026-11-09"}


@pytest.mark.parametrize(("language", "text"), [(EN, "no, tuesday"), (ET, "ei, teisipäev"), (RU, "нет, вторник")])
async def test_day_when_it_is_not_offered_then_says_which_are(citizen, language, text) -> None:
    await reach_time(citizen, language)
    before = citizen.stack[-1].values
    assert await citizen.says(text, "correct") == ["choices", "ask_time"]
    assert citizen.stack[-1].values == before
    assert citizen.values_of("choices")["choices"].count("2026") == 2
    await citizen.says(YES[language], "affirm")
    assert citizen.writer.acts == []


@pytest.mark.parametrize("intent", ["correct", "deny", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        *((EN, text, "Maria") for text in ("no, maria", "her name is maria", "her name is not anna but maria")),
        *((ET, text, "Liis") for text in ("ei, liis", "tema nimi on liis", "mitte anna vaid liis")),
        *((RU, text, "Мария") for text in ("нет, мария", "имя мария", "не анна а мария")),
    ],
)
async def test_name_when_another_is_said_then_that_is_read_back(citizen, language, text, name, intent) -> None:
    await reach_name(citizen, language)
    assert (await citizen.says(text, intent))[0] == "baby_read_back"
    await citizen.says(YES[language], "affirm")
    assert [act.body for act in citizen.writer.acts] == [{"name": name}]


@pytest.mark.parametrize("intent", ["correct", "deny", "nlu_fallback"])
@pytest.mark.parametrize(
    ("language", "text"), [(EN, "the name is wrong"), (ET, "nimi on vale"), (RU, "имя неправильное")]
)
async def test_name_when_it_is_wrong_then_is_asked_again(citizen, language, text, intent) -> None:
    await reach_name(citizen, language)
    assert await citizen.says(text, intent) == ["ask_given_name"]


@pytest.mark.parametrize(("language", "text"), [(EN, "no, october"), (ET, "ei, oktoober"), (RU, "нет, октябрь")])
async def test_date_when_the_new_one_is_vague_then_is_asked_again(citizen, language, text) -> None:
    await reach_move(citizen, "1.09.2027", language)
    assert await citizen.says(text, "correct") == ["unfit_incomplete", "ask_moving_date"]
    await citizen.says(YES[language], "affirm")
    assert citizen.writer.acts == []


@pytest.mark.parametrize("intent", ["nlu_fallback", "move", "correct", "inform"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("actually it has not been decided", "i have no money", "no, with other words")),
        *((ET, text) for text in ("foto on vana", "tegelikult ma jään siia", "oota")),
        *((RU, text) for text in ("фото старое", "на самом деле я никуда не еду", "подождите")),
    ],
)
async def test_words_when_not_understood_at_a_read_back_then_a_yes_counts_after_another_one(
    citizen, language, text, intent
) -> None:
    await reach_move(citizen, "1.09.2027", language)
    assert await citizen.says(text, intent) == WHAT_TO_CHANGE
    assert (await citizen.says(YES[language], "affirm"))[0] == "move_read_back"
    assert citizen.writer.acts == []
    assert await citizen.says(YES[language], "affirm") == ["move_done"]
    assert len(citizen.writer.acts) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "wait"),
        (EN, "what happens if i say no"),
        (EN, "i don't know it yet"),
        (ET, "oota"),
        (ET, "mis juhtub kui ma ütlen ei"),
        (ET, "ma ei tea veel"),
        (RU, "подождите"),
        (RU, "что будет если я скажу нет"),
        (RU, "я ещё не знаю"),
    ],
)
@pytest.mark.parametrize("is_read_back", [True, False])
async def test_words_when_they_are_no_refusal_then_the_form_stays(citizen, language, text, is_read_back) -> None:
    citizen.language = language
    await (reach_move(citizen, "1.09.2027", language) if is_read_back else citizen.says("i am moving", "move"))
    await citizen.says(text, "deny")
    assert [frame.service for frame in citizen.stack] == ["move"]


@pytest.mark.parametrize(
    ("language", "text"), [(EN, "no"), (EN, "no, never mind"), (ET, "ei aitäh"), (RU, "нет, не надо")]
)
async def test_no_when_it_is_plain_then_ends_the_form_even_after_a_correction(citizen, language, text) -> None:
    await reach_move(citizen, "1.09.2027", language)
    await citizen.says({EN: "wait", ET: "oota", RU: "подождите"}[language], "deny")
    assert await citizen.says(text, "deny") == ["not_sent"]
    assert citizen.stack == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "no, the last digit is five"),
        (ET, "ei, viimane number on viis"),
        (RU, "нет, последняя цифра пять"),
    ],
)
async def test_last_digit_when_it_is_corrected_then_no_last_item_is_meant(citizen, language, text) -> None:
    citizen.registers.answers["contact"] = {"phone": "+3725551234"}
    citizen.language = language
    await citizen.says("a doctor", "child")
    await citizen.says("mari", "inform")
    await citizen.says({EN: "the first one", ET: "esimene", RU: "первый"}[language], "inform")
    before = citizen.stack[-1].values
    await citizen.says(text, "correct")
    assert citizen.stack[-1].values == before


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        (EN, "no, the sixth", "2027-05-06"),
        (EN, "no, the fourth", "2027-05-04"),
        (EN, "i meant the sixth", "2027-05-06"),
        (EN, "no, the friday after that", "2027-05-07"),
        (EN, "no, friday", "2026-11-27"),
        (ET, "ei, mõtlesin kuuendat", "2027-05-06"),
        (ET, "ei, reede pärast seda", "2027-05-07"),
        (RU, "нет, шестое", "2027-05-06"),
        (RU, "нет, пятница после этого", "2027-05-07"),
    ],
)
async def test_day_when_only_its_number_is_corrected_then_its_month_stays(citizen, language, text, day) -> None:
    await reach_move(citizen, "05.05.2027", language)
    assert (await citizen.says(text, "correct"))[0] == "move_read_back"
    assert citizen.stack[-1].values["moving_date"] == day


@pytest.mark.parametrize("confidence", [0.53, 0.9])
@pytest.mark.parametrize(("language", "text"), [(EN, "and my id card"), (ET, "ja minu id card"), (RU, "а моя id card")])
async def test_follow_up_when_the_engine_takes_it_for_another_service_then_only_a_value_is_named(
    citizen, language, text, confidence
) -> None:
    citizen.language = language
    await citizen.says("what does a passport cost", "documents", document_type="passport")
    assert await citizen.says(text, "notice", confidence, document_type="id_card") == ["documents_item"]
    assert citizen.stack[-1].values == {"document_type": "id_card"}


async def test_follow_up_when_it_has_a_verb_of_its_own_then_is_another_request(citizen) -> None:
    await citizen.says("what does a passport cost", "documents", document_type="passport")
    responses = await citizen.says("renew my id card", "notice", document_type="id_card")
    assert responses == ["ask_car"]


@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        (EN, "no, flat five", "Pikk 5-5, Tallinn"),
        (EN, "the flat is number five", "Pikk 5-5, Tallinn"),
        (EN, "no, house seven", "Pikk 7-3, Tallinn"),
        (EN, "no, in tartu", "Pikk 5-3, Tartu"),
        (EN, "no, lai 7, tartu", "Lai 7, Tartu"),
        (ET, "korter viis", "Pikk 5-5, Tallinn"),
        (ET, "ei, maja seitse", "Pikk 7-3, Tallinn"),
        (RU, "квартира пять", "Pikk 5-5, Tallinn"),
        (RU, "нет, дом семь", "Pikk 7-3, Tallinn"),
    ],
)
async def test_address_when_a_part_is_corrected_then_the_rest_stays(citizen, language, text, address) -> None:
    await reach_move(citizen, "1.09.2027", language)
    assert (await citizen.says(text, "correct"))[0] == "move_read_back"
    assert citizen.stack[-1].values["new_address"] == address


async def test_follow_up_when_it_is_another_request_then_no_register_is_read_to_find_out(citizen) -> None:
    citizen.registers.answers["trips"] = {"trips": []}
    await citizen.says("the volvo", "vehicle")
    before = citizen.registers.asked.count("cars")
    await citizen.says("my trips", "trips")
    assert citizen.registers.asked.count("cars") == before


@pytest.mark.parametrize(
    ("language", "text"),
    [(EN, "no, the last one"), (ET, "ei, viimane"), (RU, "нет, последний"), (EN, "no, the second appointment")],
)
async def test_place_when_a_label_begins_with_one_then_an_item_is_meant_and_not_the_label(
    citizen, language, text
) -> None:
    await reach_time(citizen, language)
    assert (await citizen.says(text, "correct"))[0] == "jobless_read_back"
    assert citizen.stack[-1].values == {"wants_benefit": "yes", "time": "T2"}


@pytest.mark.parametrize("words", ["i want to kill myself", "pikk 5-3 is on fire"])
async def test_emergency_when_a_question_is_open_then_it_is_answered_and_nothing_is_taken_for_a_value(
    citizen: Any, words: str
) -> None:
    await citizen.says("i am moving", "move")
    asked = (await citizen.says("what for", "what_for"))[-1]
    assert await citizen.says(words, "emergency") == ["emergency", asked]
    assert await citizen.says("does the president pay taxes", "about_others") == ["about_others", asked]
