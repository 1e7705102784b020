"""All actions, made from the services; nothing is discovered by import."""

from collections.abc import Awaitable, Sequence
from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.conversation import Repeat
from actions.dialogue.answers import ReadAnswer
from actions.dialogue.flow import ServiceFlow
from actions.dialogue.hold import HoldDialogue
from actions.news import News
from actions.service_action import TakeTurn
from actions.turn_context import TurnContexts
from actions.values.saying import SpokenValues
from actions.xroad.identifiers import ServiceId
from assistant.content.compile import CONTINUE, STOP
from assistant.content.service_spec import Service
from assistant.content.spec import Terms
from assistant.core.languages import Language


class BotAction(Protocol):
    """Something the dialogue engine can ask for by name."""

    @property
    def name(self) -> str:
        """What the dialogue engine calls it."""

    def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> Awaitable[list[dict[str, Any]]]:
        """Utter through the dispatcher; what it returns are events for the tracker."""


def build_actions(
    services: Sequence[Service], terms: Terms, flow: ServiceFlow, news: News, turn_secret: str
) -> tuple[BotAction, ...]:
    """The actions of all services and of the conversation itself.

    Raises:
        ServiceRefused: a call names something that is no X-Road service.
    """
    by_name = {service.service: service for service in services}
    for exchange in (each for service in services for each in (*service.calls, *service.writes)):
        ServiceId.parse(exchange.service)
    hold = HoldDialogue(by_name, flow, ReadAnswer(by_name, flow))
    translations = translations_of(services, terms)
    words = {language: SpokenValues(language, terms, translations) for language in Language}
    contexts = TurnContexts(turn_secret)
    names = (*(service.action for service in services), CONTINUE, STOP)
    return (*(TakeTurn(name, hold, news, words, contexts) for name in names), Repeat())


def translations_of(services: Sequence[Service], terms: Terms) -> Terms:
    """What registers may say in Estonian only, in every language: our own words for the same."""
    texts = [*terms.values()]
    for service in services:
        texts += [service.title, service.purpose, service.owner.institution]
        texts += [exchange.register_ for exchange in (*service.calls, *service.writes)]
    return {words[Language.ET].casefold(): words for words in texts}


def build_executor(actions: Sequence[BotAction]) -> ActionExecutor:
    """rasa_sdk's executor with exactly these actions."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_function(action.name, action)
    return executor
