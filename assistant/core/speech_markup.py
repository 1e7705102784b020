"""The tags of SSML that editors may write into a response, for the voice alone: break, emphasis, lang and say-as.

W3C, Speech Synthesis Markup Language 1.1, sections 3.1.8, 3.1.13, 3.2.2 and 3.2.3. What is no such tag is text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.core.languages import Language

LONGEST_BREAK_SECONDS = 5.0
_DEFAULT_BREAK_SECONDS = 0.5
SAY_AS = ("characters", "digits", "cardinal", "ordinal")

_KNOWN_TAGS = '<break time="500ms"/>, <emphasis>, <lang xml:lang="et"> and <say-as interpret-as="digits">'
_TAG = re.compile(r"<(/?)(break|emphasis|lang|say-as)((?:\s+[\w:-]+=\"[^\"<>]*\")*)\s*(/?)>")
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(r"([\w:-]+)=\"([^\"]*)\"")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s)")
_ATTRIBUTES = {"break": "time", "emphasis": None, "lang": "xml:lang", "say-as": "interpret-as"}


@dataclass(frozen=True)
class Run:
    """Text that is spoken in one way, after so many seconds of silence; `language` is None for that of the reply."""

    text: str
    say_as: str | None = None
    is_stressed: bool = False
    language: Language | None = None
    pause_seconds: float = 0.0


def without_markup(text: str) -> str:
    """The text as it is shown."""
    return _TAG.sub("", text) if "<" in text else text


def made_plain(text: str) -> str:
    """A text that no editor wrote, such that it brings no markup: nor does what is left when a tag is taken out."""
    while (plain := without_markup(text)) != text:
        text = plain
    return text


def runs_of(text: str) -> Iterator[Run]:
    """The text as it is spoken; a tag that does not fit is passed over, as it may be a register's."""
    opened: list[tuple[str, Run]] = []
    state, pause, at = Run(""), 0.0, 0
    for tag in [*_TAG.finditer(text), None]:
        said = text[at : tag.start() if tag else len(text)]
        if said.strip():
            yield replace(state, text=said, pause_seconds=pause)
            pause = 0.0
        if tag is None:
            return
        at = tag.end()
        if tag[2] == "break":
            pause = min(pause + _break_seconds(_attributes(tag).get("time")), LONGEST_BREAK_SECONDS)
        elif not tag[1]:
            opened.append((tag[2], state))
            state = _changed(state, tag[2], _attributes(tag))
        elif opened and opened[-1][0] == tag[2]:
            state = opened.pop()[1]


def fault_of(text: str) -> str | None:
    """What is wrong with the tags of a text, for the editor who wrote it; None if nothing is."""
    opened: list[str] = []
    for found in _ANY_TAG.finditer(text):
        tag = _TAG.fullmatch(found[0])
        if fault := _fault_of_tag(found[0], tag):
            return fault
        if tag is None or tag[2] == "break":
            continue
        if not tag[1]:
            opened.append(tag[2])
        elif not opened or opened.pop() != tag[2]:
            return f"{found[0]} closes what was not opened last"
    return f"<{opened[-1]}> is never closed" if opened else None


def _fault_of_tag(written: str, tag: re.Match[str] | None) -> str | None:
    if tag is None:
        return f"{written} is no tag: there are {_KNOWN_TAGS}"
    name, attributes = tag[2], _attributes(tag)
    if (name == "break") != bool(tag[4]) or (name == "break" and tag[1]):
        return (
            f"{written}: only a break ends with a slash" if tag[4] else f'{written}: a break is <break time="500ms"/>'
        )
    known = _ATTRIBUTES[name]
    if tag[1] or (not attributes and name in {"break", "emphasis"}):
        return f"{written}: a closing tag has no attributes" if tag[1] and attributes else None
    if list(attributes) != [known]:
        return f"{written} needs {known} and nothing else" if known else f"{written} has no attributes"
    return _fault_of_value(written, name, next(iter(attributes.values())))


def _fault_of_value(written: str, name: str, value: str) -> str | None:
    if name == "break":
        seconds = _seconds(value)
        fits = seconds is not None and seconds <= LONGEST_BREAK_SECONDS
        return None if fits else f"{written}: a time is like 500ms or 2s, of at most {LONGEST_BREAK_SECONDS:g} s"
    known = [language.value for language in Language] if name == "lang" else list(SAY_AS)
    return None if value in known else f"{written}: there are {', '.join(known)}"


def _changed(state: Run, name: str, attributes: dict[str, str]) -> Run:
    if name == "emphasis":
        return replace(state, is_stressed=True)
    if name == "say-as":
        return replace(state, say_as=attributes.get("interpret-as"))
    code = attributes.get("xml:lang", "")
    return replace(state, language=next((language for language in Language if language.value == code), state.language))


def _attributes(tag: re.Match[str]) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(tag[3]))


def _break_seconds(time: str | None) -> float:
    seconds = _seconds(time) if time else _DEFAULT_BREAK_SECONDS
    return 0.0 if seconds is None else min(seconds, LONGEST_BREAK_SECONDS)


def _seconds(time: str) -> float | None:
    found = _TIME.fullmatch(time)
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else None
