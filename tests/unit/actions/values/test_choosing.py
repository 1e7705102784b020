import pytest

from actions.values.choosing import Ambiguous, Choice, Chosen, choose
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

OCTAVIA = Choice("octavia", ("Škoda Octavia", "123 ABC"))
FABIA = Choice("fabia", ("Škoda Fabia", "456 DEF"))
YARIS = Choice("yaris", ("Toyota Yaris", "123 XYZ"))
CARS = (OCTAVIA, FABIA, YARIS)
TWO_CARS = (OCTAVIA, YARIS)
WITH_V60 = (OCTAVIA, Choice("v60", ("Volvo V60", "789 GHK")))

MARI = Choice("mari", ("Mari", "Mari Mets"))
JAAN = Choice("jaan", ("Jaan", "Jaan Mets"))
MARI_LIIS = Choice("mari_liis", ("Mari-Liis", "Mari-Liis Mets"))
MASHA = Choice("masha", ("Маша", "Мария Иванова"))
CHILDREN = (MARI, JAAN, MARI_LIIS)

FIRMS = (
    Choice("insurance", ("Hea Insurance, contact details",)),
    Choice("bank", ("Põhjala Bank, deciding on a loan",)),
)
USAGES = (
    Choice("notaries", ("Chamber of Notaries", "an inheritance matter")),
    Choice("hospital", ("Tartu Hospital", "looking at health data at an appointment")),
    Choice("bank", ("Põhjala Bank", "checking a client's data")),
)
DOCTORS = (Choice("tamm", ("Kalle Tamm",)), Choice("kask", ("Malle Kask",)), Choice("kuusk", ("Kadri Kuusk",)))


@pytest.mark.parametrize(
    ("language", "text", "choices", "expected"),
    [
        ("en", "the octavia", CARS, "octavia"),
        ("en", "the one for the bank", FIRMS, "bank"),
        ("en", "the insurance company", FIRMS, "insurance"),
        ("en", "why did the notaries look at my data", USAGES, "notaries"),
        ("en", "the one about an appointment", USAGES, "hospital"),
        ("en", "skoda fabia please", CARS, "fabia"),
        ("en", "um the toyota", CARS, "yaris"),
        ("en", "toyotta", CARS, "yaris"),
        ("en", "octvia", CARS, "octavia"),
        ("en", "one two three a b c", CARS, "octavia"),
        ("en", "456", CARS, "fabia"),
        ("en", "four five six", CARS, "fabia"),
        ("en", "123ABC", CARS, "octavia"),
        ("en", "x y z", CARS, "yaris"),
        ("en", "the first one", CARS, "octavia"),
        ("en", "the second", CARS, "fabia"),
        ("en", "2nd", CARS, "fabia"),
        ("en", "number two", CARS, "fabia"),
        ("en", "3", CARS, "yaris"),
        ("en", "the last one", CARS, "yaris"),
        ("en", "the second skoda", CARS, "fabia"),
        ("en", "not the skoda but the toyota", CARS, "yaris"),
        ("en", "not the toyota", TWO_CARS, "octavia"),
        ("en", "no i meant the fabia", CARS, "fabia"),
        ("en", "mari's", CHILDREN, "mari"),
        ("en", "mari liis", CHILDREN, "mari_liis"),
        ("en", "doctor kask", DOCTORS, "kask"),
        ("en", "the v60", WITH_V60, "v60"),
        ("et", "škodaga fabiaga", CARS, "fabia"),
        ("et", "toyotat", CARS, "yaris"),
        ("et", "üks kaks kolm aa bee tsee", CARS, "octavia"),
        ("et", "esimene auto", CARS, "octavia"),
        ("et", "teine", CARS, "fabia"),
        ("et", "kolmandat", CARS, "yaris"),
        ("et", "viimane palun", CARS, "yaris"),
        ("et", "teine škoda", CARS, "fabia"),
        ("et", "mitte toyota", TWO_CARS, "octavia"),
        ("et", "Mari", CHILDREN, "mari"),
        ("et", "marile", CHILDREN, "mari"),
        ("et", "jaanile", CHILDREN, "jaan"),
        ("et", "mari-liisile", CHILDREN, "mari_liis"),
        ("et", "ee jaan mets", CHILDREN, "jaan"),
        ("et", "tamme juurde", DOCTORS, "tamm"),
        ("et", "malle kaske", DOCTORS, "kask"),
        ("ru", "шкода октавия", CARS, "octavia"),
        ("ru", "тойоту", CARS, "yaris"),
        ("ru", "фабию", CARS, "fabia"),
        ("ru", "один два три а бэ цэ", CARS, "octavia"),
        ("ru", "первая", CARS, "octavia"),
        ("ru", "вторую машину", CARS, "fabia"),
        ("ru", "последняя", CARS, "yaris"),
        ("ru", "не тойота", TWO_CARS, "octavia"),
        ("ru", "мари", CHILDREN, "mari"),
        ("ru", "яану", CHILDREN, "jaan"),
        ("ru", "машу", (MASHA, JAAN), "masha"),
        ("ru", "для маши", (MASHA, JAAN), "masha"),
        ("ru", "третий", CHILDREN, "mari_liis"),
    ],
)
def test_choose_when_one_is_meant_then_is_that_one(
    language: str, text: str, choices: tuple[Choice, ...], expected: str
) -> None:
    chosen = choose(text, choices, Language(language))
    assert isinstance(chosen, Chosen)
    assert chosen.key == expected


