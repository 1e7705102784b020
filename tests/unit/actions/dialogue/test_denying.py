"""What words leave out, and what they ask not to be done: in three languages."""

from dataclasses import replace
from datetime import date

import pytest

from actions.dialogue.denying import all_but, denied, refuses, refuses_to_stop
from actions.dialogue.heard import Heard, Mention
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
WORDS = {
    EN: {"passport": "passport", "id card": "id_card", "driving licence": "driving_licence", "tartu": "tartu"},
    ET: {"passi": "passport", "id-kaarti": "id_card", "juhiluba": "driving_licence", "tartu": "tartu"},
    RU: {"паспорт": "passport", "айди-карту": "id_card", "права": "driving_licence", "тарту": "tartu"},
}
OWN = {"document"}


def heard(text: str, language: Language, **more: str) -> Heard:
    """The words with the documents and towns that they name; `more` are other values, by slot."""
    named = [("document", word, value) for word, value in WORDS[language].items()]
    named += [(slot, word, "x") for slot, word in more.items()]
    mentions = [Mention(slot, v, text.find(w), text.find(w) + len(w)) for slot, w, v in named if w in text]
    return Heard(text, "some", 0.9, tuple(mentions), language, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("language", "text", "out"),
    [
        (EN, "not the passport, the id card", {"passport"}),
        (EN, "not the passport but the id card", {"passport"}),
        (EN, "the id card not the passport", {"passport"}),
        (EN, "the id card instead of the passport", {"passport"}),
        (EN, "i don't want a passport, i want a driving licence", {"passport"}),
        (EN, "i do not want a passport i want a driving licence", {"passport"}),
        (EN, "i don't want to renew my passport", {"passport"}),
        (EN, "not the passport or the id card", {"passport", "id_card"}),
        (EN, "anything but tartu", {"tartu"}),
        (EN, "any office except tartu", {"tartu"}),
        (EN, "no, the passport", set()),
        (EN, "no i meant the passport", set()),
        (EN, "i do not know when my passport expires", set()),
        (EN, "i do not have a passport", set()),
        (EN, "i can't find my passport", set()),
        (EN, "why don't you renew my passport", set()),
        (EN, "not only the passport", set()),
        (EN, "my passport is not valid any more", set()),
        (ET, "mitte passi vaid id-kaarti", {"passport"}),
        (ET, "id-kaarti mitte passi", {"passport"}),
        (ET, "ma ei taha passi vaid juhiluba", {"passport"}),
        (ET, "passi asemel id-kaarti", {"passport"}),
        (ET, "kõik peale tartu", {"tartu"}),
        (ET, "tahan kaevata tartu peale", set()),
        (ET, "selle peale tartu", set()),
        (ET, "ei, tartu", set()),
        (ET, "ma ei leia oma passi", set()),
        (RU, "не паспорт, а айди-карту", {"passport"}),
        (RU, "я не хочу паспорт я хочу права", {"passport"}),
        (RU, "айди-карту, а не паспорт", {"passport"}),
        (RU, "вместо паспорта айди-карту", {"passport"}),
        (RU, "любой кроме тарту", {"tartu"}),
        (RU, "нет, паспорт", set()),
        (RU, "не знаю когда закончится паспорт", set()),
        (RU, "не могли бы вы оформить мне паспорт", set()),
        (EN, "don't forget the passport", set()),
        (ET, "ära unusta passi", set()),
        # However much is said before.
        (EN, "well " * 110 + "not the passport", {"passport"}),
        (ET, "noh " * 150 + "mitte passi", {"passport"}),
        (RU, "ну " * 180 + "не паспорт", {"passport"}),
    ],
)
def test_denied_when_values_are_named_then_those_left_out_are_found(language: Language, text: str, out: set) -> None:
    assert {each.value for each in denied(heard(text, language), OWN)} == out


