"""Requests that ask for nothing, however that is said, and those that only look like it: in three languages."""

from datetime import date

import pytest

from actions.dialogue.denying import refuses, refuses_to_stop
from actions.dialogue.heard import Heard, Mention
from assistant.content.project import Content
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU
CALLED_OFF = {
    EN: (
        "cancel my passport renewal",
        "please cancel my passport renewal",
        "can you cancel my application for a passport",
        "I never asked you to renew my passport",
        "i would hate to renew my passport",
        "renew my passport but not now",
        "renew my passport please but not yet",
        "stop my registration as unemployed",
        "i am not moving",
        "no we are not really moving",
        "i want to undo my address change",
        "we did not have a baby",
        "we haven't had a child",
        "nobody died",
        "my father is not dead",
        "i have not sold my car",
        "i am not renewing my passport",
        "i'm not moving to tartu",
        "take back my application for a kindergarten place",
        "withdraw my application",
        "i changed my mind about the passport",
        "forget about my passport renewal",
        "i prefer not to renew my passport",
        "i didn't ask you to renew my passport",
        "cancel the change of my address",
    ),
    ET: (
        "tühista mu passi taotlus",
        "palun tühistage minu passi taotlus",
        "mu passi taotlus tühistada",
        "soovin oma passi taotluse tühistada",
        "kas sa saaksid mu taotluse tühistada",
        "passi mitte pikendada",
        "palun mitte pikendada passi",
        "ma ei koli",
        "me ei ole kolinud",
        "ei ma ei koli kuhugi",
        "meil ei sündinud last",
        "meil ei ole last sündinud",
        "keegi ei surnud",
        "ma ei müünud autot",
        "pikenda passi aga mitte praegu",
        "loobun passi taotlemisest",
        "võta mu taotlus tagasi",
        "ma ei palunud passi pikendada",
        "ma pole palunud passi",
        "peata minu arvelevõtmine",
        "lõpeta minu registreerimine töötuna",
        "ma ei pikenda passi",
    ),
    RU: (
        "отмени заявление на паспорт",
        "пожалуйста отмените моё заявление на паспорт",
        "хочу отменить замену паспорта",
        "я не переезжаю",
        "мы никуда не переезжаем",
        "нет я не переезжаю",
        "мы не рожали ребёнка",
        "у нас не родился ребёнок",
        "никто не умер",
        "я не просил продлевать паспорт",
        "я не просила менять паспорт",
        "паспорт не продлевать",
        "продли паспорт но не сейчас",
        "отзови мою заявку",
        "забрать заявление",
        "я отказываюсь от продления паспорта",
        "я не продавал машину",
        "останови регистрацию",
        "не могли бы вы отменить заявление на паспорт",
        "можете отменить мое заявление",
        "мое заявление на паспорт отмените",
    ),
}
MEANT = {
    EN: (
        "why don't i get a passport",
        "did i not renew my passport",
        "my passport is not valid any more renew it",
        "i don't have a passport i need one",
        "i don't have a passport",
        "cancel my appointment",
        "cancel my appointment at the police",
        "stop using my data for ads",
        "take back my consent",
        "withdraw my consent",
        "don't stop the renewal renew my passport",
        "don't forget to renew my passport",
        "do not forget my passport",
        "i have not renewed my passport",
        "i did not renew my passport in time",
        "i am not moving but my son is",
        "i'm not moving i have moved",
        "when i am not moving do i need it",
        "i am not moving before may",
        "i don't live there any more",
        "i am not working",
        "how do i cancel my application",
        "did you cancel my application",
        "don't cancel my passport renewal",
        "i don't want to cancel my passport renewal",
        "cancel my old application and renew my passport",
        "my baby was not born in estonia",
        "has my passport expired or not yet",
        "my passport is not here yet",
        "don't let my passport expire",
        "don't wait renew my passport",
        "i used to live in tartu but not any more",
        "what if i am not moving",
        "am i not moving",
        "we have no family doctor",
        "i no longer have a job",
        "i have not got my passport",
        "i can't find my passport",
        "we haven't registered our baby born yesterday",
        "i have not registered my move",
        "i have not told anybody that i moved",
    ),
    ET: (
        "ära unusta mu passi pikendada",
        "ärge unustage passi uuendada",
        "miks ma ei saa passi",
        "kas ma ei uuendanud passi",
        "mu pass enam ei kehti pikenda seda",
        "mul ei ole passi",
        "mul pole passi vaja on uut",
        "tühista minu nõusolek",
        "lõpeta mu andmete vaatamine",
        "võta tagasi luba",
        "tühista mu broneering",
        "ära tühista mu passi taotlust",
        "ära lase passil aeguda",
        "kas pikendada või mitte pikendada",
        "kuidas ma taotluse tühistan",
        "ma ei ela enam seal",
        "beebil ei ole veel nime",
        "ema suri ja ma ei tea mida teha",
        "ma ei koli aga mu poeg kolib",
        "mul ei ole enam tööd",
        "miks meil ei sündinud",
        "ega mu pass aegunud ei ole",
        "võta mind töötuna arvele",
        "olen ära kolinud",
        "ma ei leia passi üles tahan uut",
        "ma ei ole oma kolimist registreerinud",
    ),
    RU: (
        "почему мне не дают паспорт",
        "разве я не продлил паспорт",
        "паспорт больше не действует продли его",
        "у меня нет паспорта нужен новый",
        "не просрочен ли мой паспорт",
        "отзови моё согласие",
        "отмени моё согласие",
        "прекрати использовать мои данные для рекламы",
        "отмени запись к врачу",
        "не забудь продлить паспорт",
        "не забудьте продлить мой паспорт",
        "не отменяй продление паспорта",
        "не хочу отменять заявление",
        "как отменить заявление",
        "можно не менять паспорт",
        "я больше не живу по старому адресу",
        "я больше не работаю",
        "я ещё не подал декларацию",
        "если я не переезжаю что делать",
        "я не переезжаю а сын переезжает",
        "не могу найти паспорт нужен новый",
        "не могли бы вы оформить мне паспорт",
        "что будет если не продлевать паспорт",
        "чтобы не менять паспорт",
        "мне не дали паспорт",
        "я не сообщил что переехал",
        "мы не зарегистрировали ребёнка который родился вчера",
        "не хочу забыть продлить паспорт",
        "хочу забрать паспорт из заказа",
    ),
}


