"""One connection to a satellite: Kratt connects, the satellite listens for its wake word and streams.

satellite                                            gateway
                                                 <-  run-satellite, describe
detection, run-pipeline {asr, wake_word_name}    ->
audio-chunk*                                     ->  transcribe, voice-started, voice-stopped, transcript
                                                 <-  synthesize, audio-start, audio-chunk*, audio-stop
played                                           ->  run-pipeline {asr}, if the reply asks something
run-pipeline while something is said             ->  audio-stop, and the new one begins
(and nothing meant for us comes)                     audio-start, audio-chunk*: the reply goes on where it was
run-pipeline {tts, announce_text}                ->  the text as sound
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from wyoming.asr import Transcribe
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import RunSatellite
from wyoming.tts import Synthesize, SynthesizeVoice

from assistant.core.audio import loudness_of
from assistant.core.channels import Channel
from assistant.core.errors import KrattError
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.redaction import places_of
from assistant.core.speech_markup import made_plain
from assistant.core.turns import Reply
from assistant.pipeline.answer_turn import Request
from assistant.pipeline.desk_news import DeskNews, News
from assistant.pipeline.outside_turns import OutsideTurns, Sender
from assistant.pipeline.reading import Reading
from assistant.pipeline.speaking import Speak
from assistant.pipeline.take_turn import Caller
from assistant.pipeline.utterance import Ears
from connectors.wyoming import NAME
from connectors.wyoming.arbitration import Arbitration, Bid
from connectors.wyoming.hearing import Sound, listen
from connectors.wyoming.registry import Place
from connectors.wyoming.satellite_hearing import Stream, Told
from connectors.wyoming.speaking import CHUNK_BYTES, ORDINARY_RATE_HERTZ, Voice
from connectors.wyoming.wire import EventBody, Line

PING_SECONDS = 3.0
DEAD_SECONDS = 10.0
"""A satellite that does not even answer pings for so long is gone."""
LEAD_SECONDS = 0.15
"""Sound is sent so long before it is heard: a satellite that is interrupted falls silent as soon."""
PLAYED_SECONDS = 1.0
"""What a satellite may take to say that it has played everything; older ones never do."""
PAUSE_SECONDS = 30.0
"""Whoever says the wake word after so long may be somebody else."""
ANOTHER_ANSWERS = "duplicate_wake_up_detected"
"""Home Assistant's code, which satellites know."""


_log = logging.getLogger("kratt.wyoming")


class Pipeline(EventBody):
    """The data of `run-pipeline`."""

    start_stage: Literal["wake", "asr", "intent", "handle", "tts"]
    wake_word_name: str | None = None
    announce_text: str | None = None


@dataclass
class Ground:
    """What all satellites share."""

    turns: OutsideTurns
    ears: Ears
    speak: Speak
    arbitration: Arbitration


@dataclass
class Begun:
    """A reply that is read out, or was interrupted; `subject` is whom it was for."""

    reply: Reply
    reading: Reading
    subject: str | None


