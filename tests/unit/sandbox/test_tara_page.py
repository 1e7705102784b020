import re

import pytest

from assistant.sandbox.population import POPULATION, Resident
from assistant.sandbox.tara_page import render_login, render_refusal

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("locales", "language"),
    [("en", "en"), ("et", "et"), ("ru", "ru"), ("de ru", "ru"), ("", "et"), ('"><script>', "et")],
)
def test_render_login_when_locales_given_then_page_in_first_known(locales: str, language: str) -> None:
    assert f'<html lang="{language}">' in render_login(locales, [], {})
    assert f'<html lang="{language}">' in render_refusal(locales)


def test_page_when_shown_then_its_browser_looks_for_no_icon() -> None:
    for page in (render_login("en", [], {}), render_refusal("en")):
        assert '<link rel="icon" href="data:,">' in page


def test_render_login_when_languages_differ_then_words_differ() -> None:
    assert len({re.sub("lang=..{4}", "", render_login(language, [], {})) for language in ("en", "et", "ru")}) == 3


def test_render_login_when_residents_given_then_a_button_each_and_cancel() -> None:
    page = render_login("en", POPULATION.values(), {})
    assert re.findall(r'<button name="person" value="(\w+)">', page) == list(POPULATION)
    assert page.count('<button name="cancel"') == 1


def test_render_login_when_values_are_hostile_then_escaped() -> None:
    hostile = "\"'><script>alert(1)</script>{0}"
    page = render_login("en", [Resident(hostile, hostile, hostile)], {"state": hostile, hostile: "x"})
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 6  # two in the hidden field, one in the button, three in its label