def heard(text: str, language: Language, *mentions: Mention) -> Heard:
    return Heard(text, "some", 0.9, mentions, language, date(2026, 11, 23))


def said_in(texts: dict[Language, tuple[str, ...]]) -> list[tuple[Language, str]]:
    return [(language, text) for language, said in texts.items() for text in said]


@pytest.mark.parametrize(("language", "text"), said_in(CALLED_OFF))
def test_refusal_when_a_matter_is_called_off_or_does_not_happen_then_it_is_one(language: Language, text: str) -> None:
    assert refuses(heard(text, language), ())


@pytest.mark.parametrize(("language", "text"), said_in(MEANT))
def test_refusal_when_a_not_or_a_cancel_is_part_of_what_is_wanted_then_it_is_none(
    language: Language, text: str
) -> None:
    assert not refuses(heard(text, language), ())


@pytest.mark.parametrize("turns", Language)
@pytest.mark.parametrize(
    "text",
    [
        *("i don't want to renew my passport", "cancel my passport renewal", "i am not moving"),
        *("ma ei taha passi uuendada", "tühista mu passi taotlus", "ma ei koli"),
        *("я не хочу продлевать паспорт", "отмени заявление на паспорт", "я не переезжаю"),
    ],
)
def test_refusal_when_the_page_is_in_another_language_then_it_is_heard(turns: Language, text: str) -> None:
    assert refuses(heard(text, turns), ())


@pytest.mark.parametrize(
    ("text", "language"), [("no don't stop", RU), ("ma ei taha tühistada", EN), ("я не хочу отменять", ET)]
)
def test_stop_when_the_page_is_in_another_language_then_it_goes_on(text: str, language: Language) -> None:
    assert refuses_to_stop(heard(text, language))


def test_refusal_when_to_cancel_is_what_the_service_does_then_it_is_a_request() -> None:
    text = "cancel my consent to the change of my address"
    assert refuses(heard(text, EN), {"task"})
    assert not refuses(heard(text, EN, Mention("task", "withdraw", 0, 6)), {"task"})


def test_refusal_when_to_cancel_is_what_the_service_does_and_is_not_wanted_then_it_is_one() -> None:
    text = "i don't want to cancel my consent"
    assert not refuses(heard(text, EN), {"task"})
    assert refuses(heard(text, EN, Mention("task", "withdraw", 16, 22)), {"task"})


# Taught as a request, for there is none that they could be instead: what they refuse is not begun.
TAUGHT_REFUSALS = frozenset(
    [
        *("i do not want a new passport", "i don't want to renew my id card"),
        *("undo my address change", "i want to take back my address change"),
        *("ma ei taha lasteaiakohta", "ei soovi lasteaeda kohta taotleda", "tühista mu aadressi muutmine"),
        *(
            "ma ei soovi uut passi",
            "ma ei taha id kaarti uuendada",
            "ma ei taha passi pikendada",
            "ei taha passi uuendada",
        ),
        *("я не хочу новую айди карту", "не хочу продлевать айди карту"),
        *("отмени смену моего адреса", "хочу отменить смену адреса"),
    ]
)


@pytest.mark.parametrize("language", Language)
def test_refusal_when_editors_teach_a_request_then_it_is_none(content: Content, language: Language) -> None:
    # To block is to say "don't": there the words of a refusal are values of the service, which the engine finds.
    services = [service.service for service in content.services if service.service != "block_data_use"]
    taught = [text for service in services for text in content.intents[service][language]]
    assert {text for text in taught if refuses(heard(text, language), ())} <= TAUGHT_REFUSALS
