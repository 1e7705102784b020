"""A talk that went well, as a test conversation that has to go that way from now on."""

from collections.abc import Mapping

from assistant.console.tried import Taken, Talk
from assistant.content.compile import CONTINUE
from assistant.content.conversations import Conversation, Exchange
from assistant.content.editing.conversations import fixed_words
from assistant.content.editing.responses import Response
from assistant.core.errors import EditRefused
from assistant.core.languages import Language

Responses = Mapping[str, Mapping[Language, Response]]


def conversation_of(talk: Talk, name: str, responses: Responses) -> Conversation:
    """Promises how each turn ended, what the requests in it mean, and the fixed words of what was answered.

    Raises:
        EditRefused: nothing was said, or nothing was heard.
    """
    if not talk.turns or not all(turn.said for turn in talk.turns):
        raise EditRefused("say something first; a turn in which nothing was heard is no test")
    turns = tuple(_exchange(turn, responses) for turn in talk.turns)
    return Conversation.model_validate(
        {"name": name, "language": talk.language, "as": talk.person or None, "turns": turns}
    )


def _exchange(turn: Taken, responses: Responses) -> Exchange:
    said, decided = turn.reply.text, turn.decided
    names = [message.response for message in decided.messages] if decided else []
    spoken = [responses[name][turn.reply.language] for name in names if turn.reply.language in responses.get(name, {})]
    words = dict.fromkeys(piece for each in spoken for piece in fixed_words(each.texts, said))
    # An answer to a question means whatever the question makes of it.
    first = decided.understanding.intent if decided and CONTINUE not in decided.actions else None
    intent = first.name if first else None
    return Exchange(say=turn.said, intent=intent, outcome=turn.reply.outcome, reply=tuple(words))
