"""What is written, heard: words spoken by the voice that citizens hear."""

import logging
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.console.access import Reader
from assistant.console.parts import Parts
from assistant.core.deadline import Deadline
from assistant.core.errors import MalformedTurn
from assistant.core.languages import Language
from assistant.core.redaction import places_of
from assistant.pipeline.speaking import MOST_CHARACTERS

SPEAK_SECONDS = 10.0

_log = logging.getLogger("kratt.console")

router = APIRouter(prefix="/listen")


@router.get("")
async def listen(
    _: Reader, parts: Parts, text: Annotated[str, Query(max_length=MOST_CHARACTERS)], language: Language
) -> Response:
    """The text, with its markup for a voice, as a WAV file; templates/listen.html has the player of it."""
    speech = await parts.speak(text, language, Deadline.after(SPEAK_SECONDS), _note)
    if speech is None:
        raise MalformedTurn("there is no word in it to be spoken")
    return Response((await speech.whole()).to_wav(), media_type="audio/wav")


def _note(error: Exception) -> None:
    facts = {"error": type(error).__name__, "at": places_of(error)}
    _log.warning("speech ended early", extra={"facts": facts})
