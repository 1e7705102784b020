"""What is sent to and fro (Twilio, "Media Streams - WebSocket Messages"; Telnyx, "Media Streaming over WebSockets").

Twilio writes names in camel case, Telnyx with underscores.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from assistant.core.audio import Encoding, SoundFormat
from assistant.core.errors import MalformedTurn, UnsupportedAudio
from connectors.carriers.line import Protocol

_ENCODINGS: Mapping[str, Encoding] = {
    "audio/x-mulaw": Encoding.MULAW,
    "PCMU": Encoding.MULAW,
    "PCMA": Encoding.ALAW,
}
_INBOUND = {"", "inbound", "inbound_track"}

Id = Annotated[str, Field(min_length=1, max_length=200)]


def _either(name: str) -> AliasChoices:
    return AliasChoices(to_camel(name), name)


class _Part(BaseModel):
    """A part of a frame; what it has besides is passed over."""

    model_config = ConfigDict(frozen=True, alias_generator=AliasGenerator(validation_alias=_either))


class MediaFormat(_Part):
    """How sound comes."""

    encoding: str
    sample_rate: int
    channels: int = 1

    @property
    def sound_format(self) -> SoundFormat:
        """The same as others have it.

        Raises:
            UnsupportedAudio: it is none of those that telephones send.
        """
        if self.encoding not in _ENCODINGS or self.channels != 1:
            raise UnsupportedAudio("a telephone sends PCMU or PCMA, mono")
        return SoundFormat(self.sample_rate, _ENCODINGS[self.encoding])


class Stream(_Part):
    """The call. Who calls is not looked at: a number is no proof of anything."""

    call_id: Annotated[Id, Field(validation_alias=AliasChoices("callSid", "call_control_id"))]
    custom_parameters: Mapping[str, Any] = {}
    media_format: MediaFormat


class Start(_Part):
    """The sound begins."""

    event: Literal["start"]
    stream_id: Annotated[Id, Field(validation_alias=AliasChoices("streamSid", "stream_id"))]
    start: Stream


class _Sound(_Part):
    payload: str
    track: str = ""


class _OfStream(_Part):
    """A frame behind the start; a carrier that names its stream names the one that began."""

    stream_id: Annotated[Id | None, Field(validation_alias=AliasChoices("streamSid", "stream_id"))] = None


class Media(_OfStream):
    """A piece of it."""

    event: Literal["media"]
    media: _Sound

    @property
    def samples(self) -> bytes:
        """What the caller says; nothing, if it is what they hear.

        Raises:
            MalformedTurn: it is no base64.
        """
        if self.media.track not in _INBOUND:
            return b""
        try:
            return base64.b64decode(self.media.payload, validate=True)
        except (binascii.Error, ValueError):
            raise MalformedTurn("not sound") from None


class _Key(_Part):
    digit: Annotated[str, Field(pattern=r"^[0-9A-D*#]$")]


class Dtmf(_OfStream):
    """A key was pressed."""

    event: Literal["dtmf"]
    dtmf: _Key


class _Name(_Part):
    name: str


class Mark(_OfStream):
    """All sound before the mark of this name was heard, or cleared."""

    event: Literal["mark"]
    mark: _Name


class Stop(_OfStream):
    """The call is over."""

    event: Literal["stop"]


Frame = Start | Media | Dtmf | Mark | Stop
PROTOCOL: Protocol[Frame] = Protocol(
    "Media Streams", "event", {"start": Start, "media": Media, "dtmf": Dtmf, "mark": Mark, "stop": Stop}
)


def media_frame(stream_id: str, payload: bytes) -> str:
    """Sound to be played."""
    return _frame("media", stream_id, media={"payload": base64.b64encode(payload).decode()})


def mark_frame(stream_id: str, name: str) -> str:
    """To be sent back once all sound before it was heard."""
    return _frame("mark", stream_id, mark={"name": name})


def clear_frame(stream_id: str) -> str:
    """Nothing of what was sent is played any more."""
    return _frame("clear", stream_id)


def _frame(event: str, stream_id: str, **parts: object) -> str:
    return json.dumps({"event": event, "streamSid": stream_id, "stream_id": stream_id, **parts})
