"""How a reply is read aloud."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.languages import Language
from assistant.pipeline.spoken_form import GRAMMARS, spoken_form

pytestmark = pytest.mark.unit

EN, ET, RU = Language.EN, Language.ET, Language.RU


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It expires on 5 May 2027.", "It expires on the fifth of May twenty twenty-seven."),
        ("by the 1st of May 2005", "by the first of May two thousand and five"),
        ("May 5, 2027", "the fifth of May twenty twenty-seven"),
        ("on 05.06.2027, 5/6/2027, 2027-06-05", "on " + ", ".join(["the fifth of June twenty twenty-seven"] * 3)),
        ("in 1905, in 2000, 2000 letters", "in nineteen oh-five, in two thousand, two thousand letters"),
        ("from 9:00 to 17:30", "from nine in the morning to five thirty in the afternoon"),
        ("9:00–17:00", "from nine in the morning to five in the afternoon"),
        ("until 12:00, 0:00, 20:05", "until noon, midnight, eight oh five in the evening"),
        ("60 euros, 1 euro, 125.40 euros", "sixty euros, one euro, one hundred and twenty-five euros and forty cents"),
        ("€ 80, 500 EUR, 0.01 euros", "eighty euros, five hundred euros, one cent"),
        (
            "12,500 people, 1 200 000 euros",
            "twelve thousand five hundred people, one million two hundred thousand euros",
        ),
        ("20 %, 1 %, 2.05 kg, -5", "twenty percent, one percent, two point zero five kilograms, minus five"),
        ("the 2nd, 21st and 112th", "the second, twenty-first and one hundred and twelfth"),
        ("within 10-14 days", "within ten to fourteen days"),
        ("Pikk 5-3, Tallinn", "Pikk five, flat three, Tallinn"),
        ("Pikk 12a", "Pikk twelve A"),
        ("the car 123 ABC", "the car one two three, A B C"),
        ("KE1234567", "K E, one two three four, five six seven"),
        ("+372 5551 2345", "plus three seven two, five five five one, two three four five"),
        ("38001085718", "three eight zero, zero one zero, eight five seven, one eight"),
        ("EE38 2200 1", "E E, three eight, two two zero zero, one"),
        ("call 112 or 116 006", "call one one two or one one six, zero zero six"),
        ("code 007", "code zero zero seven"),
        ("mari-liis7@example.ee", "mari dash liis seven at example dot ee"),
        ("www.eesti.ee/en", "www dot eesti dot ee slash en"),
        ("an ID card, e.g. No. 5", "an I D card, for example number five"),
        ("photos etc. We wait, etc.", "photos and so on. We wait, and so on."),
        ("may 5 people come?", "may five people come?"),
        (
            "-5 euros, €1,234.56, EUR 20",
            "minus five euros, one thousand two hundred and thirty-four euros and fifty-six cents, twenty euros",
        ),
        ("-3 %, 10-15 %, 5–10 €", "minus three percent, ten to fifteen percent, five to ten euros"),
        ("call 1247, the help line on 1247.", "call one two four seven, the help line on one two four seven."),
        ("1,500, or 2,000", "one thousand five hundred, or two thousand"),
        ("1–5 May, 0:00–24:00", "the first to the fifth of May, from midnight to midnight"),
        ("6123000, a 10-day visa", "six one two, three zero zero zero, a ten-day visa"),
        (
            "31 May, 35 May, 99.99.2027",
            "the thirty-first of May, thirty-five May, ninety-nine.ninety-nine.twenty twenty-seven",
        ),
    ],
)
def test_english_when_read_then_is_words(text: str, read: str) -> None:
    assert spoken_form(text, EN) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5. mai", "viies mai"),
        ("5. mail", "viiendal mail"),
        ("25. detsembrini", "kahekümne viienda detsembrini"),
        ("kuni 5. mai 2027", "kuni viienda maini kaks tuhat kakskümmend seitse"),
        ("alates 1. juuni, enne 2. mai", "alates esimesest juunist, enne teist maid"),
        ("1. mai kuni 10. mai", "esimesest maist kuni kümnenda maini"),
        ("2026. aasta tulu", "kahe tuhande kahekümne kuuenda aasta tulu"),
        ("2027. aastal", "kahe tuhande kahekümne seitsmendal aastal"),
        ("2. klassis, 1. sammas, 3. korrusel", "teises klassis, esimene sammas, kolmandal korrusel"),
        ("11. osal, 100. osa, 2.", "üheteistkümnendal osal, sajanda osa, teine"),
        ("Neid on 5. Edasi", "Neid on viis. Edasi"),
        ("20,50 eurot, 1 euro, 1,01 eurot", "kakskümmend eurot viiskümmend senti, üks euro, üks euro üks sent"),
        ("60 euro eest, 60 euroga", "kuuekümne euro eest, kuuekümne euroga"),
        ("30 päeva jooksul, 3 päevaga", "kolmekümne päeva jooksul, kolme päevaga"),
        ("5 päevast, 10–14 päeva, 1100", "viiest päevast, kümme kuni neliteist päeva, tuhat sada"),
        ("kell 9:00, 17:05", "kell üheksa, seitseteist null viis"),
        ("9:00–17:00", "üheksast seitsmeteistkümneni"),
        ("9:30–17:00, kuni 17:00", "üheksa kolmkümmend kuni seitseteist, kuni seitsmeteistkümneni"),
        (
            "2,5 protsenti, 20 %, 120 m²",
            "kaks koma viis protsenti, kakskümmend protsenti, sada kakskümmend ruutmeetrit",
        ),
        ("Pikk tn 5-3, Tallinn", "Pikk tänav viis, korter kolm, Tallinn"),
        ("380 0108 5718", "kolm kaheksa null, null üks null kaheksa, viis seitse üks kaheksa"),
        ("ID-kaart, nt jne.", "iidee-kaart, näiteks ja nii edasi."),
        ("eesti.ee", "eesti punkt ee"),
        ("−5 eurot, 10–15 %, 1,234", "miinus viis eurot, kümme kuni viisteist protsenti, üks koma kaks kolm neli"),
        ("riigiinfo telefonil 1247.", "riigiinfo telefonil üks kaks neli seitse."),
        ("1.–5. mai, kell 9.30", "esimesest kuni viienda maini, kell üheksa kolmkümmend"),
        ("E–R 9.00–17.00", "E–R üheksast seitsmeteistkümneni"),
        ("18-aastane, 5-st, 2-ga", "kaheksateistkümneaastane, viiest, kahega"),
        ("1\u00a0234\u00a0000", "üks miljon kakssada kolmkümmend neli tuhat"),
        ("kuni 2027. a", "kuni kahe tuhande kahekümne seitsmenda aasta"),
    ],
)
def test_estonian_when_read_then_numbers_are_in_their_cases(text: str, read: str) -> None:
    assert spoken_form(text, ET) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("до 5 мая 2027.", "до пятого мая две тысячи двадцать седьмого года."),
        ("Дата: 5 мая", "Дата: пятое мая"),
        ("с 1 мая по 10 мая, к 3 июня", "с первого мая по десятое мая, к третьему июня"),
        ("Срок истёк 5 мая 2027 г.", "Срок истёк пятого мая две тысячи двадцать седьмого года."),
        ("за 2026 год", "за две тысячи двадцать шестой год"),
        ("в 1905 году", "в тысяча девятьсот пятом году"),
        (
            "20,50 евро, 21 евро, 22,01 евро",
            "двадцать евро пятьдесят центов, двадцать один евро, двадцать два евро один цент",
        ),
        ("до 60 евро", "до шестидесяти евро"),
        ("21 день, 22 дня, 2 недели", "двадцать один день, двадцать два дня, две недели"),
        ("1 неделя, 1 неделю, 1 письмо", "одна неделя, одну неделю, одно письмо"),
        ("около 21 недели, до 21 дня", "около двадцати одной недели, до двадцати одного дня"),
        ("в течение 30 дней", "в течение тридцати дней"),
        ("с 9:00 до 17:30", "с девяти часов до семнадцати тридцати"),
        ("в 9:00, в 1:05", "в девять часов, в один ноль пять"),
        ("9:00–21:00", "с девяти часов до двадцати одного часа"),
        ("2-й, 2-го, 3-я, 40-му", "второй, второго, третья, сороковому"),
        (
            "20 %, 1 %, 22 %, 2,5 %",
            "двадцать процентов, один процент, двадцать два процента, две целых пять десятых процента",
        ),
        ("1,05; 10–14 дней", "одна целая пять сотых; от десяти до четырнадцати дней"),
        ("ул. Пикк, д. 5, кв. 3", "улица Пикк, дом пять, квартира три"),
        ("и т. д. Потом, т. е. позже", "и так далее. Потом, то есть позже"),
        ("+372 5551 2345", "плюс три семь два, пять пять пять один, два три четыре пять"),
        ("www.eesti.ee/ru", "www точка eesti точка ee дробь ru"),
        (
            "-5 евро, 10–15 %, до 21 %",
            "минус пять евро, от десяти до пятнадцати процентов, до двадцати одного процента",
        ),
        ("на инфотелефон 1247", "на инфотелефон один два четыре семь"),
        ("с 5–10 мая, 9.00–17.00", "с пятого по десятое мая, с девяти часов до семнадцати часов"),
        (
            "до 3 дней, к 4 годам, до 300 евро, 3-летний, с 3 детьми",
            "до трёх дней, к четырём годам, до трёхсот евро, трёхлетний, с тремя детьми",
        ),
        ("в 5 случаях, с 2 детьми, к 5 годам", "в пяти случаях, с двумя детьми, к пяти годам"),
        ("у 1 ребёнка, 1 запись, старше 65 лет", "у одного ребёнка, одна запись, старше шестидесяти пяти лет"),
        ("18-летний, 100-летие, 5-ти, 2-х, 90-х", "восемнадцатилетний, столетие, пяти, двух, девяностых"),
    ],
)
def test_russian_when_read_then_numbers_agree(text: str, read: str) -> None:
    assert spoken_form(text, RU) == read


@pytest.mark.parametrize(
    ("language", "read"), [(EN, "zero four two seven"), (ET, "null neli kaks seitse"), (RU, "ноль четыре два семь")]
)
def test_verification_code_when_read_then_digit_by_digit(language: Language, read: str) -> None:
    assert spoken_form("0 4 2 7", language) == read


@given(text=st.text() | st.text("0123456789 .,:-–+/€%аяéABCkmЕЭг₂²½\u00a0"), language=st.sampled_from(Language))
def test_any_text_when_read_then_no_digit_is_left(text: str, language: Language) -> None:
    assert not re.search(r"\d", spoken_form(text, language))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("behind", ["", "a", " €", ",5"])
def test_number_when_it_is_longer_than_python_converts_then_its_digits_are_read(
    language: Language, behind: str
) -> None:
    assert spoken_form("1" * 5_000 + behind, language).split()[0] in {"one", "üks", "один"}


@pytest.mark.parametrize("language", Language)
def test_grammars_when_asked_for_a_month_then_its_name_is_among_its_forms(language: Language) -> None:
    grammar = GRAMMARS[language]
    assert [grammar.months[name.lower()] for name in grammar.month_names] == list(range(1, 13))


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        (
            "next on Friday, 9:00–17:00.",
            Language.EN,
            "next on Friday, from nine in the morning to five in the afternoon.",
        ),
        (
            "today 9:00–12:00, 13:00–17:00.",
            Language.EN,
            "today from nine in the morning to noon, from one in the afternoon to five in the afternoon.",
        ),
        ("täna kell 9:00–17:00.", Language.ET, "täna kell üheksast seitsmeteistkümneni."),
        ("сегодня 9:00–17:00.", Language.RU, "сегодня с девяти часов до семнадцати часов."),
    ],
)
def test_hours_of_the_desk_when_spoken_then_are_in_words(text: str, language: Language, spoken: str) -> None:
    assert spoken_form(text, language) == spoken
