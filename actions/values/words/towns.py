"""Estonian towns: an address names one without a comma, and in speech without a capital."""

from collections.abc import Mapping

from actions.values.words.folding import fold

_TOWNS = (
    "Tallinn Tartu Narva Pärnu Viljandi Rakvere Maardu Kuressaare Sillamäe Valga Võru Jõhvi Haapsalu Keila Paide Elva"
    " Saue"
    " Tapa Põlva Türi Rapla Jõgeva Kiviõli Põltsamaa Sindi Paldiski Kärdla Kunda Tõrva Loksa Räpina Otepää Tamsalu"
    " Karksi"
    " Antsla Abja Lihula Mustvee Püssi Suure-Jaani Võhma Kallaste Viimsi Haabneeme Rae Saku Laagri Kohila Tabasalu"
    " Jüri"
)
_RUSSIAN = (
    "Таллинн Таллин Таллинне Таллине Таллинна Таллина|Тарту|Нарва Нарве Нарвы Нарву|Пярну|Вильянди|Раквере|Маарду"
    "|Курессааре|Силламяэ|Валга Валге|Выру|Йыхви|Хаапсалу|Кейла Кейле|Пайде|Тапа"
)

TOWNS: Mapping[str, str] = {
    **{
        fold(form): name
        for name in _TOWNS.split()
        if "-" not in name
        for form in (
            name,
            *(f"{stem}{ending}" for stem in (name, f"{name}a", f"{name}i") for ending in ("s", "sse", "st", "l")),
        )
    },
    fold("Tallinna"): "Tallinn",
    **{fold(form): forms.split()[0] for forms in _RUSSIAN.split("|") for form in forms.split()},
}
"""Names by their folded forms; a genitive that begins the name of a street is none."""