class Satellite:
    """A satellite while it is connected."""

    def __init__(self, place: Place, line: Line, ground: Ground, desk_news: DeskNews | None = None) -> None:
        """Nothing is going on; `desk_news` outlives the connection."""
        self._desk_news = desk_news
        self._following: asyncio.Task[None] | None = None
        self._place = place
        self._line = line
        self._ground = ground
        self._turns = ground.turns
        self._voice = Voice(ground.speak, line, LEAD_SECONDS)
        self._wake_word: str | None = None
        self._can_be_triggered = False
        self._task: asyncio.Task[bool] | None = None
        """What goes on: a turn, or an announcement."""
        self._stream: Stream | None = None
        """Where sound goes while somebody is listened to."""
        self._begun: Begun | None = None
        self._played = asyncio.Event()
        self._unlocked_at: float | None = None
        """When it last spoke for its citizen; None if it was locked in its last turn."""

    async def run(self) -> None:
        """Serve it until it leaves.

        Raises:
            OSError: the connection is broken, or nothing comes any more.
            MalformedTurn: it sends what is no event.
        """
        await self._line.send(RunSatellite(), Describe())
        pings = asyncio.create_task(self._ping())
        self._follow_desk()
        try:
            while event := await self._line.receive(DEAD_SECONDS):
                await self._take(event)
        finally:
            pings.cancel()
            if self._following:
                self._following.cancel()
            await self._interrupt()
            await self._drop_rest()

    async def announce(self, text: str, language: Language) -> bool:
        """Say something that nobody has asked for, once nothing else goes on; whether it was said to its end."""
        while self._task:
            await asyncio.wait({self._task})
        saying = self._begin(partial(self._say, text, language))
        await asyncio.wait({saying})
        return not saying.cancelled() and saying.exception() is None and saying.result()

    async def _take(self, event: Event) -> None:
        match event.type:
            case "ping":
                await self._line.send(Pong(event.data.get("text")))
            case "info":
                satellite = event.data.get("satellite")
                self._can_be_triggered = isinstance(satellite, dict) and satellite.get("supports_trigger") is True
            case "detection":
                name = event.data.get("name")
                self._wake_word = name if isinstance(name, str) else ""
            case "run-pipeline":
                await self._run(Pipeline.of(event))
            case "audio-chunk" | "audio-stop" if self._stream:
                self._stream.put(event)
            case "played":
                self._played.set()

    async def _run(self, pipeline: Pipeline) -> None:
        await self._interrupt()
        wake_word, self._wake_word = self._wake_word or pipeline.wake_word_name, None
        if pipeline.start_stage == "asr":
            self._stream = Stream()
            self._begin(partial(self._turn, self._stream, wake_word))
            return
        await self._drop_rest()
        if pipeline.start_stage == "tts" and pipeline.announce_text:
            self._begin(partial(self._say, pipeline.announce_text, self._language))
        else:
            await self._line.send(Error("Kratt needs a satellite that listens for its wake word itself", "wake_word"))

    async def _interrupt(self) -> None:
        """End whatever goes on; the satellite falls silent."""
        task, self._task, self._stream = self._task, None, None
        if task:
            task.cancel()
            await asyncio.wait({task})
            if self._voice.rate_hertz is not None:
                await self._voice.stop()
        if self._begun and self._begun.reading.is_over:
            await self._drop_rest()
        elif self._begun:
            self._begun.reading.back(self._voice.unheard_seconds)

    async def _drop_rest(self) -> None:
        begun, self._begun = self._begun, None
        if begun:
            await begun.reading.aclose()

    def _begin(self, doing: Callable[[], Awaitable[None]]) -> asyncio.Task[bool]:
        self._task = asyncio.create_task(self._guarded(doing))
        self._task.add_done_callback(note_bug)
        return self._task

    async def _guarded(self, doing: Callable[[], Awaitable[None]]) -> bool:
        """Whether it came to its end."""
        try:
            await doing()
        except KrattError as error:
            await self._drop_rest()
            with contextlib.suppress(OSError):
                await self._line.send(Error(self._turns.words(error, self._language), error.code))
            return False
        except OSError:
            await self._drop_rest()
            return False  # whoever reads the line finds out
        finally:
            if self._task is asyncio.current_task():
                self._task = self._stream = None
        return True

    async def _turn(self, stream: Stream, wake_word: str | None) -> None:
        sound, beginning = await stream.beginning()
        if wake_word is not None and self._place.area:
            bid = Bid(self._place.name, loudness_of(beginning))
            if not await self._ground.arbitration.is_won(bid, self._place.area, wake_word):
                await self._drop_rest()
                await self._line.send(Error("another satellite answers", ANOTHER_ANSWERS))
                return
        reply = await self._answer(stream, sound, is_woken=wake_word is not None)
        if self._begun:
            await self._voice.read_out(self._begun.reading)
        await self._end_of_sound()
        await self._drop_rest()
        if reply.is_question and self._can_be_triggered:
            await self._line.send(RunPipeline(PipelineStage.ASR, PipelineStage.TTS))

    async def _answer(self, stream: Stream, sound: Sound, *, is_woken: bool) -> Reply:
        """The reply that is to be read out: the interrupted one, if nothing was said that ends it."""
        caller = await self._caller(is_woken=is_woken)
        if self._begun and self._begun.subject != caller.session.subject:  # locked meanwhile
            await self._drop_rest()
        await self._turns.take_turn.count_caller(caller)
        named = self._place.language
        language = self._turns.language_of(caller, named.value if named else None)
        await self._line.send(Transcribe(language=language.value))
        expected = self._turns.take_turn.answer_turn.expectations.of(caller.session.dialogue_id)
        told, ears = Told(self._line), self._ground.ears
        utterance = await ears.open(
            sound.sound_format,
            language,
            expected,
            told,
            is_any_language=named is None,
            is_into_reply=self._begun is not None,
        )
        try:
            await listen(utterance, sound, stream.receive, ears.longest_seconds)
            self._stream = None
            if self._begun and not await utterance.ends_reply():
                await told.stop()
                return self._begun.reply
            await self._drop_rest()
            caller = await self._caller()  # it may have been locked or unlinked while somebody spoke
            request = Request(
                utterance,
                language,
                speak=True,
                noticed_ms=utterance.noticed_ms,
                speech_rate_hertz=ORDINARY_RATE_HERTZ,
            )
            answered = await self._turns.take(request, caller)
            await told.stop()  # where the recogniser is broken, nobody has told it
        finally:
            await utterance.abandon()
        self._unlocked_at = asyncio.get_running_loop().time() if caller.session.subject else None
        if answered.reply.outcome is Outcome.HANDED_OVER and self._desk_news:
            await self._desk_news.begin(caller)
            self._follow_desk()
        await self._line.send(_synthesize(answered.reply.text, answered.reply.language))
        if answered.speech:
            reading = Reading(answered.speech, CHUNK_BYTES)
            self._begun = Begun(answered.reply, reading, caller.session.subject)
        return answered.reply

    def _follow_desk(self) -> None:
        """Say what a person at the desk says, as long as one has been called here."""
        news, token = self._desk_news, self._place.token
        if news is None or token is None or not news.is_open or (self._following and not self._following.done()):
            return

        async def caller() -> Caller:  # a look keeps no speaker awake
            device = await self._turns.take_turn.devices.find(token.get_secret_value())
            return Caller(device.session, device.channel, device.device_id)

        async def tell(told: News) -> bool:
            return await self.announce(told.text, told.language)

        self._following = asyncio.create_task(news.follow(caller, tell))
        self._following.add_done_callback(note_bug)

    async def _caller(self, *, is_woken: bool = False) -> Caller:
        if self._place.token is None:
            return await self._turns.find_caller(Sender(NAME, f"satellite {self._place.name}", Channel.SHARED_SPEAKER))
        now = asyncio.get_running_loop().time()
        is_another = is_woken and self._unlocked_at is not None and now - self._unlocked_at > PAUSE_SECONDS
        token = self._place.token.get_secret_value()
        device = await self._turns.take_turn.devices.begin_turn(token, relock=is_another)
        return Caller(device.session, device.channel, device.device_id)

    async def _say(self, text: str, language: Language) -> None:
        await self._line.send(_synthesize(text, language))
        await self._voice.say(made_plain(text), language)
        await self._end_of_sound()

    async def _end_of_sound(self) -> None:
        """End the sound, and wait until it was heard."""
        self._played.clear()
        await self._voice.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._voice.unheard_seconds + PLAYED_SECONDS):
                await self._played.wait()

    async def _ping(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                await self._line.send(Ping())
                await asyncio.sleep(PING_SECONDS)

    @property
    def _language(self) -> Language:
        return self._place.language or self._turns.default_language


def note_bug(task: asyncio.Task[Any]) -> None:
    """Log what ended a task, if it was nothing that is expected; nobody else asks for it."""
    if not task.cancelled() and (error := task.exception()):
        _log.error("failed", extra={"facts": {"error": type(error).__name__, "at": places_of(error)}})


def _synthesize(text: str, language: Language) -> Synthesize:
    return Synthesize(text, SynthesizeVoice(language=language.value))
