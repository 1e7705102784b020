"""What the console is built from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from assistant.console.trainer import Trainer
from assistant.console.tried import Talks
from assistant.content.editing.drafts import Drafts
from assistant.content.exchange_spec import Call, Write
from assistant.content.model_bank import ModelBank
from assistant.content.pronunciations import Phones, SpokenWord
from assistant.content.publish import AskToPublish
from assistant.content.spec import Terms
from assistant.core.editors import Editors
from assistant.core.form_counts import CountedForms
from assistant.core.inbox import Inbox
from assistant.core.languages import Language
from assistant.core.ports import IdentityProvider
from assistant.core.publishing import Figures, Publications, Trials
from assistant.core.request_counts import CountedRequests
from assistant.core.try_outs import TryOuts
from assistant.core.turn_counts import CountedTurns
from assistant.core.turns import Transcript
from assistant.pipeline.speaking import Speak


class PublishingLog(Publications, Trials, Protocol):
    """What was published, what is tried, and how each model does."""

    async def figures(self) -> Mapping[str, Figures]:
        """What was counted of each model, by its id."""

    async def trial_figures(self) -> Mapping[str, Figures]:
        """The same since the trial of now began."""


class Ears(Protocol):
    """Hears what editors say, as citizens are heard."""

    def languages(self) -> frozenset[Language]:
        """The languages that there is a speech model of."""

    async def hear(self, recording: bytes, language: Language) -> Transcript:
        """What is heard in a WAV file, in a language that there is a model of."""

    def lacking(self, language: Language, words: Sequence[str]) -> tuple[str, ...]:
        """Those of the words, in small letters, that the model of the language cannot hear."""

    def __hash__(self) -> int:
        """So that what is known of a commit can be kept."""


class Words(Protocol):
    """Knows how words of a content folder are said in a language, and which of them its recogniser lacks."""

    @property
    def phones(self) -> Phones:
        """Those that words may be said with."""

    def unheard(self, content: Path) -> tuple[SpokenWord, ...]:
        """The words that it lacks."""

    def said(self, content: Path, text: str) -> tuple[SpokenWord, ...]:
        """The words of a text."""

    def sound(self, phones: Phones) -> bytes:
        """Phones spoken, as a WAV file."""

    def __hash__(self) -> int:
        """So that what it knows of a commit can be kept."""


@dataclass(frozen=True)
class Called:
    """A call of a register: what was asked and replied, and what the service reads of it, or why it can not."""

    request: str
    reply: str = ""
    items: tuple[Mapping[str, str], ...] = ()
    error: str = ""


class CallSandbox(Protocol):
    """Makes single calls of the sandbox's registers."""

    async def __call__(self, call: Call, values: Mapping[str, str], terms: Terms) -> Called:
        """A call with values for what stands in braces; `terms` are the words for codes."""


@dataclass(frozen=True)
class Exchanged:
    """A request that a register of a sandbox got, and its reply with the HTTP status."""

    request: str
    status: int
    reply: str


@dataclass(frozen=True)
class Attempted:
    """What became of an act (`done`, `refused`, `unsent`, `unknown`), and what was exchanged about it.

    `receipt` is what the service reads of the answer, in words; `problem` the register's code for its no; `error` why
    it cannot be sent or read.
    """

    state: str
    exchanges: tuple[Exchanged, ...] = ()
    receipt: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    error: str = ""


class WriteSandbox(Protocol):
    """Does single acts, each in a sandbox of its own that nothing is left of."""

    async def __call__(
        self, service: str, write: Write, values: Mapping[str, str], body: Mapping[str, str | bool], terms: Terms
    ) -> Attempted:
        """An act of a service, with values for what stands in braces; `terms` are the words for codes."""


class EditorSessions(Protocol):
    """Vouches for who has signed in, by a cookie that nobody else can write."""

    def issue(self, subject: str) -> str:
        """The cookie's value for somebody who has signed in."""

    def subject_of(self, value: str) -> str | None:
        """Whom a value vouches for; nobody if it is forged or old."""


@dataclass(frozen=True)
class TryItParts:
    """What drafts are tried with."""

    store: TryOuts
    talks: Talks


@dataclass(frozen=True)
class ConsoleParts:
    """Everything the console needs; `public_url` is the address that editors' browsers use.

    `editors` is asked anew each time: who is taken out of the file is out at once.
    """

    identity: IdentityProvider
    editors: Callable[[], Editors]
    sessions: EditorSessions
    public_url: str
    inbox: Inbox
    content: Path
    """The folder with what is published."""
    drafts: Drafts
    trainer: Trainer
    bank: ModelBank
    publications: PublishingLog
    ask_to_publish: AskToPublish
    counted_turns: CountedTurns
    counted_requests: CountedRequests
    counted_forms: CountedForms
    speak: Speak
    """By the voice that citizens hear."""
    words: Callable[[Language], Words | None]
    """None of a language whose speech model was made elsewhere, or is not there."""
    ears: Ears
    call_sandbox: CallSandbox | None = None
    """None: there is no sandbox."""
    write_sandbox: WriteSandbox | None = None
    """None: there is no sandbox."""
    try_it: TryItParts | None = None
    """None: there is no sandbox."""

    @property
    def is_https(self) -> bool:
        """Whether cookies may be kept to encrypted connections."""
        return self.public_url.startswith("https://")


async def _parts(connection: HTTPConnection) -> ConsoleParts:
    parts: ConsoleParts = connection.app.state.parts
    return parts


Parts = Annotated[ConsoleParts, Depends(_parts)]
"""The parameter of a route that wants the console's parts."""
