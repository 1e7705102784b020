"""Some clients send a WAV file as it is, header and all."""

import struct
from collections.abc import Mapping

from assistant.core.audio import MOST_CHANNELS, Encoding, SoundFormat
from assistant.core.errors import UnsupportedAudio

_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_EXTENSIBLE = 0xFFFE
_SUBFORMAT_AT = 24
_ENCODINGS: Mapping[tuple[int, int], Encoding] = {
    (1, 16): Encoding.S16,
    (3, 32): Encoding.F32,
    (6, 8): Encoding.ALAW,
    (7, 8): Encoding.MULAW,
}
"""By format tag and bits per sample (RFC 2361)."""


def without_header(first: bytes) -> tuple[SoundFormat | None, bytes]:
    """The format that a WAV header at the beginning of the first frame tells, if there is one, and the sound behind it.

    Raises:
        UnsupportedAudio: the header tells of something that is not decoded, or ends in the middle.
    """
    if first[:4] != b"RIFF" or first[8:12] != b"WAVE":
        return None, first
    at, told = 12, None
    while at + _CHUNK.size <= len(first):
        name, size = _CHUNK.unpack_from(first, at)
        at += _CHUNK.size
        if name == b"data":
            if told is None:
                break
            return told, first[at:]
        if name == b"fmt ":
            told = _format(first[at : at + size])
        at += size + size % 2
    raise UnsupportedAudio("the first frame does not hold the whole header of the WAV file")


def _format(chunk: bytes) -> SoundFormat:
    if len(chunk) < _FORMAT.size:
        raise UnsupportedAudio("the format chunk is too short")
    tag, channels, rate, _, _, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _SUBFORMAT_AT + 2:
        (tag,) = struct.unpack_from("<H", chunk, _SUBFORMAT_AT)
    encoding = _ENCODINGS.get((tag, bits))
    if encoding is None or not 1 <= channels <= MOST_CHANNELS:
        raise UnsupportedAudio(f"format {tag} of {bits} bits and {channels} channels is not decoded")
    return SoundFormat(rate, encoding, channels)
