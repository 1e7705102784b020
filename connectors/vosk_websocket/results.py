"""What was heard, as Vosk writes it.

mod_vosk of FreeSWITCH takes a reply with `""` in it for empty and one with `"partial"` for unfinished: no text is empty
in a result that has words.
"""

import json
from typing import Any

from assistant.core.dictation import Alternative, Segment
from assistant.core.turns import Word

Json = dict[str, Any]


def partial_json(text: str) -> str:
    """The words so far."""
    return _json({"partial": text})


def result_json(segment: Segment, *, words: bool, alternatives: bool) -> str:
    """A segment that has ended; `words`: with their times, and with confidences where there are no `alternatives`."""
    if alternatives:
        said = [each for each in segment.alternatives if each.words] or [Alternative(0.0, segment.words)]
        return _json({"alternatives": [_alternative(each, words=words) for each in said]})
    timed = {"result": [{"conf": each.confidence, **_times(each)} for each in segment.words]}
    return _json({**(timed if words and segment.words else {}), "text": _text(segment.words)})


def _alternative(alternative: Alternative, *, words: bool) -> Json:
    timed = {"result": [_times(each) for each in alternative.words]} if words and alternative.words else {}
    return {"confidence": alternative.confidence, **timed, "text": _text(alternative.words)}


def _times(word: Word) -> Json:
    return {"end": word.end_seconds, "start": word.start_seconds, "word": word.text}


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