@pytest.mark.parametrize("turns", Language)
@pytest.mark.parametrize(
    ("language", "text", "out"),
    [
        (EN, "not the passport, the id card", {"passport"}),
        (EN, "i do not know when my passport expires", set()),
        (ET, "mitte passi vaid id-kaarti", {"passport"}),
        (ET, "ma ei leia oma passi", set()),
        (RU, "не паспорт, а айди-карту", {"passport"}),
        (RU, "нет, паспорт", set()),
    ],
)
def test_denied_when_the_page_is_in_another_language_then_it_is_heard(
    turns: Language, language: Language, text: str, out: set
) -> None:
    said = replace(heard(text, language), language=turns)
    assert {each.value for each in denied(said, OWN)} == out


def test_denied_when_the_denial_is_itself_a_value_of_the_service_then_nothing_is_left_out() -> None:
    said = heard("don't give my passport away", EN, task="don't")
    assert denied(said, {"document", "task"}) == frozenset()


@pytest.mark.parametrize(
    ("language", "text", "behind"),
    [
        (EN, "anything but the volvo please", "the volvo please"),
        (EN, "the volvo", None),
        (EN, "all but", None),
        (ET, "kõik peale volvo", "volvo"),
        (RU, "любую кроме вольво, пожалуйста", "вольво"),
        (ET, "любую кроме вольво, пожалуйста", "вольво"),
        (RU, "anything but the volvo", "the volvo"),
    ],
)
def test_all_but_when_it_is_said_then_what_follows_is_left_out(language: Language, text: str, behind: str) -> None:
    assert all_but(heard(text, language)) == behind


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (EN, "i don't want to renew my passport", True),
        (EN, "no i do not want a kindergarten place", True),
        (EN, "please don't apply for a passport", True),
        (EN, "i don't need a new passport thanks", True),
        (EN, "i don't want a passport, i want a driving licence", False),
        (EN, "i don't want to renew my passport just tell me when it expires", False),
        (EN, "i don't want companies to use my address", False),
        (EN, "i don't want the bank to see my data", False),
        (EN, "i don't want to go to the office to get my passport", True),
        (EN, "i do not know when my passport expires", False),
        (EN, "i don't have a passport", False),
        (EN, "don't you have my passport", False),
        (EN, "renew my passport", False),
        (ET, "ma ei taha passi uuendada", True),
        (ET, "ära taotle mulle passi", True),
        (ET, "ma ei soovi lasteaiakohta", True),
        (ET, "ma ei taha et firmad mu andmeid näevad", False),
        (ET, "ma ei taha passi vaid juhiluba", False),
        (ET, "kaotasin passi ära", False),
        (ET, "ma ei leia oma passi", False),
        (RU, "я не хочу продлевать паспорт", True),
        (RU, "не надо оформлять паспорт", True),
        (RU, "мне не нужно место в садике", True),
        (RU, "я не хочу чтобы банк видел мои данные", False),
        (RU, "не хочу паспорт, хочу права", False),
        (RU, "не знаю когда закончится паспорт", False),
    ],
)
def test_refusal_when_only_something_is_not_wanted_then_is_one(language: Language, text: str, expected: bool) -> None:
    assert refuses(heard(text, language), OWN) is expected


def test_refusal_when_the_dont_is_a_value_of_the_service_then_it_is_a_request() -> None:
    said = heard("don't send me any mail", EN, task="don't")
    assert refuses(said, OWN)
    assert not refuses(said, {"task"})


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (EN, "i do not want to cancel", True),
        (EN, "no don't stop", True),
        (EN, "i don't want to cancel it", True),
        (EN, "i don't want to continue", False),
        (EN, "i don't need this anymore", False),
        (EN, "cancel it", False),
        (ET, "ma ei taha tühistada", True),
        (ET, "ära lõpeta", True),
        (ET, "ma ei taha jätkata", False),
        (ET, "tühista", False),
        (RU, "я не хочу отменять", True),
        (RU, "не отменяйте", True),
        (RU, "не хочу продолжать", False),
        (RU, "отмена", False),
    ],
)
def test_stop_when_it_is_not_wanted_then_it_goes_on(language: Language, text: str, expected: bool) -> None:
    assert refuses_to_stop(heard(text, language)) is expected
