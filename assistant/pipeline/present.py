"""From the engine's messages to what the citizen gets."""

import re
from collections.abc import Mapping

from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.outcomes import OUTCOME_RESPONSES, Outcome
from assistant.core.ports import DialogueAnswer, Message
from assistant.core.speech_markup import without_markup
from assistant.core.turns import Button, Expected, OpenQuestion, Part

_ADDRESS = re.compile(r"https://[!-~]{1,500}", re.ASCII)

Responses = Mapping[str, Mapping[Language, str]]
"""Responses that the gateway says itself, by name and language; from nlu_data/common."""

LOCK = "utter_lock_speaker"
STOPPED = frozenset({"utter_stop", LOCK})
LOCKED = frozenset({LOCK})
CALLED_OFF = STOPPED | {"utter_not_sent", "utter_not_wanted"}
FORGOTTEN = frozenset({"utter_own_data_forgotten"})
MOVING = frozenset({"utter_continue_on_screen"})
"""Responses by which the gateway knows what it has to do, too."""

_OUTCOMES_BY_RESPONSE = {
    "utter_out_of_scope": Outcome.UNANSWERABLE_OUT_OF_SCOPE,
    "utter_not_understood": Outcome.UNANSWERABLE_NOT_UNDERSTOOD,
    "utter_speak_to_person": Outcome.HANDED_OVER,
    "utter_login_required": Outcome.ASKED_LOGIN,
}


def outcome_of(answer: DialogueAnswer) -> Outcome:
    """How the engine's answer ends the turn: by an action's own word, else by what is said last.

    A service that answered while another one waits has answered, although that one's question comes again behind it.

    Raises:
        DialogueFailed: an action named an outcome that does not exist.
    """
    if has_failed(answer):
        return Outcome.FAILED_ACTIONS
    named = [message.facts["outcome"] for message in answer.messages if "outcome" in message.facts]
    if named:
        try:
            return Outcome(str(named[-1]))
        except ValueError:
            raise DialogueFailed("an action named an unknown outcome") from None
    if answer.awaiting:
        return Outcome.ASKED_DETAIL
    return _OUTCOMES_BY_RESPONSE.get(answer.messages[-1].response, Outcome.ANSWERED)


def has_failed(answer: DialogueAnswer) -> bool:
    """Whether an action broke: the engine says so, or there is nothing to say."""
    return answer.failed_action or not parts_of(answer)


def parts_of(answer: DialogueAnswer) -> tuple[Part, ...]:
    """What is said, message by message; messages without words are left out."""
    return tuple(_part(message.text, message.buttons) for message in answer.messages if message.text.strip())


def service_of(answer: DialogueAnswer) -> str:
    """The service that the turn was about, as an action says; empty if about none."""
    named = (message.facts["service"] for message in answer.messages if "service" in message.facts)
    return str(next(named, ""))


def sources_of(answer: DialogueAnswer) -> tuple[str, ...]:
    """Institutions whose registers were read, each once, in order."""
    return _all(answer, "sources")


def own_screen_of(answer: DialogueAnswer) -> tuple[str, ...]:
    """Requests that were not answered here, and wait on the citizen's own screen."""
    return _all(answer, "own_screen")


def consent_url_of(answer: DialogueAnswer) -> str:
    """Where the citizen can give a consent that is missed; empty if nowhere, or if it is no address to open."""
    told = (str(message.facts["consent_url"]) for message in answer.messages if "consent_url" in message.facts)
    return next((url for url in told if _ADDRESS.fullmatch(url)), "")


def is_forgotten(answer: DialogueAnswer) -> bool:
    """Whether the citizen is told that they are forgotten."""
    return _says(answer, FORGOTTEN)


def is_stopped(answer: DialogueAnswer) -> bool:
    """Whether the citizen said stop, and it was taken so; or had themselves locked out."""
    return _says(answer, STOPPED)


def is_called_off(answer: DialogueAnswer) -> bool:
    """Whether something was not done, or is not gone on with, because the citizen said so."""
    return _says(answer, CALLED_OFF)


def open_questions_of(answer: DialogueAnswer) -> tuple[OpenQuestion, ...] | None:
    """What services wait for, as an action says; None if none was looked at, or it says so in another shape."""
    for message in reversed(answer.messages):
        told = message.facts.get("open")
        if isinstance(told, list):
            return tuple(found for each in told if (found := _open_question(each)))
    return None


def is_locked_out(answer: DialogueAnswer) -> bool:
    """Whether the citizen wants the speaker locked, or to be logged out."""
    return _says(answer, LOCKED)


def is_moving(answer: DialogueAnswer) -> bool:
    """Whether the citizen wants to go on on their own screen."""
    return _says(answer, MOVING)


def expected_of(answer: DialogueAnswer) -> Expected | None:
    """What the last message asks for, if an action says so in the promised shape."""
    told = answer.messages[-1].facts.get("expected") if answer.messages else None
    match told:
        case {"kind": str(kind), "phrases": list() as phrases}:
            return Expected(kind, tuple(str(phrase) for phrase in phrases))
        case _:
            return None


def act_milliseconds(answer: DialogueAnswer) -> float:
    """The time that actions report to have taken."""
    reported = (message.facts.get("act_ms") for message in answer.messages)
    return sum(float(value) for value in reported if isinstance(value, int | float))


def own_words(outcome: Outcome, language: Language, responses: Responses) -> tuple[Part, ...]:
    """What the gateway itself says when a turn ends before the engine could answer."""
    return (_part(responses[OUTCOME_RESPONSES[outcome]][language]),)


def error_words(code: str, language: Language, responses: Responses) -> str:
    """What is told of an error; a code without words of its own is told as an unexpected failure."""
    unexpected = OUTCOME_RESPONSES[Outcome.FAILED_UNEXPECTED]
    return (responses.get(f"utter_error_{code}") or responses[unexpected])[language]


def _open_question(told: object) -> OpenQuestion | None:
    match told:
        case [str(service), str(asked), int(tries)]:
            return OpenQuestion(service, asked, tries)
        case _:
            return None


def _says(answer: DialogueAnswer, responses: frozenset[str]) -> bool:
    return any(message.response in responses for message in answer.messages)


def _part(text: str, buttons: tuple[Button, ...] = ()) -> Part:
    shown = without_markup(text)
    return Part(shown, buttons, text if text != shown else "")


def _all(answer: DialogueAnswer, fact: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for message in answer.messages for entry in _list(message, fact)))


def _list(message: Message, fact: str) -> tuple[str, ...]:
    value = message.facts.get(fact)
    return tuple(str(entry) for entry in value) if isinstance(value, list | tuple) else ()
