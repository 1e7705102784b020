"""Whether words are a yes or a no, to a question or to go on with; what is neither is asked again."""

from actions.dialogue.consenting import cut, has_reservation
from actions.dialogue.heard import Heard
from actions.dialogue.words import DIALOGUE_WORDS
from actions.values.correcting import behind_answer, count_noes, is_correction, is_undecided, takes_back
from actions.values.finding import find_value
from actions.values.found import Found, Unfit

_TWICE = 2
_INTENTS = {"affirm": "yes", "deny": "no"}


def yes_or_no(heard: Heard) -> Found | Unfit | None:
    """The answer to a question such as "does your family move along"; the words count before the engine.

    "Yes, but without the kids" is neither, nor is "no idea".
    """
    found = find_value("yes_no", heard.text, heard.language, today=heard.today)
    if isinstance(found, Unfit):
        return found
    if is_undecided(heard.text, heard.language):
        return None
    if isinstance(found, Found):
        return Unfit("ambiguous") if _is_taken_back(heard, found.value) else found
    said = _INTENTS.get(heard.intent) if heard.means(*_INTENTS) else None
    if said is None or _is_taken_back(heard, said) or _is_conditional(heard):
        return None
    return Found(said, 0, len(heard.text), is_whole=True)


def _is_taken_back(heard: Heard, answer: str) -> bool:
    """Whether what stands beside a yes or a no takes something of it back: "yes, but ...", "only if it is"."""
    behind = behind_answer(heard.text, heard.language)
    if answer == "no":
        return takes_back(behind, heard.language)
    return has_reservation(behind, heard.language) or _is_conditional(heard)


def _is_conditional(heard: Heard) -> bool:
    words = cut(heard.text, heard.language).words
    return not DIALOGUE_WORDS[heard.language].reservations.isdisjoint(words)


def says(heard: Heard) -> str | None:
    """`yes` or `no`, if the words say just that; None if they say neither, or both."""
    found = find_value("yes_no", heard.text, heard.language, today=heard.today)
    if isinstance(found, Unfit) or is_undecided(heard.text, heard.language):
        return None
    said = _INTENTS.get(heard.intent) if heard.means(*_INTENTS) else None
    if isinstance(found, Found):
        return found.value if found.is_whole or found.value == said else None
    return said


def refuses_all(heard: Heard) -> bool:
    """Whether the words end what is open; "wait" and "what happens if i say no" do not."""
    text, language, said = heard.text, heard.language, says(heard)
    if said == "yes" or is_undecided(text, language):
        return False
    found = find_value("yes_no", text, language, today=heard.today)
    is_no = isinstance(found, Found) and found.value == "no"
    if takes_back(behind_answer(text, language) if is_no else text, language) or (not is_no and _is_conditional(heard)):
        return False
    return said == "no" or heard.means("deny")


def says_what_instead(heard: Heard) -> bool:
    """Whether the words say more than a no, as in "no, Maria"; "no, never mind" is a no twice."""
    found = find_value("yes_no", heard.text, heard.language, today=heard.today)
    is_plain = isinstance(found, Found) and found.is_whole
    return (
        not is_plain and is_correction(heard.text, heard.language) and count_noes(heard.text, heard.language) < _TWICE
    )
