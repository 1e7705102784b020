"""The login page of the sandbox's TARA.

Its words stand here and not in `nlu_data/`: the page imitates a foreign system, and no editor of Kratt writes for it.
"""

from collections.abc import Iterable, Mapping
from html import escape

from assistant.sandbox.population import Resident

_TITLES = {
    "en": "Log in as a test person",
    "et": "Logi sisse testisikuna",
    "ru": "Войти как тестовое лицо",
}
_NOTICES = {
    "en": "This is a sandbox. Nobody here is a real person.",
    "et": "See on katsekeskkond. Siin pole ühtegi päris isikut.",
    "ru": "Это тестовая среда. Настоящих людей здесь нет.",
}
_CANCEL = {
    "en": "Cancel and return to the service",
    "et": "Katkesta ja naase teenusesse",
    "ru": "Отменить и вернуться к услуге",
}
_REFUSALS = {
    "en": "The service sent a request that cannot be answered.",
    "et": "Teenus saatis päringu, millele ei saa vastata.",
    "ru": "Услуга отправила запрос, на который нельзя ответить.",
}
_DEFAULT_LANGUAGE = "et"

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – TARA sandbox</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1.125rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem;
  color: #111; background: #fff }}
button {{ font: inherit; display: block; width: 100%; margin: .5rem 0; padding: .75rem; text-align: left;
  cursor: pointer; color: #111; background: #eef3fb; border: 2px solid #003168; border-radius: .25rem }}
button:focus-visible {{ outline: 3px solid #d97706; outline-offset: 2px }}
</style>
</head>
<body><main>
<h1>{title}</h1>
{content}
</main></body>
</html>
"""


def render_login(language: str, residents: Iterable[Resident], fields: Mapping[str, str]) -> str:
    """The page with one button per test person; `fields` come back with the answer."""
    language = _spoken(language)
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n' for name, value in fields.items()
    )
    buttons = "".join(_button("person", each.subject, _label(each)) for each in residents)
    form = (
        f'<form method="post" action="authorize">\n{hidden}{buttons}{_button("cancel", "1", _CANCEL[language])}</form>'
    )
    return _render(language, _TITLES[language], f"<p>{_NOTICES[language]}</p>\n{form}")


def render_refusal(language: str) -> str:
    """The page for a request whose sender is unknown, so that nobody is sent anywhere."""
    language = _spoken(language)
    return _render(language, _REFUSALS[language], "")


def _render(language: str, title: str, content: str) -> str:
    return _PAGE.format(language=language, title=title, content=content)


def _button(name: str, value: str, label: str) -> str:
    return f'<button name="{name}" value="{escape(value)}">{escape(label)}</button>\n'


def _label(resident: Resident) -> str:
    return f"{resident.given_name} {resident.family_name}, {resident.subject}"


def _spoken(locales: str) -> str:
    # OIDC: a list in order of preference; TARA takes et, en and ru.
    return next((each for each in locales.split() if each in _TITLES), _DEFAULT_LANGUAGE)
