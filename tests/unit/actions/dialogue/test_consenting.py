"""Which words are a yes to an act: in three languages, and with whatever may stand beside a yes."""

import pytest

from actions.dialogue.consenting import agrees, begins_with_no, has_reservation
from assistant.content.project import Content
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
YES_INTENTS = frozenset({"affirm", "confirm", "thank", "more"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("yes", "Yes, please send it.", "sure go ahead and send it", "um yes that's right")),
        *((EN, text) for text in ("i confirm", "i confirm that everything is correct", "all right, do it")),
        *((ET, text) for text in ("jah", "jah palun saatke see ära", "olgu, saada ära", "kinnitan et kõik on õige")),
        *((RU, text) for text in ("да", "да, отправляйте пожалуйста", "подтверждаю что всё верно", "хорошо, давайте")),
    ],
)
def test_agrees_when_nothing_but_a_yes_is_said_then_it_is_one(language: Language, text: str) -> None:
    assert agrees(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("yes but", "yes but wait", "yes but to my other address", "yes make it the id card")),
        *((EN, text) for text in ("yes, but first tell me what it costs", "yes if it is free", "yes unless it costs")),
        *((EN, text) for text in ("yes to my old address", "yes from monday", "yes 5", "yes the skoda", "ok not now")),
        *((EN, text) for text in ("yes no", "yes don't", "i do not confirm", "i can't confirm", "yes actually no")),
        *((EN, text) for text in ("i confirm but change the date", "yes change the date", "maybe", "", "...", "no")),
        *((ET, text) for text in ("jah aga", "jah aga teisele aadressile", "jah ära saada", "ma ei kinnita")),
        *((ET, text) for text in ("jah kui see on tasuta", "kinnitan aga muuda kuupäeva", "jah hoopis id kaart")),
        *(
            (RU, text)
            for text in ("да но", "да но на другой адрес", "да не надо", "не подтверждаю", "да если бесплатно")
        ),
        *((RU, text) for text in ("да только не сейчас", "да но сначала скажи сколько стоит", "да лучше айди карту")),
    ],
)
def test_agrees_when_anything_else_is_said_then_it_is_no_yes(language: Language, text: str) -> None:
    assert not agrees(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("yes is that everything", "yes is that all", "is that it", "are you sure")),
        *((EN, text) for text in ("yes are you sure", "is that right", "is everything correct", "can you confirm")),
        *((EN, text) for text in ("huh", "huh is that it", "uh uh", "it is all", "i'm good", "i am fine", "yes and")),
        *((EN, text) for text in ("send it to me", "yes do away with that", "i will consider it", "i do the change")),
        *((ET, text) for text in ("jah kas see on kõik", "kas see on õige", "on see õige", "on see kõik õige")),
        *((ET, text) for text in ("tahan muudatust", "soovin avalduse tagasivõtmist", "jah ja", "jah ja siis")),
        *((RU, text) for text in ("да ну", "да ну его", "да что там", "да так", "да что это", "ну да что это")),
        *((RU, text) for text in ("это обязательно", "ну и ладно", "да ладно", "хочу изменение", "хочу отзыв", "да и")),
    ],
)
def test_agrees_when_it_is_asked_or_waved_aside_in_words_of_a_yes_then_it_is_none(
    language: Language, text: str
) -> None:
    assert not agrees(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *((EN, text) for text in ("uh huh", "uh huh yes", "mm hmm", "it's all correct", "that is all correct")),
        *((EN, text) for text in ("everything is right", "yes that is it", "i confirm the change")),
        *((ET, text) for text in ("see on kõik õige", "kõik on õige", "kinnitan muudatuse", "no jah")),
        *(
            (RU, text)
            for text in ("да обязательно", "да так и есть", "я подтверждаю что всё верно", "да отправь запрос")
        ),
    ],
)
def test_agrees_when_a_yes_sounds_like_a_question_then_it_is_still_one(language: Language, text: str) -> None:
    assert agrees(text, language)


