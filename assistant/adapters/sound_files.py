"""WAV files to PCM, by libsndfile."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

import soundfile

from assistant.adapters.sound_samples import mono_samples
from assistant.core.audio import MOST_CHANNELS, Pcm, check_rate
from assistant.core.errors import TooMuch, UnsupportedAudio

# libsndfile reads more (ADPCM, GSM, MP3 inside a WAV); of these the size in memory follows from the size of the file.
SAMPLE_FORMATS = frozenset({"PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"})
BLOCK_FRAMES = 65_536


class SoundFiles:
    """`SoundDecoder` for WAV files; two are decoded at a time, away from the event loop."""

    def __init__(self, max_seconds: float) -> None:
        self._max_seconds = max_seconds
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="sound")

    async def decode(self, data: bytes) -> Pcm:
        """Mono PCM of a WAV file at its own rate; of a truncated file, what is there.

        Raises:
            UnsupportedAudio: not a WAV file, or one that cannot be read.
            TooMuch: it plays longer than allowed, by its header.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, decode_wav, data, self._max_seconds)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def decode_wav(data: bytes, max_seconds: float) -> Pcm:
    """What `SoundFiles.decode` does, in the caller's thread."""
    if data[:4] not in {b"RIFF", b"RF64"} or data[8:12] != b"WAVE":
        raise UnsupportedAudio("not a WAV file")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _check_header(file, max_seconds)
            samples = b"".join(
                mono_samples(block).tobytes() for block in file.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True)
            )
            return Pcm(samples, file.samplerate)
    except soundfile.LibsndfileError:
        raise UnsupportedAudio("the WAV file cannot be read") from None


def _check_header(file: soundfile.SoundFile, max_seconds: float) -> None:
    if file.subtype not in SAMPLE_FORMATS:
        raise UnsupportedAudio(f"samples of format {file.subtype}")
    check_rate(file.samplerate)
    if file.channels > MOST_CHANNELS:
        raise UnsupportedAudio(f"{file.channels} channels, not mono or stereo")
    if file.frames > max_seconds * file.samplerate:
        raise TooMuch(f"it plays longer than {max_seconds:g} seconds")
