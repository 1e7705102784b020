"""The skill: requests of Alexa to turns, replies to what Alexa says."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.core.channels import Channel
from assistant.core.deadline import Deadline
from assistant.core.errors import KrattError
from assistant.core.languages import Language, parse_language
from assistant.core.outcomes import Outcome
from assistant.core.turns import Reply
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.link_account import LinkAccount
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.take_turn import Caller
from connectors.alexa import NAME
from connectors.alexa.envelope import AlexaSession, Envelope, Intent
from connectors.alexa.hold_on import HoldOn
from connectors.alexa.responses import SILENCE, Json, Told, can_fulfill, response
from connectors.alexa.words import OPENING, OUR_INTENTS, WORDS, words_of

_OPENING = Intent(name=OPENING)
_INVITING = frozenset({_OPENING.name, "AMAZON.HelpIntent"})
"""Amazon wants the session to stay open after these."""
_ENDING = frozenset(name for name, ours in OUR_INTENTS.items() if ours == "stop")

_log = logging.getLogger("kratt.alexa")


@dataclass(frozen=True)
class Skill:
    """Answers each request that was let in.

    `sentences` has an example of each intent of ours; `own_page` is where citizens are logged in, and `title` its name.
    """

    turns: OutsideTurns
    hold_on: HoldOn
    sentences: Mapping[str, Mapping[Language, str]]
    own_page: str
    title: Mapping[Language, str]
    link_account: LinkAccount | None = None
    """Whom a citizen's account speaks for; None if none can be linked."""

    async def __call__(self, envelope: Envelope, deadline: Deadline) -> Json:
        """The answer, by the deadline; whatever fails, it is one that Alexa can speak."""
        request, session = envelope.request, envelope.session
        match request.type:
            case "LaunchRequest" if session:
                return response(await self._tell(envelope, session, _OPENING, deadline))
            case "IntentRequest" if session and request.intent:
                return response(await self._tell(envelope, session, request.intent, deadline))
            case "CanFulfillIntentRequest" if request.intent:
                return can_fulfill(self._verdict(request.intent), list(request.intent.slots or ()))
        error = request.error.type if request.error else None
        _log.info("nothing is said", extra={"facts": {"type": request.type, "error": error}})
        return SILENCE

    async def _tell(self, envelope: Envelope, session: AlexaSession, intent: Intent, deadline: Deadline) -> Told:
        language = Language.EN  # the voice's, if the locale is none of ours
        try:
            language = parse_language(envelope.request.locale or "")
            caller = await self._caller(envelope, session)
            words = words_of(
                intent, {name: said[language] for name, said in self.sentences.items() if language in said}
            )
            if not words:
                return _asked(self.turns.responses["utter_not_understood"][language])
            request = Request(words, language, is_read_aloud=True, most_seconds=deadline.remaining_seconds)
            answer = await self.hold_on.beside(self.turns.take(request, caller), envelope, language)
        except KrattError as error:
            return Told(self.turns.words(error, language))
        return self._told(answer.reply, intent, caller)

    async def _caller(self, envelope: Envelope, session: AlexaSession) -> Caller:
        """The citizen's speaker, if their account is linked; else one that is linked to nobody. It is counted."""
        token = envelope.context.system.user.access_token
        if token and self.link_account:
            # A session of Alexa's begins when its wake word is said.
            if caller := await self.link_account.caller(token, is_woken=session.new):
                await self.turns.take_turn.count_caller(caller)
                return caller
            _log.info("the account is linked no more")
        return await self.turns.caller_of(Sender(NAME, session.session_id, Channel.SHARED_SPEAKER))

    def _told(self, reply: Reply, intent: Intent, caller: Caller) -> Told:
        if reply.outcome is Outcome.ASKED_LOGIN:
            card = (self.title[reply.language], f"{reply.text}\n{self.own_page}")
            may_link = self.link_account is not None and caller.device_id is None
            return Told(reply.spoken, card=card, may_link=may_link)
        is_over = intent.name in _ENDING or reply.is_stopped
        is_unclear = reply.outcome is Outcome.UNANSWERABLE_NOT_UNDERSTOOD  # who was told to say it otherwise will
        is_open = not is_over and (intent.name in _INVITING or reply.is_question or is_unclear)
        return Told(reply.spoken, _last(reply) if is_open else "")

    def _verdict(self, intent: Intent) -> str:
        if intent.name.partition("_")[0] == WORDS:
            return "MAYBE"
        return "YES" if intent.name in self.sentences else "NO"


def _asked(question: str) -> Told:
    return Told(question, question)


def _last(reply: Reply) -> str:
    return reply.parts[-1].spoken or reply.parts[-1].text
