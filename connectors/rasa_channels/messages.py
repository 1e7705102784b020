"""Replies as Rasa's channels send them (rasa/core/channels/channel.py and socketio.py of 3.6.21)."""

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.core.turns import Part, Reply

Json = dict[str, Any]

_BLANK_LINE = "\n\n"


def rest_messages(reply: Reply, sender: str) -> list[Json]:
    """The reply as the REST channel's JSON array; a text with buttons stays whole there."""
    messages: list[Json] = []
    for part in reply.parts:
        if part.buttons:
            messages.append({"recipient_id": sender, "text": part.text, "buttons": _buttons(part)})
        else:
            messages += ({"recipient_id": sender, "text": text} for text in _texts(part))
    return messages


def socket_messages(reply: Reply) -> Iterator[Json]:
    """The reply as payloads of `bot_uttered`; the buttons of a text go with its last paragraph."""
    for part in reply.parts:
        *texts, last = _texts(part)
        if not part.buttons:
            yield from ({"text": text} for text in (*texts, last))
            continue
        yield from ({"text": text, "quick_replies": []} for text in texts)
        yield {"text": last, "quick_replies": [{"content_type": "text", **button} for button in _buttons(part)]}


def named_language(metadata: object) -> str | None:
    """The language that a chat's metadata name (`{"language": "et"}`), if they do."""
    language = metadata.get("language") if isinstance(metadata, Mapping) else None
    return language if isinstance(language, str) else None


def _texts(part: Part) -> list[str]:
    return part.text.strip().split(_BLANK_LINE)


def _buttons(part: Part) -> list[Json]:
    return [{"title": button.title, "payload": button.payload} for button in part.buttons]
