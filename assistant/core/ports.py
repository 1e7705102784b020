"""What the pipeline needs from outside, as protocols; adapters implement them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.dictation import Dictation
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.turns import Button, Transcript, Turn, Understanding


class SpeechStream(Protocol):
    """One utterance being recognised; used by one caller at a time and closed by `finish` or `abandon`."""

    async def accept(self, samples: bytes) -> str:
        """Take PCM at the stream's rate (mono, signed 16-bit little-endian); the partial transcript so far."""

    async def finish(self) -> Transcript:
        """The final transcript; the stream is closed afterwards."""

    async def abandon(self) -> None:
        """Give the stream's resources back without a transcript; safe after `finish`."""


class SpeechToText(Protocol):
    """Turns sound into words."""

    def languages(self) -> frozenset[Language]:
        """Languages whose model is loaded."""

    async def open_stream(self, language: Language, rate_hertz: int, phrases: Sequence[str] = ()) -> SpeechStream:
        """Start an utterance, in which some of `phrases` are probably said, or anything else.

        Raises:
            UnsupportedAudio: the rate is out of range.
            SpeechToTextFailed: no model for the language.
            Busy: as many streams as allowed are open.
        """

    async def open_dictation(self, language: Language, phrases: Sequence[str] = (), alternatives: int = 0) -> Dictation:
        """Start a stream that is written down; it takes one of the same streams.

        If there are `phrases`, nothing but their words is heard; of each segment come so many `alternatives`, if any.

        Raises:
            MalformedTurn: no word of the phrases is known.
            SpeechToTextFailed: no model for the language.
            Busy: as many streams as allowed are open.
        """


class SoundIntake(Protocol):
    """Turns the sound of one utterance, however it is sent, into what `SpeechToText` and `VoiceActivity` listen to."""

    def take(self, frames: bytes) -> bytes:
        """Mono s16 samples at SPEECH_RATE_HERTZ; the last few milliseconds may come with the next frames."""

    def finish(self) -> bytes:
        """What is left."""


FRAME_SECONDS = 0.02
"""The sound that `VoiceActivity` judges at a time."""


class VoiceActivity(Protocol):
    """Tells voice from silence and noise in one utterance."""

    def frames(self, samples: bytes) -> Sequence[bool]:
        """Whether each further FRAME_SECONDS hold a voice, of mono s16 samples at SPEECH_RATE_HERTZ, cut anywhere."""


class SoundDecoder(Protocol):
    """Turns a sound file into PCM."""

    async def decode(self, data: bytes) -> Pcm:
        """Mono PCM of a WAV file, whatever its rate, channels and sample format.

        Raises:
            UnsupportedAudio: not a WAV file, or one that cannot be read.
            TooMuch: it plays longer than allowed.
        """


class TextToSpeech(Protocol):
    """Turns words into sound."""

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        """The text spoken.

        Raises:
            TextToSpeechFailed: the voice is down, late or crashed.
        """

    async def check(self) -> None:
        """Raise `TextToSpeechFailed` unless the voice can speak now."""


