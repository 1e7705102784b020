"""A sample of requests that are spoken to the recogniser before a model is published."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.content.conversations import read_conversations
from assistant.content.held_out import HeldOut, read_held_out
from assistant.content.normal_form import normal_form
from assistant.content.project import Content, read_content
from assistant.core.languages import Language
from assistant.core.turns import Transcript

Request = tuple[str, Language]


@dataclass(frozen=True)
class Sample:
    """How many requests of each language are spoken: always the same ones, and of intents that a draft changes."""

    fixed: int
    changed: int


QUICK, THOROUGH = Sample(30, 15), Sample(150, 60)
"""Of some 600 held-out requests in a language. The quick one is heard beside a training, in no time of its own."""


@dataclass(frozen=True)
class Heard:
    """What the recogniser made of each request; without a language, `skipped` says why.

    `unknown` are words of the draft that the recogniser lacks, so nobody can say them; `is_of_draft`: it was built with
    the draft's words.
    """

    transcripts: Mapping[Request, Transcript] = field(default_factory=dict)
    skipped: Mapping[Language, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    is_of_draft: bool = False


Hear = Callable[[Path, Sequence[Request]], Heard]
"""Speaks requests to the recogniser that a content folder would have."""


@dataclass(frozen=True)
class Spoken:
    """Requests that were spoken, and what was heard of them."""

    requests: tuple[HeldOut, ...]
    heard: Heard

    @property
    def transcripts(self) -> tuple[tuple[HeldOut, Transcript], ...]:
        """Each request that was spoken, with what was heard."""
        heard = self.heard.transcripts
        known = ((each, heard.get((each.text, each.language))) for each in self.requests)
        return tuple((request, transcript) for request, transcript in known if transcript)

    @property
    def texts(self) -> tuple[Transcript, ...]:
        """What a model is asked about: what was heard at all."""
        return tuple(transcript for _, transcript in self.transcripts if transcript.text)


@dataclass(frozen=True)
class SpeakSample:
    """Speaks a sample of the requests of `content`: those first whose intents are not as in what is `published`."""

    content: Path
    published: Path
    sample: Sample
    hear: Hear

    def __call__(self) -> Spoken:
        """What was spoken and heard.

        Raises:
            ContentError: the content cannot be read.
        """
        changed = changed_intents(read_content(self.published), read_content(self.content))
        requests = requests_to_say(self.content, changed, self.sample)
        return Spoken(requests, self.hear(self.content, [(each.text, each.language) for each in requests]))


def requests_to_say(folder: Path, changed: Set[str], sample: Sample) -> tuple[HeldOut, ...]:
    """The sample of each language: requests of `changed` intents, and some spread evenly over all held-out ones.

    Of test conversations those turns are taken that promise an intent. Values are left out: what counts is what is
    done.

    Raises:
        ContentError: a file that cannot be read, with its line.
    """
    held_out = [replace(each, values={}) for each in read_held_out(folder)]
    of_changed = [each for each in (*held_out, *_turns(folder)) if each.intent in changed]
    chosen: dict[Request, HeldOut] = {}
    for language in Language:
        first = _evenly([each for each in of_changed if each.language is language], sample.changed)
        always = _evenly([each for each in held_out if each.language is language], sample.fixed)
        for each in (*first, *always):
            chosen.setdefault((normal_form(each.text), language), each)
    return tuple(chosen.values())


def changed_intents(before: Content, now: Content) -> set[str]:
    """The intents whose examples or service are not the same in both."""
    services = {each.service: each for each in before.services}
    changed = {each.service for each in now.services if services.get(each.service) != each}
    return changed | {intent for intent, words in now.intents.items() if before.intents.get(intent) != words}


def _evenly(requests: Sequence[HeldOut], number: int) -> list[HeldOut]:
    size = min(number, len(requests))
    return [requests[place * len(requests) // size] for place in range(size)]


def _turns(folder: Path) -> Iterator[HeldOut]:
    for conversation in read_conversations(folder).values():
        for turn in conversation.turns:
            if turn.intent:
                yield HeldOut(turn.say, conversation.language, turn.intent, {})
