"""An answer as citizens get it: read on a screen, or heard; and what becomes of it on each channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.console.service_cells import of_conditions
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.responses import Response
from assistant.content.editing.services import at, list_inputs
from assistant.content.editing.uses import scalars
from assistant.content.editing.yaml_text import Plain, yaml_text
from assistant.content.readability import NEWSPAPERS, is_hard, lix
from assistant.content.service_spec import MOST_BUTTONS, QUESTION_PREFIX
from assistant.core.channels import ACT, MATRIX, Channel
from assistant.core.languages import Language
from assistant.core.speech_markup import without_markup
from assistant.pipeline.spoken.pieces import pieces_of

WORDS_A_SECOND = 2.5
"""As fast as people talk, and our voices: about 150 words a minute."""


@dataclass(frozen=True)
class Preview:
    """One wording; `shown` on a screen, `heard` from a voice, `buttons` on the screen beneath it.

    `level` is its LIX, `newspapers` that of newspapers in its language.
    """

    written: str
    shown: str
    heard: str
    seconds: float
    level: float | None
    newspapers: int
    is_hard: bool
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """Where a service says an answer, and the conditions for it; `ways` are what becomes of it on each channel."""

    service: str
    place: str
    when: str
    ways: Mapping[Channel, str]


def previews(files: ContentFiles, answer: Response) -> tuple[Preview, ...]:
    """Every wording of an answer in its language."""
    further = _choices(files, answer.name, answer.language)
    return tuple(
        Preview(
            text,
            without_markup(text),
            " ".join(piece.text for piece in pieces_of(text, answer.language)),
            spoken_seconds(text),
            lix(text),
            NEWSPAPERS[answer.language],
            is_hard(text, answer.language),
            (*buttons, *further),
        )
        for text, buttons in zip(answer.texts, answer.buttons, strict=True)
    )


def sayings(services: Mapping[str, Plain], answer: str) -> Iterator[Saying]:
    """Where services say an answer."""
    for name, service in services.items():
        for place, value in scalars(service):
            if value == answer:
                is_case = place[-1:] == ("say",)
                case = at(service, place[:-1]) if is_case else None
                shown = ".".join(map(str, place[:-1] if is_case else place))
                yield Saying(name, shown, _condition(case), _ways(service))


@lru_cache(maxsize=4096)  # a list tells it of every answer, and most stay as they are
def spoken_seconds(text: str) -> float:
    """About how long it takes to be spoken."""
    return len(without_markup(text).split()) / WORDS_A_SECOND


def _condition(case: Plain) -> str:
    if not isinstance(case, dict):
        return ""
    has = case.get("has")
    there = f"there is {', '.join(map(str, has))}" if isinstance(has, list) else ""
    return "; ".join(filter(None, (of_conditions(case.get("when")), there)))


def _ways(service: Plain) -> Mapping[Channel, str]:
    kind = ACT if at(service, ("writes",)) else str(at(service, ("data_class",)))
    return {channel: ways[kind].value for channel, ways in MATRIX.items() if kind in ways}


def _choices(files: ContentFiles, answer: str, language: Language) -> tuple[str, ...]:
    """The buttons that a question for one of fixed values gets by itself."""
    slot = answer.removeprefix(QUESTION_PREFIX)
    values = list_inputs(files).get(slot, ()) if slot != answer else ()
    if not 0 < len(values) <= MOST_BUTTONS:
        return ()
    terms = [yaml_text(files.read(path), path).value for path in files.paths("terms.yml")]
    return tuple(_word(value, terms, language) for value in values)


def _word(value: str, terms: list[Plain], language: Language) -> str:
    found = (at(term, ("terms", value, language.value)) for term in terms)
    return str(next(filter(None, found), value))
