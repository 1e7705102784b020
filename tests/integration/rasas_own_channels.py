"""Run by the engine's own Python: what Rasa's own channels send for the responses that it is given, as JSON."""

import asyncio
import json
import sys

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.channels.socketio import SocketIOOutput


class Sink:
    """Stands for a Socket.IO server."""

    def __init__(self):
        self.emitted = []

    async def emit(self, event, payload, room):
        self.emitted.append([event, payload, room])


async def main():
    responses = json.load(sys.stdin)
    rest, sink = CollectingOutputChannel(), Sink()
    for response in responses:
        await rest.send_response("anna", dict(response))
        await SocketIOOutput(sink, "bot_uttered").send_response("anna", dict(response))
    json.dump({"rest": rest.messages, "socketio": sink.emitted}, sys.stdout)


asyncio.run(main())
