"""Which words are a yes to an act: in three languages, and with whatever may stand beside a yes."""

import pytest

from actions.dialogue.consenting import agrees, begins_with_no, has_reservation
from assistant.content.project import Content, read_content
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


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


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(PROJECT / "nlu_data")


@pytest.mark.parametrize("language", Language)
def test_agrees_when_editors_teach_a_denial_or_a_correction_then_none_is_a_yes(
    content: Content, language: Language
) -> None:
    taught = [text for intent in ("deny", "correct", "stop") for text in content.intents[intent][language]]
    assert [text for text in taught if agrees(text, language)] == []


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
    ],
)
def test_no_when_it_comes_first_then_is_heard(language: Language, text: str, expected: bool) -> None:
    assert begins_with_no(text, language) is expected