@pytest.mark.parametrize(
    ("language", "yes", "end"),
    [
        (EN, "yes ", "but do not send it"),
        (ET, "jah ", "aga ära saada"),
        (RU, "да ", "но не отправляй"),
        (EN, "yes,,,,,", ""),
        (RU, "да ", ""),
    ],
)
def test_agrees_when_more_is_said_than_a_yes_needs_then_it_is_none(language: Language, yes: str, end: str) -> None:
    assert agrees(yes * 3, language)
    assert not agrees(yes * 125 + end, language)


@pytest.mark.parametrize("turns", Language)
@pytest.mark.parametrize(
    "text",
    [
        *("yes", "yes please", "sure go ahead", "i confirm", "that is right"),
        *("jah", "jah palun saatke", "kinnitan", "olgu", "see on õige"),
        *("да", "да, отправляйте пожалуйста", "подтверждаю", "всё верно", "хорошо"),
    ],
)
def test_agrees_when_the_page_is_in_another_language_then_a_yes_is_one(turns: Language, text: str) -> None:
    assert agrees(text, turns)


@pytest.mark.parametrize("turns", Language)
@pytest.mark.parametrize(
    "text",
    [
        *("yes but", "no", "yes no", "no ok", "i do not confirm", "just see", "is that right"),
        *("jah aga", "ei", "jah ei", "ma ei kinnita", "jah ära saada", "jah kui see on tasuta"),
        *("да но", "нет", "да нет", "не подтверждаю", "да ну", "да если бесплатно"),
    ],
)
def test_agrees_when_the_page_is_in_another_language_then_what_is_no_yes_is_none(turns: Language, text: str) -> None:
    # Exactly that, to an Estonian.
    assert agrees(text, turns) is ((turns, text) == (ET, "just see"))


@pytest.mark.parametrize(
    ("language", "text"),
    [(EN, "just"), (EN, "just see"), (EN, "no jah"), (EN, "no olgu"), (ET, "no ok"), (ET, "no i agree"), (RU, "no ok")],
)
def test_agrees_when_words_are_others_in_another_language_then_they_are_no_yes(language: Language, text: str) -> None:
    assert not agrees(text, language)


@pytest.mark.parametrize("language", Language)
def test_agrees_when_editors_teach_anything_but_a_yes_then_none_is_one(content: Content, language: Language) -> None:
    # "Thanks, all right" is a yes that the engine calls a thank, "go on" one that it calls more: neither is acted upon.
    others = [by_language[language] for intent, by_language in content.intents.items() if intent not in YES_INTENTS]
    assert [text for taught in others for text in taught if agrees(text, language)] == []


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("intent", ["affirm", "confirm"])
def test_agrees_when_editors_teach_a_yes_then_nearly_all_are(content: Content, language: Language, intent: str) -> None:
    taught = content.intents[intent][language]
    assert sum(agrees(text, language) for text in taught) >= 0.95 * len(taught)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (EN, "yes but to my other address", True),
        (EN, "yes except the date", True),
        (EN, "yes send it to the police", False),
        (ET, "jah aga teisele aadressile", True),
        (ET, "jah saatke politseile", False),
        (RU, "да но на другой адрес", True),
        (RU, "да отправьте в полицию", False),
        (ET, "да но на другой адрес", True),
        (RU, "yes but to my other address", True),
        (EN, "jah aga teisele aadressile", True),
        (EN, "yes " * 150 + "but not there", True),
    ],
)
def test_reservation_when_something_is_taken_back_then_is_heard(language: Language, text: str, expected: bool) -> None:
    assert has_reservation(text, language) is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (EN, "no but tell me what it costs", True),
        (EN, "no idea what it costs", False),
        (EN, "yes but no", False),
        (ET, "ei, aga palju see maksab", True),
        (ET, "ei tea palju see maksab", False),
        (RU, "нет но сколько это стоит", True),
        (RU, "нет времени", False),
        (ET, "нет но сколько это стоит", True),
        (EN, "ei, aga palju see maksab", True),
        (ET, "no näita mu autosid", False),
    ],
)
def test_no_when_it_comes_first_then_is_heard(language: Language, text: str, expected: bool) -> None:
    assert begins_with_no(text, language) is expected
