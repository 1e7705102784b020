"""Turns that come by other people's channels: whoever they say is asking is nobody to Kratt (docs/adr/0026)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from assistant.core.audio import Manner
from assistant.core.calls import CLAIM_SECONDS, Calls, CallsHere
from assistant.core.channels import Channel
from assistant.core.deadline import Deadline
from assistant.core.errors import KrattError, MalformedTurn, NotAllowed, TextToSpeechFailed
from assistant.core.languages import Language, parse_language
from assistant.core.ports import Sessions
from assistant.core.pseudonyms import pseudonym
from assistant.core.redaction import places_of
from assistant.core.secret_ids import new_secret_id
from assistant.core.speech_markup import made_plain
from assistant.pipeline.answer_turn import Answer, Request
from assistant.pipeline.desk_news import DeskNews, News
from assistant.pipeline.present import Responses, error_words
from assistant.pipeline.recent import Recent
from assistant.pipeline.speaking import PIECE_SECONDS, Speech
from assistant.pipeline.take_turn import Caller, TakeTurn

_log = logging.getLogger("kratt.outside")

LONGEST_NAME = 200


@dataclass(frozen=True)
class Sender:
    """Whoever a channel says is asking, by its own `name` for them; the names of each `connector` are its own."""

    connector: str
    name: str
    channel: Channel


@dataclass(frozen=True)
class OutsideTurns:
    """What a connector is built on: senders become callers, their requests answers, and errors words.

    A sender goes on with an anonymous session of their own, whose id nobody can tell who has not got the `secret`.
    """

    take_turn: TakeTurn
    sessions: Sessions
    secret: str
    responses: Responses
    default_language: Language
    languages: Recent[Language] = field(default_factory=Recent)
    """What each dialogue was last answered in: the next turn goes on in it if it names none."""
    calls: Calls = field(default_factory=CallsHere)
    """Who is on a call at this moment."""

    async def caller_of(self, sender: Sender) -> Caller:
        """Whose turn it is; it is counted.

        Raises:
            MalformedTurn: the sender's name is none.
            TooOften: they have asked too often.
        """
        caller = await self.find_caller(sender)
        await self.take_turn.count_caller(caller)
        return caller

    async def find_caller(self, sender: Sender) -> Caller:
        """The same without counting it.

        Raises:
            MalformedTurn: the sender's name is none.
        """
        if not 0 < len(sender.name) <= LONGEST_NAME or not sender.name.isprintable():
            raise MalformedTurn(f"a sender needs a name of at most {LONGEST_NAME} characters")
        return Caller(await self.sessions.find_or_start(self._conversation_of(sender)), sender.channel)

    @asynccontextmanager
    async def alone(self, sender: Sender) -> AsyncIterator[None]:
        """Let nobody else be this sender meanwhile, at any gateway; afterwards their dialogue is out of reach.

        For calls: each has a name of its own, and a name that comes again was overheard.

        Raises:
            NotAllowed: somebody is this sender already.
            ServiceUnavailable: nobody can tell.
        """
        call, holder = self._conversation_of(sender), new_secret_id()
        if not await self.calls.claim(call, holder):
            raise NotAllowed("the call is served already")
        keeping = asyncio.create_task(self._keep(call, holder))
        try:
            yield
        finally:
            keeping.cancel()
            with contextlib.suppress(KrattError):  # it ends by itself, if later
                await self.sessions.log_out(call)
            with contextlib.suppress(KrattError):  # so does the claim
                await self.calls.release(call, holder)

    async def _keep(self, call: str, holder: str) -> None:
        """Renew the claim on a call until cancelled, several times before it ends."""
        while True:
            await asyncio.sleep(CLAIM_SECONDS / 4)
            with contextlib.suppress(KrattError):
                if not await self.calls.claim(call, holder):
                    # The database was away for a minute; the caller is not to hear of it.
                    _log.warning("a call is served twice")

    def language_of(self, caller: Caller, named: str | None = None) -> Language:
        """The language of a turn: the one that it names, else the dialogue's, else the default.

        Raises:
            UnknownLanguage: Kratt has no content in that language.
        """
        if named:
            return parse_language(named)
        return self.languages.of(caller.session.dialogue_id) or self.default_language

    async def take(self, request: Request, caller: Caller) -> Answer:
        """The answer to a request.

        Raises:
            CallerError: the request cannot become a turn.
        """
        answered = await self.take_turn(request, caller)
        self.languages.note(caller.session.dialogue_id, answered.reply.language)
        return answered

    def _conversation_of(self, sender: Sender) -> str:
        return pseudonym(self.secret, f"sender of {sender.connector}", sender.name)

    def desk_news(self) -> DeskNews | None:
        """What tells one conversation's case; None if there is no desk."""
        duty = self.take_turn.desk_duty
        return DeskNews(duty.desk, self.responses) if duty else None

    async def spoken(self, news: News, rate_hertz: int) -> Speech | None:
        """What a person says, as sound; None if the voice is down."""
        text, manner = made_plain(news.text), Manner(rate_hertz=rate_hertz)
        speak = self.take_turn.answer_turn.speak
        try:
            return await speak(text, news.language, Deadline.after(PIECE_SECONDS), _note_failure, manner)
        except TextToSpeechFailed as error:
            _note_failure(error)
            return None

    def words(self, error: KrattError, language: Language) -> str:
        """What is told of an error that is not a reply."""
        return error_words(error.code, language, self.responses)


def _note_failure(error: Exception) -> None:
    # Its type and places alone: an exception's text may hold what was to be said.
    _log.warning("not spoken", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})