@dataclass(frozen=True)
class Message:
    """One message of the dialogue engine.

    `response` is the name of the response that was uttered (`utter_greet`), empty for free text. `facts` is what an
    action adds for the gateway: `outcome`, `sources`, `service`, `act_ms`.
    """

    text: str
    response: str = ""
    buttons: tuple[Button, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class DialogueAnswer:
    """What the engine decided for one turn; `awaiting` is the slot that the last message asks for, if any.

    `actions` are the names of what the rules let run, in order.
    """

    messages: tuple[Message, ...]
    understanding: Understanding
    awaiting: str | None = None
    failed_action: bool = False
    model: str = ""
    actions: tuple[str, ...] = ()


class Dialogue(Protocol):
    """Decides what a text means and what to do about it."""

    async def respond(self, turn: Turn, session: "Session", turn_context: str, deadline: Deadline) -> DialogueAnswer:
        """Take one turn of the session's dialogue; `turn_context` is the signed context for the action server.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        """What a text, typed or heard, would mean outside any dialogue.

        Raises:
            DialogueFailed: the engine is down, late or broken.
        """

    async def check(self) -> str:
        """The model that is loaded; raises `DialogueFailed` while there is none."""


@dataclass(frozen=True)
class Session:
    """One conversation of one citizen.

    `conversation_id` is the secret the client holds, new after each login; `dialogue_id` is the engine's own and never
    leaves the gateway. `device_id` is the citizen's speaker that they speak to, None at a screen.
    """

    conversation_id: str
    dialogue_id: str
    subject: str | None = None
    given_name: str = ""
    assurance: Assurance = Assurance.NONE
    device_id: str | None = None


class Sessions(Protocol):
    """Keeps sessions; ids are secrets that nobody can guess, and all but those of `find_or_start` the store's own."""

    async def start(self) -> Session:
        """A new anonymous session."""

    async def find_or_start(self, conversation_id: str) -> Session:
        """The live session of an id, or a new anonymous one under it; for ids that no client names or is told."""

    async def find(self, conversation_id: str) -> Session:
        """The live session of an id.

        Raises:
            UnknownConversation: never issued, rotated away, ended or expired.
        """

    async def log_in(self, conversation_id: str, subject: str, given_name: str, assurance: Assurance) -> Session:
        """Bind a person to the session; the old conversation id is dead afterwards.

        Raises:
            UnknownConversation: as `find`.
        """

    async def log_out(self, conversation_id: str) -> Session:
        """A new anonymous session in place of the old one, with a new dialogue; the old ids are dead.

        Raises:
            UnknownConversation: as `find`.
        """

    async def go_on_with(self, conversation_id: str, dialogue_id: str) -> Session:
        """Go on with a dialogue that was begun elsewhere; the old conversation id is dead afterwards.

        Raises:
            UnknownConversation: as `find`.
        """

    async def owner_of_dialogue(self, dialogue_id: str) -> str | None:
        """Whose the dialogue of a live session is; None if nobody's.

        Raises:
            WrongCode: no live session is in it.
        """

    async def leave_dialogue(self, dialogue_id: str) -> None:
        """Let the session that is in this dialogue begin a new one.

        Raises:
            WrongCode: no live session is in it.
        """

    async def check(self) -> None:
        """Raise `KrattError` unless the store answers."""


class TurnSigner(Protocol):
    """Vouches for a turn's context."""

    def sign(self, turn: Turn, session: Session, deadline: Deadline) -> str:
        """The signed context of the turn, for the action server alone."""


class TurnMetrics(Protocol):
    """Counts turns for those who run Kratt."""

    def turn(
        self, channel: str, language: Language, outcome: Outcome, durations_ms: Mapping[str, float], *, is_heard: bool
    ) -> None:
        """A turn has ended; its stages, and `total`, took so many milliseconds."""


@dataclass(frozen=True)
class Login:
    """A login that has begun; everything but `url` stays in the citizen's own browser (cookie) or on the server."""

    url: str
    state: str
    nonce: str


@dataclass(frozen=True)
class LoginProof:
    """What a login service answered to a login, word for word, for the day on which somebody says that it was not them.

    `acr` and `amr` are the level and the methods, `jti` is the id of the identity token (OpenID Connect), and `token`
    the token as it came, with its signature. It opens nothing: its code is spent, and its nonce was for that login.
    """

    acr: str
    amr: tuple[str, ...]
    jti: str
    token: str


@dataclass(frozen=True)
class Person:
    """Who logged in: `subject` with country prefix (`EE60001019906`), given name, how surely, and what proves it."""

    subject: str
    given_name: str
    assurance: Assurance
    proof: LoginProof | None = field(default=None, compare=False, repr=False)


class IdentityProvider(Protocol):
    """Logs a citizen in."""

    def begin(self, language: Language) -> Login:
        """Where to send the citizen's browser, with the secrets that bind the answer to it."""

    async def finish(self, code: str, nonce: str) -> Person:
        """Who the code belongs to.

        Raises:
            NotAllowed: the identity token fails a check.
            ServiceUnavailable: the provider is unreachable.
        """


class PhoneAnswer(Enum):
    """What has come of a question on a citizen's phone."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True)
class PhoneQuestion:
    """A question that stands on a citizen's phone.

    `verification_code` (four digits) is said to the citizen, who compares it with the one on the phone, or, with
    `is_choice`, has to choose it there among others. `ticket` is the provider's own note, kept between turns on the
    server and shown to nobody.
    """

    verification_code: str
    ticket: str
    is_choice: bool = False


@dataclass(frozen=True)
class PhoneRequest:
    """What a citizen is asked on their phone.

    `subject` has a country prefix; `address` is where the phone is reached: a number (`+372...`), or the document
    number of an app; `act` names what is confirmed (the hash of what was read back); `text` is shown on the phone.
    """

    subject: str
    address: str
    act: str
    text: str
    language: Language


class OwnPhone(Protocol):
    """Asks citizens on their own phones whether they want an act."""

    async def ask(self, request: PhoneRequest) -> PhoneQuestion:
        """Let the phone ask. Whoever has no such phone gets a question, too, which then nobody answers.

        Raises:
            ServiceUnavailable: the provider is down, late, or does not know us.
        """

    async def answer(self, question: PhoneQuestion, subject: str, wait_seconds: float) -> PhoneAnswer:
        """What has come of it, once there is an answer or that many seconds are over.

        Raises:
            NotAllowed: the answer fails a check: it is not this person's, or not to this question.
            ServiceUnavailable: the provider is down or late; the question may be asked after again.
        """


@dataclass(frozen=True)
class BegunLink:
    """An app that a citizen is about to link to themselves; `ticket` is the provider's own note, shown to nobody.

    `shown_since` is the time since when a QR code is shown to an app on another device; None for the app on this one.
    """

    subject: str
    ticket: str
    shown_since: float | None = None


class AppLinking(Protocol):
    """Lets citizens link the app on their own phone, so that it can be asked by its document number later on."""

    async def begin(self, subject: str, text: str, language: Language, callback_url: str) -> tuple[str, BegunLink]:
        """The address that opens the app, which shows `text` and then comes back to `callback_url`.

        Raises:
            UnknownApp: the citizen has no such app.
            ServiceUnavailable: the provider is down or late.
        """

    async def finish(self, begun: BegunLink, secret_digest: str, verifier: str) -> str:
        """The app's document number, once its citizen is back with these two proofs of it.

        Raises:
            NotAllowed: it was not confirmed, or the answer fails a check.
            ServiceUnavailable: the provider is down or late.
        """

    async def show(self, subject: str, text: str, language: Language) -> BegunLink:
        """Begin for an app on another device, which reads a QR code here and shows `text`; raises as `begin`."""

    def address_now(self, begun: BegunLink) -> str:
        """The address that the QR code has to hold now: another one every second."""

    async def look(self, begun: BegunLink) -> tuple[PhoneAnswer, str]:
        """What has come of a code that is shown, after a second at most, and the document number once it is confirmed.

        Raises:
            NotAllowed: the answer fails a check.
            ServiceUnavailable: the provider is down or late.
        """


class LinkedApps(Protocol):
    """Keeps which app a citizen has linked, and links that have begun."""

    async def document_of(self, subject: str) -> str | None:
        """The document number of the app that the citizen linked last."""

    async def link(self, subject: str, document: str) -> None:
        """Remember the citizen's app; the one before is forgotten."""

    async def note_link(self, state: str, begun: BegunLink) -> None:
        """Keep a link that has begun, until the citizen comes back with its state."""

    async def find_link(self, state: str) -> BegunLink:
        """The link of a state, which lives on; raises as `take_link`."""

    async def take_link(self, state: str) -> BegunLink:
        """The link of a state, which is dead afterwards.

        Raises:
            WrongCode: there is none, or not any more.
        """


Kept = Sequence[Mapping[str, object]]
"""What one store keeps about a citizen: records as JSON has them."""


class KeptData(Protocol):
    """A store of ours that keeps something about citizens, and can tell and forget it."""

    async def kept_of(self, subject: str) -> Kept:
        """Everything that it keeps about this person.

        Raises:
            KrattError: it cannot be asked now.
        """

    async def forget(self, subject: str) -> int:
        """Delete it, except what the law keeps; how many records there were.

        Raises:
            KrattError: it may be there still.
        """


class Counted(Enum):
    """What is counted, and by whom: who holds many conversations still has one address."""

    TURN_OF_ADDRESS = "turn_of_address"
    TURN_OF_DEVICE = "turn_of_device"
    TURN_OF_PERSON = "turn_of_person"
    LOGIN_OF_ADDRESS = "login_of_address"


class RateLimiter(Protocol):
    """Lets everybody do so much and no more."""

    async def admit(self, what: Counted, who: str) -> None:
        """Count a turn or a step of a login, of this address, device or person.

        Raises:
            TooOften: they have done it as often as allowed; this time is not counted.
        """
