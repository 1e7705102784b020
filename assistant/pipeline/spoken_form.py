"""The words of a reply as a voice is to read them: codes digit by digit, addresses of the internet with their marks."""

import re
from collections.abc import Callable, Mapping

from assistant.core.languages import Language

_MARKS: Mapping[Language, Mapping[str, str]] = {
    Language.EN: {"+": "plus", "@": "at", ".": "dot", "-": "dash", "_": "underscore", "/": "slash"},
    Language.ET: {"+": "pluss", "@": "ät", ".": "punkt", "-": "kriips", "_": "alakriips", "/": "kaldkriips"},
    Language.RU: {"+": "плюс", "@": "собака", ".": "точка", "-": "дефис", "_": "подчёркивание", "/": "дробь"},
}

# What follows an amount: those digits are one number, however many there are.
_UNIT = r"(?!\s?(?:€|%|euro|eur\b|евро|cent|sent|цент|km\b|км\b|m²|м²)|[.,]\d|\d)"
_CODE = re.compile(rf"(?<![\d.,])\+?(?:\d{{2,4}}(?: \d{{2,4}})+|\d{{5,}}|112){_UNIT}", re.IGNORECASE)
_MIXED = re.compile(r"\b(?:\d{2,3} ?(?!EUR)[A-Z]{3}|[A-Z]{1,4}\d{4,})\b")
_ADDRESS = re.compile(
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,4}\b(?:/\w+)*"
)


def spoken_form(text: str, language: Language) -> str:
    """The text with codes, telephone numbers, plates and addresses spelled; dates and amounts are left to the voice."""
    marks = _MARKS[language]
    for pattern, read in _READ:
        text = pattern.sub(lambda found, read=read: read(found[0], marks), text)  # type: ignore[misc]  # bound at once
    return text


def _spelled(code: str, marks: Mapping[str, str]) -> str:
    """`+372 5551 2345` as `plus 3 7 2, 5 5 5 1, 2 3 4 5`; what has no groups gets groups of three."""
    plus, digits = (f"{marks['+']} ", code[1:]) if code.startswith("+") else ("", code)
    groups = digits.split() if " " in digits else re.findall(r"\d{1,3}", digits)
    return plus + ", ".join(" ".join(group) for group in groups)


def _spelled_mixed(code: str, _: Mapping[str, str]) -> str:
    """`123 ABC` as `1 2 3, A B C`."""
    return ", ".join(" ".join(group) for group in re.findall(r"[A-Z]+|\d{1,4}", code))


def _address(address: str, marks: Mapping[str, str]) -> str:
    """`mari@example.ee` as `mari at example dot ee`."""
    address = re.sub(r"^https?://", "", address)
    return re.sub(r"[+@.\-_/]", lambda mark: f" {marks[mark[0]]} ", address).replace("  ", " ").strip()


_READ: tuple[tuple[re.Pattern[str], Callable[[str, Mapping[str, str]], str]], ...] = (
    (_ADDRESS, _address),
    (_MIXED, _spelled_mixed),
    (_CODE, _spelled),
)
