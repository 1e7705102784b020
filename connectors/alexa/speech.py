"""What is said, in the SSML that Alexa knows (ASK, "Speech Synthesis Markup Language Reference")."""

from bisect import bisect_right
from html import escape

from assistant.core.speech_markup import Run, runs_of

_BEGIN, _END = "<speak>", "</speak>"


def ssml_of(spoken: str, most_characters: int) -> str:
    """The text with its markup; of one that is too long, as many words as fit.

    Words in another language stay in the voice's own: Alexa speaks neither Estonian nor Russian.
    """
    said, left = "", most_characters - len(_BEGIN + _END)
    for run in runs_of("".join(each if each.isprintable() else " " for each in spoken)):
        piece = _fitting(run, left)
        said += piece
        left -= len(piece)
    return f"{_BEGIN}{said.strip()}{_END}"


def _fitting(run: Run, most_characters: int) -> str:
    words = run.text.split(" ")
    count = bisect_right(range(len(words) + 1), most_characters, key=lambda count: len(_piece(run, words[:count])))
    return _piece(run, words[: count - 1]) if count > 1 else ""


def _piece(run: Run, words: list[str]) -> str:
    piece = escape(" ".join(words), quote=False)
    if run.say_as:
        piece = f'<say-as interpret-as="{escape(run.say_as)}">{piece}</say-as>'
    if run.is_stressed:
        piece = f'<emphasis level="moderate">{piece}</emphasis>'
    return f'<break time="{run.pause_seconds * 1000:.0f}ms"/>{piece}' if run.pause_seconds else piece