@pytest.mark.parametrize(
    ("language", "text", "choices", "expected"),
    [
        ("en", "the skoda", CARS, ("octavia", "fabia")),
        ("en", "one two three", CARS, ("octavia", "yaris")),
        ("en", "mets", CHILDREN, ("mari", "jaan", "mari_liis")),
        ("en", "not the fabia", CARS, ("octavia", "yaris")),
        ("et", "škoda", CARS, ("octavia", "fabia")),
        ("et", "metsa", CHILDREN, ("mari", "jaan", "mari_liis")),
        ("ru", "шкоду", CARS, ("octavia", "fabia")),
    ],
)
def test_choose_when_words_fit_several_then_names_those(
    language: str, text: str, choices: tuple[Choice, ...], expected: tuple[str, ...]
) -> None:
    assert choose(text, choices, Language(language)) == Ambiguous(expected)


@pytest.mark.parametrize(
    ("language", "text", "choices"),
    [
        ("en", "hello", CARS),
        ("en", "the fifth one", CARS),
        ("en", "what do you need it for", CARS),
        ("en", "the other one", CARS),
        ("en", "", CARS),
        ("en", "the octavia", ()),
        ("en", "may i ask two things", CHILDREN),
        ("et", "milleks seda vaja on", CARS),
        ("et", "viies", CARS),
        ("et", "kass", DOCTORS),
        ("ru", "зачем это нужно", CARS),
        ("ru", "пятая", CARS),
        ("ru", "сколько платить в этом году", WITH_V60),
        ("en", "i sold it last friday", CARS),
        ("en", "it was on the second of may", CARS),
        ("et", "müüsin selle viimasel reedel", CARS),
        ("ru", "я продал её второго мая", CARS),
    ],
)
def test_choose_when_none_is_meant_then_is_none(language: str, text: str, choices: tuple[Choice, ...]) -> None:
    assert choose(text, choices, Language(language)) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the other one"),
        ("en", "no the other car"),
        ("et", "teine auto"),
        ("et", "ei teine"),
        ("ru", "другую"),
        ("ru", "нет другая машина"),
    ],
)
@pytest.mark.parametrize(("current", "expected"), [("octavia", "yaris"), ("yaris", "octavia")])
def test_choose_when_the_other_of_two_then_is_not_the_current(
    language: str, text: str, current: str, expected: str
) -> None:
    assert choose(text, TWO_CARS, Language(language), current=current) == Chosen(expected, is_whole=True)


def test_choose_when_the_other_of_three_then_is_one_of_the_rest() -> None:
    assert choose("the other one", CARS, Language.EN, current="fabia") == Ambiguous(("octavia", "yaris"))


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("the octavia please", True),
        ("no i meant the second car", True),
        ("one two three a b c", True),
        ("i want to sell the octavia", False),
        ("how old is the octavia", False),
    ],
)
def test_choose_when_more_is_said_then_is_not_whole(text: str, is_whole: bool) -> None:
    chosen = choose(text, CARS, Language.EN)
    assert isinstance(chosen, Chosen)
    assert chosen.is_whole is is_whole
