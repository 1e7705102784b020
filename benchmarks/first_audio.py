"""When the first sound of a long reply is there, whole and in pieces: `.venv/bin/python benchmarks/first_audio.py`.

Replies are made of the content's own responses, up to a number of characters. "whole" is the time until all of it is
sound, as one would do without pieces; "pieces" the time until the first piece can be sent, with the real espeak-ng
worker and nothing kept from before. The mean is over the replies of a language; each is said twice, and the faster
one counts.
"""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from statistics import mean

from running import table

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.content.project import Content, read_content
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from assistant.pipeline.speaking import Speak
from assistant.pipeline.spoken_form import spoken_form
from assistant.settings import PROJECT

CHARACTERS = (150, 500, 1500)
REPLIES = 10
SECONDS = 30.0


def replies(content: Content, language: Language, characters: int) -> Iterator[str]:
    """So many replies of about so many characters."""
    said = [by_language[language][0].text for by_language in content.responses.values()]
    texts = [text for text in said if "{" not in text]
    for first in range(REPLIES):
        reply = ""
        for text in texts[first * len(texts) // REPLIES :] + texts:
            reply = f"{reply} {text}".strip()
            if len(reply) >= characters:
                break
        yield reply


async def whole(voice: EspeakVoice, text: str, language: Language) -> tuple[float, float]:
    """Seconds until the text is sound, and how long it plays."""
    begin = time.perf_counter()
    sound = await voice.speak(spoken_form(text, language), language, Deadline.after(SECONDS))
    return time.perf_counter() - begin, sound.seconds


async def first_piece(voice: EspeakVoice, text: str, language: Language) -> float:
    """Seconds until the first piece is sound."""
    begin = time.perf_counter()
    speech = await Speak(voice)(text, language, Deadline.after(SECONDS), [].append)
    taken = time.perf_counter() - begin
    if speech is None:
        raise SystemExit("a reply has no words")
    return taken


async def measure(voice: EspeakVoice, content: Content) -> list[list[object]]:
    """The rows of the table."""
    rows: list[list[object]] = []
    for language in Language:
        for characters in CHARACTERS:
            texts = list(replies(content, language, characters))
            wholes = [min([await whole(voice, text, language) for _ in range(2)]) for text in texts]
            firsts = [min([await first_piece(voice, text, language) for _ in range(2)]) for text in texts]
            seconds, plays = mean(each for each, _ in wholes), mean(each for _, each in wholes)
            first = mean(firsts)
            row = [f"{plays:.0f} s", f"{seconds * 1000:.0f} ms", f"{first * 1000:.0f} ms", f"{seconds / first:.1f}"]
            rows.append([language, characters, *row])
    return rows


async def main() -> None:
    """Print the table."""
    voice = EspeakVoice(workers=1)
    await voice.check()
    content = read_content(PROJECT / "nlu_data")
    rows = await measure(voice, content)
    await voice.close()
    print(table(["language", "characters", "plays", "whole", "pieces", "times sooner"], rows))


if __name__ == "__main__":
    ArgumentParser(description=__doc__).parse_args()
    asyncio.run(main())
